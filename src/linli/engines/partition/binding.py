"""What binds points before they are divided: staying together, lines that nobody crosses."""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import shapely
from scipy.sparse.csgraph import connected_components

from linli.engines.partition.ground import Floats, Ground, Ints, Pairs, matrix, rows


class Contradiction(ValueError):
    """What is bound cannot be met; `points` are those concerned, by their place in the list."""

    def __init__(self, said: str, points: Iterable[int]) -> None:
        self.points = tuple(int(point) for point in points)
        super().__init__(said)


def not_across(pairs: Pairs, points: Floats, barriers: Sequence[Any], passes: Floats) -> Pairs:
    """The pairs whose straight way crosses no barrier, or crosses it near a pass.

    `barriers` are shapely lines in the coordinates of `points`: a river without a bridge, a ridge.
    `passes` are rows (x, y, radius): bridges and saddles; a pair that comes within the radius of
    one stays.
    """
    if not len(barriers) or not len(pairs):
        return pairs
    ways: Any = shapely.linestrings(points[pairs])
    crossed = np.zeros(len(pairs), np.bool_)
    crossed[shapely.STRtree(list(barriers)).query(ways, predicate="intersects")[0]] = True
    if len(passes):
        gates: Any = shapely.points(passes[:, :2])
        near = shapely.STRtree(gates)
        way, at = near.query(ways, predicate="dwithin", distance=float(passes[:, 2].max()))
        close = shapely.distance(ways[way], gates[at]) <= passes[at, 2]
        crossed[way[close]] = False
    return pairs[~crossed]


def together(count: int, groups: Sequence[Ints]) -> Ints:
    """For each of `count` points the unit that it belongs to, numbered from 0 in their order.

    Points of one group are one unit; groups that share a point are one.
    """
    links = [np.column_stack([group[:-1], group[1:]]) for group in groups if len(group) > 1]
    pairs = np.vstack(links) if links else np.zeros((0, 2), np.int64)
    found = connected_components(matrix(count, pairs), directed=False)[1]
    _values, first, unit = np.unique(found, return_index=True, return_inverse=True)
    rank = np.empty(len(first), np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return np.asarray(rank[unit], np.int64)


def contracted(ground: Ground, unit: Ints) -> Ground:
    """The ground of units: workload and area added up, the middle of their points by workload."""
    count = int(unit.max()) + 1 if len(unit) else 0
    workload = np.bincount(unit, ground.workload, count).astype(np.float64)
    weighed = ground.embedded * ground.workload[:, None]
    points = np.column_stack([np.bincount(unit, column, count) / workload for column in weighed.T])
    start, beside, _ones = _joined(
        unit, count, ground.start, ground.beside, np.ones(len(ground.beside))
    )
    edge, across, border = _joined(unit, count, ground.edge, ground.across, ground.border)
    area = np.bincount(unit, ground.area, count).astype(np.float64)
    heights = None if ground.heights is None else points[:, 2]
    flat = np.ascontiguousarray(points[:, :2])
    return Ground(flat, workload, start, beside, edge, across, border, area, heights)


def _joined(
    unit: Ints, count: int, start: Ints, beside: Ints, values: Floats
) -> tuple[Ints, Ints, Floats]:
    """Rows of units: each other unit once, values added up."""
    here = np.repeat(unit, np.diff(start))
    there = unit[beside]
    apart = here < there
    pairs, at = np.unique(np.column_stack([here[apart], there[apart]]), axis=0, return_inverse=True)
    amounts = np.bincount(at.ravel(), values[apart], len(pairs)).astype(np.float64)
    return rows(count, pairs.astype(np.int64), amounts)
