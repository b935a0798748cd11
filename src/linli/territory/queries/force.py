"""The plan whose grids people have now."""

from linli.areas.models import Area
from linli.territory.models import Plan, PlanState

COMING = (PlanState.DRAFT, PlanState.PUBLISHED)  # these change something for people


def in_force(area: Area) -> Plan | None:
    """The plan that is in force for an area; None where there is none."""
    return Plan.objects.filter(area__code=area.code, state=PlanState.IN_FORCE).first()


def is_outdated(plan: Plan) -> bool:
    """Is a plan that is still to be adopted counted against another than the one in force?"""
    if plan.state not in COMING:
        return False
    now = in_force(plan.area)
    return plan.before_id != (now.pk if now else None)
