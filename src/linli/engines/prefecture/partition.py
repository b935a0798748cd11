"""Cutting a connected set of cells into connected regions, level by level.

Every region grows from a seed by taking the neighbouring cell that is cheapest to reach, and the
region that is furthest below its target takes next (or, where regions need not be even, the one
whose reach is shortest). A region only ever takes a cell beside it, so
each is connected, and each holds its seed, so none is empty: the counts are exact.
"""

import heapq
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .terrain import Floats, Ints


@dataclass(frozen=True)
class Graph:
    """Cells with their neighbours and what each step costs, as lists for quick walking."""

    neighbours: list[list[int]]
    costs: list[list[float]]
    points: Floats

    @classmethod
    def of(cls, pairs: Ints, cost: Floats, points: Floats) -> "Graph":
        """The undirected graph with these pairs of cells."""
        neighbours: list[list[int]] = [[] for _ in range(len(points))]
        costs: list[list[float]] = [[] for _ in range(len(points))]
        for (a, b), step in zip(pairs.tolist(), cost.tolist(), strict=True):
            neighbours[a].append(b)
            costs[a].append(step)
            neighbours[b].append(a)
            costs[b].append(step)
        return cls(neighbours, costs, points)


def share(total: int, weights: Floats, least: Ints, most: Ints) -> Ints:
    """Split `total` by weight, each part between `least` and `most`; the sum is exact."""
    if not int(least.sum()) <= total <= int(most.sum()):
        raise ValueError("the parts cannot add up to the total")
    parts = least.copy()
    wish = weights / weights.sum() * total
    heap = [(parts[i] - wish[i], i) for i in range(len(parts)) if parts[i] < most[i]]
    heapq.heapify(heap)
    for _ in range(total - int(least.sum())):
        _, i = heapq.heappop(heap)
        parts[i] += 1
        if parts[i] < most[i]:
            heapq.heappush(heap, (parts[i] - wish[i], i))
    return parts


def spread_seeds(points: Floats, appeal: Floats, count: int) -> list[int]:
    """`count` of the points, appealing and far from each other, the most appealing first."""
    chosen = [int(np.argmax(appeal))]
    nearest = np.full(len(points), np.inf)
    taken = np.zeros(len(points), dtype=bool)
    for _ in range(count - 1):
        taken[chosen[-1]] = True
        nearest = np.minimum(nearest, np.hypot(*(points - points[chosen[-1]]).T))
        chosen.append(int(np.argmax(np.where(taken, -1.0, nearest * appeal))))
    return chosen


def grow(
    graph: Graph,
    members: Sequence[int],
    seeds: Sequence[int],
    weight: Floats,
    target: Floats,
    *,
    evenly: bool = True,
) -> dict[int, int]:
    """The region of every member: as many connected regions as seeds, near their target weights.

    `members` must be connected; `seeds` are distinct members; `weight` counts per cell. With
    `evenly` false the targets scale how fast regions reach out, and outlines stay rounder.
    """
    region: dict[int, int] = {}
    free = set(members)
    frontier: list[list[tuple[float, int]]] = [[(0.0, seed)] for seed in seeds]
    reserved = dict(zip(seeds, range(len(seeds)), strict=True))
    load = [0.0] * len(seeds)
    turn = [(0.0, i) for i in range(len(seeds))]
    heapq.heapify(turn)
    while turn:
        _, i = heapq.heappop(turn)
        taken = _take(frontier[i], free, reserved, i)
        if taken is None:
            continue
        distance, cell = taken
        region[cell] = i
        load[i] += float(weight[cell]) / float(target[i])
        turn_after = load[i] if evenly else distance / float(target[i])
        for near, step in zip(graph.neighbours[cell], graph.costs[cell], strict=True):
            if near in free:
                heapq.heappush(frontier[i], (distance + step, near))
        heapq.heappush(turn, (turn_after, i))
    if free:
        raise ValueError("the members are not connected")
    return region


def _take(
    frontier: list[tuple[float, int]], free: set[int], reserved: dict[int, int], region: int
) -> tuple[float, int] | None:
    """The cheapest free cell beside the region, which is not another region's seed."""
    while frontier:
        distance, cell = heapq.heappop(frontier)
        if cell in free and reserved.get(cell, region) == region:
            free.remove(cell)
            return distance, cell
    return None
