"""Somebody wants to hear what becomes of a plan, and stops."""

import uuid

from django.conf import settings
from django.db import IntegrityError
from django.utils.translation import gettext_lazy as _

from linli.cases import follow as links
from linli.kernel import contacts, vault
from linli.kernel.actions import action, locked, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import events
from linli.territory import rules as may
from linli.territory.actions import sealed
from linli.territory.models import Follower, Plan


def follow(
    plan: Plan,
    *,
    contact: tuple[str, str],
    language: str,
    op_id: uuid.UUID | None = None,
    by: Account | None = None,
) -> Follower:
    """Tell somebody what becomes of a plan that is still to begin.

    `contact` is a channel of `kernel.Contact` and the address. The same `op_id` again is the same
    follower. Raises Conflict `plan-not-to-come`, Invalid `bad-language`.
    """
    if language not in dict(settings.LANGUAGES):
        raise Invalid("bad-language", fields={"language": language})
    if again := _sent_before(op_id):
        return again
    try:
        return _take(plan, contact, language, op_id, by=by)
    except IntegrityError:
        # The same sending came twice at once, and the other one was first.
        if again := _sent_before(op_id):
            return again
        raise


def _sent_before(op_id: uuid.UUID | None) -> Follower | None:
    return Follower.objects.select_related("key").filter(op_id=op_id).first() if op_id else None


@action
def _take(
    plan: Plan,
    contact: tuple[str, str],
    language: str,
    op_id: uuid.UUID | None,
    *,
    by: Account | None,
) -> Follower:
    plan = locked(plan)  # it does not begin in between
    if not may.may_follow(plan):
        raise Conflict(
            "plan-not-to-come", _("This plan is not going to begin: it has, or it was given up.")
        )
    key = vault.new_key()
    row = Follower.objects.create(
        plan=plan,
        op_id=op_id,
        language=language,
        key=key,
        contact=contacts.keep(key, *contact),
        follow_digest=links.digest(links.token(key)),
    )
    record(events.PlanFollowed(follower=row.pk, plan=plan.pk), by=by)
    return row


@action
def stop(follower: Follower, *, by: Account | None = None) -> None:
    """Tell them nothing more, and erase the contact with its key.

    Whoever holds the secret link may, and the service itself at the end of the time. Conflict where
    it was done before.
    """
    require(by is None)
    row = locked(follower)
    plan, key, contact = row.plan_id, row.key, row.contact
    pk = row.pk
    row.delete()
    sealed.destroy(key, contact, by=by)
    record(events.FollowingEnded(follower=pk, plan=plan), by=by)
