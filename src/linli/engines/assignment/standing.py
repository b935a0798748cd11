"""Who could take which case, for all cases together the cheapest; and kept so as cases come and go.

It suggests. Nothing is anybody's before a person says so: a case that somebody has taken is no
longer in the plan, and counts in what they hold.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from linli.engines.assignment import paths
from linli.engines.assignment.checks import costs_of, slots_that_rise
from linli.engines.assignment.costs import PARTS, Candidates
from linli.engines.assignment.plan import (
    ABSENT,
    FULL,
    NOBODY,
    Ints,
    Longs,
    empty,
    resized,
    with_worker,
)

SPARE = 64


@dataclass(frozen=True)
class Moved:
    """A case whose suggestion is another one now; a worker, NOBODY or ABSENT."""

    case: int
    had: int
    has: int


@dataclass(frozen=True)
class Reason:
    """One of those who could have a case, and what it would cost, part by part."""

    worker: int
    parts: dict[str, int]  # as PARTS, in minutes of way
    load: int | None  # what the slot costs; None: full, somebody else would have to take over
    more: int  # all suggestions together would cost at least so much more


class Standing:
    """The cheapest plan over the candidates that it was given, exactly, after every change.

    Cases and workers are numbers, from 0 and as they come; the number of a case that has gone is
    given again. One thread at a time. The same changes in the same order give the same plan.
    """

    def __init__(self, slots: Longs) -> None:
        """A plan without cases; `slots[worker]` rise, and end with FULL where a capacity ends."""
        self._free: list[int] = []
        self._taken = 0  # rows of cases that were ever in use
        self._parts = np.zeros((0, 0, len(PARTS)), np.int32)
        self._plan = empty(slots_that_rise(slots))

    # ---------------------------------------------------------------- what it says

    def __len__(self) -> int:
        return self._taken - len(self._free)

    @property
    def workers(self) -> Ints:
        """For each case number who is suggested: a worker, NOBODY, or ABSENT for no case."""
        return self._plan.has[: self._taken].copy()

    @property
    def prices(self) -> Longs:
        """At which price each worker stands: the dearer, the more others want them."""
        return self._plan.price.copy()

    @property
    def sums(self) -> Longs:
        """For each case number what it costs where it is, with the price there."""
        plan = self._plan
        total = plan.nobody[: self._taken].copy()
        rows = np.flatnonzero(plan.arc[: self._taken] >= 0)
        total[rows] = plan.cost[rows, plan.arc[rows]] + plan.price[plan.has[rows]]
        return total

    @property
    def cost(self) -> int:
        """What the whole plan costs; no other over the same candidates costs less."""
        plan = self._plan
        rows = np.flatnonzero(plan.arc >= 0)
        alone = plan.nobody[plan.has == NOBODY].tolist()
        used = np.arange(plan.slots.shape[1]) < plan.holds[:, None]
        ways, load = plan.cost[rows, plan.arc[rows]].sum(), plan.slots[used].sum()
        return int(ways) + int(load) + int(sum(alone))

    def reasons(self, case: int, within: int) -> list[Reason]:
        """Whoever could have the case for up to `within` minutes more, in the order of numbers.

        The one who is suggested has nothing more. The order says nothing about anybody.
        """
        self._check_case(case)
        plan = self._plan
        found, here = [], int(paths.sum_of(plan, case))
        for k, worker in enumerate(plan.to[case].tolist()):
            if worker < 0 or plan.price[worker] >= FULL:  # who has no slot at all is no candidate
                continue
            more = int(plan.cost[case, k]) + int(plan.price[worker]) - here
            if more > within:
                continue
            slot = int(plan.slots[worker, plan.holds[worker] - (k == plan.arc[case])])
            parts = dict(zip(PARTS, self._parts[case, k].tolist(), strict=True))
            found.append(Reason(worker, parts, slot if slot < FULL else None, more))
        return found

    # ---------------------------------------------------------------- what changes it

    def add_cases(self, candidates: Candidates, nobody: Longs) -> tuple[Ints, list[Moved]]:
        """Put cases in; returns their numbers, and every other case whose suggestion changed.

        `nobody` is for each what it costs that there is no suggestion: LAST_RESORT where
        everybody should rather change places, less where it matters less.
        """
        costs = costs_of(candidates, nobody, len(self._plan.holds))
        widest = len(costs)
        if widest > self._plan.to.shape[1]:
            widest = max(np.diff(candidates.starts).tolist())
        rows = self._rows(len(nobody), widest)
        before = self._plan.has.copy()
        paths.arrive(self._plan, self._parts, rows, candidates, costs, nobody)
        before[rows] = self._plan.has[rows]
        return rows, self._moved(before)

    def remove_case(self, case: int) -> list[Moved]:
        """Take a case out; returns the others whose suggestion changed."""
        self._check_case(case)
        before = self._plan.has.copy()
        paths.leave(self._plan, case)
        heapq.heappush(self._free, case)
        before[case] = ABSENT
        return self._moved(before)

    def widen_case(self, case: int, workers: Ints, parts: Ints) -> list[Moved]:
        """Let more people come to mind for a case; returns what changed, itself included."""
        self._check_case(case)
        plan, kept = self._plan, self._plan.to[case] >= 0
        fresh = ~np.isin(workers, plan.to[case, kept])
        who = np.concatenate([plan.to[case, kept], workers[fresh]])
        order = np.argsort(who)
        all_parts = np.concatenate([self._parts[case, kept], parts[fresh]])[order]
        candidates = Candidates(np.array([0, len(who)], np.int32), who[order], all_parts)
        nobody = plan.nobody[case : case + 1].copy()
        costs = costs_of(candidates, nobody, len(plan.holds))
        before = plan.has.copy()
        paths.leave(plan, case)
        rows, wide = plan.to.shape
        if len(who) > wide:
            self._resize(rows, len(who) + len(who) // 4)
        row = np.array([case], np.int32)
        paths.arrive(self._plan, self._parts, row, candidates, costs, nobody)
        return self._moved(before)

    def add_worker(self, slots: Longs, cases: Ints, parts: Ints) -> tuple[int, list[Moved]]:
        """Somebody more, who could have `cases` at `parts`; their number, and what changed.

        Whoever comes back gets a new number: what they are to each case may have changed.
        """
        worker = len(self._plan.holds)
        starts = np.arange(len(cases) + 1, dtype=np.int32)
        one_each = Candidates(starts, np.zeros(len(cases), np.int32), parts)
        costs = costs_of(one_each, np.zeros(len(cases), np.int64), 1)
        for case in cases.tolist():
            self._check_case(case)
        if len(np.unique(cases)) != len(cases):
            raise ValueError("a case is named twice")
        self._plan = with_worker(self._plan, slots_that_rise(slots[None]))
        for n, case in enumerate(cases.tolist()):
            k = self._place_for(case)
            self._plan.to[case, k], self._plan.cost[case, k] = worker, costs[n]
            self._parts[case, k] = parts[n]
            paths.link(self._plan, case, k)
        before = self._plan.has.copy()
        paths.welcome(self._plan, worker)
        return worker, self._moved(before)

    def remove_worker(self, worker: int) -> list[Moved]:
        """Nobody is suggested this worker any longer; returns the cases that changed."""
        if not (0 <= worker < len(self._plan.holds)):
            raise ValueError(f"no worker {worker}")
        before = self._plan.has.copy()
        paths.dismiss(self._plan, worker)
        return self._moved(before)

    # ---------------------------------------------------------------- within

    def _moved(self, before: Ints) -> list[Moved]:
        has = self._plan.has
        rows = np.flatnonzero(has != before)
        each = zip(rows.tolist(), before[rows].tolist(), has[rows].tolist(), strict=True)
        return [Moved(*one) for one in each]

    def _check_case(self, case: int) -> None:
        if not (0 <= case < self._taken) or self._plan.has[case] == ABSENT:
            raise ValueError(f"no case {case}")

    def _rows(self, count: int, width: int) -> Ints:
        """Numbers for `count` cases, the lowest free ones; `width` candidates fit into each."""
        again = min(count, len(self._free))
        rows = [heapq.heappop(self._free) for _ in range(again)]
        rows += range(self._taken, self._taken + count - again)
        self._taken += count - again
        have, wide = self._plan.to.shape
        if self._taken > have or width > wide:
            self._resize(max(have, self._taken + self._taken // 2 + SPARE), max(wide, width))
        return np.array(rows, np.int32)

    def _place_for(self, case: int) -> int:
        """Where the row of a case ends, so that candidates stay in the order of their numbers."""
        k = int(paths.close_up(self._plan, self._parts, case))
        rows, wide = self._plan.to.shape
        if k == wide:
            self._resize(rows, wide + wide // 4 + 1)
        return k

    def _resize(self, rows: int, width: int) -> None:
        self._plan = resized(self._plan, rows, width)
        paths.link_all(self._plan)
        parts = np.zeros((rows, width, len(PARTS)), np.int32)
        have, wide = self._parts.shape[:2]
        parts[:have, :wide] = self._parts
        self._parts = parts
