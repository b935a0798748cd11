"""Who may draw grids. `may_…` and the querysets beside them always agree.

A planner holds a post that answers for the duty `planning`, and plans the area of that post and
what lies below it. Administrators are not planners, unless they hold such a post. `by=None` is the
service itself, at its own command line.
"""

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations.duties import PLANNING
from linli.territory.models import Comment, Plan, PlanState

PUBLIC = (
    PlanState.PUBLISHED,
    PlanState.ADOPTED,
    PlanState.IN_FORCE,
    PlanState.ENDED,
)


def planned_areas(by: Account) -> list[Area]:
    """The areas for which `by` holds a planner's post."""
    return organisations.areas_answered_by(organisations.posts_of(by), PLANNING)


def is_planner(by: Account) -> bool:
    """Does `by` plan anything at all?"""
    return bool(planned_areas(by))


def may_plan(by: Account | None, area: Area) -> bool:
    """Import settlements of `area`, begin, change, publish and adopt plans of it, answer comments.

    Whoever plans the area, or one above it.
    """
    if by is None:
        return True
    codes = set(area.path.split("/"))
    return any(own.code in codes for own in planned_areas(by))


def may_see_plan(by: Account | None, plan: Plan) -> bool:
    """Everybody sees a plan from its publication on; before that, whoever plans its area."""
    return plan.state in PUBLIC or (by is not None and may_plan(by, plan.area))


def plans_visible_to(by: Account | None) -> QuerySet[Plan]:
    """The plans that `may_see_plan` is true for; None is somebody who has not signed in."""
    rows = Plan.objects.select_related("area", "gazetteer", "lines")
    return rows.filter(Q(state__in=PUBLIC) | _planned_by(by))


def plans_plannable_by(by: Account) -> QuerySet[Plan]:
    """The plans of areas that `by` plans."""
    return Plan.objects.select_related("area", "gazetteer", "lines").filter(_planned_by(by))


def _planned_by(by: Account | None, prefix: str = "area__") -> Q:
    found = Q(pk__in=())
    for area in planned_areas(by) if by is not None else ():
        found |= below(area.path, prefix)
    return found


def may_comment(plan: Plan) -> bool:
    """Everybody comments on a published draft, through the last day that was named."""
    if plan.state != PlanState.PUBLISHED or plan.comments_until is None:
        return False
    return timezone.localdate() <= plan.comments_until


def may_read_comment(by: Account, comment: Comment) -> bool:
    """What somebody wrote before it is released: whoever plans the area."""
    return may_plan(by, comment.plan.area)


def comments_visible_to(by: Account) -> QuerySet[Comment]:
    """The comments that `may_read_comment` is true for."""
    return Comment.objects.select_related("plan__area").filter(_planned_by(by, "plan__area__"))
