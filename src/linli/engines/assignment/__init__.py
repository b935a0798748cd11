"""Who could take which case: the cheapest plan for all, kept so case by case, with its reasons."""

from linli.engines.assignment.checks import LAST_RESORT
from linli.engines.assignment.costs import (
    CANDIDATES,
    PARTS,
    Candidates,
    Cases,
    People,
    Prices,
    candidates_of,
    slots_of,
)
from linli.engines.assignment.everybody import plan_of, settle
from linli.engines.assignment.plan import ABSENT, FULL, NOBODY
from linli.engines.assignment.standing import Moved, Reason, Standing

__all__ = [
    "ABSENT",
    "CANDIDATES",
    "FULL",
    "LAST_RESORT",
    "NOBODY",
    "PARTS",
    "Candidates",
    "Cases",
    "Moved",
    "People",
    "Prices",
    "Reason",
    "Standing",
    "candidates_of",
    "plan_of",
    "settle",
    "slots_of",
]
