"""Questions about cases that two callers share. None of them asks whether somebody may: `rules`
does, except where a person is an argument: those answer within what that person may see."""

from linli.cases.queries.board import (
    Filters,
    Inbox,
    board,
    climbed_to,
    counts,
    inbox,
    photos_waiting,
)
from linli.cases.queries.duplicates import Likely, likely_duplicates
from linli.cases.queries.explain import Because, Deadline, Turn, why
from linli.cases.queries.following import Followed, followed
from linli.cases.queries.reading import (
    Look,
    Written,
    additions_of,
    answers_of,
    looks_at,
    notes_of,
    offers_of,
    opening_of,
    pauses_of,
    photos_of,
    supports_of,
    updates_of,
    where_words,
)

__all__ = [
    "Because",
    "Deadline",
    "Filters",
    "Followed",
    "Inbox",
    "Likely",
    "Look",
    "Turn",
    "Written",
    "additions_of",
    "answers_of",
    "board",
    "climbed_to",
    "counts",
    "followed",
    "inbox",
    "likely_duplicates",
    "looks_at",
    "notes_of",
    "offers_of",
    "opening_of",
    "pauses_of",
    "photos_of",
    "photos_waiting",
    "supports_of",
    "updates_of",
    "where_words",
    "why",
]
