"""Suggesting who: one case more in a standing plan; peers: scipy, solving all of it again."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from benchmarks.timing import Measured, compare
from linli.engines.assignment import (
    FULL,
    LAST_RESORT,
    Candidates,
    Cases,
    People,
    Prices,
    Standing,
    candidates_of,
    plan_of,
    slots_of,
)

SEED = 7
STANDING, WORKERS, ARRIVALS = 2400, 3000, 1000
KILOMETRES, CROWD = 300, 20
AGAIN = 5  # how often a peer solves all of it
SPARSE, TABLE = "scipy bipartite matching", "scipy linear_sum_assignment"

Solve = Callable[[Any, Any, Any, int], tuple[int, list[float]]]


@cache
def board(capacity: int, *, crowded: bool = False) -> tuple[Cases, People]:
    """Workers scattered evenly, three languages, four skills; 15 % of the pairs may not.

    The cases are scattered as they are, or all within some 20 km of the middle.
    """
    rng = np.random.default_rng(SEED)
    count = STANDING + ARRIVALS
    homes, sites = rng.random((1, WORKERS, 2)) * KILOMETRES, rng.random((count, 1, 2)) * KILOMETRES
    if crowded:
        sites = KILOMETRES / 2 + rng.normal(size=(count, 1, 2)) * CROWD
    minutes = (np.hypot(*np.moveaxis(sites - homes, 2, 0)) * 1.3).astype(np.int32)
    cases = Cases(
        minutes, rng.random(minutes.shape) > 0.15,
        np.uint64(1) << rng.integers(0, 3, count).astype(np.uint64),
        np.uint64(1) << rng.integers(0, 4, count).astype(np.uint64),
        rng.integers(-100, 3000, count).astype(np.int32),
    )  # fmt: skip
    fair = rng.integers(80, 220, WORKERS).astype(np.int32)
    people = People(
        rng.integers(1, 8, WORKERS).astype(np.uint64),
        rng.integers(0, 16, WORKERS).astype(np.uint64),
        np.zeros(WORKERS, np.int32), np.full(WORKERS, capacity, np.int32), fair,
    )  # fmt: skip
    return cases, people


def some(cases: Cases, start: int, end: int) -> Cases:
    """A part of the cases."""
    return Cases(*(getattr(cases, field.name)[start:end] for field in fields(Cases)))


@dataclass(frozen=True)
class Taken:
    """CPU seconds of each change, once everything is compiled."""

    choosing: list[float]
    arriving: list[float]
    leaving: list[float]


def come_and_go(cases: Cases, people: People) -> tuple[Standing, list[Candidates], Taken]:
    """One case after the other comes, then the oldest one goes; the candidates of those left."""
    last, prices = np.full(1, LAST_RESORT), Prices()
    plan, taken = Standing(slots_of(people, prices.load)), Taken([], [], [])
    numbers: list[int] = []
    chosen: list[Candidates] = []
    for n in range(STANDING + ARRIVALS):
        if n > STANDING:
            _timed(taken.leaving, plan.remove_case, numbers[n - STANDING - 1])
        one, asks = some(cases, n, n + 1), plan.prices
        chosen.append(_timed(taken.choosing, candidates_of, one, people, prices, asks))
        (number,), _moved = _timed(taken.arriving, plan.add_cases, chosen[-1], last)
        numbers.append(int(number))
    return plan, chosen[-STANDING - 1 :], taken


def _timed(taken: list[float], change: Callable[..., Any], *given: Any) -> Any:
    start = time.process_time()
    found = change(*given)
    taken.append(time.process_time() - start)
    return found


def again(solve: Solve, chosen: list[Candidates], slots: Any) -> tuple[int, list[float]]:
    """Give a peer these cases; its cost, and CPU seconds of its solver alone, without its table."""
    each = np.repeat(np.arange(len(chosen)), [len(one.workers) for one in chosen])
    workers = np.concatenate([one.workers for one in chosen])
    ways = np.concatenate([one.parts.sum(axis=1) for one in chosen])
    pairs, numbers = np.nonzero(slots[workers] < FULL)
    columns = workers[pairs] * slots.shape[1] + numbers
    costs = ways[pairs] + slots[workers[pairs], numbers]
    return solve(each[pairs], columns, costs, slots.size)


def _sparse(rows: Any, columns: Any, costs: Any, size: int) -> tuple[int, list[float]]:
    """A cost of nought is no pair there; and each case may go to nobody."""
    n = STANDING + 1
    rows, columns = np.append(rows, np.arange(n)), np.append(columns, size + np.arange(n))
    costs = np.append(costs + 1, np.full(n, 1 << 30)).astype(float)
    table = csr_matrix((costs, (rows, columns)), shape=(n, size + n))
    taken: list[float] = []
    for _round in range(AGAIN):
        found = _timed(taken, min_weight_full_bipartite_matching, table)
    return int(table[found].sum()) - n, taken


def _full(rows: Any, columns: Any, costs: Any, size: int) -> tuple[int, list[float]]:
    """Everybody finds somebody here, so nobody needs no columns."""
    table = np.full((STANDING + 1, size), float(1 << 30))
    table[rows, columns] = costs
    taken: list[float] = []
    for _round in range(AGAIN):
        found = _timed(taken, linear_sum_assignment, table)
    return int(table[found].sum()), taken


def _compared(capacity: int, peer: str, *, crowded: bool = False) -> Measured:
    """A thousand arrivals; the peer is timed for five, and counted as if it were a thousand."""
    cases, people = board(capacity, crowded=crowded)
    come_and_go(cases, people)
    plan, chosen, ours = come_and_go(cases, people)
    solve = {SPARSE: _sparse, TABLE: _full}[peer]
    cost, theirs = again(solve, chosen, slots_of(people, Prices().load))
    for change, taken in vars(ours).items():
        median, most = np.quantile(taken[-ARRIVALS:], [0.5, 0.99]) * 1e6
        print(f"{change}: median {median:.0f} us, p99 {most:.0f} us, CPU")
    what = f"{ARRIVALS} {'in a crowd' if crowded else 'cases arrive'}, {capacity} a worker"
    mine = sum(ours.arriving[-ARRIVALS:])
    every_time = statistics.median(theirs) * ARRIVALS
    return Measured(what, f"{peer}, again each time", mine, every_time, plan.cost == cost)


def suggesting() -> Measured:
    """Workers have up to three cases."""
    return _compared(3, SPARSE)


def suggesting_by_table() -> Measured:
    """The same; peer: the assignment that most would take."""
    return _compared(3, TABLE)


def suggesting_when_tight() -> Measured:
    """Workers have one case, and four in five of them have one."""
    return _compared(1, SPARSE)


def suggesting_by_table_when_tight() -> Measured:
    """The same; peer: the assignment that most would take."""
    return _compared(1, TABLE)


def suggesting_in_a_crowd() -> Measured:
    """All cases lie in one place, and those near it have long had theirs: the longest paths."""
    return _compared(1, SPARSE, crowded=True)


def suggesting_everybody() -> Measured:
    """All 2,400 at once out of all 7 million pairs, choosing included; peer: its solver alone."""
    cases, people = board(3)
    cases, prices = some(cases, 0, STANDING), Prices()
    slots = slots_of(people, prices.load)
    ways = candidates_of(cases, people, prices, slots[:, 0], most=WORKERS)
    table = np.full((STANDING, WORKERS, slots.shape[1]), 1 << 30)
    each = np.repeat(np.arange(STANDING), np.diff(ways.starts))
    table[each, ways.workers] = ways.parts.sum(axis=1)[:, None] + slots[ways.workers]
    table = table.reshape(STANDING, -1).astype(float)

    def ours() -> int:
        return plan_of(cases, people, prices, np.full(STANDING, LAST_RESORT)).cost

    def theirs() -> int:
        return int(table[linear_sum_assignment(table)].sum())

    return compare("2,400 cases at once, all pairs", TABLE, ours, theirs, int.__eq__)


ALL = (
    suggesting,
    suggesting_by_table,
    suggesting_when_tight,
    suggesting_by_table_when_tight,
    suggesting_in_a_crowd,
    suggesting_everybody,
)
