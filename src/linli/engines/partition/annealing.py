"""Improving a division by moving points over its borders, never breaking a part in two.

A point moves together with every piece that it would cut off from its part (a *block*), so that
all parts hang together after every single step. What a step changes is worked out from sums kept
for each part, in time that does not depend on its size. Steps that make things worse are taken with
a chance that falls as time goes on (Kirkpatrick, Gelatt and Vecchi 1983).
"""

from typing import Any

import numba
import numpy as np

compiled: Any = numba.njit(cache=True, nogil=True)
inlined: Any = numba.njit(cache=True, nogil=True, inline="always")

# columns of `sums`: what is kept of each part
LOAD, EAST, NORTH, UP, AREA, OUTLINE, TARGET, SCALE = range(8)
FIXED, FIXED_EAST, FIXED_NORTH, FIXED_UP = range(8, 12)
COLUMNS = 12
# entries of `weights`
DISTANCE, EVEN, SHAPE, CHANGE, BAND, LIGHT = range(6)


@inlined  # type: ignore[untyped-decorator]
def random(state: Any) -> float:
    """Between 0 and 1; xorshift64* (Vigna 2016), the same on every machine."""
    x = state[0]
    x ^= x >> np.uint64(12)
    x ^= x << np.uint64(25)
    x ^= x >> np.uint64(27)
    state[0] = x
    return float((x * np.uint64(2685821657736338717)) >> np.uint64(11)) * (1.0 / 9007199254740992.0)


@inlined  # type: ignore[untyped-decorator]
def _after(
    part: Any, load: float, east: float, north: float, up: float, area: float, outline: float,
    weights: Any,
) -> float:  # fmt: skip
    """What a part costs, in units of the scale of its lines, after these came to its sums.

    The distance term leaves out the sum of w * |x|^2, which no move changes.
    """
    load, east, north = part[LOAD] + load, part[EAST] + east, part[NORTH] + north
    up = part[UP] + up
    area, outline = part[AREA] + area, part[OUTLINE] + outline
    if part[FIXED] > 0:
        x, y, z = part[FIXED_EAST], part[FIXED_NORTH], part[FIXED_UP]
        inertia = load * (x * x + y * y + z * z) - 2 * (x * east + y * north + z * up)
    else:
        inertia = -(east * east + north * north + up * up) / load
    off = load / part[TARGET] - 1
    if off < 0:
        off *= weights[LIGHT]
    over = max(0.0, abs(off) - weights[BAND])
    ragged = outline * outline / (12.566370614359172 * max(area, 1e-9))
    cost: float = (
        weights[DISTANCE] * inertia / part[SCALE]
        + weights[EVEN] * (over + off * off)
        + weights[SHAPE] * ragged
    )
    return cost


@compiled  # type: ignore[untyped-decorator]
def _piece(
    seed: int, enough: int, filled: int, met: int, graph: Any, labels: Any, workload: Any,
    marks: Any, block: Any, tick: int,
) -> tuple[int, int, float]:  # fmt: skip
    """Add to `block` what hangs together with `seed`; stops when `enough` wanted ones were met."""
    start, beside = graph
    seen, wanted = marks
    own = labels[seed]
    at, load = filled, workload[seed]
    block[filled], seen[seed] = seed, tick
    filled += 1
    met += 1
    while at < filled and met != enough:
        u = block[at]
        at += 1
        for f in range(start[u], start[u + 1]):
            v = beside[f]
            if labels[v] == own and seen[v] != tick:
                seen[v] = tick
                load += workload[v]
                block[filled] = v
                filled += 1
                if wanted[v] == tick:
                    met += 1
    return filled, met, load


