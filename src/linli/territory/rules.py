"""Who may draw grids. `may_…` and the querysets beside them always agree.

A planner holds a post that answers for the duty `planning`, and plans the area of that post and
what lies below it. Administrators are not planners, unless they hold such a post. `by=None` is the
service itself, at its own command line.
"""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations import rules as posts
from linli.organisations.duties import PLANNING
from linli.territory.models import Comment, Plan, PlanState

PUBLIC = (
    PlanState.PUBLISHED,
    PlanState.ADOPTED,
    PlanState.IN_FORCE,
    PlanState.ENDED,
)
LATER = (PlanState.PUBLISHED, PlanState.ADOPTED)  # these are still to begin
BEGINNING = (PlanState.ADOPTED, PlanState.IN_FORCE)
# How long contacts stay after the plan began or was withdrawn.
KEPT = dt.timedelta(days=90)
# After the last day for comments, whatever became of the plan: a proposal that nobody decides about
# must not keep people's contacts without end.
LATEST = dt.timedelta(days=365) + KEPT


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


def may_read_adoption(by: Account, plan: Plan) -> bool:
    """Read what the adoption of a plan changes, and which grids need a holder.

    Whoever plans its area; and once it is adopted, whoever staffs posts.
    """
    if plan.state in BEGINNING and posts.staffs_any(by):
        return True
    return plan.state in (PlanState.PUBLISHED, *BEGINNING) and may_plan(by, plan.area)


def adoptions_readable_by(by: Account) -> QuerySet[Plan]:
    """The plans that `may_read_adoption` is true for."""
    found = Q(state__in=(PlanState.PUBLISHED, *BEGINNING)) & _planned_by(by)
    if posts.staffs_any(by):
        found |= Q(state__in=BEGINNING)
    return Plan.objects.select_related("area", "gazetteer", "lines").filter(found)


def next_to_begin(by: Account) -> Plan | None:
    """The adopted plan that begins next, of those whose adoption `by` may read."""
    if not Plan.objects.filter(state=PlanState.ADOPTED).exists():
        return None
    rows = adoptions_readable_by(by).filter(state=PlanState.ADOPTED)
    return rows.order_by("since", "pk").first()


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


def may_follow(plan: Plan) -> bool:
    """Everybody is told, who wants to, what becomes of a plan that is still to begin.

    Not any more when contacts are erased, as nobody decided about it.
    """
    last = plan.comments_until
    left = last is not None and last < timezone.localdate() - LATEST
    return plan.state in LATER and not left


def may_read_comment(by: Account, comment: Comment) -> bool:
    """What somebody wrote before it is released: whoever plans the area."""
    return may_plan(by, comment.plan.area)


def comments_visible_to(by: Account) -> QuerySet[Comment]:
    """The comments that `may_read_comment` is true for."""
    return Comment.objects.select_related("plan__area").filter(_planned_by(by, "plan__area__"))
