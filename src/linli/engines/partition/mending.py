"""Bringing a plan back into its band with as little change as can be.

Each part above its top has a price on what is there, so that workload goes from the dear to the
free. What each pair of neighbours would hand on at least is a flow problem; its prices are the
first. Then points are moved as in `annealing`, over borders only: a move costs what leaves its old
part, less what returns, and what both parts pay, prices that rise as long as a part stays above
its top (the method of multipliers, Hestenes and Powell 1969). So nobody is moved who need not be,
and who was moved once goes on for nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from linli.engines.partition import annealing
from linli.engines.partition.ground import Floats, Ints

compiled: Any = numba.njit(cache=True, nogil=True)
inlined: Any = numba.njit(cache=True, nogil=True, inline="always")

SLICES = 80  # between two the prices are set anew
LAST = 150  # more at the end at most, until the last part is in its band
HOME = 5  # and then, while no part may go above it, for those who can go back
# for one point of mean size: the heat, and how steep a price is, at first and at last
HEAT = 0.9, 0.08
STEEP = 0.13, 4.0
WALL = 1e6
RISE = 0.3  # of what the steepness says is added to a price
SPARE = 0.1  # of a point of mean size is left below the top: whole points do not fit exactly


def prices(neighbours: Ints, over: Floats) -> Floats | None:
    """For each part what it would save, in workload moved, if its top were one unit higher.

    `neighbours` are pairs of parts that touch, in both directions; `over` is what each part has
    above its top (below: negative). Workload passes from part to part so that none stays above and
    least is handed on in sum; the price of a part is how many hands its excess goes through. None
    where parts that hang together are too heavy in sum.
    """
    arc, ones = np.arange(len(neighbours)), np.ones(len(neighbours))
    if not len(neighbours):
        return None
    ends = neighbours.T.ravel(), np.concatenate([arc, arc])
    net = coo_matrix((np.concatenate([-ones, ones]), ends), shape=(len(over), len(arc)))
    solved = linprog(ones, A_ub=net.tocsr(), b_ub=-over, method="highs")
    return None if solved.status else np.maximum(0.0, -solved.ineqlin.marginals)


def touching(start: Ints, beside: Ints, labels: Ints, span: tuple[int, int]) -> Ints:
    """Pairs of parts that neighbouring points among `span` belong to, in both directions."""
    low, high = span
    here = np.repeat(np.arange(low, high), np.diff(start[low : high + 1]))
    one, two = labels[here], labels[beside[start[low] : start[high]]]
    pairs = np.unique(np.column_stack([one, two])[one != two], axis=0)
    return np.asarray(pairs.reshape(-1, 2), np.int64)


@inlined  # type: ignore[untyped-decorator]
def _due(price: float, steep: float, over: float) -> float:
    """What a part pays that is `over` its top, as a share of the mean."""
    pays = max(0.0, price + steep * over)
    return pays * pays / (2 * steep)


@compiled  # type: ignore[untyped-decorator]
def _dearer(
    own: int, other: int, share: float, sums: Any, dues: Any, steep: float, top: float
) -> float:
    """What two parts pay more when a share of the mean goes from the first to the other."""
    a = sums[own, annealing.LOAD] / sums[own, annealing.TARGET] - top
    b = sums[other, annealing.LOAD] / sums[other, annealing.TARGET] - top
    leaving = _due(dues[own], steep, a - share) - _due(dues[own], steep, a)
    return float(leaving + _due(dues[other], steep, b + share) - _due(dues[other], steep, b))


@compiled  # type: ignore[untyped-decorator]
def rim(who: Any, graph: Any, labels: Any, border: Any, place: Any) -> int:
    """Put those of `who` that lie at a border into `border`; returns how many.

    `place[i]` is where point i is there, -1 if it is not, -2 if it is none of `who`.
    """
    place[:] = -2
    place[who] = -1
    count = 0
    for i in who:
        count = _noted(i, graph, labels, border, place, count)
    return count


@compiled  # type: ignore[untyped-decorator]
def _noted(i: int, graph: Any, labels: Any, border: Any, place: Any, count: int) -> int:
    """Put point i into `border` or take it out, as it lies now."""
    start, beside = graph
    if place[i] == -2:
        return count
    lies = False
    for e in range(start[i], start[i + 1]):
        lies = lies or labels[beside[e]] != labels[i]
    if lies and place[i] < 0:
        place[i], border[count] = count, i
        return count + 1
    if not lies and place[i] >= 0:
        last = border[count - 1]
        border[place[i]], place[last] = last, place[i]
        place[i] = -1
        return count - 1
    return count


@compiled  # type: ignore[untyped-decorator]
def mend(
    steps: int, heat: float, cooling: float, rims: Any, graph: Any, cells: Any, points: Any,
    workload: Any, labels: Any, before: Any, held: Any, apart: Any, sums: Any, dues: Any,
    steep: float, weights: Any, scratch: Any, state: Any,
) -> int:  # fmt: skip
    """Try `steps` moves over borders; `dues` are the prices of parts. Returns how many lie there.

    `rims` are `border`, `place` of `rim` and its count. Heat, dues and `steep` are in units of the
    price of change. Other arguments as in `annealing.walk`.
    """
    start, beside = graph
    border, place, count = rims
    tick = np.int64(state[1])
    dear, top = weights[annealing.CHANGE], 1 + weights[annealing.BAND]
    for _step in range(steps):
        if count == 0:
            break
        heat *= cooling
        i = border[int(annealing.random(state) * count)]
        other = labels[beside[start[i] + int(annealing.random(state) * (start[i + 1] - start[i]))]]
        own = labels[i]
        if own == other or held[i]:
            continue
        limit = -heat * np.log(1.0 - annealing.random(state))
        share = workload[i] / sums[own, annealing.TARGET]
        leaves = share if before[i] == own else -share if before[i] == other else 0.0
        pays = _dearer(own, other, share, sums, dues, steep, top)
        if pays + leaves > limit:  # what it would cut off is left out here: most end here
            continue
        tick += 1
        moved, change, changes = annealing.weigh(
            i, other, graph, cells, points, workload, labels, before, held, apart, sums, weights,
            scratch, tick,
        )  # fmt: skip
        share = changes[0] / sums[own, annealing.TARGET]
        pays = _dearer(own, other, share, sums, dues, steep, top)
        if moved == 0 or change / dear + pays > limit:
            continue
        annealing.move(moved, other, changes, scratch[3], labels, sums)
        for u in scratch[3][:moved]:
            count = _noted(u, graph, labels, border, place, count)
            for v in beside[start[u] : start[u + 1]]:
                count = _noted(v, graph, labels, border, place, count)
    state[1] = tick
    return int(count)


@dataclass
class Line:
    """A line to be mended: its points and parts from and to, else as in `annealing.walk`."""

    span: tuple[int, int]
    names: tuple[int, int]
    graph: Any
    cells: Any
    points: Floats
    workload: Floats
    labels: Ints
    before: Ints
    held: Any
    apart: Any
    sums: Floats
    prices: Floats
    scratch: Any
    state: Any

    def one(self) -> float:
        """A point of mean size, as a share of the mean of parts."""
        low, high = self.span
        mean = self.sums[self.names[0], annealing.TARGET]
        return float(self.workload[low:high].mean() / mean)

    def over(self) -> Floats:
        """What each part is above its band, as a share of the mean."""
        own = self.sums[self.names[0] : self.names[1]]
        load = own[:, annealing.LOAD] / own[:, annealing.TARGET]
        return np.asarray(load - 1 - self.prices[annealing.BAND])

    def begun(self) -> tuple[Ints, Floats]:
        """The points that may have to move, and the first dues of all parts."""
        pairs = touching(self.graph[0], self.graph[1], self.labels, self.span) - self.names[0]
        first = prices(pairs, self.over())
        near = np.ones(self.names[1] - self.names[0], np.bool_)
        dues = np.zeros(len(self.sums))
        if first is not None:
            dues[self.names[0] : self.names[1]] = first
            near = first > 0
            near[pairs[near[pairs[:, 0]], 1]] = True
        low, high = self.span
        return low + np.flatnonzero(near[self.labels[low:high] - self.names[0]]), dues


Told = Callable[[float, bool], bool]


class Mending:
    """Brings a line, of which a part is above its band, into the band from above."""

    def __init__(self, line: Line, a_point: int) -> None:
        self.line = line
        self.who, self.dues = line.begun()
        self.own = self.dues[line.names[0] : line.names[1]]
        self.border, self.place = np.zeros_like(self.who), np.zeros_like(line.labels)
        self.count = rim(self.who, line.graph, line.labels, self.border, self.place)
        self.steps = max(1, a_point * len(self.who) // SLICES)
        self.one = line.one()
        self.spare = SPARE * self.one

    def run(self, done: Told) -> None:
        """Go on until it is done, or until told to stop.

        `done(share, cold)` is called after each slice, with its share of the whole: it adds up the
        sums of parts anew and says whether to go on; `cold` where the labels are worth a look.
        """
        if self._cooled(done) and self._pressed(done):
            self._sent_home(done)

    def _cooled(self, done: Told) -> bool:
        heat = np.geomspace(*HEAT, SLICES + 1) * self.one
        for at, steep in enumerate(np.geomspace(*STEEP, SLICES) / self.one):
            self._slice(heat[at], heat[at + 1], steep, self.spare)
            if not done(1 / SLICES, at == SLICES - 1):
                return False
            rise = RISE * steep * (self.line.over() + self.spare)
            self.own[:] = np.maximum(0.0, self.own + rise)
        return True

    def _pressed(self, done: Told) -> bool:
        """Make dearer what is still above its band, and nothing cheaper."""
        heat, steep = HEAT[1] * self.one, STEEP[1] / self.one
        for _again in range(LAST):
            over = self.line.over()
            if over.max() <= 0:
                break
            self.own[over > 0] += RISE * steep * (over[over > 0] + 2 * self.spare)
            self._slice(heat, heat, steep, self.spare)
            if not done(0.0, True):
                return False
        return True

    def _sent_home(self, done: Told) -> None:
        """Let go back whoever can while no part goes above its band."""
        self.dues[:] = 0.0
        heat = HEAT[1] * self.one
        for _again in range(HOME):
            self._slice(heat, heat / SLICES, WALL / self.one, 0.0)
            if not done(0.0, True):
                return

    def _slice(self, hot: float, cool: float, steep: float, spare: float) -> None:
        line, weights = self.line, self.line.prices.copy()
        weights[annealing.EVEN] = 0.0  # the dues see to that
        weights[annealing.BAND] -= spare
        self.count = mend(
            self.steps, hot, (cool / hot) ** (1 / self.steps),
            (self.border, self.place, self.count), line.graph, line.cells, line.points,
            line.workload, line.labels, line.before, line.held, line.apart, line.sums, self.dues,
            steep, weights, line.scratch, line.state,
        )  # fmt: skip
