"""A plan gets a day, is taken back before it, and begins on it.

The areas of the day are written at once, all or nothing. On the day itself posts and open cases
follow step by step, each in an action of its own that can be done again: whatever stops the
process, the next round goes on from there.
"""

import datetime as dt
import logging
import time
from collections.abc import Callable, Sequence

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas import actions as areas
from linli.areas import queries as area_queries
from linli.areas.conditions import below, first_moment
from linli.areas.models import Area
from linli.cases import redrawing
from linli.cases.actions import catch_up, redraw
from linli.cases.models import Case, Routing, Why
from linli.kernel.actions import action, locked, require
from linli.kernel.errors import Conflict, Invalid, LinliError
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations import actions as organisations
from linli.organisations.models import Answering
from linli.territory import carrying, events, waiting
from linli.territory import rules as may
from linli.territory.actions.publishing import refuse_outdated
from linli.territory.as_areas import GRID, Drawn
from linli.territory.models import OpenCases, Plan, PlanState

log = logging.getLogger(__name__)
LONGEST = 366  # days until a plan begins
BATCH = 200  # open cases after which the clock is looked at
SECONDS = 10.0  # that one round may take


@action
def adopt(
    plan: Plan,
    *,
    since: dt.date,
    open_cases: OpenCases = OpenCases.BEGUN_STAY,
    by: Account | None,
) -> Plan:
    """Let the grids of a published plan be areas from the day `since` on.

    Grids that keep their code get their new outline and names, new ones begin, the others end, and
    neighbour groups go to the grid of their settlements, and end at its border; in grids for which
    the plan brings groups of its own, these take their place. Until the day nothing of today
    changes.
    Raises Invalid `since-not-later`, `since-far`; Conflict `plan-not-published`, `comments-open`,
    `not-drawn`, `plan-outdated`, `another-adopted`, `code-taken`, `areas-not-as-adopted`,
    and what `areas.actions.adopt` raises.
    """
    plan = locked(plan)
    require(may.may_plan(by, plan.area))
    _check(plan, since)
    plan.since = since
    drawn = Drawn(plan)
    _refuse_taken(drawn)
    effect = drawn.effect
    done = areas.adopt(effect.rows, since=since, by=None, ending=effect.ending)
    if drawn.missing or drawn.others:
        raise Conflict("areas-not-as-adopted", _("The areas are not as this plan left them."))
    plan.state, plan.open_cases, plan.changed = PlanState.ADOPTED, open_cases, list(done.codes)
    _save(plan, "state", "since", "open_cases", "changed")
    record(
        events.PlanAdopted(plan=plan.pk, since=since, open_cases=open_cases, edition=done.edition),
        by=by,
    )
    return plan


def _check(plan: Plan, since: dt.date) -> None:
    today = timezone.localdate()
    if plan.state != PlanState.PUBLISHED:
        raise Conflict("plan-not-published", _("Only a published plan can be adopted."))
    if plan.comments_until is None or plan.comments_until >= today:
        raise Conflict("comments-open", _("People can still comment on this plan."))
    if since <= today:
        raise Invalid("since-not-later", _("A plan begins tomorrow at the earliest."))
    if since > today + dt.timedelta(days=LONGEST):
        raise Invalid("since-far", _("A plan begins within a year."))
    if not plan.grids.exists() or plan.grids.filter(wkb=b"").exists():
        raise Conflict("not-drawn", _("Not every grid has an outline yet."))
    refuse_outdated(plan)
    if overlapping(plan).filter(state=PlanState.ADOPTED).exists():
        raise Conflict("another-adopted", _("Another plan for this area waits for its day."))


def _refuse_taken(drawn: Drawn) -> None:
    """Conflict where the code of a new grid or group is that of another area."""
    new = (drawn.new_codes - set(drawn.old)) | (drawn.new_groups.keys() - drawn.groups.keys())
    if taken := sorted(
        Area.objects.filter(code__in=new, until=None).values_list("code", flat=True)
    ):
        raise Conflict(
            "code-taken",
            _("Another area has the code of a new grid or neighbour group."),
            fields={"codes": taken},
        )


def overlapping(plan: Plan) -> QuerySet[Plan]:
    """Other plans for the same area, one above it, or one below it."""
    above = Q(area__code__in=plan.area.path.split("/"))
    return Plan.objects.filter(above | below(plan.area.path, "area__")).exclude(pk=plan.pk)


def _save(plan: Plan, *fields: str) -> None:
    plan.revision += 1
    plan.save(update_fields=[*fields, "revision"])


