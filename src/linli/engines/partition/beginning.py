"""A first division: halves across the longer axis, again and again; parts in one piece each."""

from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from linli.engines.partition.binding import Contradiction
from linli.engines.partition.ground import Floats, Ground, Ints

Flags = NDArray[np.bool_]
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
    points = ground.embedded
    waiting: list[tuple[Ints, int, int]] = [
        (order[bounds[n] : bounds[n + 1]], int(first[n]), int(parts[n])) for n in range(len(parts))
    ]
    while waiting:
        members, label, count = waiting.pop()
        if count == 1:
            labels[members] = label
            continue
        few = count // 2
        left, right = _cut(points[members], ground.workload[members], few / count, few, count - few)
        waiting.append((members[left], label, few))
        waiting.append((members[right], label + few, count - few))
    return labels


def _cut(points: Floats, workload: Floats, share: float, few: int, rest: int) -> tuple[Ints, Ints]:
    """The points on both sides of a cut across the long axis, `share` of the workload on the left.

    At least `few` points come to the left and `rest` to the right. Points all at one height are cut
    as if it were not known.
    """
    if points.shape[1] > 2 and not np.ptp(points[:, 2]):
        points = points[:, :2]
    centred = points - np.average(points, axis=0, weights=workload)
    spread = (centred * workload[:, None]).T @ centred
    axis = np.linalg.eigh(spread)[1][:, -1]
    order = np.argsort(centred @ axis, kind="stable")
    passed = np.cumsum(workload[order]) - workload[order] / 2
    at = int(np.searchsorted(passed, share * workload.sum()))
    at = min(max(at, few), len(points) - rest)
    return order[:at], order[at:]


def in_one_piece(ground: Ground, labels: Ints, parts: int) -> Ints:
    """Labels in which every part hangs together: its heaviest piece stays, others go next door."""
    labels = labels.copy()
    while _rejoin(ground.start, ground.beside, ground.workload, labels, parts):
        pass
    return labels


@compiled  # type: ignore[untyped-decorator]
def _rejoin(start: Any, beside: Any, workload: Any, labels: Any, parts: int) -> int:
    """Hand every lighter piece to the part that it touches most; returns how many were handed."""
    piece, queue, begins, best = _pieces(start, beside, workload, labels, parts)
    touched = np.zeros(parts, dtype=np.int64)
    handed = 0
    for p in range(len(begins) - 1):
        own = labels[queue[begins[p]]]
        if best[own] == p:
            continue
        to = -1
        members = queue[begins[p] : begins[p + 1]]
        for i in members:
            for e in range(start[i], start[i + 1]):
                v = beside[e]
                other = labels[v]
                if other != own and best[other] == piece[v]:
                    touched[other] += 1
                    if to < 0 or touched[other] > touched[to]:
                        to = other
        for i in members:
            for e in range(start[i], start[i + 1]):
                touched[labels[beside[e]]] = 0
        if to >= 0:
            labels[members] = to
            handed += 1
    return handed


@compiled  # type: ignore[untyped-decorator]
def _pieces(
    start: Any, beside: Any, workload: Any, labels: Any, parts: int
) -> tuple[Any, Any, Any, Any]:
    """Each point's piece, points by piece, where pieces begin, the heaviest of each part."""
    count = len(labels)
    piece = np.full(count, -1, dtype=np.int64)
    queue = np.empty(count, dtype=np.int64)
    begins = np.zeros(count + 1, dtype=np.int64)
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
    return piece, queue, begins[: pieces + 1], best


def set_apart(ground: Ground, labels: Ints, apart: Ints) -> Ints:
    """Labels in which the two points of no pair in `apart` share a part; parts stay in one piece.

    One point of a pair goes, with the shortest way out, to the part where that way ends.
    Raises Contradiction where a pair cannot be parted so.
    """
    labels = labels.copy()
    for again in range(20):
        together = apart[labels[apart[:, 0]] == labels[apart[:, 1]]]
        if not len(together):
            return labels
        for pair in together.tolist():
            if labels[pair[0]] == labels[pair[1]]:
                _part(ground, labels, apart, pair[again % 2], pair[1 - again % 2])
    raise Contradiction("points cannot be kept apart", together[0])


def _part(ground: Ground, labels: Ints, apart: Ints, stays: int, goes: int) -> None:
    """Move `goes` and the points on its shortest way out of its part, which avoids `stays`.

    What the way cuts off from `stays` goes along.
    """
    own = labels[goes]
    foes = np.concatenate([apart[apart[:, 0] == goes, 1], apart[apart[:, 1] == goes, 0]])
    forbidden = {int(own), *labels[foes].tolist()}
    came = {goes: -1}
    queue = [goes]
    for here in queue:
        for there in ground.beside[ground.start[here] : ground.start[here + 1]].tolist():
            if labels[there] not in forbidden:
                left = _reached(ground, labels, stays, own, _back(came, here))
                labels[(labels == own) & ~left] = labels[there]
                return
            if labels[there] == own and there not in came and there != stays:
                came[there] = here
                queue.append(there)


def _back(came: dict[int, int], here: int) -> set[int]:
    way = {here}
    while came[here] >= 0:
        here = came[here]
        way.add(here)
    return way


def _reached(ground: Ground, labels: Ints, seed: int, own: int, without: set[int]) -> Flags:
    """The points of part `own` that `seed` reaches inside it without those of the set."""
    found = np.zeros(len(ground), np.bool_)
    found[seed] = True
    queue = [seed]
    for here in queue:
        for there in ground.beside[ground.start[here] : ground.start[here + 1]].tolist():
            if labels[there] == own and not found[there] and there not in without:
                found[there] = True
                queue.append(there)
    return found


def carried(ground: Ground, line: Ints, parts: Ints, before: Ints) -> Ints:
    """Labels for all from a plan that knows some: -1 takes its neighbours', outward, step by step.

    A label that is none of the point's line counts as unknown. A part that has nobody gets the
    smaller half of the heaviest part of its line.
    """
    first = np.concatenate([[0], np.cumsum(parts)])
    known = (before >= first[line]) & (before < first[line + 1])
    labels = np.where(known, before, -1).astype(np.int64)
    _spread(ground.start, ground.beside, labels)
    for n in np.unique(line[labels < 0]):
        labels[(labels < 0) & (line == n)] = first[n]  # nothing of a plan in reach
    total = int(first[-1])
    for empty in np.flatnonzero(np.bincount(labels, minlength=total) == 0):
        n = int(np.searchsorted(first, empty, side="right")) - 1
        load = np.bincount(labels, ground.workload, total)[first[n] : first[n + 1]]
        crowd = np.bincount(labels, minlength=total)[first[n] : first[n + 1]]
        members = np.flatnonzero(labels == first[n] + int(np.where(crowd > 1, load, 0).argmax()))
        away = _cut(ground.points[members], ground.workload[members], 0.5, 1, 1)[0]
        labels[members[away]] = empty
    return labels


@compiled  # type: ignore[untyped-decorator]
def _spread(start: Any, beside: Any, labels: Any) -> None:
    """Labels of -1 take the label of the nearest point, in steps, that has one."""
    count = len(labels)
    queue = np.empty(count, np.int64)
    filled = 0
    for i in range(count):
        if labels[i] >= 0:
            queue[filled] = i
            filled += 1
    at = 0
    while at < filled:
        here = queue[at]
        at += 1
        for e in range(start[here], start[here + 1]):
            if labels[beside[e]] < 0:
                labels[beside[e]] = labels[here]
                queue[filled] = beside[e]
                filled += 1
