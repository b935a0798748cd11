"""What each step of a story writes. Each function stands for the action of the same name."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from linli.cases.models.clock import PAUSE_WORDS
from linli.cases.models.handling import OFFER_WORDS, TASK_WORDS
from linli.cases.models.words import ANSWER_WORDS, NOTE_WORDS, UPDATE_WORDS
from linli.web.demo.ledger import quoted
from linli.web.demo.steps import Contest, Corrected, Said, Step, Verb
from linli.web.demo.tables import moment, spoken_time
from linli.web.demo.world import Given

if TYPE_CHECKING:
    from linli.web.demo.bulk import CaseWriter


def _yes(flag: bool) -> str:
    return "true" if flag else "false"


# ------------------------------------------------ cases.actions.dispatch


def triage(w: "CaseWriter", step: Step) -> None:
    """An operator read it."""
    published, text = step.what
    w.record("CaseTriaged", step.at, step.by, w.row.id, _yes(published))
    w.row.triaged_at, w.row.public_text, w.row.published = step.at, text, published
    w.row.change(state="open")


def correct(w: "CaseWriter", step: Step) -> None:
    """It is about something else than was chosen."""
    what: Corrected = step.what
    row, w.terms = w.row, what.terms
    row.version_id = what.terms.version
    w.record("ServiceChanged", step.at, step.by, row.id, quoted(what.terms.code))
    w.promise("service-change", row.received_at, what.due, step.at, step.by)
    if what.given.post != row.owner_id:
        w.give(what.given, step.at, step.by)
    if what.due < row.due_at:
        row.due_at = what.due
        if row.next_climb_at is not None:
            row.next_climb_at = min(row.next_climb_at, what.due + w.world.grace)
    row.change()


def decline(w: "CaseWriter", step: Step) -> None:
    """Nothing will be done here."""
    reason, words = step.what
    row = w.row
    tell(w, "declined", words, step, reason)
    to = w.record("CaseDeclined", step.at, step.by, row.id, row.owner_id, quoted(reason))
    w.say(to, "declined")
    row.closed_at, row.closing, row.declined_for = step.at, "declined", reason
    row.change(state="declined", next_climb_at=None)


def accuse(w: "CaseWriter", step: Step) -> None:
    """It accuses a private person."""
    w.record("CaseMarkedAccusing", step.at, step.by, quoted(step.what), w.row.id)
    w.wipe("accusing", step.what, step.at, step.by)


def agree(w: "CaseWriter", step: Step) -> None:
    """The person for whom help was asked agrees."""
    w.record("AgreementGiven", step.at, step.by, w.row.id)
    w.row.change(agreed_at=step.at)


def lapse(w: "CaseWriter", step: Step) -> None:
    """That person did not agree in time."""
    w.record("PartErased", step.at, None, w.row.id, quoted("all"))
    w.wipe(w.row.closing or "no-agreement", "", step.at, None)


# ------------------------------------------------ cases.actions.pictures


def clear(w: "CaseWriter", step: Step) -> None:
    """A photo shows nobody."""
    photo = w.photos[step.what]
    w.record("PhotoCleared", step.at, step.by, w.row.id, photo.pk)
    w.photos[step.what] = photo._replace(cleared_at=step.at, cleared_by=step.by)
    w.row.change()


def remove(w: "CaseWriter", step: Step) -> None:
    """A photo shows somebody."""
    photo = w.photos[step.what]
    w.record("PhotoRemoved", step.at, step.by, w.row.id, photo.pk)
    w.photos[step.what] = photo._replace(picture=None)
    w.row.change()


# ------------------------------------------------ cases.actions.words


def note(w: "CaseWriter", step: Step) -> None:
    """An internal note."""
    pk = w.notes.new_pk()
    w.notes.add(pk, w.row.id, step.by, moment(step.at), w.lock(step.what, NOTE_WORDS))
    w.record("NoteAdded", step.at, step.by, w.row.id, pk)


def tell(w: "CaseWriter", kind: str, words: str, step: Step, reason: str = "") -> Any:
    """Something for the reporter; tells where its entry stands."""
    pk, row = w.updates.new_pk(), w.row
    locked = w.lock(words, UPDATE_WORDS)
    w.updates.add(pk, row.id, kind, reason, row.owner_id, step.by, moment(step.at), locked)
    return w.record("UpdateAdded", step.at, step.by, row.id, quoted(kind), pk)


def update(w: "CaseWriter", step: Step) -> None:
    """How it goes."""
    w.say(tell(w, "progress", step.what, step), "updated")
    w.row.change()


# ------------------------------------------------ cases.actions.handover


def offer(w: "CaseWriter", step: Step) -> None:
    """Another post is asked to take it over."""
    pk, row = w.offers.new_pk(), w.row
    taker, words = step.what
    w.open_offer = (pk, row.id, row.owner_id, taker, "open", w.lock(words, OFFER_WORDS), "", None,
                    step.by, moment(step.at), None)  # fmt: skip
    w.record("CaseOffered", step.at, step.by, row.id, row.owner_id, pk, taker)
    row.change()


def _close_offer(w: "CaseWriter", state: str, refusal: str, at: int) -> tuple[int, int]:
    assert w.open_offer is not None  # a story answers only what was offered
    pk, case, giver, taker, _, words, _, none, by, offered, _ = w.open_offer
    w.offers.add(pk, case, giver, taker, state, words, refusal, none, by, offered, moment(at))
    w.open_offer = None
    return pk, taker


def accept(w: "CaseWriter", step: Step) -> None:
    """It does."""
    pk, taker = _close_offer(w, "accepted", "", step.at)
    w.record("OfferAccepted", step.at, step.by, w.row.id, pk, taker)
    w.give(Given(taker, "handed-over", "[]"), step.at, step.by)
    w.row.change()


def refuse(w: "CaseWriter", step: Step) -> None:
    """It does not."""
    pk, taker = _close_offer(w, "refused", step.what, step.at)
    w.record("OfferRefused", step.at, step.by, w.row.id, pk, taker, quoted(step.what))
    w.row.change()


def support(w: "CaseWriter", step: Step) -> None:
    """Another unit is asked to help."""
    pk, row = w.supports.new_pk(), w.row
    post, task = step.what
    w.open_support = (pk, row.id, post, w.lock(task, TASK_WORDS), step.by, moment(step.at))
    w.record("SupportAsked", step.at, step.by, row.id, post, pk)
    row.change()


def helped(w: "CaseWriter", step: Step) -> None:
    """It has done its task."""
    assert w.open_support is not None  # a story finishes only what was asked for
    pk, _, post, *_ = w.open_support
    w.supports.add(*w.open_support, moment(step.at))
    w.open_support = None
    w.record("SupportFinished", step.at, step.by, w.row.id, post, pk)
    w.row.change()


# ------------------------------------------------ cases.actions.pauses


def pause(w: "CaseWriter", step: Step) -> None:
    """It stands still."""
    reason, words, until = step.what
    row = w.row
    w.open_pause = (w.pauses.new_pk(), row.id, reason, w.lock(words, PAUSE_WORDS), step.by,
                    moment(step.at), moment(until))  # fmt: skip
    w.paused_at = step.at
    tell(w, "paused", words, step, reason)
    to = w.record("CasePaused", step.at, step.by, row.id, quoted(reason))
    w.say(to, "paused", until=spoken_time(until))
    row.change(state="paused", next_climb_at=None)


def resume(w: "CaseWriter", step: Step) -> None:
    """It goes on."""
    row = w.row
    assert w.open_pause is not None  # a story resumes only what was paused
    seconds = w.terms.worked(w.paused_at, step.at)
    w.pauses.add(*w.open_pause, moment(step.at), seconds)
    w.open_pause = None
    to = w.record("CaseResumed", step.at, step.by, row.id, seconds)
    w.say(to, "resumed", due=spoken_time(row.due_at))
    row.paused_seconds += seconds
    row.change(state="open", next_climb_at=max(row.due_at + w.world.grace, step.at))


# ------------------------------------------------ cases.actions.closing


def resolve(w: "CaseWriter", step: Step) -> None:
    """The owner says that it is done."""
    row, what = w.row, step.what
    if what.photo is not None:
        photo = w.add_photo("result", what.photo, step.at)
        w.record("PhotoAdded", step.at, step.by, row.id, photo.pk)
    tell(w, "resolved", what.words, step)
    w.met = {"first": step.at, "service-change": step.at, "rework": step.at}
    to = w.record("CaseResolved", step.at, step.by, row.id, row.owner_id)
    w.say(to, "resolved", until=spoken_time(step.at + w.world.silence))
    row.resolved_at = step.at
    row.change(state="resolved", next_climb_at=None)


def _said(w: "CaseWriter", kind: str, said: Said, step: Step) -> None:
    row = w.row
    w.answers.add(w.answers.new_pk(), row.id, row.id, kind, row.reworks, said.satisfaction,
                  said.theirs, w.lock(said.words, ANSWER_WORDS), step.by,
                  moment(step.at))  # fmt: skip


def confirm(w: "CaseWriter", step: Step) -> None:
    """The reporter says: solved."""
    _said(w, "confirmed", step.what, step)
    to = w.record("CaseConfirmed", step.at, step.by, w.row.id, _yes(step.by is not None))
    w.say(to, "confirmed")
    w.row.close("confirmed", step.at)


def close(w: "CaseWriter", step: Step) -> None:
    """The reporter says nothing."""
    to = w.record("CaseClosedUnanswered", step.at, None, w.row.id)
    w.say(to, "unanswered")
    w.row.close("unanswered", step.at)


def contest(w: "CaseWriter", step: Step) -> None:
    """The reporter says: not solved."""
    what: Contest = step.what
    row, given = w.row, what.given
    _said(w, "contested", what.said, step)
    w.met = {}
    staff = _yes(step.by is not None)
    to = w.record("CaseContested", step.at, step.by, row.id, staff, given.post)
    office = w.world.post_codes[given.post]
    w.say(to, "contested", office=office, due=spoken_time(what.due))
    w.promise("rework", step.at, what.due, step.at, step.by)
    w.give(given, step.at, step.by)
    row.reworks += 1
    row.resolved_at, row.due_at = None, what.due
    row.change(state="open", next_climb_at=what.due + w.world.grace)


# ------------------------------------------------ cases.actions.climbing and joining


def climb(w: "CaseWriter", step: Step) -> None:
    """Nobody answered in time."""
    post, level = step.what
    row = w.row
    row.rung += 1
    w.climbs.add(w.climbs.new_pk(), row.id, row.rung, level, post, w.world.rule.code,
                 moment(step.at))  # fmt: skip
    to = w.record("CaseClimbed", step.at, None, row.id, quoted(level), post, row.rung)
    w.say(to, "climbed", office=w.world.post_codes[post])
    row.change(next_climb_at=step.at + w.world.pace)


def top(w: "CaseWriter", _step: Step) -> None:
    """It can climb no further."""
    w.row.change(next_climb_at=None)


def merge(w: "CaseWriter", step: Step) -> None:
    """It tells of the same thing as another."""
    w.into, w.merged_at = step.what, step.at
    row, into = w.row, w.into.case
    w.merges.add(w.merges.new_pk(), row.id, into, row.state, step.by, moment(step.at), None)
    to = w.record("CaseMerged", step.at, step.by, row.id, into)
    w.say(to, "merged")
    w.bumps.append(into)
    row.change(state="merged", next_climb_at=None)


DEEDS: dict[Verb, Callable[["CaseWriter", Step], None]] = {
    Verb.TRIAGE: triage,
    Verb.CLEAR: clear,
    Verb.REMOVE: remove,
    Verb.ACCUSE: accuse,
    Verb.AGREE: agree,
    Verb.LAPSE: lapse,
    Verb.CORRECT: correct,
    Verb.NOTE: note,
    Verb.UPDATE: update,
    Verb.OFFER: offer,
    Verb.ACCEPT: accept,
    Verb.REFUSE: refuse,
    Verb.SUPPORT: support,
    Verb.HELPED: helped,
    Verb.PAUSE: pause,
    Verb.RESUME: resume,
    Verb.DECLINE: decline,
    Verb.RESOLVE: resolve,
    Verb.CONFIRM: confirm,
    Verb.CONTEST: contest,
    Verb.CLOSE: close,
    Verb.CLIMB: climb,
    Verb.TOP: top,
    Verb.MERGE: merge,
}
