"""What is wrong with candidates, found before they come near the plan."""

from typing import Any

import numpy as np

from linli.engines.assignment.costs import MOST_COST, PARTS, Candidates
from linli.engines.assignment.plan import FULL, Longs, compiled

LAST_RESORT = 1 << 45  # the price of nobody; below it, any number of people change places
FLAWS = (
    "",
    "each case has its candidates",
    "a candidate who is not there",
    "the candidates of a case rise",
    "a cost below nothing, or beyond reason",
    "nobody costs between nothing and the last resort",
)


def costs_of(candidates: Candidates, nobody: Longs, workers: int) -> Longs:
    """What each candidate costs; ValueError where they, or prices of nobody, cannot be right."""
    starts, parts = candidates.starts, candidates.parts
    costs = np.zeros(len(candidates.workers), np.int64)
    if len(starts) != len(nobody) + 1 or parts.shape != (len(costs), len(PARTS)):
        raise ValueError(FLAWS[1])
    flaw = _flaw(starts, candidates.workers, parts, nobody, workers, costs)
    if flaw:
        raise ValueError(FLAWS[flaw])
    return costs


def slots_that_rise(slots: Longs) -> Longs:
    """The slots of workers; ValueError where one costs less than the one before it."""
    slots = np.asarray(slots, np.int64)
    real = slots < FULL
    if (np.diff(slots, axis=1) < 0).any() or (slots < 0).any() or (slots[real] > MOST_COST).any():
        raise ValueError("slots rise from nothing, and end with FULL")
    return slots


@compiled  # type: ignore[untyped-decorator]
def _flaw(starts: Any, who: Any, parts: Any, nobody: Any, workers: int, costs: Any) -> int:
    """Add up the parts; returns which of FLAWS there is."""
    if starts[0] != 0 or starts[-1] != len(who):
        return 1
    for n in range(len(nobody)):
        if not (starts[n] <= starts[n + 1] <= len(who)):
            return 1
        if not (0 <= nobody[n] <= LAST_RESORT):
            return 5
        before = -1
        for at in range(starts[n], starts[n + 1]):
            if not (0 <= who[at] < workers):
                return 2
            if who[at] <= before:
                return 3
            before = who[at]
            costs[at] = _sum(parts[at])
            if not (0 <= costs[at] <= MOST_COST):
                return 4
    return 0


@compiled  # type: ignore[untyped-decorator]
def _sum(parts: Any) -> int:
    """What the parts come to; -1 where one is below nothing."""
    total = 0
    for part in parts:
        if part < 0:
            return -1
        total += part
    return total
