"""What planners fixed in a plan, as people read it: what is fixed, how, and why."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from linli.areas.models import Area
from linli.kernel.errors import Text
from linli.kernel.languages import pick
from linli.territory.labels import unpacked
from linli.territory.models import Binding, BindingKind, Grid, Plan
from linli.territory.picture import grid_name
from linli.territory.queries.settlements import places


@dataclass(frozen=True)
class Fixed:
    """A binding in words: `what` names its grid, or its settlements; `kind` says how it is fixed.

    `reasons` are the lines of its reason: a planner may write it in several languages, a line each.
    `numbers` are those of the grids that it is about.
    """

    row: Binding
    kind: Text
    what: str
    reasons: list[str]
    numbers: frozenset[int]


def fixed(plan: Plan, grids: Iterable[Grid]) -> list[Fixed]:
    """The bindings of a plan in their order; `grids` are those that may be named."""
    rows = list(plan.bindings.all())
    if not rows:
        return []
    here, labels = places(plan.gazetteer), unpacked(plan.labels)
    named = {grid.number: grid_name(grid) for grid in grids}
    at = {row.pk: _positions(row, here.lon, here.lat) for row in rows}
    codes = {n: str(here.codes[n]) for found in at.values() for n in found if n < len(here)}
    names = names_of(codes.values())
    return [
        Fixed(
            row=row,
            kind=BindingKind(row.kind).label,
            what=named.get(row.grid, "")
            if row.grid is not None
            else " · ".join(names.get(codes[n], codes[n]) for n in at[row.pk] if n in codes),
            reasons=[line for line in row.reason.splitlines() if line.strip()],
            numbers=frozenset(
                [row.grid] if row.grid is not None else (int(labels[n]) for n in at[row.pk])
            ),
        )
        for row in rows
    ]


def _positions(row: Binding, lon: np.ndarray, lat: np.ndarray) -> list[int]:
    """The settlements that a binding is about; of a centre, the nearest."""
    if row.kind != BindingKind.CENTRE or row.lon is None or row.lat is None or not len(lon):
        return list(row.positions)
    wide = np.cos(np.radians(row.lat))
    return [int((((lon - row.lon) * wide) ** 2 + (lat - row.lat) ** 2).argmin())]


def names_of(codes: Iterable[str]) -> dict[str, str]:
    """Names of those of the codes that are areas of today, by code."""
    rows = Area.objects.current().filter(code__in=set(codes)).values_list("code", "names")
    return {code: name for code, names in rows if (name := pick(names))}
