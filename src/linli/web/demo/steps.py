"""The steps that stories are made of."""

from enum import StrEnum
from typing import Any, NamedTuple

from linli.cases.photos import Picture
from linli.web.demo.world import Given, Terms


class Verb(StrEnum):
    """What happens in a step."""

    TRIAGE = "triage"
    CLEAR = "clear"
    REMOVE = "remove"
    ACCUSE = "accuse"
    AGREE = "agree"
    LAPSE = "lapse"
    CORRECT = "correct"
    NOTE = "note"
    SUPPORT = "support"
    HELPED = "helped"
    OFFER = "offer"
    ACCEPT = "accept"
    REFUSE = "refuse"
    PAUSE = "pause"
    RESUME = "resume"
    UPDATE = "update"
    DECLINE = "decline"
    RESOLVE = "resolve"
    CONFIRM = "confirm"
    CONTEST = "contest"
    CLOSE = "close"
    MERGE = "merge"
    CLIMB = "climb"
    TOP = "top"


class Step(NamedTuple):
    """One step: when (seconds since 1970), what, who acts (None: reporter or service), details."""

    at: int
    verb: Verb
    by: int | None = None
    what: Any = None


class Said(NamedTuple):
    """What a reporter says of a result."""

    satisfaction: int | None
    theirs: bool | None
    words: str


class Corrected(NamedTuple):
    """A corrected service: its terms, its promise from the same receipt, and whom it comes to."""

    terms: Terms
    due: int
    given: Given


class Resolved(NamedTuple):
    """What the reporter is told, and perhaps a photo of the result."""

    words: str
    photo: Picture | None = None


class Contest(NamedTuple):
    """A contested result: what was said, whom it comes to, and the new deadline."""

    said: Said
    given: Given
    due: int
