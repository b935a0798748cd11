"""One case in or out of a plan that stays the cheapest: shortest paths over standing prices.

A plan is the cheapest when there is a price for each worker with which nobody could do better:

* a case is with whoever has the lowest sum of its cost and their price, among all who may have it;
  with nobody the sum is what the case itself says, and nobody has no price;
* the price of a worker lies between what their last slot cost and what their next one would.

A case that comes goes the cheapest way over these sums: to somebody with a free slot, or to
somebody whose case goes on to somebody else, and so on, or leaves a case with nobody. A slot that
becomes free pulls cases the same way backwards. The prices of whoever was nearer than the end of
the way change by the difference, and the plan is the cheapest again (successive shortest paths:
Tomizawa 1971, Edmonds and Karp 1972). Everything is whole numbers, so that nothing is nearly so.

All compiled code of the plan is in this file: what is kept of it on the disk is compiled anew when
the file of a function changes, and not when only that of a function it calls does.

Of ways that cost the same the first found is kept: a free slot of the case's own candidates, the
lower number first; then nobody; then ways on which others would have to move.
"""

from typing import Any

import numpy as np

from linli.engines.assignment.plan import ABSENT, FAR, FULL, NOBODY, compiled


@compiled  # type: ignore[untyped-decorator]
def sum_of(s: Any, case: int) -> int:
    """What a case costs where it is, with the price there."""
    k, total = s.arc[case], s.nobody[case]
    if k >= 0:
        total = s.cost[case, k] + s.price[s.to[case, k]]
    return int(total)


@compiled  # type: ignore[untyped-decorator]
def give(s: Any, case: int, k: int) -> Any:
    """Make its k-th candidate the one who has the case (or NOBODY); returns who had it.

    Counts are the caller's: along a way only its ends change them.
    """
    had = s.has[case]
    if had >= 0:
        before, after = s.before[case], s.after[case]
        if before >= 0:
            s.after[before] = after
        else:
            s.first[had] = after
        if after >= 0:
            s.before[after] = before
    s.arc[case], s.has[case] = k, k
    if k >= 0:
        worker = s.to[case, k]
        s.has[case] = worker
        old = s.first[worker]
        s.after[case], s.before[case] = old, -1
        if old >= 0:
            s.before[old] = case
        s.first[worker] = case
    return had


# ---------------------------------------------------------------- the heap


@compiled  # type: ignore[untyped-decorator]
def _start(s: Any) -> None:
    """Forget the last search."""
    way, reached = s.way, s.reached
    for n in range(s.sizes[1]):
        way[reached[n]] = FAR
    s.sizes[:] = 0


@compiled  # type: ignore[untyped-decorator]
def _lift(way: Any, heap: Any, place: Any, worker: int) -> None:
    """Lift a worker to whom there is a shorter way now; of equal ones the lower number is above."""
    n, far = place[worker], way[worker]
    while n > 0:
        up = (n - 1) >> 1
        above = heap[up]
        if way[above] < far or (way[above] == far and above < worker):
            break
        heap[n], place[above] = above, n
        n = up
    heap[n], place[worker] = worker, n


@compiled  # type: ignore[untyped-decorator]
def _reach(s: Any, worker: int, way: int, arc: int) -> None:
    """Note a shorter way to a worker."""
    if s.way[worker] == FAR:
        size, known = s.sizes[0], s.sizes[1]
        s.reached[known], s.heap[size], s.place[worker] = worker, worker, size
        s.sizes[0], s.sizes[1] = size + 1, known + 1
    s.way[worker], s.by[worker] = way, arc
    _lift(s.way, s.heap, s.place, worker)


@compiled  # type: ignore[untyped-decorator]
def _pass(way: Any, heap: Any, place: Any, sizes: Any) -> Any:
    """Take the nearest worker out of the heap."""
    top, size = heap[0], sizes[0] - 1
    sizes[0] = size
    last, n = heap[size], 0
    while 2 * n + 1 < size:
        child = 2 * n + 1
        low, right = heap[child], heap[min(child + 1, size - 1)]
        if way[right] < way[low] or (way[right] == way[low] and right < low):
            child, low = child + 1, right
        if way[last] < way[low] or (way[last] == way[low] and last < low):
            break
        heap[n], place[low] = low, n
        n = child
    heap[n], place[last] = last, n
    return top


# ---------------------------------------------------------------- a case comes


