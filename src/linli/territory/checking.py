"""Whether settlements can be planned with: judged in batches, so that any number of them can be."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import TypeVar

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.areas import queries
from linli.areas.coordinates import LAT_LIMIT, LON_LIMIT
from linli.areas.models import SMALLEST_SETTLEMENT, Area
from linli.areas.versions import CODE
from linli.engines.partition import Along, Bounds, along
from linli.engines.partition import neighbours as beside
from linli.kernel.errors import Invalid
from linli.territory import dwellings, metres, tying
from linli.territory.models.gazetteer import HIGHEST, LOWEST
from linli.territory.problems import SHOWN, Problems
from linli.territory.queries.settlements import Places
from linli.territory.rows import NeighbourRows, RoadRows, SettlementRow

BATCH = 5_000
MOST = 2**31 - 1  # households, as the column holds them
Flags = NDArray[np.bool_]
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
T = TypeVar("T")


def batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """The rows in lists of at most `size`."""
    waiting = iter(rows)
    while batch := list(islice(waiting, size)):
        yield batch


class Judge:
    """Judges settlements of one area; `left_out` counts those of fewer than eleven households."""

    def __init__(self, area: Area, problems: Problems) -> None:
        bounds = queries.bounds_of(area)
        if bounds is None:
            raise Invalid(
                "area-without-outline", _("The area has no outline yet. Import it first.")
            )
        self.problems, self.left_out = problems, 0
        self._heights = Counter[bool]()
        self._flat: list[str] = []  # some without a height
        self._area, self._level, self._find = area.code, area.level.code, queries.finder()
        self._middle = (bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2

    def judged(self, rows: Iterable[SettlementRow]) -> Iterator[list[SettlementRow]]:
        """Batches of those that can be stored; what is wrong is noted, what is small left out."""
        for batch in batches(rows):
            large = [row for row in batch if not self._is_small(row)]
            good = [row for row in large if self._has_values(row)]
            self._count_heights(good)
            places = self._in_place(good)
            yield [row for row, there in zip(good, places, strict=True) if there]
        if self._heights[True]:
            self.problems.note("height-missing", *self._flat, of=self._heights[False])

    def _count_heights(self, rows: list[SettlementRow]) -> None:
        flat = [row.code for row in rows if row.height is None]
        self._heights[True] += len(rows) - len(flat)
        self._heights[False] += len(flat)
        self._flat += flat[: max(0, SHOWN - len(self._flat))]

    def _is_small(self, row: SettlementRow) -> bool:
        small = 0 <= row.households < SMALLEST_SETTLEMENT
        self.left_out += small
        return small

    def _has_values(self, row: SettlementRow) -> bool:
        wrong = ""
        if not row.code:
            wrong = "code-missing"
        elif not CODE.match(row.code):
            wrong = "code-not-usable"
        elif not 0 <= row.households <= MOST:
            wrong = "households-not-a-number"
        elif not (np.isfinite(row.workload) and row.workload > 0):
            wrong = "workload-not-above-zero"
        elif row.wkb and dwellings.shown_in(row.wkb):
            wrong = "outline-of-dwellings"
        elif not (row.height is None or LOWEST <= row.height <= HIGHEST):
            wrong = "height-not-usable"
        if wrong:
            self.problems.note(wrong, row.code[:40] or f"{row.lon:g}, {row.lat:g}")
        return not wrong

    def _in_place(self, rows: list[SettlementRow]) -> Flags:
        """Which rows lie inside the area; the others are noted by what seems to be wrong."""
        codes = [row.code for row in rows]
        x, y = (np.array([getattr(r, axis) for r in rows], np.float64) for axis in ("lon", "lat"))
        finite = np.isfinite(x) & np.isfinite(y)
        degrees = finite & (np.abs(x) <= LON_LIMIT) & (np.abs(y) <= LAT_LIMIT)
        turned = finite & ~degrees & (np.abs(x) <= LAT_LIMIT) & (np.abs(y) <= LON_LIMIT)
        inside = self._inside(x, y, degrees)
        lost = degrees & ~inside
        turned |= self._inside(y, x, lost & (np.abs(x) <= LAT_LIMIT))
        for wrong, code in (
            (~finite, "coordinates-not-finite"),
            (turned, "coordinates-swapped"),
            (lost & ~turned, "outside-the-area"),
        ):
            self.problems.note(code, *(codes[n] for n in np.flatnonzero(wrong)))
        for n in np.flatnonzero(finite & ~degrees & ~turned):
            guess = _projected(float(x[n]), float(y[n]), self._middle)
            self.problems.note("coordinates-projected", f"{codes[n]}: {guess}")
        return inside

    def _inside(self, x: Floats, y: Floats, asked: Flags) -> Flags:
        found = np.zeros(len(x), np.bool_)
        found[asked] = self._find(x[asked], y[asked], self._level) == self._area
        return found


def neighbours(rows: NeighbourRows, positions: Mapping[str, int], problems: Problems) -> Ints:
    """Neighbours as pairs (m, 2) of positions, the smaller first; what is wrong is noted.

    `positions` are those of the settlements by their codes.
    """
    at = np.array([positions.get(code, -1) for code in rows.codes], np.int64)
    problems.note("neighbour-unknown", *(rows.codes[n] for n in np.flatnonzero(at < 0)))
    one, two = rows.pairs.T
    problems.note("neighbour-of-itself", *(rows.codes[n] for n in one[one == two]))
    pairs, count = np.unique(np.sort(rows.pairs, axis=1), axis=0, return_counts=True)
    twice = pairs[count > 1].tolist()
    problems.note("neighbours-twice", *(f"{rows.codes[a]} – {rows.codes[b]}" for a, b in twice))
    if not len(pairs):
        problems.note("neighbours-empty", "0")
    return np.unique(np.sort(at[pairs], axis=1), axis=0)


def roads(rows: RoadRows, here: Places, area: Area, problems: Problems) -> Along | None:
    """How settlements hang together by roads; what is wrong is noted, and then nothing found."""
    x, y = rows.corners.T
    box = queries.bounds_of(area)
    assert box is not None  # the judge of the settlements refused it
    inside = _in_box(x, y, box)
    far = np.flatnonzero((np.abs(x) > LON_LIMIT) | (np.abs(y) > LAT_LIMIT))
    if not len(rows.corners):
        problems.note("roads-empty", "0")
    elif not inside.any() and _in_box(y, x, box).any():
        problems.note("coordinates-swapped", f"{x[0]:g}, {y[0]:g}")
    elif len(far):
        middle = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        guess = _projected(float(x[far[0]]), float(y[far[0]]), middle)
        problems.note("coordinates-projected", guess)
    elif not inside.any():
        problems.note("roads-elsewhere", area.code)
    else:
        rivers, passes = tying.barriers(here)
        paths = beside(here.km, Bounds(barriers=rivers, passes=passes))
        try:
            return along(here.km, here.sheet.kilometres(rows.corners), rows.start, paths)
        except ValueError:  # lines that are as short as a point
            problems.note("roads-empty", "0")
    return None


def _projected(x: float, y: float, middle: tuple[float, float]) -> str:
    """A point in metres, with the projection that it seems to be in; `middle` is the area's."""
    note, guess = f"x {x:,.0f}, y {y:,.0f}", metres.looks_like(x, y, *middle)
    return f"{note}: {guess}?" if guess else note


def _in_box(x: Floats, y: Floats, box: tuple[float, float, float, float]) -> Flags:
    west, south, east, north = box
    return (x >= west) & (x <= east) & (y >= south) & (y <= north)
