"""A first division: halves across the longer axis, again and again, then every part in one piece."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from linli.engines.partition.ground import Floats, Ground, Ints

compiled: Any = numba.njit(cache=True, nogil=True)


def halved(ground: Ground, line: Ints, parts: Ints) -> Ints:
    """Labels (n,): the points inside each line cut into as many parts of about equal workload.

    `line[i]` says within which lines point i lies, `parts[l]` how many parts they hold. Labels of
    line l are those from `parts[:l].sum()`.
    """
    labels = np.zeros(len(ground), dtype=np.int64)
    order = np.argsort(line, kind="stable")
    bounds = np.searchsorted(line[order], np.arange(len(parts) + 1))
    first = np.concatenate([[0], np.cumsum(parts)])
    waiting: list[tuple[Ints, int, int]] = [
        (order[bounds[n] : bounds[n + 1]], int(first[n]), int(parts[n])) for n in range(len(parts))
    ]
    while waiting:
        members, label, count = waiting.pop()
        if count == 1:
            labels[members] = label
            continue
        few = count // 2
        left, right = _cut(ground.points[members], ground.workload[members], few / count, few)
        waiting.append((members[left], label, few))
        waiting.append((members[right], label + few, count - few))
    return labels


def _cut(points: Floats, workload: Floats, share: float, few: int) -> tuple[Ints, Ints]:
    """The points on both sides of a cut across the long axis, `share` of the workload on the left.

    At least `few` points come to the left and one more than none to the right.
    """
    centred = points - np.average(points, axis=0, weights=workload)
    spread = (centred * workload[:, None]).T @ centred
    axis = np.linalg.eigh(spread)[1][:, -1]
    order = np.argsort(centred @ axis, kind="stable")
    passed = np.cumsum(workload[order]) - workload[order] / 2
    at = int(np.searchsorted(passed, share * workload.sum()))
    at = min(max(at, few), len(points) - few)
    return order[:at], order[at:]


def in_one_piece(ground: Ground, labels: Ints, parts: int) -> Ints:
    """Labels in which every part hangs together: its heaviest piece stays, others join neighbours."""
    labels = labels.copy()
    while _rejoin(ground.start, ground.beside, ground.workload, labels, parts):
        pass
    return labels


@compiled  # type: ignore[untyped-decorator]
def _rejoin(start: Any, beside: Any, workload: Any, labels: Any, parts: int) -> int:
    """Hand every lighter piece to the part that it touches most; returns how many were handed."""
    count = len(labels)
    piece = np.full(count, -1, dtype=np.int64)
    queue = np.empty(count, dtype=np.int64)
    begins = np.empty(count + 1, dtype=np.int64)
    best, best_load = np.full(parts, -1, dtype=np.int64), np.zeros(parts)
    pieces = filled = 0
    for seed in range(count):
        if piece[seed] >= 0:
            continue
        begins[pieces] = filled
        queue[filled], piece[seed] = seed, pieces
        at, filled, load = filled, filled + 1, 0.0
        while at < filled:
            u = queue[at]
            at += 1
            load += workload[u]
            for e in range(start[u], start[u + 1]):
                v = beside[e]
                if piece[v] < 0 and labels[v] == labels[u]:
                    piece[v] = pieces
                    queue[filled] = v
                    filled += 1
        label = labels[seed]
        if best[label] < 0 or load > best_load[label]:
            best[label], best_load[label] = pieces, load
        pieces += 1
    begins[pieces] = filled
    touched = np.zeros(parts, dtype=np.int64)
    handed = 0
    for p in range(pieces):
        own = labels[queue[begins[p]]]
        if best[own] == p:
            continue
        to = -1
        for at in range(begins[p], begins[p + 1]):
            for e in range(start[queue[at]], start[queue[at] + 1]):
                v = beside[e]
                other = labels[v]
                if other != own and best[other] == piece[v]:
                    touched[other] += 1
                    if to < 0 or touched[other] > touched[to]:
                        to = other
        for at in range(begins[p], begins[p + 1]):
            for e in range(start[queue[at]], start[queue[at] + 1]):
                touched[labels[beside[e]]] = 0
        if to >= 0:
            for at in range(begins[p], begins[p + 1]):
                labels[queue[at]] = to
            handed += 1
    return handed


Flags = NDArray[np.bool_]
