"""The plan whose grids people have now."""

import datetime as dt
from dataclasses import dataclass

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.territory.models import Grid, Plan, PlanState

GRID = "grid"  # code of a level
COMING = (PlanState.DRAFT, PlanState.PUBLISHED)  # these change something for people


def in_force(area: Area) -> Plan | None:
    """The plan that is in force for an area; None where there is none."""
    return Plan.objects.filter(area__code=area.code, state=PlanState.IN_FORCE).first()


@dataclass(frozen=True)
class Since:
    """What became of a grid of a plan that has begun.

    `plan` is a later one whose grids count there now. `ended` is the day from which the grid is no
    area any more; `began` says whether it ever was one.
    """

    plan: Plan | None
    ended: dt.date | None
    began: bool


def since_then(grid: Grid) -> Since:
    """What became of a grid of a plan that has begun; its plan is in force, or has ended."""
    line = areas.by_code(grid.line)
    later = Plan.objects.filter(state=PlanState.IN_FORCE, since__gt=grid.plan.since)
    above = line.path.split("/") if line else [grid.line, grid.plan.area.code]
    found = later.filter(area__code__in=above).select_related("area").order_by("-since").first()
    rows = Area.objects.filter(code=grid.code, level__code=GRID)
    ends = list(rows.values_list("until", flat=True))
    ended = None if None in ends else max((day for day in ends if day), default=None)
    return Since(found, ended, bool(ends))


def any_there(plan: Plan) -> bool:
    """Is any grid of a plan a grid among the areas of today?"""
    rows = Area.objects.current().filter(level__code=GRID)
    return rows.filter(code__in=plan.grids.values("code")).exists()


def is_outdated(plan: Plan) -> bool:
    """Is a plan that is still to be adopted counted against another than the one in force?"""
    if plan.state not in COMING:
        return False
    now = in_force(plan.area)
    return plan.before_id != (now.pk if now else None)
