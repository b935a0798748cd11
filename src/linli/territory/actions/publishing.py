"""A draft becomes a plan that everybody sees and may comment on."""

import datetime as dt

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.kernel.actions import action, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import events
from linli.territory import rules as may
from linli.territory.actions import aside, row
from linli.territory.models import Plan, PlanState, RunState
from linli.territory.queries import is_outdated

LONGEST = 366  # days in which comments are taken


@action
def publish(plan: Plan, *, until: dt.date, by: Account | None, revision: int | None = None) -> Plan:
    """Show the draft to everybody and take comments through the day `until`.

    From here on the draft is changed by a new plan only. Raises Conflict `plan-not-draft`,
    `run-goes-on`, `not-drawn` (a grid has no outline, or there is none), `plan-outdated`, and
    `plan-changed` as `row.held`; Invalid `until-past`, `until-far`.
    """
    require(may.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    _check_days(until)
    if plan.state != PlanState.DRAFT:
        raise Conflict("plan-not-draft", _("Only a draft can be published."))
    if plan.runs.filter(state__in=(RunState.WAITING, RunState.RUNNING)).exists():
        raise Conflict("run-goes-on", _("A calculation is going on. Stop it or wait for it."))
    grids = plan.grids.all()
    if not grids.exists() or grids.filter(wkb=b"").exists():
        raise Conflict("not-drawn", _("Not every grid has an outline yet."))
    refuse_outdated(plan)
    plan.state, plan.published_at, plan.comments_until = (
        PlanState.PUBLISHED,
        timezone.now(),
        until,
    )
    plan.revision += 1
    plan.save(update_fields=["state", "published_at", "comments_until", "revision"])
    aside.forget(plan)
    record(events.PlanPublished(plan=plan.pk, until=until), by=by)
    return plan


def refuse_outdated(plan: Plan) -> None:
    """Conflict `plan-outdated` where people no longer have the grids that it is counted against."""
    if is_outdated(plan):
        raise Conflict(
            "plan-outdated",
            _(
                "The plan in force is not the one against which this plan was counted. Count anew "
                "what it changes, and look at it again."
            ),
        )


def _check_days(until: dt.date) -> None:
    today = timezone.localdate()
    if until <= today:
        raise Invalid("until-past", _("Comments need a day that is still to come."))
    if until > today + dt.timedelta(days=LONGEST):
        raise Invalid("until-far", _("Comments are taken for a year at most."))
