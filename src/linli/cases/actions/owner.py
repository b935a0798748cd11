"""Giving the case to a post: always exactly one owner, and a row that says why."""

import datetime as dt

from linli.cases import events
from linli.cases import rules as may
from linli.cases.actions.intake import routing_fields
from linli.cases.errors import invalid
from linli.cases.models import Case, Offer, Routing, Why
from linli.cases.routing import Routed
from linli.kernel.actions import require
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.organisations.models import Post


def give(case: Case, to: Routed, *, by: Account | None, at: dt.datetime) -> None:
    """Write down that `to` has the case; the caller sets `owner` with `row.change`.

    An offer that is still open is withdrawn: its giver no longer has the case.
    """
    require(may.may_have(to.post, case), invalid("own-chain"))
    withdraw_open(case, by=by, at=at)
    Routing.objects.create(**routing_fields(case, to, by=by, at=at))
    record(events.CaseRouted(case=case.pk, post=to.post.pk, why=to.why), by=by, at=at)


def by_choice(case: Case, post: Post, why: Why) -> Routed:
    """A post that somebody chose, as a routing."""
    return Routed(post, why, case.area)


def withdraw_open(case: Case, *, by: Account | None, at: dt.datetime) -> None:
    """Withdraw the open offer of a case, if there is one."""
    for offer in Offer.objects.filter(case=case, state=Offer.State.OPEN):
        offer.state, offer.answered_at = Offer.State.WITHDRAWN, at
        offer.save(update_fields=["state", "answered_at"])
        record(events.OfferWithdrawn(case=case.pk, offer=offer.pk), by=by, at=at)