@action
def take_back(plan: Plan, *, by: Account | None) -> Plan:
    """Before its day, make the plan a published draft again and the areas what they were.

    What posts were given for the grids that do not come is called off; posts that were added for
    them stay. Raises Conflict `plan-not-adopted`, and what `areas.actions.take_back` raises: the
    day has come, or areas were changed again since.
    """
    plan = locked(plan)
    require(may.may_plan(by, plan.area))
    since = plan.since
    if plan.state != PlanState.ADOPTED or since is None:
        raise Conflict("plan-not-adopted", _("This plan does not wait for its day."))
    for answering in carrying.arranged(plan).order_by("pk"):
        organisations.stop_answering(answering, by=None)
    areas.take_back(since, plan.changed, by=None)
    plan.state, plan.since, plan.changed = PlanState.PUBLISHED, None, []
    _save(plan, "state", "since", "changed")
    record(events.AdoptionTakenBack(plan=plan.pk, since=since), by=by)
    return plan


# ---------------------------------------------------------------- on the day


def begin_due(*, clock: Callable[[], float] = time.monotonic, by: None = None) -> int:
    """Go on with every plan whose day has come; returns how many things were done.

    Posts first, then open cases in batches, then the states. What came since midnight, before the
    posts did, is looked at again: it goes to its grid, unless work on it has begun.
    Where areas were changed since the adoption, a plan begins with them as they are: posts go to
    those of its grids that there are, and what goes on among the areas keeps its own.
    A round ends with the first batch after `SECONDS` of the clock, as messages wait meanwhile; the
    next round goes on from there. Where something is refused, the plan waits and says so; the next
    round tries again.
    """
    done, end = 0, clock() + SECONDS
    due = Plan.objects.filter(state=PlanState.ADOPTED, since__lte=timezone.localdate())
    for plan in list(due.select_related("area", "gazetteer", "lines").order_by("since", "pk")):
        try:
            done += _go_on(plan, lambda: clock() < end, by=by)
        except LinliError as error:
            hold_up(plan, [error], by=by)
    return done


def _go_on(plan: Plan, more: Callable[[], bool], *, by: None) -> int:
    done, refused = _carry(Drawn(plan), by=by)
    if refused:  # open cases would look for posts that are not there yet
        hold_up(plan, refused, by=by)
        return done
    while cases := list(_waiting(plan)[:BATCH]):
        done += sum(_redraw(plan, case, by=by) for case in cases)
        note_carried(plan, cases[-1].pk, by=by)
        if len(cases) == BATCH and not more():
            return done + 1
    begin(plan, by=by)
    hold_up(plan, [], by=by)
    return done + 1


def _carry(drawn: Drawn, *, by: None) -> tuple[int, list[LinliError]]:
    """Let the posts of grids and groups that have ended follow; returns how many did, and what was
    refused. One that cannot follow does not hold up the others."""
    ended = {*drawn.ending, *drawn.ending_groups}
    ended -= set(Area.objects.current().filter(code__in=ended).values_list("code", flat=True))
    heirs = {old: new for new, old in drawn.sources.items() if new in drawn.there}
    rows = Answering.objects.filter(area__code__in=ended, until=None)
    left = sorted(set(rows.values_list("area__code", flat=True)), key=lambda c: (c not in heirs, c))
    done, refused = 0, []
    for code in left:
        try:
            done += carry_posts(code, to=heirs.get(code), by=by)
        except LinliError as error:
            refused.append(error)
    return done, refused


@action
def hold_up(plan: Plan, refused: Sequence[LinliError], *, by: None = None) -> None:
    """Say for what the plan waits, or that it goes on; nothing where that is said already."""
    require(by is None)
    row, found = locked(plan), waiting.as_data(refused)
    if row.waits_for == found and (row.waits_since is not None) == bool(refused):
        return
    row.waits_for = found
    row.waits_since = (row.waits_since or timezone.now()) if refused else None
    row.save(update_fields=["waits_for", "waits_since"])
    if refused:
        codes = tuple(Code(one["code"]) for one in found)
        log.warning("plan %s waits: %s", plan.pk, ", ".join(codes))
        record(events.PlanHeldUp(plan=plan.pk, refused=codes), by=by)


@action
def carry_posts(source: str, *, to: str | None, by: None = None) -> int:
    """Let what posts answer for in an old grid be answered for in another one, or in none.

    A duty for which a post was named ahead goes to nobody else. Returns how many ended; none where
    it was done before.
    """
    require(by is None)
    target = area_queries.by_code(to) if to else None
    rows = Answering.objects.filter(area__code=source, until=None)
    there = Answering.objects.filter(area__code=to, until=None)
    taken = set(there.values_list("duty", flat=True))
    moved = 0
    for row in rows.select_related("post", "duty", "area").order_by("pk"):
        if target is not None and row.duty_id not in taken:
            _follow(row, target)
        organisations.stop_answering(row, by=None)
        moved += 1
    return moved


