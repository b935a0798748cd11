"""Timing two ways of doing the same thing, turn by turn, and comparing what they give."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

ROUNDS = 5


@dataclass(frozen=True)
class Measured:
    """Medians of wall seconds, ours and the peer's, and whether both gave the same."""

    what: str
    peer: str
    ours: float
    theirs: float
    same: bool


def compare(
    what: str,
    peer: str,
    ours: Callable[[], Any],
    theirs: Callable[[], Any],
    same: Callable[[Any, Any], bool],
) -> Measured:
    """Run both in turn, once to warm up and five times to count."""
    results = ours(), theirs()
    taken: dict[int, list[float]] = {0: [], 1: []}
    for _round in range(ROUNDS):
        for index, run in enumerate((ours, theirs)):
            start = time.perf_counter()
            run()
            taken[index].append(time.perf_counter() - start)
    medians = [statistics.median(taken[index]) for index in (0, 1)]
    return Measured(what, peer, medians[0], medians[1], same(*results))
