"""Contacts: kept with one matter, and every look at one is in the journal before it is given."""

import enum

from linli.kernel import vault
from linli.kernel.actions import require, writing
from linli.kernel.events import Event
from linli.kernel.journal import record
from linli.kernel.models import Account, CaseKey, Contact, Entry

LABEL = "contact"


class Why(enum.Enum):
    """Reasons to look at a contact. Whoever it belongs to reads the reason."""

    CALL_BACK = "call-back"
    ASK_DETAILS = "ask-details"
    ARRANGE_VISIT = "arrange-visit"
    SEND_ANSWER = "send-answer"


class ContactSeen(Event):
    """Somebody looked at a contact."""

    contact: int
    why: Why


def keep(key: CaseKey, channel: str, value: str) -> Contact:
    """Lock and store a contact inside the caller's action."""
    return Contact.objects.create(
        key=key, channel=channel, sealed=vault.lock(key, value, label=LABEL)
    )


def look(contact: Contact, *, by: Account, why: Why) -> str:
    """The contact in plain text, after the look is committed to the journal; never before.

    It refuses to run inside another transaction, which could still be rolled back. The caller has
    asked its own room's rules whether `by` may look.
    """
    require(by.is_active)
    with writing(durable=True):
        record(ContactSeen(contact=contact.pk, why=why), by=by)
    return vault.unlock(contact.key, bytes(contact.sealed), label=LABEL)


def looks_at(contact: Contact) -> list[Entry]:
    """Who looked at this contact, oldest first; shown to the person it belongs to."""
    return list(
        Entry.objects.filter(subject_kind="contact", subject=contact.pk, event=ContactSeen.name)
        .select_related("by")
        .order_by("id")
    )


def erase(contact: Contact) -> None:
    """Delete a contact inside the caller's action; the looks at it stay in the journal."""
    contact.delete()
