"""What staff may read about messages: which, in what language, about which case; never to whom."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import override

from linli.kernel.models import CaseKey
from linli.messages import texts
from linli.messages.models import Outgoing


@dataclass(frozen=True)
class Message:
    """A message as staff see it; the reporter's link stays a dash of dots."""

    number: str
    template: str
    language: str
    text: str
    at: datetime
    state: str


def about(
    keys: QuerySet[CaseKey] | Iterable[int],
    offices: Mapping[str, Mapping[str, str]] | None = None,
    *,
    limit: int = 100,
) -> list[Message]:
    """The newest messages about cases with these keys; `offices` gives the names of office codes.

    Which keys somebody may ask about is for the caller's rules.
    """
    rows = Outgoing.objects.filter(key__in=keys).exclude(state=Outgoing.State.EMPTIED)
    return [_message(row, offices or {}) for row in rows[:limit]]


def newest_keys(limit: int) -> set[int]:
    """The keys of the cases that the newest messages are about."""
    rows = Outgoing.objects.exclude(state=Outgoing.State.EMPTIED)
    return set(rows.values_list("key", flat=True)[:limit])


def _message(row: Outgoing, offices: Mapping[str, Mapping[str, str]]) -> Message:
    return Message(
        number=row.codes.get("number", ""),
        template=row.template,
        language=row.language,
        text=texts.fill(row.template, row.language, readable(row, offices)),
        at=row.created_at,
        state=row.state,
    )


def readable(row: Outgoing, offices: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The codes of a message as its reader reads them: local times, days, names of offices."""
    values = dict(row.codes)
    with override(row.language):
        for name in ("due", "until"):
            said = values.get(name, "")
            if day := parse_date(said):
                values[name] = date_format(day, "DATE_FORMAT")
            elif moment := parse_datetime(said):
                values[name] = date_format(localtime(moment), "DATETIME_FORMAT")
    names = offices.get(values.get("office", ""), {})
    key = texts.KEYS.get(row.language, "zh")
    if names:
        values["office"] = names.get(key) or next(iter(names.values()))
    return values
