"""Suggesting who: one case more in a standing plan; peers: scipy, solving all of it again."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks.timing import Measured
from linli.engines.assignment import (
    FULL,
    LAST_RESORT,
    Candidates,
    Cases,
    People,
    Prices,
    Standing,
    candidates_of,
    slots_of,
)

SEED = 7
STANDING, WORKERS, ARRIVALS = 2400, 3000, 1000
KILOMETRES = 300
AGAIN = 5  # how often a peer solves all of it


@dataclass(frozen=True)
class Board:
    """The candidates of all cases, the slots of all workers, CPU seconds of choosing for a case."""

    found: Candidates
    slots: Any
    chosen: float

    def part(self, start: int, end: int) -> Candidates:
        """The candidates of some of the cases."""
        starts = self.found.starts
        mine = slice(starts[start], starts[end])
        shifted = starts[start : end + 1] - starts[start]
        return Candidates(shifted, self.found.workers[mine], self.found.parts[mine])


@cache
def board(capacity: int) -> Board:
    """Cases and workers scattered evenly, three languages, four skills; 15 % of pairs may not."""
    rng = np.random.default_rng(SEED)
    count = STANDING + ARRIVALS
    at = rng.random((count, 1, 2)) - rng.random((1, WORKERS, 2))
    minutes = (np.hypot(at[..., 0], at[..., 1]) * KILOMETRES * 1.3).astype(np.int32)
    cases = Cases(
        minutes, rng.random(minutes.shape) > 0.15,
        np.uint64(1) << rng.integers(0, 3, count).astype(np.uint64),
        np.uint64(1) << rng.integers(0, 4, count).astype(np.uint64),
        rng.integers(-100, 3000, count).astype(np.int32),
    )  # fmt: skip
    holds = rng.integers(0, capacity, WORKERS).astype(np.int32)
    fair = rng.integers(80, 220, WORKERS).astype(np.int32)
    people = People(
        rng.integers(1, 8, WORKERS).astype(np.uint64),
        rng.integers(0, 16, WORKERS).astype(np.uint64),
        holds, np.full(WORKERS, capacity, np.int32), fair,
    )  # fmt: skip
    slots = slots_of(people, Prices().load)
    candidates_of(cases, people, Prices(), slots[:, 0])
    start = time.process_time()
    found = candidates_of(cases, people, Prices(), slots[:, 0])
    return Board(found, slots, (time.process_time() - start) / count)


@dataclass(frozen=True)
class Taken:
    """CPU seconds of each change, once everything is compiled."""

    arriving: list[float]
    leaving: list[float]


def come_and_go(capacity: int) -> tuple[Standing, Taken]:
    """One case after the other comes, and the oldest one goes."""
    it = board(capacity)
    last = np.full(STANDING, LAST_RESORT)
    for _warm in range(2):
        plan, taken = Standing(it.slots), Taken([], [])
        oldest = plan.add_cases(it.part(0, STANDING), last)[0].tolist()
        for n in range(STANDING, STANDING + ARRIVALS):
            if n > STANDING:
                _timed(taken.leaving, plan.remove_case, oldest.pop(0))
            mine = it.part(n, n + 1)
            (number,), _moved = _timed(taken.arriving, plan.add_cases, mine, last[:1])
            oldest.append(int(number))
    return plan, taken


def _timed(taken: list[float], change: Callable[..., Any], *given: Any) -> Any:
    start = time.process_time()
    found = change(*given)
    taken.append(time.process_time() - start)
    return found


def _resolve(capacity: int, solve: Callable[[Any, Any, Any, int], int]) -> tuple[int, list[float]]:
    """Give a peer the last 2,401 cases; its cost, and CPU seconds of its solver alone."""
    it, first = board(capacity), ARRIVALS - 1
    mine = it.part(first, first + STANDING + 1)
    each = np.repeat(np.arange(STANDING + 1), np.diff(mine.starts))
    slots = it.slots[mine.workers]
    pairs, numbers = np.nonzero(slots < FULL)
    columns = mine.workers[pairs] * it.slots.shape[1] + numbers
    costs = mine.parts.sum(axis=1)[pairs] + slots[pairs, numbers]
    return solve(each[pairs], columns, costs, it.slots.size)


def _matching(rows: Any, columns: Any, costs: Any, size: int) -> tuple[int, list[float]]:
    """scipy's for sparse ones: costs may not be nought there, and each case may go to nobody."""
    n = STANDING + 1
    rows, columns = np.append(rows, np.arange(n)), np.append(columns, size + np.arange(n))
    costs = np.append(costs + 1, np.full(n, 1 << 30)).astype(float)
    table = csr_matrix((costs, (rows, columns)), shape=(n, size + n))
    taken = []
    for _round in range(AGAIN):
        start = time.process_time()
        found = min_weight_full_bipartite_matching(table)
        taken.append(time.process_time() - start)
    return int(table[found].sum()) - n, taken


def _table(rows: Any, columns: Any, costs: Any, size: int) -> tuple[int, list[float]]:
    """scipy's for full ones; everybody finds somebody here, so nobody needs no columns."""
    table = np.full((STANDING + 1, size), float(1 << 30))
    table[rows, columns] = costs
    taken = []
    for _round in range(AGAIN):
        start = time.process_time()
        found = linear_sum_assignment(table)
        taken.append(time.process_time() - start)
    return int(table[found].sum()), taken


def _compared(capacity: int, peer: str, solve: Any) -> Measured:
    """A thousand arrivals; the peer is timed for five, and counted as if it were a thousand."""
    plan, ours = come_and_go(capacity)
    cost, theirs = _resolve(capacity, solve)
    for change, taken in vars(ours).items():
        median, most = np.quantile(taken, [0.5, 0.99]) * 1e6
        print(f"one case {change}: median {median:.0f} us, p99 {most:.0f} us, CPU")
    print(f"its candidates out of {WORKERS} people: {board(capacity).chosen * 1e6:.0f} us, CPU")
    what = f"{ARRIVALS} cases arrive, {capacity} a worker"
    again = statistics.median(theirs) * ARRIVALS
    return Measured(what, f"{peer}, again each time", sum(ours.arriving), again, plan.cost == cost)


def suggesting() -> Measured:
    """Workers have up to three cases."""
    return _compared(3, "scipy bipartite matching", _matching)


def suggesting_by_table() -> Measured:
    """The same; peer: the assignment that most would take."""
    return _compared(3, "scipy linear_sum_assignment", _table)


def suggesting_when_tight() -> Measured:
    """Workers have one case, and four in five of them have one."""
    return _compared(1, "scipy bipartite matching", _matching)


def suggesting_by_table_when_tight() -> Measured:
    """The same; peer: the assignment that most would take."""
    return _compared(1, "scipy linear_sum_assignment", _table)


def suggesting_all() -> Measured:
    """All 2,400 at once, into an empty plan."""
    it, last = board(3), np.full(STANDING, LAST_RESORT)
    taken = []
    for _round in range(AGAIN):
        plan = Standing(it.slots)
        start = time.process_time()
        plan.add_cases(it.part(ARRIVALS, ARRIVALS + STANDING), last)
        taken.append(time.process_time() - start)
    plan.add_cases(it.part(ARRIVALS - 1, ARRIVALS), last[:1])
    cost, theirs = _resolve(3, _matching)
    return Measured("2,400 cases at once", "scipy bipartite matching", statistics.median(taken),
                    statistics.median(theirs), plan.cost == cost)  # fmt: skip


ALL = (
    suggesting,
    suggesting_by_table,
    suggesting_when_tight,
    suggesting_by_table_when_tight,
    suggesting_all,
)
