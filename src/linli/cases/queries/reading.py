"""What is written in a case, unlocked. Callers have asked `rules` first."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.db.models import Model, QuerySet

from linli.cases import merging, opening
from linli.cases.models import Addition, Answer, Case, Note, Offer, Pause, Photo, Support, Update
from linli.cases.models.cases import WHERE
from linli.cases.models.clock import PAUSE_WORDS
from linli.cases.models.handling import OFFER_WORDS, TASK_WORDS
from linli.cases.models.words import ADDED_WORDS, ANSWER_WORDS, NOTE_WORDS, UPDATE_WORDS
from linli.kernel import contacts, vault
from linli.kernel.events import parse
from linli.kernel.journal import entries_about
from linli.kernel.models import Account

R = TypeVar("R", bound=Model)


@dataclass(frozen=True)
class Written(Generic[R]):
    """A row and its words; `words` is None where there were none, or they are erased."""

    row: R
    words: str | None


@dataclass(frozen=True)
class Look:
    """Somebody opened the contact: who, when and why. The person it belongs to reads this."""

    by: Account | None
    at: dt.datetime
    why: contacts.Why


def opening_of(case: Case) -> opening.Opening | None:
    """What the reporter wrote and answered; None once it is erased."""
    if case.text_locked is None or case.key.destroyed_at is not None:
        return None
    return opening.unlock(case)


def where_words(case: Case) -> str | None:
    """Where it is, in words; None without any, or once they are erased."""
    return _words(case, case.where_locked, WHERE)


def notes_of(case: Case) -> list[Written[Note]]:
    """Internal notes, oldest first."""
    return _unlocked(case, case.notes.select_related("by"), "words_locked", NOTE_WORDS)


def updates_of(case: Case) -> list[Written[Update]]:
    """What staff told the reporter, oldest first."""
    rows = case.updates.select_related("by", "post__organisation")
    return _unlocked(case, rows, "words_locked", UPDATE_WORDS)


def pauses_of(case: Case) -> list[Written[Pause]]:
    """When it stood still and why, oldest first."""
    return _unlocked(case, case.pauses.select_related("by"), "words_locked", PAUSE_WORDS)


def additions_of(case: Case) -> list[Written[Addition]]:
    """What the reporter added later, oldest first; also those of cases that were merged into it."""
    group = [case, *merging.merged_into(case)]
    found = [w for one in group
             for w in _unlocked(one, one.additions.all(), "words_locked", ADDED_WORDS)]  # fmt: skip
    return sorted(found, key=lambda written: written.row.at)


def offers_of(case: Case) -> list[tuple[Offer, str | None, str | None]]:
    """Hand-overs, oldest first, with the words of the giver and of a refusal."""
    rows = list(case.offers.select_related("giver", "taker", "by"))
    words = _unlocked(case, rows, "words_locked", OFFER_WORDS)
    refusals = _unlocked(case, rows, "refusal_locked", OFFER_WORDS)
    return [(a.row, a.words, b.words) for a, b in zip(words, refusals, strict=True)]


def supports_of(case: Case) -> list[Written[Support]]:
    """Helping units with their tasks, oldest first."""
    rows = case.supports.select_related("post__organisation", "by")
    return _unlocked(case, rows, "task_locked", TASK_WORDS)


def answers_of(case: Case, visible: QuerySet[Answer]) -> list[Written[Answer]]:
    """What the reporter said about results, as far as `rules.ratings_visible_to` lets through."""
    rows = visible.filter(case=case).select_related("entered_by")
    return _unlocked(case, rows, "words_locked", ANSWER_WORDS)


def photos_of(case: Case) -> list[Photo]:
    """Its photos, and those of the cases that were merged into it."""
    group = [case.pk, *(other.pk for other in merging.merged_into(case))]
    return list(Photo.objects.filter(case__in=group).select_related("case__key"))


def looks_at(case: Case) -> list[Look]:
    """Who opened the contact of this case, oldest first; stays when the contact is erased."""
    if case.contact_ref is None:
        return []
    seen = [
        (entry, parse(bytes(entry.body))) for entry in entries_about("contact", case.contact_ref)
    ]
    return [
        Look(entry.by, entry.at, event.why)
        for entry, event in seen
        if isinstance(event, contacts.ContactSeen)
    ]


def _unlocked(case: Case, rows: Iterable[R], column: str, label: str) -> list[Written[R]]:
    return [Written(row, _words(case, getattr(row, column), label)) for row in rows]


def _words(case: Case, locked: bytes | memoryview | None, label: str) -> str | None:
    if locked is None or case.key.destroyed_at is not None:
        return None
    return vault.unlock(case.key, bytes(locked), label=label)
