"""Bringing a plan back into its band with as little change as can be.

How much workload must pass from part to part is a flow problem: least in sum, no part above the
top. Then, for each pair of parts that the flow uses, blocks at their border are handed over, those
first that cost least in distance and outline, until some of the amount has passed. Borders have
moved by then, and pairs that touched may touch no more: the flow is worked out anew, until nothing
is above the top or nothing moves.
"""

from collections import Counter
from typing import Any

import numba
import numpy as np
from scipy.optimize import linprog
from scipy.sparse import coo_matrix

from linli.engines.partition import annealing
from linli.engines.partition.ground import Floats, Ints

compiled: Any = numba.njit(cache=True, nogil=True)

AT_ONCE = 8  # blocks that are handed over before all are weighed anew
ROUNDS = 60
SHARE = 0.15  # of a flow passes in a round: it moves borders, and other ways may then be short
LITTLE = 0.02  # of a part's mean passes at once
STUCK = 0.01  # of what is to pass: where less did, coarse blocks are next, and then the end
NEAR_TOP = 0.97  # of the band is the top that the flow aims at: whole points do not fit exactly


def flows(neighbours: Ints, over: Floats) -> tuple[Ints, Floats]:
    """Pairs of parts (m, 2) and the workload that must pass from the first to the second.

    `neighbours` are pairs of parts that touch, in both directions; `over` is what each part has
    above its top (below: negative). The sum of all flows is the least with which no part stays
    above: no plan that hands workload on between these pairs changes less, and where a hot spot is
    many parts wide that is some times what is above (figures in decision 0012). Nothing is
    returned where parts that hang together are too heavy in sum.
    """
    arc, ones = np.arange(len(neighbours)), np.ones(len(neighbours))
    amounts = np.zeros(0)
    if len(neighbours) and over.max() > 0:
        ends = neighbours.T.ravel(), np.concatenate([arc, arc])
        net = coo_matrix((np.concatenate([-ones, ones]), ends), shape=(len(over), len(arc)))
        solved = linprog(ones, A_ub=net.tocsr(), b_ub=-over, method="highs")
        amounts = solved.x if solved.status == 0 else amounts
    if not len(amounts):
        return neighbours[:0], amounts
    used = np.flatnonzero(amounts > 1e-6)
    used = used[_downstream(neighbours[used])]
    return neighbours[used], np.asarray(amounts[used], np.float64)


def _downstream(pairs: Ints) -> list[int]:
    """An order of pairs in which a part has received all before it gives; flows have no circles."""
    waiting = Counter(pairs[:, 1].tolist())
    leaving: dict[int, list[int]] = {}
    for at, (giver, _taker) in enumerate(pairs.tolist()):
        leaving.setdefault(giver, []).append(at)
    ready = [giver for giver in sorted(leaving) if not waiting[giver]]
    order: list[int] = []
    for giver in ready:
        order += leaving.get(giver, [])
        for at in leaving.get(giver, []):
            taker = int(pairs[at, 1])
            waiting[taker] -= 1
            if not waiting[taker]:
                ready.append(taker)
    return order


def touching(start: Ints, beside: Ints, labels: Ints, span: tuple[int, int]) -> Ints:
    """Pairs of parts that neighbouring points among `span` belong to, in both directions."""
    low, high = span
    here = np.repeat(np.arange(low, high), np.diff(start[low : high + 1]))
    one, two = labels[here], labels[beside[start[low] : start[high]]]
    pairs = np.unique(np.column_stack([one, two])[one != two], axis=0)
    return np.asarray(pairs.reshape(-1, 2), np.int64)


def shifted(
    span: tuple[int, int], names: tuple[int, int], graph: Any, cells: Any, points: Floats,
    workload: Floats, labels: Ints, before: Ints, held: Any, apart: Any, sums: Floats,
    prices: Floats, band: float, scratch: Any, state: Any,
) -> None:  # fmt: skip
    """Bring the labels of points `span`, in parts `names`, into the band from above.

    Other arguments as in `walk`.
    """
    first, last = names
    prices = prices.copy()
    prices[annealing.EVEN] = 0.0  # the flow sees to that
    own = sums[first:last]
    coarse, target = False, own[:, annealing.TARGET]
    for _round in range(ROUNDS):
        load = own[:, annealing.LOAD].copy()
        pairs, amounts = flows(
            touching(graph[0], graph[1], labels, span) - first,
            load - target * (1 + band * NEAR_TOP),
        )
        if (load <= target * (1 + band)).all() or not len(pairs):
            return
        for (giver, taker), amount in zip((pairs + first).tolist(), amounts.tolist(), strict=True):
            members = span[0] + np.flatnonzero(labels[span[0] : span[1]] == giver)
            some = min(amount, max(amount * SHARE, sums[giver, annealing.TARGET] * LITTLE))
            state[1] = _hand_over(
                members, giver, taker, some, graph, cells, points, workload, labels, before,
                held, apart, sums, prices, scratch, np.int64(state[1]), coarse,
            )  # fmt: skip
        if np.abs(own[:, annealing.LOAD] - load).sum() <= STUCK * amounts.sum():
            if coarse:
                return
            coarse = True


@compiled  # type: ignore[untyped-decorator]
def _hand_over(  # noqa: C901 - compiled, one loop
    members: Any, giver: int, taker: int, amount: float, graph: Any, cells: Any, points: Any,
    workload: Any, labels: Any, before: Any, held: Any, apart: Any, sums: Any, prices: Any,
    scratch: Any, tick: int, coarse: bool,
) -> int:  # fmt: skip
    """Move the cheapest blocks from `giver` to `taker` until `amount` has passed."""
    start, beside = graph
    prices_of = np.empty(len(members))
    while amount > 0:
        for at, i in enumerate(members):
            prices_of[at] = np.inf
            touches = False
            if labels[i] == giver and not held[i]:
                for e in range(start[i], start[i + 1]):
                    touches = touches or labels[beside[e]] == taker
            if touches:
                tick += 1
                moved, price, changes = annealing.weigh(
                    i, taker, graph, cells, points, workload, labels, before, held, apart, sums,
                    prices, scratch, tick,
                )  # fmt: skip
                if moved > 0 and _fits(changes[0], moved, amount, coarse):
                    prices_of[at] = price / changes[0]
        made = 0
        for at in np.argsort(prices_of)[:AT_ONCE]:
            i = members[at]
            if not np.isfinite(prices_of[at]) or labels[i] != giver:
                continue
            tick += 1
            moved, price, changes = annealing.weigh(
                i, taker, graph, cells, points, workload, labels, before, held, apart, sums,
                prices, scratch, tick,
            )  # fmt: skip
            if moved > 0 and _fits(changes[0], moved, amount, coarse):
                annealing.move(moved, taker, changes, scratch[3], labels, sums)
                amount -= changes[0]
                made += 1
        if made == 0:
            break
    return tick


@compiled  # type: ignore[untyped-decorator]
def _fits(load: float, moved: int, amount: float, coarse: bool) -> bool:
    """A single point may be up to twice what is wanted: nearer than nothing. So may a block, where
    finer ones did not do."""
    return 0 < load <= amount * (2.0 if moved == 1 or coarse else 1.0)
