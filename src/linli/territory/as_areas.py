"""A plan as areas: which begin, which go on, which end, and where neighbour groups go. Reads only.

Old grids are those that the areas had the day before the plan begins, or have today.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import shapely
from django.db.models import Q, QuerySet
from django.utils import timezone
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.areas.conditions import below
from linli.areas.models import Area, Boundary, Level
from linli.areas.rows import AreaRow
from linli.areas.shapes import from_wkb, to_wkb
from linli.engines.locate import Locator
from linli.territory import cutting
from linli.territory.models import Grid, Group, Plan
from linli.territory.queries.settlements import codes_of, places

GRID, GROUP = "grid", "group"  # codes of levels
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Shapes = NDArray[Any]
Share = Counter[tuple[str, str]]  # (new code, old code) → households


@dataclass(frozen=True)
class Effect:
    """What `areas.actions.adopt` is given: rows, and codes of grids and groups that end."""

    rows: list[AreaRow]
    ending: list[str]


@dataclass(frozen=True)
class Torn:
    """Codes of groups of today over which borders of the plan run, and what becomes of them.

    `outlines` (WKB) are those that groups get which go on, `smaller` of these lose more than a
    sliver; `ending` end, as no settlement tells where their people live. In the grids `bare` some
    people have no group from then on, unless the plan brings some.
    """

    outlines: dict[str, bytes]
    smaller: list[str]
    ending: list[str]
    bare: list[str]


class Drawn:
    """A plan with everything that is asked of it more than once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        here = places(plan.gazetteer)
        self.lons, self.lats, self.households = here.lon, here.lat, here.households
        self.codes = codes_of(plan)

    @cached_property
    def grids(self) -> list[Grid]:
        """The grids of the plan by code, without their outlines."""
        return list(self.plan.grids.defer("wkb").order_by("code"))

    @cached_property
    def day_before(self) -> dt.date:
        """The last day of the old grids; today for a plan without a day."""
        since = self.plan.since
        return since - dt.timedelta(days=1) if since else timezone.localdate()

    @cached_property
    def old(self) -> dict[str, str]:
        """The paths of the grids of the day before, by code."""
        rows = areas.within(self.plan.area, self.day_before).filter(level__code=GRID)
        return dict(rows.values_list("code", "path"))

    @cached_property
    def new_codes(self) -> set[str]:
        """Codes of the grids of the plan."""
        return set(self.plan.grids.values_list("code", flat=True))

    @cached_property
    def there(self) -> set[str]:
        """Codes of the plan's grids that are grids among the areas on its day; later, today."""
        rows = Area.objects.current(self._day).filter(level__code=GRID, code__in=self.new_codes)
        return set(rows.values_list("code", flat=True))

    @cached_property
    def missing(self) -> list[str]:
        """Codes of grids of the plan that are none among the areas on its day; later, today."""
        return sorted(self.new_codes - self.there)

    @cached_property
    def others(self) -> list[str]:
        """Codes of grids that its area has on its day, later today, and the plan has not."""
        rows = areas.within(self.plan.area, self._day).filter(level__code=GRID)
        return sorted(set(rows.values_list("code", flat=True)) - self.new_codes)

    @property
    def _day(self) -> dt.date:
        today = timezone.localdate()
        return max(self.plan.since or today, today)

    @cached_property
    def ending(self) -> list[str]:
        """Codes of old grids that the plan has no longer."""
        return sorted(set(self.old) - self.new_codes)

    @cached_property
    def shares(self) -> Share:
        """Households by the grid that they come to and the grid that they come from ("": none)."""
        came = areas.areas_at(self.lons, self.lats, self.day_before, level=GRID)
        found: Share = Counter()
        for new, before, households in zip(self.codes, came, self.households, strict=True):
            found[new, before or ""] += int(households)
        return found

    @cached_property
    def sources(self) -> dict[str, str]:
        """For a new grid, the old one that ends and whose posts it gets.

        It is the one from which most of its households come; of several new grids the one to which
        most households go gets them.
        """
        best: dict[str, tuple[int, str]] = {}
        for (new, before), households in sorted(self.shares.items()):
            if new not in self.old and households > best.get(new, (0, ""))[0]:
                best[new] = (households, before)
        found: dict[str, str] = {}
        for new, (_households, before) in sorted(best.items(), key=lambda i: (-i[1][0], i[0])):
            if before in self.ending and before not in found.values():
                found[new] = before
        return found

    @cached_property
    def _wkb(self) -> list[bytes]:
        """The outlines in the order of `grids`: many megabytes, which most questions do without."""
        return [
            bytes(wkb) for wkb in self.plan.grids.order_by("code").values_list("wkb", flat=True)
        ]

    @cached_property
    def outlines(self) -> Locator:
        """The outlines of the grids, in the order of `grids`."""
        return Locator(self._wkb, even_odd=True)

    def _within(self, lon: float | None, lat: float | None) -> str | None:
        if lon is None or lat is None:
            return None
        row = self.outlines.one(lon, lat)
        return self.grids[row].code if row >= 0 else None

    @cached_property
    def effect(self) -> Effect:
        """What changes in the areas when the plan takes effect."""
        parents = self._parents()
        rows = [
            AreaRow(grid.code, GRID, parents[grid.code], grid.names, wkb)
            for grid, wkb in zip(self.grids, self._wkb, strict=True)
        ]
        new = [
            AreaRow(row.code, GROUP, row.grid, row.names, bytes(row.wkb))
            for row in self.new_groups.values()
        ]
        gone, cut = {*self.ending_groups, *self.new_groups}, self.torn.outlines
        moved = [
            AreaRow(code, parent=home, boundary=cut.get(code))
            for code, (before, home) in self.groups.items()
            if (home != before or code in cut) and code not in gone
        ]
        return Effect([*rows, *new, *moved], [*self.ending, *self.ending_groups])

    @cached_property
    def new_groups(self) -> dict[str, Group]:
        """The neighbour groups that the plan brings along, by code."""
        return {row.code: row for row in self.plan.groups.order_by("code")}

    @cached_property
    def ending_groups(self) -> list[str]:
        """Codes of groups of today that end.

        They are in grids for which the plan brings others; or a border tears them.
        """
        grids, below = self._with_groups, self._groups_below
        replaced = {code for code, home in below.items() if home in grids}
        return sorted({*replaced, *self.torn.ending} - self.new_groups.keys())

    @cached_property
    def _with_groups(self) -> set[str]:
        """Codes of the grids for which the plan brings groups."""
        return {row.grid for row in self.new_groups.values()}

    @cached_property
    def _groups_below(self) -> dict[str, str]:
        """The groups of today by code, with the grid that each goes to, or the area it stays in."""
        of_level = [code for code, level, *_rest in self._below if level == GROUP]
        return {code: self.groups[code][1] for code in of_level}

    @cached_property
    def torn(self) -> Torn:
        """What borders of the plan do to the groups of today; the grids have outlines."""
        rows = Boundary.objects.filter(area__in=self._right_below.filter(level__code=GROUP))
        number = {grid.code: n for n, grid in enumerate(self.grids)}
        every = dict(rows.order_by("area__code").values_list("area__code", "wkb"))
        found = {code: wkb for code, wkb in every.items() if self._groups_below[code] in number}
        if not found:
            return Torn({}, [], [], [])
        codes = list(found)
        home = [number[self._groups_below[code]] for code in codes]
        spots, of_spot = self._at_home({code: n for n, code in enumerate(codes)})
        grids = from_wkb(self._wkb)
        shapes = from_wkb(list(found.values()))
        cut = cutting.cut(shapes, np.array(home, np.int64), grids, spots, of_spot)
        own = [
            n
            for n, code in enumerate(codes)
            if self._groups_below[code] not in self._with_groups and code not in self.new_groups
        ]
        outlined = [n for n in own if cut.outlines[n] is not None and not cut.ends[n]]
        wkb = to_wkb(cut.outlines[outlined])
        ending = [n for n in own if cut.ends[n]]
        bare = {self.grids[n].code for n in [*cut.beyond[:, 1], *(home[n] for n in ending)]}
        return Torn(
            {codes[n]: outline for n, outline in zip(outlined, wkb, strict=True)},
            [codes[n] for n in own if cut.smaller[n]],
            [codes[n] for n in ending],
            sorted(bare - self._with_groups),
        )

    def _at_home(self, number: Mapping[str, int]) -> tuple[Shapes, Ints]:
        """Points of settlements that lie in a group and in the grid that it goes to; its number."""
        over = areas.areas_at(self.lons, self.lats, self.day_before, level=GROUP)
        own = [
            n
            for n, (group, grid) in enumerate(zip(over, self.codes, strict=True))
            if group in number and self._groups_below[group] == grid
        ]
        spots: Any = shapely.points(self.lons[own], self.lats[own])
        return spots, np.array([number[over[n]] for n in own], np.int64)

    def _parents(self) -> dict[str, str]:
        """What each grid lies below: the deepest area that holds all its settlements."""
        found = {grid.code: grid.line for grid in self.grids}
        below = self.plan.lines.depth
        levels = Level.objects.filter(depth__gt=below, depth__lt=_depth(GRID)).order_by("depth")
        for level in levels:
            over = areas.areas_at(self.lons, self.lats, self.day_before, level=level.code)
            for code in self.new_codes:
                only = set(over[self.codes == code])
                if len(only) == 1 and None not in only:
                    found[code] = only.pop()
        return found

    @cached_property
    def _below(self) -> list[tuple[str, str, str, float | None, float | None]]:
        """Of each of `_right_below`: code, level, the area above, longitude and latitude."""
        fields = ("code", "level__code", "parent__code", "centre_lon", "centre_lat")
        return list(self._right_below.order_by("code").values_list(*fields))

    @property
    def _right_below(self) -> QuerySet[Area]:
        """What lies right below old grids, and groups that lie in no grid yet."""
        free = Q(
            below(self.plan.area.path), level__code=GROUP, parent__level__depth__lt=_depth(GRID)
        )
        rows = Area.objects.current(self.day_before)
        return rows.filter(Q(parent__code__in=list(self.old)) | free)

    @cached_property
    def groups(self) -> dict[str, tuple[str, str]]:
        """For each code of `_right_below` the grid, or area, before, and the grid from now.

        A group that lay in no grid, and lies in none of the plan, stays where it was.
        """
        found = {}
        homes = self._homes({level for _code, level, *_rest in self._below})
        for code, _level, before, lon, lat in self._below:
            home = homes.get(code) or self._within(lon, lat)
            if home is None and before in self.old:
                home = before if before in self.new_codes else self._heir(before)
            found[code] = before, home or before
        return found

    def grid_on(self, path: str) -> str | None:
        """Code of the grid of the plan that holds what has this path of codes, if one does."""
        for code in reversed(path.split("/")):
            if code in self.groups and self.groups[code][1] in self.new_codes:
                return self.groups[code][1]
            if code in self.new_codes:
                return code
        return None

    def grids_at(self, lons: Floats, lats: Floats) -> list[str | None]:
        """Codes of the grids that will hold points."""
        rows = self.outlines.locate(lons, lats)
        return [self.grids[row].code if row >= 0 else None for row in rows.tolist()]

    def _homes(self, levels: Iterable[str]) -> dict[str, str]:
        """For each area of these levels the grid of most households of its settlements."""
        found: dict[str, str] = {}
        for (group, grid), _n in sorted(self._shares(levels).items(), key=lambda i: (-i[1], i[0])):
            found.setdefault(group, grid)
        return found

    def _shares(self, levels: Iterable[str]) -> Share:
        """Households by the area of these levels and the grid of the plan that they lie in."""
        counts: Share = Counter()
        for level in sorted(levels):
            over = areas.areas_at(self.lons, self.lats, self.day_before, level=level)
            for group, grid, households in zip(over, self.codes, self.households, strict=True):
                if group is not None:
                    counts[group, grid] += int(households)
        return counts

    def _heir(self, before: str) -> str:
        """The grid that most households of an old grid come to; of its line, where it had none."""
        came = {new: n for (new, old), n in sorted(self.shares.items()) if old == before}
        if came:
            return max(came, key=lambda code: came[code])
        path = self.old[before].split("/")
        beside = [grid.code for grid in self.grids if grid.line in path]
        return beside[0] if beside else self.grids[0].code


def _depth(level: str) -> int:
    return Level.objects.values_list("depth", flat=True).get(code=level)
