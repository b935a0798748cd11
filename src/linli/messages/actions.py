"""The only writers of this room."""

from collections.abc import Mapping

from django.conf import settings
from django.utils import timezone

from linli.kernel.actions import action, all_locked, require
from linli.kernel.errors import Invalid, Missing
from linli.kernel.events import CODE, Code
from linli.kernel.journal import record
from linli.kernel.models import Account, CaseKey, Contact
from linli.messages import events, texts
from linli.messages.models import Outgoing


@action
def send(
    key: CaseKey,
    contact: Contact | None,
    template: str,
    *,
    language: str,
    codes: Mapping[str, str],
    cause: int | None = None,
    by: Account | None,
) -> Outgoing | None:
    """Write a message to the contact of a case; None where the case has no contact.

    `codes` fill the template's slots: the case's number, the code of an office, times in ISO 8601;
    anything else, above all words somebody wrote, is Invalid. With `cause`, the journal entry it
    answers, the same message is written once. Nothing leaves the machine yet.
    """
    require(by is None or by.is_active)
    _check(template, language, codes)
    if contact is None:
        return None
    require(key.destroyed_at is None and contact.key_id == key.pk, Missing("erased"))
    values = {
        "key": key,
        "language": language,
        "codes": dict(codes),
        "created_at": timezone.now(),
    }
    if cause is None:
        message, new = Outgoing.objects.create(contact=contact, template=template, **values), True
    else:
        message, new = Outgoing.objects.get_or_create(
            cause=cause, template=template, contact=contact, defaults=values
        )
    if new:
        record(events.MessageWritten(message=message.pk, template=Code(template)), by=by)
    return message


def _check(template: str, language: str, codes: Mapping[str, str]) -> None:
    wrong = texts.needed(template) ^ set(codes)
    wrong |= {name for name, code in codes.items() if not CODE.match(code.replace("+", "-"))}
    if wrong:
        raise Invalid("bad-codes", fields=dict.fromkeys(sorted(wrong), template))
    if language not in dict(settings.LANGUAGES):
        raise Invalid("bad-language", fields={"language": language})


@action
def empty(key: CaseKey, *, by: Account | None) -> int:
    """Empty the messages of a case whose key is destroyed; returns how many. Harmless twice."""
    require(by is None or by.is_active)
    count = _emptied([key.pk])
    if count:
        record(events.MessagesEmptied(messages=count), by=by)
    return count


@action
def empty_erased(*, by: None = None) -> int:
    """Empty whatever is left of messages whose key is destroyed; the periodic job calls it."""
    rows = Outgoing.objects.exclude(key__destroyed_at=None)
    keys = rows.exclude(state=Outgoing.State.EMPTIED).values_list("key", flat=True)
    count = _emptied(list(keys.distinct()[:500]))
    if count:
        record(events.MessagesEmptied(messages=count), by=by)
    return count


def _emptied(keys: list[int]) -> int:
    rows = Outgoing.objects.filter(key__in=keys).exclude(state=Outgoing.State.EMPTIED)
    # Locked in one order first: two who empty at once would else wait for each other for ever.
    locked = list(all_locked(rows).values_list("pk", flat=True))
    return Outgoing.objects.filter(pk__in=locked).update(
        state=Outgoing.State.EMPTIED, contact=None, template="", language="", codes={}
    )
