"""What follows from events of cases: messages to reporters who left a contact.

A message is written once for each journal entry (`cause`), so reading one twice changes nothing.
It carries codes only: number, office, times.
"""

import datetime as dt

from linli.cases import events, merging, numbers, rulebook
from linli.cases.models import Case, Pause, State, Update, Why
from linli.kernel.events import Event
from linli.kernel.models import Entry
from linli.kernel.reactions import reaction
from linli.messages import actions as messages
from linli.organisations.models import Post

# Other ways of coming to a post are told by another message.
TOLD = (Why.BY_HAND, Why.HANDED_OVER, Why.SERVICE_CHANGED, Why.REDRAWN)


def _tell(event: Event, entry: Entry, template: str, **codes: str) -> None:
    case = _case(event)
    for each in [case, *merging.merged_into(case)] if case else []:
        _tell_one(each, entry, template, **codes)


def _case(event: Event) -> Case | None:
    rows = Case.objects.select_related("key", "contact", "version__service")
    return rows.filter(pk=event.case).first()  # type: ignore[attr-defined]


def _tell_one(case: Case, entry: Entry, template: str, **codes: str) -> None:
    if case.contact is None or case.key.destroyed_at is not None:
        return
    messages.send(
        case.key,
        case.contact,
        template,
        language=case.language,
        codes={"number": numbers.spoken(case.number), **codes},
        cause=entry.pk,
        by=None,
    )


def _office(post: int) -> str:
    return Post.objects.values_list("code", flat=True).get(pk=post)


def _time(at: dt.datetime) -> str:
    return at.astimezone(dt.UTC).isoformat(timespec="seconds")


@reaction("cases.tell-received", events.CaseOpened)
def tell_received(event: events.CaseOpened, entry: Entry) -> None:
    """Number and promise, at once; who asked for another hears that we call back."""
    case = _case(event)
    if case is None:
        return
    if case.version.definition.about == "call-back":
        _tell_one(case, entry, "call-back")
    else:
        _tell_one(case, entry, "received", due=_time(case.first_due_at))


@reaction("cases.tell-assigned", events.CaseRouted)
def tell_assigned(event: events.CaseRouted, entry: Entry) -> None:
    """Who has it now, when that changed."""
    if event.why in TOLD:
        _tell(event, entry, "assigned", office=_office(event.post))


@reaction("cases.tell-paused", events.CasePaused)
def tell_paused(event: events.CasePaused, entry: Entry) -> None:
    """That it stands still, and until when."""
    row = Pause.objects.filter(case=event.case, since__lte=entry.at).order_by("-since").first()
    if row is not None:
        _tell(event, entry, "paused", until=_time(row.expected_until))


@reaction("cases.tell-resumed", events.CaseResumed)
def tell_resumed(event: events.CaseResumed, entry: Entry) -> None:
    """That it goes on; nothing where the pause ended because the case did."""
    case = _case(event)
    if case is not None and case.state == State.OPEN:
        _tell(event, entry, "resumed", due=_time(case.due_at))


@reaction("cases.tell-updated", events.UpdateAdded)
def tell_updated(event: events.UpdateAdded, entry: Entry) -> None:
    """That there is news; what ends or pauses a case has a message of its own."""
    if event.kind in (Update.Kind.PROGRESS, Update.Kind.QUESTION):
        _tell(event, entry, "updated")


@reaction("cases.tell-resolved", events.CaseResolved)
def tell_resolved(event: events.CaseResolved, entry: Entry) -> None:
    """Ask whether it is solved, and say until when an answer counts."""
    _tell(event, entry, "resolved", until=_time(entry.at + rulebook.times(entry.at).silence))


@reaction("cases.tell-contested", events.CaseContested)
def tell_contested(event: events.CaseContested, entry: Entry) -> None:
    """Who checks now, and by when."""
    case = _case(event)
    rework = case and case.promises.filter(started_at__lte=entry.at).order_by("-started_at").first()
    if rework is not None:
        office = _office(event.verifier)
        _tell(event, entry, "contested", office=office, due=_time(rework.due_at))


@reaction("cases.tell-climbed", events.CaseClimbed)
def tell_climbed(event: events.CaseClimbed, entry: Entry) -> None:
    """That it was not answered in time and to whom it climbed."""
    _tell(event, entry, "climbed", office=_office(event.post))


@reaction("cases.tell-confirmed", events.CaseConfirmed)
def tell_confirmed(event: events.CaseConfirmed, entry: Entry) -> None:
    """That it is closed as they said."""
    _tell(event, entry, "confirmed")


@reaction("cases.tell-unanswered", events.CaseClosedUnanswered)
def tell_unanswered(event: events.CaseClosedUnanswered, entry: Entry) -> None:
    """That it is closed as unanswered, not as solved."""
    _tell(event, entry, "unanswered")


@reaction("cases.tell-declined", events.CaseDeclined)
def tell_declined(event: events.CaseDeclined, entry: Entry) -> None:
    """That nothing will be done here; why is on their page."""
    _tell(event, entry, "declined")


@reaction("cases.tell-merged", events.CaseMerged)
def tell_merged(event: events.CaseMerged, entry: Entry) -> None:
    """That it is followed in another case now."""
    case = _case(event)
    if case is not None:
        _tell_one(case, entry, "merged")
