"""What is fixed in a plan, as the engine takes it; contradictions are named."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.engines.partition.binding import together
from linli.kernel.errors import Invalid, Text
from linli.territory.models import Binding, BindingKind
from linli.territory.queries.settlements import Places

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OVER = 2.0  # kilometres: so far from the straight way a bridge may lie and still lead over


@dataclass(frozen=True)
class Tied:
    """Bindings by position. `locked` holds the number of the locked grid or -1; `unit` joins what
    shares a grid whatever happens: what is to stay together, and what lies at one place."""

    locked: Ints
    groups: tuple[Ints, ...]
    apart: Ints
    centres: Floats
    unit: Ints


def tied(bindings: Iterable[Binding], here: Places, labels: Ints, line: Ints) -> Tied:
    """The bindings of a plan with these labels (number of the grid, -1 for none) and lines.

    Raises Invalid where they contradict each other, with the settlements: together-across-lines,
    together-across-lock, together-and-apart, locked-and-apart, centres-alike.
    """
    rows = list(bindings)
    locked = np.full(len(here), -1)
    for row in rows:
        if row.kind == BindingKind.LOCK:
            locked[labels == row.grid] = row.grid
    groups = tuple(_positions(row) for row in rows if row.kind == BindingKind.TOGETHER)
    pairs = [
        pair
        for row in rows
        if row.kind == BindingKind.APART
        for pair in combinations(_positions(row).tolist(), 2)
    ]
    apart = np.array(pairs, np.int64).reshape(-1, 2)
    places = [[r.lon, r.lat] for r in rows if r.kind == BindingKind.CENTRE and r.lon is not None]
    centres = here.sheet.kilometres(places) if places else np.zeros((0, 2))
    unit = together(len(here), [*at_one_place(here), *groups])
    found = Tied(locked, groups, apart, centres, unit)
    _refuse_contradictions(found, here, line)
    return found


def _positions(row: Binding) -> Ints:
    return np.array(sorted(set(row.positions)), np.int64)


def at_one_place(here: Places) -> list[Ints]:
    """Pairs of settlements at the same place."""
    order = np.lexsort((here.lat, here.lon))
    same = (np.diff(here.lon[order]) == 0) & (np.diff(here.lat[order]) == 0)
    return list(np.column_stack([order[:-1], order[1:]])[same].astype(np.int64))


def _refuse_contradictions(found: Tied, here: Places, line: Ints) -> None:
    one, two = found.apart.T
    anchors = ((here.km[:, None] - found.centres[None]) ** 2).sum(axis=2).argmin(axis=0)
    alike = np.flatnonzero(np.isin(found.unit, _twice(found.unit[anchors])))
    for code, message, wrong in (
        ("together-across-lines", ACROSS_LINES, _torn(found.unit, line)),
        ("together-across-lock", ACROSS_LOCK, _torn(found.unit, found.locked)),
        ("together-and-apart", BOTH, found.apart[found.unit[one] == found.unit[two]].ravel()),
        (
            "locked-and-apart",
            LOCKED,
            found.apart[
                (found.locked[one] >= 0) & (found.locked[one] == found.locked[two])
            ].ravel(),
        ),
        ("centres-alike", ALIKE, alike),
    ):
        if len(wrong):
            _refuse(code, message, here, wrong)


ACROSS_LINES = _("Settlements that are to stay together lie in different townships or villages.")
ACROSS_LOCK = _("Of settlements that are to stay together only some are in a locked grid.")
BOTH = _("Settlements are to stay together and to be kept apart.")
LOCKED = _("Settlements that are to be kept apart are in one locked grid.")
ALIKE = _("Two centres have the same nearest settlement.")
SHOWN = 5


def _refuse(code: str, message: Text, here: Places, wrong: Ints) -> None:
    names = [str(here.codes[n]) for n in np.unique(wrong)[:SHOWN]]
    raise Invalid(code, message, fields={"settlements": names})


def _torn(unit: Ints, value: Ints) -> Ints:
    """Positions whose unit has another value as well."""
    one = np.empty(int(unit.max(initial=-1)) + 1, np.int64)
    one[unit] = value
    return np.flatnonzero(np.isin(unit, unit[one[unit] != value]))


def _twice(values: Ints) -> Ints:
    found, count = np.unique(values, return_counts=True)
    return np.asarray(found[count > 1])


def barriers(here: Places) -> tuple[list[Any], Floats]:
    """Rivers of the map near the settlements, and where they are crossed, as rows (x, y, radius).

    In kilometres on the sheet of `here`.
    """
    rivers, crossings = areas.ground().lines()
    if not len(rivers) or not len(here):
        return [], np.zeros((0, 3))
    box = shapely.box(here.lon.min(), here.lat.min(), here.lon.max(), here.lat.max())
    near = shapely.intersects(rivers, box)
    lines = shapely.transform(rivers[near], here.sheet.kilometres)
    passes = here.sheet.kilometres(crossings)
    return list(lines), np.column_stack([passes, np.full(len(passes), OVER)])
