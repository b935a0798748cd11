"""Closing: the owner says done, the reporter says solved or not, or nothing at all."""

import datetime as dt
from dataclasses import dataclass

from django.utils import timezone

from linli.cases import clock, events, follow, ladder, merging, photos, rulebook
from linli.cases import rules as may
from linli.cases.actions.intake import promise_fields, promised_event
from linli.cases.actions.owner import give, withdraw_open
from linli.cases.actions.pauses import end_pause
from linli.cases.actions.row import change, held_together, in_state, locked_words, settle_all
from linli.cases.actions.words import tell
from linli.cases.errors import conflict, invalid
from linli.cases.models import (
    Answer,
    Case,
    Closing,
    Photo,
    Promise,
    Routing,
    State,
    Update,
    Why,
)
from linli.cases.models.words import ANSWER_WORDS
from linli.cases.routing import Routed, root
from linli.kernel.actions import action, require
from linli.kernel.errors import Forbidden
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations import queries as organisations
from linli.organisations.models import Post
from linli.organisations.walk import Step
from linli.organisations.walk import Why as Found


@dataclass(frozen=True)
class Said:
    """What the reporter says about a result. `satisfaction` is 1 to 5; `theirs`: whether it was
    the unit's to solve at all. Both may be left out."""

    words: str = ""
    satisfaction: int | None = None
    theirs: bool | None = None


NOTHING_MORE = Said()


@action
def resolve(
    case: Case,
    *,
    words: str,
    by: Account,
    photo: photos.Picture | None = None,
    revision: int | None = None,
) -> Case:
    """Say that it is done; the reporter is asked whether it is. Invalid `words-needed`."""
    case = held_together(case, revision)
    require(may.may_resolve(by, case))
    require(bool(words.strip()), invalid("words-needed"))
    at = timezone.now()
    end_pause(case, by=by, at=at)
    withdraw_open(case, by=by, at=at)
    if photo is not None:
        _add_photo(case, photo, by=by, at=at)
    tell(case, Update.Kind.RESOLVED, words, by=by, at=at)
    merging.promises(case).filter(met_at=None).update(met_at=at)
    record(events.CaseResolved(case=case.pk, post=case.owner_id), by=by, at=at)
    return change(
        case,
        state=State.RESOLVED,
        resolved_at=at,
        paused_seconds=case.paused_seconds,
        next_climb_at=None,
    )


def _add_photo(case: Case, picture: photos.Picture, *, by: Account, at: dt.datetime) -> None:
    row = Photo.objects.create(
        case=case,
        kind=Photo.Kind.RESULT,
        address=photos.keep(case.key, picture),
        digest=picture.digest,
        width=picture.width,
        height=picture.height,
        added_at=at,
    )
    record(events.PhotoAdded(case=case.pk, photo=row.pk), by=by, at=at)


@action
def confirm(
    case: Case, *, said: Said = NOTHING_MORE, token: str = "", by: Account | None = None
) -> Case:
    """The reporter says: solved.

    Either with the `token` of the secret link and `by` None, or entered by the service centre on
    the reporter's word, which is marked and counted apart. The word of somebody whose case was
    merged into this one is kept, but only the first reporter's closes it.
    """
    case = held_together(case)
    source = _reporter(case, token, by)
    in_state(case, State.RESOLVED)
    at = timezone.now()
    _keep(case, source, Answer.Kind.CONFIRMED, said, by=by, at=at)
    if source.pk != case.pk:
        return change(case)
    record(events.CaseConfirmed(case=case.pk, entered_by_staff=by is not None), by=by, at=at)
    return _close(case, Closing.CONFIRMED, at)


