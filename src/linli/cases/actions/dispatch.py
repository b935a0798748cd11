"""Reading a case first, giving it to a post, correcting its service, declining it."""

from dataclasses import replace

from django.utils import timezone

from linli.cases import clock, events, ladder, pinned
from linli.cases import rules as may
from linli.cases.actions.intake import promise_fields, promised_event
from linli.cases.actions.owner import by_choice, give, withdraw_open
from linli.cases.actions.pauses import end_pause
from linli.cases.actions.row import change, held, held_together, in_state, settle, settle_all
from linli.cases.actions.words import tell
from linli.cases.catalogue import queries as catalogue
from linli.cases.errors import conflict, invalid
from linli.cases.models import (
    LIVE,
    RUNNING,
    Case,
    Closing,
    DeclineReason,
    Promise,
    ServiceVersion,
    State,
    Update,
    Why,
)
from linli.cases.routing import Where, route
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations.models import Post

LONGEST_PUBLIC = 2000  # characters


@action
def triage(
    case: Case,
    *,
    by: Account,
    public_text: str = "",
    publish: bool = False,
    revision: int | None = None,
) -> Case:
    """Say that the case was read; with `publish` the public sees it from now on.

    Before this nothing is published, indexed or sent. `public_text` is what the public reads and
    search finds, free of names; it can be corrected by doing this again. Invalid `private-service`
    where the service is private, `text-too-long`.
    """
    case = held(case, revision)
    require(may.may_triage(by, case))
    require(case.state in LIVE or case.state == State.CLOSED, conflict("case-state"))
    require(case.public or not (publish or public_text), invalid("private-service"))
    require(len(public_text) <= LONGEST_PUBLIC, invalid("text-too-long"))
    at = timezone.now()
    record(events.CaseTriaged(case=case.pk, published=publish), by=by, at=at)
    return change(
        case,
        triaged_at=case.triaged_at or at,
        public_text=public_text,
        published=publish,
        state=State.OPEN if case.state == State.RECEIVED else case.state,
    )


@action
def assign(case: Case, *, to: Post, by: Account, revision: int | None = None) -> Case:
    """Give the case to a post by hand; to one's own post: take it.

    Conflict `already-owner` when that post has it already and work has begun.
    """
    case = held(case, revision)
    require(may.may_assign(by, case))
    require(case.owner_id != to.pk or case.state == State.RECEIVED, conflict("already-owner"))
    at = timezone.now()
    give(case, by_choice(case, to, Why.BY_HAND), by=by, at=at)
    return change(case, owner=to, state=State.OPEN if case.state == State.RECEIVED else case.state)


@action
def change_service(
    case: Case, *, to: ServiceVersion, by: Account, revision: int | None = None
) -> Case:
    """Correct what the case is about, and route it by the new service.

    The first promise stays and stays visible; the new service's promise runs from the same receipt
    and can only bring the deadline nearer. Invalid `other-kind` between complaints about offices,
    help asked for another, and the rest: they are other forms, and other eyes; `private-service`
    from private to public: who wrote was told that nobody else reads it; `service-not-in-use`.
    """
    case = held(case, revision)
    require(may.may_change_service(by, case))
    old, new = case.version.definition, to.definition
    require(case.version_id != to.pk, conflict("same-service"))
    same = (old.outside_chain, old.about == "call-back") == (
        new.outside_chain,
        new.about == "call-back",
    )
    require(same, invalid("other-kind"))
    require(case.public or not new.public, invalid("private-service"))
    at, due = timezone.now(), clock.due(new, case.received_at)
    require(to.usable_from is not None and to.usable_from <= at, invalid("service-not-in-use"))
    offered = case.area is None or catalogue.is_offered(to, case.area)
    where = Where(case.lon, case.lat, case.place, case.area)
    routed = route(new, where, at=at, office=case.office, withdrawn=not offered)
    case.version, case.public = to, new.public
    fields = promise_fields(case, Promise.Kind.SERVICE_CHANGE, due, at=case.received_at)
    Promise.objects.create(**fields)
    record(events.ServiceChanged(case=case.pk, service=pinned.shown_code(to)), by=by, at=at)
    record(promised_event(case, Promise.Kind.SERVICE_CHANGE, due), by=by, at=at)
    if routed.post != case.owner:
        given = replace(routed, why=Why.SERVICE_CHANGED) if routed.why == Why.DUTY else routed
        give(case, given, by=by, at=at)
    return change(
        case,
        version=to,
        public=new.public,
        published=case.published and new.public,
        public_text=case.public_text if new.public else "",
        owner=routed.post,
        due_at=min(case.due_at, due.at),
        next_climb_at=ladder.nearer(case, due.at),
    )


@action
def decline(
    case: Case,
    *,
    reason: DeclineReason,
    words: str,
    by: Account,
    revision: int | None = None,
) -> Case:
    """Say why nothing will be done here. The words go to the reporter, who can contest it.

    Invalid `words-needed` without any.
    """
    case = held_together(case, revision)
    require(may.may_decline(by, case))
    require(bool(words.strip()), invalid("words-needed"))
    at = timezone.now()
    end_pause(case, by=by, at=at)
    withdraw_open(case, by=by, at=at)
    tell(case, Update.Kind.DECLINED, words, by=by, at=at, reason=reason)
    record(events.CaseDeclined(case=case.pk, post=case.owner_id, reason=reason), by=by, at=at)
    return settle_all(
        case,
        state=State.DECLINED,
        closed_at=at,
        closing=Closing.DECLINED,
        paused_seconds=case.paused_seconds,
        next_climb_at=None,
    )


@action
def agree(case: Case, *, by: Account, revision: int | None = None) -> Case:
    """Enter that the person for whom help was asked agrees: the case is kept like any other."""
    case = held(case, revision)
    require(may.may_agree(by, case))
    require(case.version.definition.about == "call-back", invalid("not-for-another"))
    in_state(case, *RUNNING, State.RESOLVED)
    require(case.agreed_at is None, conflict("already-agreed"))
    at = timezone.now()
    record(events.AgreementGiven(case=case.pk), by=by, at=at)
    return settle(case, agreed_at=at)
