"""Reactions: answers to events, read from the sealed order, at least once, so written idempotent.

    @reaction("cases.tell-reporter", CaseAssigned)
    def tell_reporter(event: CaseAssigned, entry: Entry) -> None: ...

Each has a cursor of its own. Only failures get a row: retried with growing pauses, and left on the
dead-letter page when all tries are used. One that fails never holds up the ones behind it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from django.utils import timezone

from linli.kernel import rules
from linli.kernel.actions import action, locked, require, writing
from linli.kernel.events import Event, parse
from linli.kernel.journal import record
from linli.kernel.models import Account, Cursor, Entry, Failure, Sealed

log = logging.getLogger(__name__)
TRIES = 8
BATCH = 500
E = TypeVar("E", bound=Event)


class ReactionRetried(Event):
    """Somebody had a failed answer to the entry with this number tried again."""

    sealed: int


@dataclass(frozen=True)
class Reaction:
    """A named answer to some events."""

    name: str
    events: tuple[str, ...]
    answer: Callable[[Any, Entry], None]


REACTIONS: dict[str, Reaction] = {}


def reaction(
    name: str, *events: type[E]
) -> Callable[[Callable[[E, Entry], None]], Callable[[E, Entry], None]]:
    """Register the decorated function as the reaction `name` to these events."""

    def register(function: Callable[[E, Entry], None]) -> Callable[[E, Entry], None]:
        if name in REACTIONS and REACTIONS[name].answer.__module__ != function.__module__:
            raise TypeError(f"two reactions are called {name}")
        REACTIONS[name] = Reaction(name, tuple(e.name for e in events), function)
        return function

    return register


def react(limit: int = BATCH) -> int:
    """Let every reaction read on by up to `limit` entries; returns how many were answered."""
    return sum(_read_on(r, limit) + _retry(r) for r in list(REACTIONS.values()))


@action
def try_again(failure: Failure, *, by: Account) -> None:
    """Have a failed answer tried at the worker's next round, with all its tries before it."""
    require(rules.may_retry(by))
    failure = locked(failure)
    failure.tries, failure.next_try = 0, timezone.now()
    failure.save(update_fields=["tries", "next_try"])
    record(ReactionRetried(sealed=failure.sealed_id), by=by)


def skip_to_end() -> None:
    """Put every cursor at the end: history that was loaded in bulk is not answered again."""
    last = Sealed.objects.order_by("-number").values_list("number", flat=True).first() or 0
    with writing():
        for name in REACTIONS:
            Cursor.objects.update_or_create(reaction=name, defaults={"number": last})


def _read_on(r: Reaction, limit: int) -> int:
    cursor = Cursor.objects.filter(pk=r.name).first() or Cursor(pk=r.name)
    head = Sealed.objects.order_by("-number").values_list("number", flat=True).first() or 0
    if head <= cursor.number:
        return 0
    until = min(head, cursor.number + limit)
    rows = Sealed.objects.filter(number__gt=cursor.number, number__lte=until)
    mine = rows.filter(entry__event__in=r.events).select_related("entry").order_by("number")
    count = 0
    for sealed in mine:
        count += 1
        if not _answer(r, sealed):
            _note_failure(r, sealed)
    with writing():
        Cursor.objects.update_or_create(reaction=r.name, defaults={"number": until})
    return count


def _answer(r: Reaction, sealed: Sealed) -> bool:
    try:
        with writing():
            r.answer(parse(bytes(sealed.entry.body)), sealed.entry)
    except Exception as error:
        # What went wrong may quote what a person wrote; only the kind of error is kept.
        log.warning("reaction %s failed at %s: %s", r.name, sealed.pk, type(error).__name__)
        sealed.error = type(error).__name__  # type: ignore[attr-defined]
        return False
    return True


def _note_failure(r: Reaction, sealed: Sealed) -> None:
    with writing():
        failure, new = Failure.objects.get_or_create(
            reaction=r.name, sealed=sealed, defaults={"error": ""}
        )
        failure.tries = 1 if new else failure.tries + 1
        failure.error = str(getattr(sealed, "error", ""))[:120]
        pause = timedelta(seconds=2**failure.tries * 5)
        failure.next_try = timezone.now() + pause if failure.tries < TRIES else None
        failure.save()


def _retry(r: Reaction) -> int:
    due = Failure.objects.filter(reaction=r.name, next_try__lte=timezone.now())
    rows = list(due.select_related("sealed__entry")[:50])
    for failure in rows:
        if _answer(r, failure.sealed):
            with writing():
                failure.delete()
        else:
            _note_failure(r, failure.sealed)
    return len(rows)