@action
def contest(
    case: Case, *, said: Said = NOTHING_MORE, token: str = "", by: Account | None = None
) -> Case:
    """The reporter says: not solved. Another post, the next one up, has it now and checks.

    It counts as rework. The first clock is kept, and a new deadline stands beside it. Possible
    until the case closes, and for as long after it was declined. Conflict `too-late`.
    """
    case = held_together(case)
    source = _reporter(case, token, by)
    in_state(case, State.RESOLVED, State.DECLINED)
    at = timezone.now()
    late = at > (case.closed_at or at) + rulebook.times(at).silence
    require(not late, conflict("too-late"))
    _keep(case, source, Answer.Kind.CONTESTED, said, by=by, at=at)
    routed = verifier(case, at)
    due = clock.due(case.version.definition, at)
    # It was not met after all: the reporter says so.
    merging.promises(case).exclude(kind=Promise.Kind.REWORK).update(met_at=None)
    Promise.objects.create(**promise_fields(case, Promise.Kind.REWORK, due, at=at))
    staff = by is not None
    record(
        events.CaseContested(case=case.pk, verifier=routed.post.pk, entered_by_staff=staff),
        by=by,
        at=at,
    )
    record(promised_event(case, Promise.Kind.REWORK, due), by=by, at=at)
    give(case, routed, by=by, at=at)
    return settle_all(
        case,
        state=State.OPEN,
        owner=routed.post,
        reworks=case.reworks + 1,
        resolved_at=None,
        closed_at=None,
        closing="",
        due_at=due.at,
        next_climb_at=ladder.first_climb(due.at),
    )


def verifier(case: Case, at: dt.datetime) -> Routed:
    """The post that checks a contested case: the next one up that never had it, nor its holders.

    Nor one in which somebody acts who ended it before. Of a complaint about an office, another one
    outside its chain. Where there is nobody else at all the owner keeps it until somebody is
    there, which the reasons say; `rules.may_resolve` holds for them too.
    """
    had = list(Post.objects.filter(pk__in=Routing.objects.filter(case=case).values("post")))
    ground, duty = case.area or root(at), case.version.definition.duty
    people = set(may.ended_it(case).values_list("by", flat=True))
    found = organisations.next_post_up(case.owner, ground, duty, at, involved=had, people=people)
    if found is None or not may.may_have(found.post, case):
        last = Step(ground.code, duty, case.owner.code, Found.LAST_RESORT)
        return Routed(case.owner, Why.CONTESTED, case.area, [last.codes()])
    return Routed(found.post, Why.CONTESTED, case.area, found.codes)


def _reporter(case: Case, token: str, by: Account | None) -> Case:
    """The case whose reporter speaks: this one, or one that was merged into it."""
    if by is not None:
        require(may.may_answer_for_reporter(by, case))
        return case
    if follow.fits(case, token):
        return case
    for other in merging.merged_into(case):
        if follow.fits(other, token):
            return other
    raise Forbidden()


def _keep(
    case: Case,
    source: Case,
    kind: Answer.Kind,
    said: Said,
    *,
    by: Account | None,
    at: dt.datetime,
) -> None:
    if said.satisfaction is not None and not 1 <= said.satisfaction <= 5:
        raise invalid("bad-satisfaction")
    spoken = Answer.objects.filter(case=case, source=source, round=case.reworks).exists()
    require(not spoken, conflict("already-answered"))
    Answer.objects.create(
        case=case,
        source=source,
        kind=kind,
        round=case.reworks,
        satisfaction=said.satisfaction,
        theirs=said.theirs,
        words_locked=locked_words(case, said.words, ANSWER_WORDS),
        entered_by=by,
        at=at,
    )


def _close(case: Case, closing: Closing, at: dt.datetime) -> Case:
    return settle_all(case, state=State.CLOSED, closing=closing, closed_at=at)


@action
def close_unanswered(case: Case, *, by: None = None) -> Case:
    """Close a case to whose result the reporter said nothing for too long; never as confirmed.

    Conflict `case-state` when it is not waiting for the reporter, or not for long enough.
    """
    case = held_together(case)
    in_state(case, State.RESOLVED)
    at = timezone.now()
    waited = case.resolved_at is not None and case.resolved_at <= at - rulebook.times(at).silence
    require(waited, conflict("case-state"))
    record(events.CaseClosedUnanswered(case=case.pk), by=by, at=at)
    return _close(case, Closing.UNANSWERED, at)