@compiled  # type: ignore[untyped-decorator]
def _block(
    i: int, graph: Any, labels: Any, workload: Any, marks: Any, block: Any, tick: int
) -> int:
    """Point i and what it would cut off, in `block`; returns how many, 0 if i is its whole part.

    The heaviest of the pieces stays behind.
    """
    start, beside = graph
    seen, wanted = marks
    own = labels[i]
    count = 0
    for e in range(start[i], start[i + 1]):
        if labels[beside[e]] == own:
            wanted[beside[e]] = tick
            count += 1
    if count == 0:
        return 0
    block[0] = i
    if count == 1:
        return 1
    seen[i] = tick
    filled, met = 1, 0
    heaviest, stays, ends = -1.0, 0, 0
    for e in range(start[i], start[i + 1]):
        seed = beside[e]
        if labels[seed] != own or seen[seed] == tick:
            continue
        begin = filled
        enough = count if begin == 1 else -1
        filled, met, load = _piece(
            seed, enough, filled, met, graph, labels, workload, marks, block, tick
        )
        if met == enough:
            return 1  # all its neighbours reach each other without it
        if load > heaviest:
            heaviest, stays, ends = load, begin, filled
    for at in range(ends, filled):
        block[stays] = block[at]
        stays += 1
    return stays


@compiled  # type: ignore[untyped-decorator]
def _outline_change(
    moved: int, own: int, other: int, block: Any, cells: Any, labels: Any, inside: Any, tick: int
) -> tuple[float, float, float]:
    """Area that moves, and by how much the outlines of both parts grow."""
    edge, across, border, area = cells
    for q in range(moved):
        inside[block[q]] = tick
    space = grows = grows_other = 0.0
    for q in range(moved):
        u = block[q]
        space += area[u]
        for e in range(edge[u], edge[u + 1]):
            v = across[e]
            if inside[v] == tick and labels[v] == own:  # another line may count in ticks too
                continue
            if labels[v] == own:
                grows += border[e]
                grows_other += border[e]
            elif labels[v] == other:
                grows -= border[e]
                grows_other -= border[e]
            else:
                grows -= border[e]
                grows_other += border[e]
    return space, grows, grows_other


@compiled  # type: ignore[untyped-decorator]
def weigh(
    i: int, other: int, graph: Any, cells: Any, points: Any, workload: Any, labels: Any,
    before: Any, held: Any, apart: Any, sums: Any, weights: Any, scratch: Any, tick: int,
) -> tuple[int, float, Any]:  # fmt: skip
    """What it would cost if point i went to part `other` with what it cuts off.

    Returns how many would move (0: it may not be), the cost, and the changes to the sums; the
    points are in the last of `scratch`. Arguments as in `walk`; `tick` is new with every call.
    """
    seen, wanted, inside, block = scratch
    apart_start, apart_from = apart
    load = east = north = up = leaves = space = grows = grows_other = 0.0
    own = labels[i]
    moved = _block(i, graph, labels, workload, (seen, wanted), block, tick)
    for q in range(moved):
        u = block[q]
        w = workload[u]
        load += w
        east += w * points[u, 0]
        north += w * points[u, 1]
        up += w * points[u, 2] if points.shape[1] > 2 else 0.0
        stuck = held[u]
        for e in range(apart_start[u], apart_start[u + 1]):
            stuck = stuck or labels[apart_from[e]] == other
        if stuck:
            return 0, 0.0, (load, east, north, up, space, grows, grows_other)
        if before[u] == own:
            leaves += w
        elif before[u] == other:
            leaves -= w
    if moved == 0:
        return 0, 0.0, (load, east, north, up, space, grows, grows_other)
    a, b = sums[own], sums[other]
    if weights[SHAPE] > 0:
        space, grows, grows_other = _outline_change(
            moved, own, other, block, cells, labels, inside, tick
        )
    change = (
        _after(a, -load, -east, -north, -up, -space, grows, weights)
        - _after(a, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, weights)
        + _after(b, load, east, north, up, space, grows_other, weights)
        - _after(b, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, weights)
        + weights[CHANGE] * leaves / a[TARGET]
    )
    return moved, change, (load, east, north, up, space, grows, grows_other)


