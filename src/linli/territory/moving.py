"""For whom a plan changes the grid: by grid, and for one place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.territory import labels
from linli.territory.as_areas import GRID
from linli.territory.models import Grid, Plan, PlanState
from linli.territory.queries import settlements as rows


@dataclass(frozen=True)
class Flow:
    """Households that get the grid `to` where they have `before` now; of a point, 0.

    Codes; `before` is empty where there is none. `name` is that of the grid in the plan.
    """

    before: str
    to: str
    households: int
    settlements: int
    name: str = ""

    @property
    def stays(self) -> bool:
        """Nothing changes."""
        return self.before == self.to


@dataclass(frozen=True)
class Change:
    """What a grid gains and gives, and how many households stay in it."""

    joining: Sequence[Flow]
    leaving: Sequence[Flow]
    staying: int


def change_of(plan: Plan, grid: Grid) -> Change:
    """From where households come into a grid, and where others of it go, the most first."""
    here = rows.places(plan.gazetteer)
    before, now = rows.codes_before(plan, here), rows.codes_of(plan)
    inside, was = now == grid.code, before == grid.code
    comes, goes = inside & ~was & (before != ""), was & ~inside
    names = _names(plan, {grid.code, *now[goes]})
    return Change(
        joining=_flows(before, now, here.households, comes, names),
        leaving=_flows(before, now, here.households, goes, names),
        staying=int(here.households[inside & was].sum()),
    )


def at_area(plan: Plan, area: Area) -> list[Flow]:
    """The grids of an area's households, before and in the plan; the most first.

    Where it has no stored settlement, that of its centre.
    """
    here = rows.places(plan.gazetteer)
    # Only what is in a grid of its township can lie in it: a few points instead of all.
    numbers = plan.grids.filter(line__in=area.path.split("/")).values_list("number", flat=True)
    near = np.flatnonzero(np.isin(labels.unpacked(plan.labels), list(numbers)))
    inside = np.zeros(len(here), dtype=np.bool_)
    codes = areas.finder()(here.lon[near], here.lat[near], area.level.code)
    inside[near] = codes == area.code
    if not inside.any():
        if area.centre_lon is None or area.centre_lat is None:
            return []
        return at_point(plan, area.centre_lon, area.centre_lat)
    before, now = rows.codes_before(plan, here), rows.codes_of(plan)
    return _flows(before, now, here.households, inside, _names(plan, set(now[inside])))


def at_point(plan: Plan, lon: float, lat: float) -> list[Flow]:
    """The grid of a point; none outside of the plan.

    Raises Invalid for coordinates that are no point on earth.
    """
    later = plan.state in (PlanState.PUBLISHED, PlanState.ADOPTED)
    found = _outlined(plan, lon, lat)
    if found is None:
        return []
    today = areas.area_at(lon, lat, level=GRID) if later else None
    return [Flow(today.code if today else "", found.code, 0, 0, pick(found.names) or found.code)]


def _outlined(plan: Plan, lon: float, lat: float) -> Grid | None:
    line = areas.area_at(lon, lat, level=plan.lines.code)
    if line is None:
        return None
    grids = [g for g in plan.grids.filter(line=line.code).order_by("code") if g.wkb]
    shapes = shapely.from_wkb([bytes(g.wkb) for g in grids])
    covers: NDArray[np.bool_] = np.atleast_1d(shapely.covers(shapes, shapely.Point(lon, lat)))
    return next((g for g, inside in zip(grids, covers, strict=True) if inside), None)


def _flows(
    before: rows.Texts,
    now: rows.Texts,
    households: rows.Ints,
    chosen: NDArray[np.bool_],
    names: dict[str, str],
) -> list[Flow]:
    found: dict[tuple[str, str], list[int]] = {}
    for position in np.flatnonzero(chosen).tolist():
        count = found.setdefault((before[position], now[position]), [0, 0])
        count[0] += int(households[position])
        count[1] += 1
    most = sorted(found.items(), key=lambda one: (-one[1][0], one[0]))
    return [Flow(old, new, n, s, names.get(new, new)) for (old, new), (n, s) in most]


def _names(plan: Plan, codes: Collection[str]) -> dict[str, str]:
    rows = plan.grids.filter(code__in=codes).values_list("code", "names")
    return {code: pick(names) or code for code, names in rows}


def names_before(plan: Plan, codes: Collection[str]) -> dict[str, str]:
    """The names of grids that people have now, by code, in the language that is active."""
    if plan.before is not None:
        return _names(plan.before, codes)
    known = Area.objects.current().within(plan.area).filter(level__code=GRID, code__in=codes)
    return {code: pick(names) or code for code, names in known.values_list("code", "names")}
