"""The rows of cases. Start with `cases.py`."""

from linli.cases.models.cases import (
    ENDED,
    LIVE,
    RUNNING,
    Authority,
    Case,
    Channel,
    Closing,
    Photo,
    PublicWords,
    State,
)
from linli.cases.models.catalogue import (
    Proposal,
    Service,
    ServiceSwitch,
    ServiceVersion,
    TranslationMark,
)
from linli.cases.models.clock import Pause, PauseReason, Promise
from linli.cases.models.handling import Climb, Offer, Refusal, Routing, Support, Why
from linli.cases.models.words import Addition, Answer, DeclineReason, Merge, Note, Update

__all__ = [
    "ENDED",
    "LIVE",
    "RUNNING",
    "Addition",
    "Answer",
    "Authority",
    "Case",
    "Channel",
    "Climb",
    "Closing",
    "DeclineReason",
    "Merge",
    "Note",
    "Offer",
    "Pause",
    "PauseReason",
    "Photo",
    "Promise",
    "Proposal",
    "PublicWords",
    "Refusal",
    "Routing",
    "Service",
    "ServiceSwitch",
    "ServiceVersion",
    "State",
    "Support",
    "TranslationMark",
    "Update",
    "Why",
]
