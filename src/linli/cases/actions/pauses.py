"""Pauses: a reason, words for the reporter, and a time that is counted apart."""

import datetime as dt

from django.utils import timezone

from linli.cases import clock, events, ladder
from linli.cases import rules as may
from linli.cases.actions.row import change, held, in_state, locked_words, put
from linli.cases.actions.words import tell
from linli.cases.errors import conflict, invalid
from linli.cases.models import Case, Pause, PauseReason, State, Update
from linli.cases.models.clock import PAUSE_WORDS
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account


@action
def pause(
    case: Case,
    *,
    reason: PauseReason,
    words: str,
    until: dt.datetime,
    by: Account,
    revision: int | None = None,
) -> Case:
    """Let the case stand still, with a reason and until when; the reporter is told.

    The deadline stays where it is: the paused time is counted apart. Invalid `words-needed`,
    `until-past`; Conflict `case-paused`.
    """
    case = held(case, revision)
    require(may.may_pause(by, case))
    require(case.state != State.PAUSED, conflict("case-paused"))
    require(bool(words.strip()), invalid("words-needed"))
    at = timezone.now()
    require(until > at, invalid("until-past"))
    Pause.objects.create(
        case=case,
        reason=reason,
        words_locked=locked_words(case, words, PAUSE_WORDS),
        by=by,
        since=at,
        expected_until=until,
    )
    tell(case, Update.Kind.PAUSED, words, by=by, at=at, reason=reason)
    record(events.CasePaused(case=case.pk, reason=reason), by=by, at=at)
    return change(case, state=State.PAUSED, next_climb_at=None)


@action
def resume(case: Case, *, by: Account, revision: int | None = None) -> Case:
    """Let the case go on."""
    case = held(case, revision)
    require(may.may_pause(by, case))
    return _go_on(case, by=by, at=timezone.now())


@action
def resume_in_time(case: Case, *, by: None = None) -> Case:
    """Let a case go on whose pause has lasted as long as the reporter was told.

    Conflict `case-state` where it has not, or was ended already.
    """
    case, at = held(case), timezone.now()
    over = Pause.objects.filter(case=case, until=None, expected_until__lte=at).exists()
    require(over, conflict("case-state"))
    return _go_on(case, by=by, at=at)


def _go_on(case: Case, *, by: Account | None, at: dt.datetime) -> Case:
    in_state(case, State.PAUSED)
    end_pause(case, by=by, at=at)
    return change(
        case,
        state=State.OPEN,
        paused_seconds=case.paused_seconds,
        next_climb_at=max(ladder.first_climb(case.due_at), at),
    )


def end_pause(case: Case, *, by: Account | None, at: dt.datetime) -> None:
    """End the open pause, if there is one, and add its working time to what is counted apart.

    The caller writes `paused_seconds` with the state it sets.
    """
    for row in Pause.objects.filter(case=case, until=None):
        seconds = clock.working_seconds(case.version.definition, row.since, at)
        put(row, until=at, seconds=seconds)
        case.paused_seconds += seconds
        record(events.CaseResumed(case=case.pk, seconds=seconds), by=by, at=at)