def _follow(row: Answering, target: Area) -> None:
    try:
        organisations.answer_for(row.post, duty=row.duty, area=target, by=None)
    except LinliError as error:
        codes = {"post": row.post.code, "duty": row.duty.code, "old": row.area.code}
        error.fields |= {**codes, "area": target.code}
        raise


def _waiting(plan: Plan) -> QuerySet[Case]:
    """Cases to look at: of areas that ended, unless all of these stay, and those that came since.

    What came in a new grid before its posts did went further up, and is the grid's by every rule.
    """
    assert plan.since is not None
    rows = redrawing.of_begun_areas(plan.area, plan.since)
    if plan.open_cases != OpenCases.ALL_STAY:
        rows |= redrawing.of_ended_areas(plan.area, plan.since)
    return rows.filter(pk__gt=plan.carried_to)


def _redraw(plan: Plan, case: Case, *, by: None) -> bool:
    """Whether the case moved. One that cannot be moved does not hold up the others."""
    assert plan.since is not None
    assert case.area is not None
    try:
        if case.area.since >= plan.since:
            return catch_up(case, by=by)
        return redraw(case, begun_too=plan.open_cases == OpenCases.ALL_MOVE, by=by)
    except LinliError as error:
        log.warning("case %s stays where it is: %s", case.pk, error.code)
        return False


@action
def note_carried(plan: Plan, case: int, *, by: None = None) -> None:
    """Remember up to which open case, by primary key, the plan has looked."""
    require(by is None)
    row = locked(plan)
    row.carried_to = max(row.carried_to, case)
    row.save(update_fields=["carried_to"])
    plan.carried_to = row.carried_to


@action
def begin(plan: Plan, *, by: None = None) -> Plan:
    """Say that the plan is in force, and that those are not any more whose grids it replaces.

    These are the plans for its area and for areas below it. A plan for an area above stays in force
    for its other grids, and ends with the last one that lies in no area of a later plan.
    """
    require(by is None)
    plan = locked(plan)
    require(
        plan.state == PlanState.ADOPTED
        and plan.since is not None
        and plan.since <= timezone.localdate(),
        Conflict("plan-not-adopted", _("This plan does not wait for its day.")),
    )
    before = overlapping(plan).filter(state=PlanState.IN_FORCE).select_related("area")
    for old in list(before.order_by("pk")):
        if old.area.code == plan.area.code or not _goes_on(old, plan):
            old = locked(old)
            old.state = PlanState.ENDED
            _save(old, "state")
    plan.state, plan.carried_at = PlanState.IN_FORCE, timezone.now()
    _save(plan, "state", "carried_at")
    grids = carrying.carried(plan)
    record(
        events.PlanBegan(
            plan=plan.pk,
            posts=_carried_over(plan, grids),
            without=sum(grid.needs_holder for grid in grids),
            moved=_moved(plan),
        ),
        by=by,
    )
    return plan


def _goes_on(old: Plan, plan: Plan) -> bool:
    """Has a plan in force a grid outside the area of `plan`, and of others that are in force?"""
    others = Plan.objects.filter(below(old.area.path, "area__"), state=PlanState.IN_FORCE)
    inside = others.exclude(area__code=old.area.code).select_related("area")
    left = Area.objects.current().filter(level__code=GRID, code__in=old.grids.values("code"))
    for one in (plan, *inside):
        left = left.exclude(below(one.area.path))
    return left.exists()


def _carried_over(plan: Plan, grids: list[carrying.Carried]) -> int:
    """Posts that new grids got on the day; those that were named ahead began with it."""
    assert plan.since is not None
    codes = [grid.code for grid in grids if grid.source and not grid.kept]
    rows = Answering.objects.filter(area__code__in=codes, until=None)
    rows = rows.filter(since__gt=first_moment(plan.since))
    return rows.values("area__code", "post").distinct().count()


def _moved(plan: Plan) -> int:
    """Open cases that another post got by this plan."""
    assert plan.since is not None
    first = first_moment(plan.since)
    # Only what was open then in an area that ended, or came since in one that began: routings have
    # no index by their day.
    still = Q(closed_at=None) | Q(closed_at__gte=first)
    came = Q(area__since=plan.since, received_at__gte=first)
    cases = Case.objects.filter(below(plan.area.path, "area__"))
    cases = cases.filter(came | Q(area__until__lte=plan.since))
    rows = Routing.objects.filter(
        why=Why.REDRAWN, at__gte=first, case__in=cases.filter(still).order_by().values("pk")
    )
    return rows.values("case").distinct().count()
