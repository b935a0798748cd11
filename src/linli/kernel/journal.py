"""The journal: append-only facts, each with its salt and leaf hash, chained by nobody here.

Writers only append. Chaining inside their transactions would make them queue for each other; the
sealer (`linli.kernel.sealer`) numbers and chains what is committed, later and in one order.
"""

import secrets
from datetime import datetime

from django.utils import timezone

from linli.engines.merkle import leaf_hash
from linli.kernel import events
from linli.kernel.models import Account, Entry, Pending

SALT = 16


def record(event: events.Event, *, by: Account | None, at: datetime | None = None) -> Entry:
    """Append `event` to the journal inside the caller's transaction and return its entry.

    `by` is the account that acted; None for a resident, the public or the service itself. The leaf
    is RFC 6962's, SHA-256(0x00 ‖ data), with data = salt ‖ canonical bytes.
    """
    at = at or timezone.now()
    entry = Entry.objects.create(**entry_fields(event, by=by.pk if by else None, at=at))
    Pending.objects.create(entry=entry)
    return entry


def entry_fields(event: events.Event, *, by: int | None, at: datetime) -> dict[str, object]:
    """The columns of one entry; the bulk path of the demonstration writes them by the thousand."""
    body = events.canonical(event, at=at, by=by)
    salt = secrets.token_bytes(SALT)
    kind, subject = events.subject_of(event)
    return {
        "at": at,
        "event": event.name,
        "subject_kind": kind,
        "subject": subject,
        "by_id": by,
        "body": body,
        "salt": salt,
        "leaf": leaf_hash(salt + body),
    }


def entries_about(kind: str, subject: int) -> list[Entry]:
    """All entries whose subject is this one, oldest first."""
    return list(
        Entry.objects.filter(subject_kind=kind, subject=subject).select_related("by").order_by("id")
    )
