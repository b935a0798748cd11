"""A plan as plain arrays, for compiled code to work on; making them, and making them larger."""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

FULL = 1 << 60  # the cost of a slot that a worker does not have
FAR = 1 << 61  # not reached
NOBODY = -1
ABSENT = -2  # no such case, or no longer

Ints = NDArray[np.int32]
Longs = NDArray[np.int64]
compiled: Any = numba.njit(cache=True, nogil=True)


class Plan(NamedTuple):
    """The plan as plain arrays; rows of cases and of workers may be spare.

    Arc `case * width + k` is the k-th candidate of a case: `to[case, k]` is the worker, NOBODY
    where there is none.
    """

    slots: Longs  # [worker, n] what the case after n others costs, rising; the last is FULL
    holds: Ints  # [worker] how many cases they have
    price: Longs  # [worker]
    to: Ints  # [case, k] the worker of the k-th candidate
    cost: Longs  # [case, k]
    nobody: Longs  # [case] what it costs to leave it with nobody
    arc: Ints  # [case] which candidate has it, NOBODY, or ABSENT
    has: Ints  # [case] that worker, NOBODY, or ABSENT
    first: Ints  # [worker] a case they have, and the next and the one before of each case
    after: Ints
    before: Ints
    entry: Ints  # [worker] an arc that ends there, and the next and the one before of each arc
    later: Ints
    sooner: Ints
    # of one search
    way: Longs  # [worker] how far; FAR where not reached
    by: Ints  # [worker] the arc by which
    heap: Ints  # the workers reached and not passed yet, the nearest on top
    place: Ints  # [worker] where in the heap
    reached: Ints  # all workers reached
    sizes: Ints  # how many in `heap`, how many in `reached`


def empty(slots: Longs) -> Plan:
    """A plan for the workers of `slots`, without cases."""
    n = len(slots)
    none = np.zeros(0, np.int32)
    each = np.full(n, NOBODY, np.int32)
    ended = _ended(slots, slots.shape[1])
    return Plan(
        slots=ended, holds=np.zeros(n, np.int32), price=ended[:, 0].copy(),
        to=np.zeros((0, 0), np.int32), cost=np.zeros((0, 0), np.int64),
        nobody=none.astype(np.int64), arc=none, has=none,
        first=each, after=none, before=none, entry=each.copy(), later=none, sooner=none,
        way=np.full(n, FAR), by=each.copy(), heap=each.copy(), place=each.copy(),
        reached=each.copy(), sizes=np.zeros(2, np.int32),
    )  # fmt: skip


def resized(plan: Plan, rows: int, width: int) -> Plan:
    """The same with space for more cases or candidates; the lists of arcs have to be built anew."""
    have, wide = plan.to.shape
    to, cost = np.full((rows, width), NOBODY, np.int32), np.zeros((rows, width), np.int64)
    to[:have, :wide], cost[:have, :wide] = plan.to, plan.cost
    arcs = np.full(rows * width, -1, np.int32)
    of_cases = {
        "nobody": _longer(plan.nobody, rows, 0),
        "arc": _longer(plan.arc, rows, ABSENT),
        "has": _longer(plan.has, rows, ABSENT),
        "after": _longer(plan.after, rows, -1),
        "before": _longer(plan.before, rows, -1),
    }
    return plan._replace(to=to, cost=cost, later=arcs, sooner=arcs.copy(), **of_cases)


def with_worker(plan: Plan, slots: Longs) -> Plan:
    """The same with one worker more, whom no arc leads to."""
    n = len(plan.holds) + 1
    most = max(plan.slots.shape[1] - 1, slots.shape[1])
    own = _ended(slots, most)
    each = {"first", "entry", "by", "heap", "place", "reached"}
    of_workers = {name: _longer(getattr(plan, name), n, -1) for name in each}
    of_workers["holds"] = _longer(plan.holds, n, 0)
    of_workers["price"] = np.append(plan.price, own[0, 0])
    of_workers["way"] = _longer(plan.way, n, FAR)
    return plan._replace(slots=np.vstack([_ended(plan.slots, most), own]), **of_workers)


def _ended(slots: Longs, most: int) -> Longs:
    """Of `most` slots and one that nobody has."""
    ended = np.full((len(slots), most + 1), FULL)
    width = min(slots.shape[1], most + 1)
    ended[:, :width] = np.minimum(slots[:, :width], FULL)
    return ended


def _longer(array: Any, size: int, fill: int) -> Any:
    return np.concatenate([array, np.full(size - len(array), fill, array.dtype)])
