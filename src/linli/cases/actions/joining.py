"""Putting cases together that tell of the same thing, and apart again."""

import datetime as dt

from django.utils import timezone

from linli.cases import events, ladder, merging
from linli.cases import rules as may
from linli.cases.actions.owner import withdraw_open
from linli.cases.actions.pauses import end_pause
from linli.cases.actions.row import change, held, in_state, put, settle
from linli.cases.errors import conflict, invalid
from linli.cases.models import LIVE, RUNNING, Case, Merge, State
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account


@action
def merge(case: Case, *, into: Case, by: Account, revision: int | None = None) -> Case:
    """Let the reporter of `case` follow `into` from now on, with photos and clocks.

    The earlier deadline counts. Private cases are never put together: Invalid `private-service`.
    Conflict `same-case` for a case with itself, `case-state` where one of the two is followed
    elsewhere already: so there are no circles.
    """
    case, into = _both(case, into, revision)
    require(may.may_merge(by, case, into))
    require(case.public and into.public, invalid("private-service"))
    in_state(case, *LIVE)
    in_state(into, *LIVE)
    at = timezone.now()
    before = State.OPEN if case.state == State.PAUSED else case.state
    end_pause(case, by=by, at=at)
    withdraw_open(case, by=by, at=at)
    Merge.objects.create(case=case, into=into, state_before=before, by=by, at=at)
    record(events.CaseMerged(case=case.pk, into=into.pk), by=by, at=at)
    due = merging.current_due(into)
    change(into, due_at=due, next_climb_at=ladder.nearer(into, due))
    return change(case, state=State.MERGED, paused_seconds=case.paused_seconds, next_climb_at=None)


def _both(case: Case, into: Case, revision: int | None) -> tuple[Case, Case]:
    require(case.pk != into.pk, conflict("same-case"))
    # Always in one order, so that two operators who merge crosswise do not wait for each other.
    first, second = sorted((case, into), key=lambda c: c.pk)
    rows = {row.pk: row for row in (held(first), held(second))}
    case, into = rows[case.pk], rows[into.pk]
    require(revision is None or case.revision == revision, conflict("case-changed"))
    return case, into


@action
def unmerge(case: Case, *, by: Account) -> Case:
    """Undo a merge: the case goes on where it stood, with its own clock. Conflict `not-merged`."""
    row = Merge.objects.filter(case=case, undone_at=None).select_related("into").first()
    require(row is not None, conflict("not-merged"))
    assert row is not None
    case, into = _both(case, row.into, None)
    # Read again under the lock: somebody else may have undone it in between.
    require(Merge.objects.filter(pk=row.pk, undone_at=None).exists(), conflict("not-merged"))
    require(may.may_merge(by, case, into))
    return part(case, row, into, by=by, at=timezone.now())


def part(case: Case, row: Merge, into: Case, *, by: Account | None, at: dt.datetime) -> Case:
    """Undo a merge inside another action."""
    put(row, undone_at=at)
    record(events.CaseUnmerged(case=case.pk, into=into.pk), by=by, at=at)
    change(into, due_at=merging.current_due(into))
    running = row.state_before in RUNNING
    if running:
        case.promises.update(met_at=None)
    climbs = max(ladder.first_climb(case.due_at), at) if running else None
    return settle(case, state=row.state_before, next_climb_at=climbs)
