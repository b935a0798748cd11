"""A division of a whole territory: begun by halving, improved step by step, always valid.

Lines share nothing that is written, so they are worked on side by side, each with random numbers of
its own: one core or two, the answer is the same.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import numpy as np

from linli.engines.partition import annealing
from linli.engines.partition.beginning import carried, halved, in_one_piece, set_apart
from linli.engines.partition.binding import Contradiction
from linli.engines.partition.ground import Floats, Ground, Ints, arranged, rows
from linli.engines.partition.mending import Line, Mending
from linli.engines.partition.regrowing import regrow

A_POINT = 1200  # steps for each point, unless told
A_RUN, MOST = 15_000_000, 12_000  # where points are few, up to so many; most for a point
SLICE = 2_000_000  # steps: between two slices progress is told, and a run may be stopped
HEAT = 0.1, 1e-4  # from where to where the readiness for worse falls
WARM = 0.0003  # from where it falls when a plan is in force that should change little
FIRM = 4.0  # a warm start's price of evenness over that of change: less undoes what was handed on
SHARPER = 10.0  # how much more evenness counts at the end
MARGIN = 2 / 3  # of the band is where unevenness begins to cost in full
FINISHES = 12  # how often the surroundings of parts outside the band are worked on again

Told = Callable[[int, int, Ints], bool]


@dataclass(frozen=True)
class Weights:
    """What a plan is judged by. All terms are in units of the mean inertia of a part.

    `distance`: how far people are from the middle of their part. `even`: workload off the mean of
    its line; outside `band` (a share of that mean) is what a plan must avoid. `shape`: a ragged
    outline (perimeter^2 / 4 pi area, 1 for a circle). `change`: workload that gets another part
    than it has now.
    """

    distance: float = 1.0
    even: float = 10.0
    shape: float = 0.015
    change: float = 0.0
    band: float = 0.03

    def prices(self, sharper: float = 1.0) -> Floats:
        """As the kernel wants them. With a price on change, parts may be as light as they are."""
        even, band = self.even * sharper, self.band * (MARGIN if self.change == 0 else 1.0)
        light = 1.0 if self.change == 0 else 0.0
        return np.array([self.distance, even, self.shape, self.change, band, light])


@dataclass(frozen=True)
class Rules:
    """What no plan may break, besides lines.

    `held` points (n,) stay in the part in which they begin. The two points of each pair in `apart`
    never share a part. `centres` are rows (point, x, y): the distance of the part that holds this
    point is measured from (x, y), in kilometres, and the point never leaves it.
    """

    held: Ints | None = None
    apart: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    centres: Floats = field(default_factory=lambda: np.zeros((0, 3)))


BALANCED, FREE = Weights(), Rules()


def design(
    ground: Ground,
    line: Ints,
    parts: Ints,
    *,
    seed: int = 1,
    steps: int | None = None,
    weights: Weights = BALANCED,
    rules: Rules = FREE,
    begin: Ints | None = None,
    before: Ints | None = None,
    progress: Told | None = None,
    cores: int | None = None,
) -> Ints:
    """Labels (n,) of parts inside lines; those of line l are numbered from `parts[:l].sum()`.

    `line[i]` says within which lines point i lies, `parts[l]` how many parts these hold; the
    ground's graph must not cross lines. `steps` is how many moves are tried for each point. The
    run begins with `begin`, or with halves. With `before`, the plan in force (-1 where a point is
    new), it begins there and keeps to it as far as `weights.change` says; from a price like that
    of evenness on, what is far from parts above the band stays as it is. `progress(done, all,
    labels)` is told the best that is known; returning False stops the run with that. The same
    arguments give the same labels on every machine and any number of cores. Raises ValueError when
    a line has fewer points than parts, Contradiction when points cannot be kept apart.
    """
    _refuse_bad(ground, line, parts)
    order = np.argsort(line, kind="stable")
    run = _Run(arranged(ground, order), line[order], parts, weights, rules, order, seed)
    run.begin(begin, before)
    if len(ground):
        usual = min(MOST, max(A_POINT, A_RUN // len(ground)))
        run.improve(usual if steps is None else steps, progress, cores)
    return run.told()


def _refuse_bad(ground: Ground, line: Ints, parts: Ints) -> None:
    inside = np.bincount(line, minlength=len(parts))
    if len(inside) > len(parts):
        raise ValueError(f"points lie in line {len(inside) - 1}, of {len(parts)} lines")
    if (parts < 1).any() or (inside < parts).any():
        bad = int(np.flatnonzero((parts < 1) | (inside < parts))[0])
        raise ValueError(f"line {bad} has {inside[bad]} points for {parts[bad]} parts")
    if len(ground) and not (np.isfinite(ground.workload) & (ground.workload > 0)).all():
        raise ValueError("every workload must be above zero")


class _Run:
    """One run of `design`, on points that are put in order of their lines."""

    def __init__(
        self, ground: Ground, line: Ints, parts: Ints, weights: Weights, rules: Rules,
        order: Ints, seed: int,
    ) -> None:  # fmt: skip
        self.ground, self.line, self.parts, self.weights = ground, line, parts, weights
        self.order, self.seed = order, seed
        self.place = np.argsort(order)
        self.low = np.searchsorted(line, np.arange(len(parts) + 1))
        self.first = np.concatenate([[0], np.cumsum(parts)])
        count = len(ground)
        points = ground.embedded
        middle = points.mean(axis=0) if count else np.zeros(2)
        self.points = points - middle
        self.centres = rules.centres - np.concatenate([[0.0], middle[:2]])
        self.apart_pairs = self._all_apart(rules)
        self.apart = rows(count, self.apart_pairs, np.ones(len(self.apart_pairs)))[:2]
        self.held = np.zeros(count, np.bool_)
        if rules.held is not None:
            self.held |= rules.held[order].astype(np.bool_)
        self.graph = ground.start, ground.beside
        self.cells = ground.edge, ground.across, ground.border, ground.area
        self.scratch = np.zeros((4, count + 1), dtype=np.int64)
        self.lock = Lock()
        self.going, self.done, self.all = True, 0, 0

    def _all_apart(self, rules: Rules) -> Ints:
        """Pairs that stay apart: those of the rules, and the centres of one line."""
        pairs = [self.place[rules.apart].reshape(-1, 2)]
        anchors = self.place[rules.centres[:, 0].astype(np.int64)]
        first, second = np.triu_indices(len(anchors), 1)
        both = np.column_stack([anchors[first], anchors[second]]).reshape(-1, 2)
        pairs.append(both[self.line[both[:, 0]] == self.line[both[:, 1]]])
        return np.vstack(pairs)

    def begin(self, begin: Ints | None, before: Ints | None) -> None:
        """Labels to start from, in one piece each, and the sums of the parts."""
        total = int(self.parts.sum())
        count = len(self.ground)
        self.warm = before is not None and self.weights.change > 0
        even, change = self.weights.even, self.weights.change
        self.firm = max(1.0, FIRM * change / even) if even > 0 else 1.0
        self.calm = self.warm and change >= even  # what is in its band is left alone
        self.before = np.full(count, -1) if before is None else before[self.order].astype(np.int64)
        if begin is not None:
            labels = begin[self.order].astype(np.int64)
        elif self.warm:
            labels = carried(self.ground, self.line, self.parts, self.before)
        else:
            labels = halved(self.ground, self.line, self.parts)
        labels = in_one_piece(self.ground, labels, total)
        try:
            self.labels = set_apart(self.ground, labels, self.apart_pairs)
        except Contradiction as found:
            raise Contradiction(str(found), self.order[list(found.points)]) from None
        self.best = self.labels.copy()
        self.sums = np.zeros((total, annealing.COLUMNS))
        for at, east, north in self.centres:
            anchor = self.place[int(at)]
            self.held[anchor] = True
            part = self.sums[self.labels[anchor]]
            part[annealing.FIXED :] = 1.0, east, north, self.points[anchor, 2:].sum()
        of_part = np.repeat(np.arange(len(self.parts)), self.parts)
        load = np.bincount(self.line, self.ground.workload, len(self.parts))
        self.sums[:, annealing.TARGET] = (load / self.parts)[of_part]
        self.sums[:, annealing.SCALE] = self._scale()[of_part]

    def _scale(self) -> Floats:
        """The mean inertia of a part, by line, as the run begins."""
        weighed = self.points * self.ground.workload[:, None]
        total = len(self.sums)
        sums = [np.bincount(self.labels, column, total) for column in weighed.T]
        load = np.bincount(self.labels, self.ground.workload, total)
        square = self.ground.workload * (self.points**2).sum(axis=1)
        inertia = np.bincount(self.labels, square, total) - sum(one**2 for one in sums) / load
        by_line = np.add.reduceat(inertia, self.first[:-1]) if total else inertia
        return np.maximum(by_line / self.parts, 1e-9)

    def told(self) -> Ints:
        """The best labels, in the order of the caller's points."""
        return self.best[self.place]

    def improve(self, a_point: int, progress: Told | None, cores: int | None) -> None:
        """Work on every line that has anything to choose."""
        lines = np.flatnonzero(self.parts > 1)
        size = np.diff(self.low)
        lines = lines[np.argsort(-size[lines], kind="stable")]
        self.all = int(size[lines].sum()) * a_point
        self.progress = progress
        cores = cores or os.cpu_count() or 1
        if cores == 1 or len(lines) < 2:
            for n in lines:
                self._line(int(n), a_point)
            return
        with ThreadPoolExecutor(min(cores, len(lines))) as pool:
            list(pool.map(lambda n: self._line(int(n), a_point), lines))

    def _line(self, n: int, a_point: int) -> None:
        """Improve one line, then the surroundings of its parts that are outside the band."""
        low, high = int(self.low[n]), int(self.low[n + 1])
        start = (self.seed * 2654435761 + n * 40503 * 2**16 + 88172645463325252) % 2**63 | 1
        state = np.array([start, 0], dtype=np.uint64)
        everyone = np.arange(low, high)
        self._add_up(n)
        known = self._standing(n)
        hot, sharp = (WARM, self.firm) if self.warm else (HEAT[0], 1.0)
        if self.warm and known[0] > self.weights.band:
            known = self._mend(n, a_point, state, known)
        if not self.calm:
            known = self._anneal(n, everyone, a_point * len(everyone), hot, sharp, state, known)
        for again in range(FINISHES):
            if known[0] <= self.weights.band or not self.going:
                break
            self.labels[low:high] = self.best[low:high]
            near = self._near_the_bad(n, 1 + again // 2)
            if again % 2 and not self.warm:
                self._regrow(near, state)
            effort = max(a_point, 200) * len(near)
            hotter = min(HEAT[0], hot * 4.0**again)
            known = self._anneal(n, near, effort, hotter, (2.0 + again) * sharp, state, known)

    def _mend(
        self, n: int, a_point: int, state: Any, known: tuple[float, float]
    ) -> tuple[float, float]:
        """Bring a plan in force into its band with as little change as can be."""
        low, high = int(self.low[n]), int(self.low[n + 1])
        all_ = a_point * (high - low) if self.calm else 0

        def done(share: float, cold: bool) -> bool:
            nonlocal known
            self._add_up(n)
            known = self._kept(n, known) if cold else known
            self._tell(max(1, round(share * all_)))
            return self.going

        line = Line(
            (low, high), (int(self.first[n]), int(self.first[n + 1])), self.graph, self.cells,
            self.points, self.ground.workload, self.labels, self.before, self.held, self.apart,
            self.sums, self.weights.prices(),
            (*self.scratch[:3], self.scratch[3, low : high + 1]), state,
        )  # fmt: skip
        Mending(line, a_point).run(done)
        return known

    def _kept(self, n: int, known: tuple[float, float]) -> tuple[float, float]:
        """Keep the labels as they are where they are the best so far; how the best stands."""
        low, high = int(self.low[n]), int(self.low[n + 1])
        now = self._standing(n)
        if not self._better(now, known):
            return known
        self.best[low:high] = self.labels[low:high]
        return now

    def _regrow(self, who: Ints, state: Any) -> None:
        """Grow the parts of `who` anew from random points, where nothing binds these."""
        bound = self.held[who].any() or np.diff(self.apart[0])[who].any()
        if bound or (self.sums[self.labels[who], annealing.FIXED] > 0).any():
            return
        names = np.unique(self.labels[who])
        random = np.random.default_rng([int(state[0]) % 2**32, len(who)])
        seeds = random.choice(who, len(names), replace=False)
        regrow(
            who, seeds, names, self.ground.start, self.ground.beside, self.ground.workload,
            self.labels,
        )  # fmt: skip

    def _anneal(
        self, n: int, who: Ints, steps: int, hot: float, sharp: float, state: Any,
        known: tuple[float, float],
    ) -> tuple[float, float]:  # fmt: skip
        """Cool down once over the points `who`; the best is kept. Returns its standing."""
        low, high = int(self.low[n]), int(self.low[n + 1])
        cooling = (HEAT[1] / hot) ** (1 / max(1, steps))
        sharpening = SHARPER ** (1 / max(1, steps))
        scratch = (*self.scratch[:3], self.scratch[3, low : high + 1])
        for done in range(0, steps, SLICE):
            count = min(SLICE, steps - done)
            self._add_up(n)
            annealing.walk(
                count, hot * cooling**done, cooling, sharpening, who, self.graph, self.cells,
                self.points, self.ground.workload, self.labels, self.before, self.held,
                self.apart, self.sums, self.weights.prices(sharp * sharpening**done), scratch,
                state,
            )  # fmt: skip
            known = self._kept(n, known)
            self._tell(count)
            if not self.going:
                break
        return known

    def _better(self, one: tuple[float, float], other: tuple[float, float]) -> bool:
        band = self.weights.band
        return (max(one[0], band), one[1]) < (max(other[0], band), other[1])

    def _add_up(self, n: int) -> None:
        low, high = int(self.low[n]), int(self.low[n + 1])
        annealing.add_up(
            low, high, self.cells, self.points, self.ground.workload, self.labels, self.sums
        )

    def _standing(self, n: int) -> tuple[float, float]:
        low, high = int(self.low[n]), int(self.low[n + 1])
        first, last = int(self.first[n]), int(self.first[n + 1])
        worst, cost = annealing.standing(
            low, high, first, last, self.ground.workload, self.labels, self.before, self.sums,
            self.weights.prices(SHARPER),
        )  # fmt: skip
        return float(worst), float(cost)

    def _near_the_bad(self, n: int, hops: int) -> Ints:
        """The points of parts outside the band, and of those up to `hops` parts away.

        With a plan in force only those above it: no part has to become heavier.
        """
        low, high = int(self.low[n]), int(self.low[n + 1])
        load = np.bincount(self.best[low:high], self.ground.workload[low:high], len(self.sums))
        off = load / self.sums[:, annealing.TARGET] - 1
        bad = off > self.weights.band if self.warm else np.abs(off) > self.weights.band * MARGIN
        return self._around(n, (load > 0) & bad, hops)

    def _around(self, n: int, near: Any, hops: int) -> Ints:
        """The points of the parts that are marked in `near`, and of those up to `hops` away."""
        low, high = int(self.low[n]), int(self.low[n + 1])
        labels = self.best
        here = np.repeat(np.arange(low, high), np.diff(self.ground.start[low : high + 1]))
        there = self.ground.beside[self.ground.start[low] : self.ground.start[high]]
        for _hop in range(hops):
            touched = labels[there[near[labels[here]]]]
            near[touched] = True
        return np.asarray(np.arange(low, high)[near[labels[low:high]]])

    def _tell(self, count: int) -> None:
        """Tell what was done; what the finishing does beyond the plan is not counted."""
        with self.lock:
            self.done = min(self.done + count, self.all)
            if count and self.progress is not None and self.going:
                self.going = self.progress(self.done, self.all, self.told())
