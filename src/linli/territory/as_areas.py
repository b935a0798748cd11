"""A plan as areas: which begin, which go on, which end, and where neighbour groups go. Reads only.

Old grids are those that the areas had the day before the plan begins, or have today.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.areas.models import Area, Level
from linli.areas.rows import AreaRow
from linli.engines.locate import Locator
from linli.territory import labels
from linli.territory.models import Grid, Group, Plan

GRID, GROUP = "grid", "group"  # codes of levels
Floats = NDArray[np.float64]
Share = Counter[tuple[str, str]]  # (new code, old code) → households


@dataclass(frozen=True)
class Effect:
    """What `areas.actions.adopt` is given: rows, and codes of grids and groups that end."""

    rows: list[AreaRow]
    ending: list[str]


class Drawn:
    """A plan with everything that is asked of it more than once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.grids: list[Grid] = list(plan.grids.order_by("code"))
        rows = plan.gazetteer.rows.order_by("position")
        table = np.array(rows.values_list("lon", "lat", "households"), dtype=np.float64)
        self.lons, self.lats, self.households = table.reshape(-1, 3).T
        of_number = {grid.number: grid.code for grid in self.grids}
        self.codes = np.array([of_number[n] for n in labels.unpacked(plan.labels)], dtype=object)

    @cached_property
    def day_before(self) -> dt.date:
        """The last day of the old grids; today for a plan without a day."""
        since = self.plan.since
        return since - dt.timedelta(days=1) if since else timezone.localdate()

    @cached_property
    def old(self) -> dict[str, Area]:
        """The grids of the day before, by code."""
        rows = areas.within(self.plan.area, self.day_before).filter(level__code=GRID)
        return {area.code: area for area in rows.select_related("parent")}

    @cached_property
    def new_codes(self) -> set[str]:
        """Codes of the grids of the plan."""
        return {grid.code for grid in self.grids}

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
    def outlines(self) -> Locator:
        """The outlines of the grids, in the order of `grids`."""
        return Locator([bytes(grid.wkb) for grid in self.grids], even_odd=True)

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
            AreaRow(grid.code, GRID, parents[grid.code], grid.names, bytes(grid.wkb))
            for grid in self.grids
        ]
        new = [
            AreaRow(row.code, GROUP, row.grid, row.names, bytes(row.wkb))
            for row in self.new_groups.values()
        ]
        moved = [
            AreaRow(code, parent=home)
            for code, (before, home) in self.groups.items()
            if home != before and code not in self._drawn_anew
        ]
        return Effect([*rows, *new, *moved], [*self.ending, *self.ending_groups])

    @cached_property
    def new_groups(self) -> dict[str, Group]:
        """The neighbour groups that the plan brings along, by code."""
        return {row.code: row for row in self.plan.groups.order_by("code")}

    @cached_property
    def ending_groups(self) -> list[str]:
        """Codes of groups of today in grids for which the plan brings others."""
        grids = {row.grid for row in self.new_groups.values()}
        of_level = {code for code, level, *_rest in self._below if level == GROUP}
        return sorted(
            code
            for code, (_before, home) in self.groups.items()
            if home in grids and code in of_level and code not in self.new_groups
        )

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
        """Of what lies right below old grids: code, level, grid, longitude and latitude."""
        rows = Area.objects.current(self.day_before).filter(parent__code__in=list(self.old))
        fields = ("code", "level__code", "parent__code", "centre_lon", "centre_lat")
        return list(rows.order_by("code").values_list(*fields))

    @cached_property
    def groups(self) -> dict[str, tuple[str, str]]:
        """What lies right below old grids: for each code the grid before, and the one from now."""
        found = {}
        homes = self._homes({level for _code, level, *_rest in self._below})
        for code, _level, before, lon, lat in self._below:
            home = homes.get(code) or self._within(lon, lat)
            home = home or (before if before in self.new_codes else self._heir(before))
            found[code] = before, home
        return found

    def grid_on(self, path: str) -> str | None:
        """Code of the grid of the plan that holds what has this path of codes, if one does."""
        for code in reversed(path.split("/")):
            if code in self.groups:
                return self.groups[code][1]
            if code in self.new_codes:
                return code
        return None

    def grids_at(self, lons: Floats, lats: Floats) -> list[str | None]:
        """Codes of the grids that will hold points: those of their groups, else by outline."""
        now = areas.areas_at(lons, lats, self.day_before)
        paths = dict(areas.within(self.plan.area, self.day_before).values_list("code", "path"))
        rows = self.outlines.locate(lons, lats)
        found = [self.grids[row].code if row >= 0 else None for row in rows.tolist()]
        known = self.groups.keys() - self._drawn_anew
        for n, code in enumerate(now):
            group = next((c for c in reversed(paths.get(code, "").split("/")) if c in known), None)
            found[n] = self.groups[group][1] if group else found[n]
        return found

    def home_of(self, group: str) -> str | None:
        """The grid that a neighbour group of today goes to as it is; None for any other code."""
        known = group in self.groups and group not in self._drawn_anew
        return self.groups[group][1] if known else None

    @cached_property
    def _drawn_anew(self) -> set[str]:
        """Codes of groups whose outline of today says nothing about the day of the plan."""
        return {*self.ending_groups, *self.new_groups}

    @cached_property
    def torn(self) -> list[str]:
        """Codes of neighbour groups whose settlements lie in more than one grid."""
        shares = self._shares({level for _code, level, *_rest in self._below})
        count = Counter(group for group, _grid in shares)
        known = self.groups.keys() - self._drawn_anew
        return sorted(code for code, grids in count.items() if grids > 1 and code in known)

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
        path = self.old[before].path.split("/")
        beside = [grid.code for grid in self.grids if grid.line in path]
        return beside[0] if beside else self.grids[0].code


def _depth(level: str) -> int:
    return Level.objects.values_list("depth", flat=True).get(code=level)