@compiled  # type: ignore[untyped-decorator]
def _look_on(s: Any, case: int, base: int, best: int, end: int) -> tuple[int, int]:
    """Where a case could go that has come `base` far; returns the best end by now.

    An end is a worker with a free slot, or -1 - case for a case that is left with nobody.
    """
    # Taken out of the plan once: each use of one of its arrays costs more than the sum itself.
    price, ways, slots, holds, to, cost = s.price, s.way, s.slots, s.holds, s.to, s.cost
    width = to.shape[1]
    for k in range(width):
        worker = to[case, k]
        if worker < 0:
            continue
        way = base + cost[case, k] + price[worker]
        if way >= best or way >= ways[worker]:
            continue
        _reach(s, worker, way, case * width + k)
        slot = slots[worker, holds[worker]]
        if slot < FULL and way + slot - price[worker] < best:
            best, end = way + slot - price[worker], worker
    if base + s.nobody[case] < best:
        best, end = base + s.nobody[case], -1 - case
    return best, end


@compiled  # type: ignore[untyped-decorator]
def _move_up(s: Any, end: int) -> None:
    """Move everybody on the way of the last search to `end`, beginning there."""
    width = s.to.shape[1]
    worker = end
    if end >= 0:
        s.holds[end] += 1
    else:
        worker = give(s, -1 - end, NOBODY)
    while worker >= 0:
        arc = s.by[worker]
        worker = give(s, arc // width, arc % width)


@compiled  # type: ignore[untyped-decorator]
def insert(s: Any, case: int) -> None:
    """Put a case that nobody has into the plan, the cheapest way for all of it."""
    s.arc[case] = s.has[case] = NOBODY
    _start(s)
    best, end = _look_on(s, case, np.int64(0), np.int64(FAR), -1 - case)
    way, heap, place, sizes, after = s.way, s.heap, s.place, s.sizes, s.after
    while sizes[0] and way[heap[0]] < best:
        worker = _pass(way, heap, place, sizes)
        other = s.first[worker]
        while other >= 0:
            base = way[worker] - sum_of(s, other)
            best, end = _look_on(s, other, base, best, end)
            other = after[other]
    for n in range(s.sizes[1]):
        worker = s.reached[n]
        if s.way[worker] < best:
            s.price[worker] += best - s.way[worker]
    _move_up(s, end)


# ---------------------------------------------------------------- a slot becomes free


@compiled  # type: ignore[untyped-decorator]
def _look_back(s: Any, worker: int, best: int, end: int) -> tuple[int, int]:
    """Who could hand a case to a worker with room for it; returns the best end by now.

    An end is a worker who gives their last slot back, or -1 - arc for a case that nobody had.
    """
    has, at, to, cost, price, ways = s.has, s.arc, s.to, s.cost, s.price, s.way
    holds, slots, later, nobody = s.holds, s.slots, s.later, s.nobody
    width = to.shape[1]
    base = ways[worker] + price[worker]
    arc = s.entry[worker]
    while arc >= 0:
        case, k = arc // width, arc % width
        way, had = base + cost[case, k], has[case]
        if had == NOBODY and way - nobody[case] < best:
            best, end = way - nobody[case], -1 - arc
        elif had >= 0:
            way -= cost[case, at[case]] + price[had]
            if way < best and way < ways[had]:
                _reach(s, had, way, arc)
                back = way + price[had] - slots[had, holds[had] - 1]
                if back < best:
                    best, end = back, had
        arc = later[arc]
    return best, end


@compiled  # type: ignore[untyped-decorator]
def _move_back(s: Any, worker: int, end: int) -> None:
    """Move everybody on the way from `end` to the free slot of `worker`."""
    width = s.to.shape[1]
    s.holds[worker] += 1
    at = end
    if end >= 0:
        s.holds[end] -= 1
    else:
        arc = -1 - end
        at = s.to[arc // width, arc % width]
        give(s, arc // width, arc % width)
    while at != worker:
        arc = s.by[at]
        at = s.to[arc // width, arc % width]
        give(s, arc // width, arc % width)


@compiled  # type: ignore[untyped-decorator]
def fill(s: Any, worker: int) -> None:
    """Hand cases to a worker until their next slot costs no less than their price."""
    while s.price[worker] > s.slots[worker, s.holds[worker]]:
        _start(s)
        _reach(s, worker, np.int64(0), np.int32(-1))
        best = s.price[worker] - s.slots[worker, s.holds[worker]]
        end = worker
        while s.sizes[0] and s.way[s.heap[0]] < best:
            best, end = _look_back(s, _pass(s.way, s.heap, s.place, s.sizes), best, end)
        for n in range(s.sizes[1]):
            near = s.reached[n]
            if s.way[near] < best:
                s.price[near] -= best - s.way[near]
        if end != worker:
            _move_back(s, worker, end)


# ---------------------------------------------------------------- who could have which


@compiled  # type: ignore[untyped-decorator]
def link(s: Any, case: int, k: int) -> None:
    """Let a worker know that this arc ends with them."""
    arc, worker = case * s.to.shape[1] + k, s.to[case, k]
    old = s.entry[worker]
    s.later[arc], s.sooner[arc] = old, -1
    if old >= 0:
        s.sooner[old] = arc
    s.entry[worker] = arc


@compiled  # type: ignore[untyped-decorator]
def unlink(s: Any, case: int, k: int) -> None:
    """Take an arc away; nobody has the case by it."""
    arc, worker = case * s.to.shape[1] + k, s.to[case, k]
    sooner, later = s.sooner[arc], s.later[arc]
    if sooner >= 0:
        s.later[sooner] = later
    else:
        s.entry[worker] = later
    if later >= 0:
        s.sooner[later] = sooner
    s.to[case, k] = NOBODY


@compiled  # type: ignore[untyped-decorator]
def _link_row(s: Any, case: int) -> None:
    to, entry, later, sooner = s.to, s.entry, s.later, s.sooner
    width = to.shape[1]
    for k in range(width):
        worker = to[case, k]
        if worker >= 0:
            arc, old = case * width + k, entry[worker]
            later[arc], sooner[arc] = old, -1
            if old >= 0:
                sooner[old] = arc
            entry[worker] = arc


@compiled  # type: ignore[untyped-decorator]
def link_all(s: Any) -> None:
    """Build the lists of arcs anew."""
    s.entry[:] = -1
    for case in range(s.to.shape[0]):
        _link_row(s, case)


@compiled  # type: ignore[untyped-decorator]
def close_up(s: Any, parts: Any, case: int) -> int:
    """Close the holes in the row of a case; returns how many candidates it has."""
    n = 0
    for k in range(s.to.shape[1]):
        worker = s.to[case, k]
        if worker < 0:
            continue
        if n < k:
            unlink(s, case, k)
            s.to[case, n], s.cost[case, n] = worker, s.cost[case, k]
            parts[case, n] = parts[case, k]
            link(s, case, n)
            if s.arc[case] == k:
                s.arc[case] = n
        n += 1
    return n


# ---------------------------------------------------------------- cases and people come and go


@compiled  # type: ignore[untyped-decorator]
def arrive(s: Any, kept: Any, rows: Any, candidates: Any, costs: Any, nobody: Any) -> None:
    """One case after the other: its candidates (their parts into `kept`), then its place."""
    starts, workers, parts = candidates
    for n in range(len(rows)):
        case, first = rows[n], starts[n]
        count = starts[n + 1] - first
        s.nobody[case] = nobody[n]
        s.to[case, :count] = workers[first : first + count]
        s.cost[case, :count] = costs[first : first + count]
        kept[case, :count] = parts[first : first + count]
        _link_row(s, case)
        insert(s, case)


@compiled  # type: ignore[untyped-decorator]
def leave(s: Any, case: int) -> None:
    """Take a case and its candidates out, and let others have its slot."""
    worker = give(s, case, ABSENT)
    for k in range(s.to.shape[1]):
        if s.to[case, k] >= 0:
            unlink(s, case, k)
    if worker >= 0:
        s.holds[worker] -= 1
        fill(s, worker)


@compiled  # type: ignore[untyped-decorator]
def welcome(s: Any, worker: int) -> None:
    """Let somebody new, whose arcs are there, have the cases that cost less with them.

    At first their price is so high that nobody would go to them; then it falls.
    """
    price, arc = s.slots[worker, 0], s.entry[worker]
    while arc >= 0:
        case, k = arc // s.to.shape[1], arc % s.to.shape[1]
        price = max(price, sum_of(s, case) - s.cost[case, k])
        arc = s.later[arc]
    s.price[worker] = price
    fill(s, worker)


@compiled  # type: ignore[untyped-decorator]
def dismiss(s: Any, worker: int) -> None:
    """Take somebody out of the plan, and let their cases arrive again."""
    cases = np.empty(s.holds[worker], np.int32)
    for n in range(len(cases)):
        cases[n] = s.first[worker]
        give(s, cases[n], ABSENT)
    arc = s.entry[worker]
    while arc >= 0:
        later = s.later[arc]
        unlink(s, arc // s.to.shape[1], arc % s.to.shape[1])
        arc = later
    s.slots[worker, :] = FULL
    s.holds[worker], s.price[worker] = 0, FULL
    for case in cases:
        insert(s, case)
