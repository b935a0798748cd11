"""Hand-overs, which end only when the other side accepts, and units that help."""

from django.utils import timezone

from linli.cases import events
from linli.cases import rules as may
from linli.cases.actions.owner import by_choice, give
from linli.cases.actions.row import change, held, in_state, locked_words, put
from linli.cases.errors import conflict, invalid
from linli.cases.models import RUNNING, Case, Offer, Refusal, State, Support, Why
from linli.cases.models.handling import OFFER_WORDS, TASK_WORDS
from linli.kernel.actions import action, locked, require
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations.models import Post


@action
def offer(
    case: Case, *, to: Post, by: Account, words: str = "", revision: int | None = None
) -> Offer:
    """Offer the case to another post. Until that accepts, this one has it and its clock runs.

    Conflict `offer-open` while another offer waits, `already-owner` to oneself.
    """
    case = held(case, revision)
    require(may.may_offer(by, case))
    require(case.owner_id != to.pk, conflict("already-owner"))
    require(may.may_have(to, case), invalid("own-chain"))
    open_one = Offer.objects.filter(case=case, state=Offer.State.OPEN).exists()
    require(not open_one, conflict("offer-open"))
    at = timezone.now()
    made = Offer.objects.create(
        case=case,
        giver=case.owner,
        taker=to,
        words_locked=locked_words(case, words, OFFER_WORDS),
        by=by,
        offered_at=at,
    )
    record(
        events.CaseOffered(case=case.pk, offer=made.pk, giver=case.owner_id, taker=to.pk),
        by=by,
        at=at,
    )
    change(case)
    return made


@action
def accept(offer: Offer, *, by: Account) -> Case:
    """Take the case over. Conflict `offer-answered` when the offer is no longer open."""
    case = held(offer.case)
    offer = _open(offer, by)
    in_state(case, *RUNNING)
    at = timezone.now()
    put(offer, state=Offer.State.ACCEPTED, answered_at=at)
    record(events.OfferAccepted(case=case.pk, offer=offer.pk, post=offer.taker_id), by=by, at=at)
    give(case, by_choice(case, offer.taker, Why.HANDED_OVER), by=by, at=at)
    state = State.OPEN if case.state == State.RECEIVED else case.state
    return change(case, owner=offer.taker, state=state)


@action
def refuse(offer: Offer, *, reason: Refusal, by: Account, words: str = "") -> Case:
    """Leave the case where it is, with a reason. Conflict `offer-answered`."""
    case = held(offer.case)
    offer = _open(offer, by)
    at = timezone.now()
    put(
        offer,
        state=Offer.State.REFUSED,
        answered_at=at,
        refusal=reason,
        refusal_locked=locked_words(case, words, OFFER_WORDS),
    )
    record(
        events.OfferRefused(case=case.pk, offer=offer.pk, post=offer.taker_id, reason=reason),
        by=by,
        at=at,
    )
    return change(case)


@action
def withdraw_offer(offer: Offer, *, by: Account) -> Case:
    """Take an offer back before it is answered."""
    case = held(offer.case)
    require(may.may_offer(by, case))
    offer = locked(offer)
    require(offer.state == Offer.State.OPEN, conflict("offer-answered"))
    at = timezone.now()
    put(offer, state=Offer.State.WITHDRAWN, answered_at=at)
    record(events.OfferWithdrawn(case=case.pk, offer=offer.pk), by=by, at=at)
    return change(case)


def _open(offer: Offer, by: Account) -> Offer:
    offer = locked(offer)
    require(may.may_answer_offer(by, offer))
    require(offer.state == Offer.State.OPEN, conflict("offer-answered"))
    return offer


@action
def support(
    case: Case, *, to: Post, task: str, by: Account, revision: int | None = None
) -> Support:
    """Ask another unit to help with a task of its own; the case stays where it is.

    Invalid `words-needed` without a task; Conflict `already-owner`, `already-helping`.
    """
    case = held(case, revision)
    require(may.may_support(by, case))
    require(bool(task.strip()), invalid("words-needed"))
    require(case.owner_id != to.pk, conflict("already-owner"))
    require(may.may_have(to, case), invalid("own-chain"))
    busy = Support.objects.filter(case=case, post=to, done_at=None).exists()
    require(not busy, conflict("already-helping"))
    at = timezone.now()
    made = Support.objects.create(
        case=case, post=to, task_locked=locked_words(case, task, TASK_WORDS), by=by, asked_at=at
    )
    record(events.SupportAsked(case=case.pk, support=made.pk, post=to.pk), by=by, at=at)
    change(case)
    return made


@action
def finish_support(support: Support, *, by: Account) -> Support:
    """Say that the helping unit has done its task. Conflict `already-done`."""
    case = held(support.case)
    support = locked(support)
    require(may.may_finish_support(by, support))
    require(support.done_at is None, conflict("already-done"))
    at = timezone.now()
    put(support, done_at=at)
    record(
        events.SupportFinished(case=case.pk, support=support.pk, post=support.post_id),
        by=by,
        at=at,
    )
    change(case)
    return support