@compiled  # type: ignore[untyped-decorator]
def move(moved: int, other: int, changes: Any, block: Any, labels: Any, sums: Any) -> None:
    """Do what `weigh` weighed."""
    load, east, north, up, space, grows, grows_other = changes
    a, b = sums[labels[block[0]]], sums[other]
    for q in range(moved):
        labels[block[q]] = other
    a[LOAD] -= load
    a[EAST] -= east
    a[NORTH] -= north
    a[UP] -= up
    a[AREA] -= space
    a[OUTLINE] += grows
    b[LOAD] += load
    b[EAST] += east
    b[NORTH] += north
    b[UP] += up
    b[AREA] += space
    b[OUTLINE] += grows_other


@compiled  # type: ignore[untyped-decorator]
def walk(
    steps: int, heat: float, cooling: float, sharpening: float, who: Any, graph: Any, cells: Any,
    points: Any, workload: Any, labels: Any, before: Any, held: Any, apart: Any, sums: Any,
    prices: Any, scratch: Any, state: Any,
) -> int:  # fmt: skip
    """Try `steps` moves and keep `labels` and `sums` in step with them; returns how many were made.

    `who` are the points that may be tried. Heat falls by the factor `cooling` with each step, the
    price of unevenness grows by `sharpening`. `before` are the labels of the plan in force (-1 for
    none), `held` points never move, `apart` (rows as in `graph`) never come into one part.
    `scratch` are integer arrays, zero at first; `state` holds the generator and a counter. What is
    written concerns the points and parts of `who`'s lines only, so that lines may run side by side.
    """
    start, beside = graph
    tick = np.int64(state[1])
    weights = prices.copy()
    count, made = len(who), 0
    for _step in range(steps):
        heat *= cooling
        weights[EVEN] *= sharpening
        i = who[int(random(state) * count)]
        degree = start[i + 1] - start[i]
        if degree == 0 or held[i]:
            continue
        other = labels[beside[start[i] + int(random(state) * degree)]]
        if labels[i] == other:
            continue
        tick += 1
        moved, change, changes = weigh(
            i, other, graph, cells, points, workload, labels, before, held, apart, sums, weights,
            scratch, tick,
        )  # fmt: skip
        if moved == 0 or (change > 0 and random(state) >= np.exp(-change / heat)):
            continue
        move(moved, other, changes, scratch[3], labels, sums)
        made += 1
    state[1] = tick
    return made


@compiled  # type: ignore[untyped-decorator]
def add_up(
    low: int, high: int, cells: Any, points: Any, workload: Any, labels: Any, sums: Any
) -> None:
    """Work out anew the sums of the parts of points `low` to `high`: all the points of a line."""
    edge, across, border, area = cells
    for i in range(low, high):
        sums[labels[i], : OUTLINE + 1] = 0.0
    for i in range(low, high):
        part, w = sums[labels[i]], workload[i]
        part[LOAD] += w
        part[EAST] += w * points[i, 0]
        part[NORTH] += w * points[i, 1]
        if points.shape[1] > 2:
            part[UP] += w * points[i, 2]
        part[AREA] += area[i]
        for e in range(edge[i], edge[i + 1]):
            if labels[across[e]] != labels[i]:
                part[OUTLINE] += border[e]


@compiled  # type: ignore[untyped-decorator]
def standing(
    low: int, high: int, first: int, last: int, workload: Any, labels: Any, before: Any, sums: Any,
    weights: Any,
) -> tuple[float, float]:  # fmt: skip
    """Of the line with points `low` to `high` and parts `first` to `last`: how far its worst part
    is off the mean, as a share of it, and what the line costs."""
    worst = cost = 0.0
    for p in range(first, last):
        part = sums[p]
        off = part[LOAD] / part[TARGET] - 1
        worst = max(worst, off, -off * weights[LIGHT])
        cost += _after(part, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, weights)
    for i in range(low, high):
        if before[i] >= 0 and labels[i] != before[i]:
            cost += weights[CHANGE] * workload[i] / sums[labels[i], TARGET]
    return worst, cost
