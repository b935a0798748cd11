"""How far it is to the middle of a part for somebody on the ground: round rivers, over saddles.

Distance in a plan is straight, so that a million moves a second can be weighed by it. What people
really go is worked out here for a plan that is there: the shortest way along neighbours, over
bridges and passes, with what they climb. A way may lead through other parts.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from linli.engines.partition.ground import Floats, Ints, Pairs
from linli.engines.partition.roads import Net

Flags = NDArray[np.bool_]

# Kilometres that a metre of climb counts for. Naismith's rule (Scottish Mountaineering Club Journal
# 2, 1892): an hour for three miles, and an hour more for every 2,000 feet; in its metric form 5 km
# or 600 m.
NAISMITH = 5 / 600
AT_ONCE = 4_000_000  # distances held at one time: 32 MB
DETOUR = 2.0  # a way is first looked for within so many times the straight one
NEAR = 0.001  # kilometres: and within no less


def climbed(heights: Floats, climb: float = NAISMITH) -> Floats:
    """Heights in metres as the kilometres that they count for one way, from the lowest.

    Who goes there and back climbs every slope once: each way counts for half of it.
    """
    metres = np.asarray(heights, np.float64)
    return np.asarray((metres - metres.min(initial=np.inf)) * (climb / 2))


@dataclass(frozen=True)
class Ways:
    """What `ways` found.

    `km` (n,): how far each point has to its part's middle, infinite where no way leads there, NaN
    in a part that was not asked for. `middle` (parts,): the point that is it, -1 for a part without
    points. `mean` (parts,): the mean of `km` by workload, NaN without points or not asked for.
    """

    km: Floats
    middle: Ints
    mean: Floats


def ways(
    points: Floats,
    workload: Floats,
    labels: Ints,
    parts: int,
    pairs: Pairs | Net,
    *,
    heights: Floats | None = None,
    climb: float = NAISMITH,
    centres: Floats | None = None,
    only: Ints | None = None,
) -> Ways:
    """From each of `points` (n, 2) in kilometres the shortest way along `pairs` to its part.

    `pairs` (m, 2) are points between which one can go straight, those of `neighbours`; or they are
    the roads, as `roads.along` gives them. The middle of a part is its point nearest to the mean of
    its points by workload, or the point of all nearest to its fixed place in `centres` (parts, 2;
    NaN where none is). `heights` (n,) are metres above any level; `climb` says for how many
    kilometres one of them counts, see `climbed`; of a road only that one of its ends lies higher is
    known. `only` names the parts that are asked for, by default all: few take little time. Raises
    ValueError where a price on climbing is below zero.
    """
    if climb < 0:
        raise ValueError("climbing cannot make a way shorter")
    up = np.zeros(len(points)) if heights is None else climbed(heights, climb)
    middle = _middles(points, workload, labels, parts, centres)
    asked = np.ones(parts, np.bool_) if only is None else np.isin(np.arange(parts), only)
    if isinstance(pairs, Net):
        km = _shortest(points, pairs.matrix(len(points)), labels, middle, asked)
        km = km + np.abs(up - up[middle[labels]])
    else:
        km = _shortest(points, _graph(points, pairs, up), labels, middle, asked)
    load = np.bincount(labels, workload, parts)
    total = np.bincount(labels, workload * km, parts)
    with np.errstate(invalid="ignore"):
        return Ways(km, middle, np.where(middle >= 0, total / load, np.nan))


def _shortest(
    points: Floats, graph: csr_matrix, labels: Ints, middle: Ints, asked: Flags
) -> Floats:
    """Kilometres from each point to the middle of its part; NaN where that is not asked.

    The search round a middle goes as far as is likely to do, and further only where it did not.
    """
    km = np.where(asked[labels], np.inf, np.nan)
    piece = connected_components(graph, directed=False)[1][: len(points)]
    linked = np.flatnonzero(piece == piece[middle[labels]])
    straight = np.hypot(*(points - points[middle[labels]]).T)
    reach = np.full(len(middle), NEAR)
    np.maximum.at(reach, labels[linked], DETOUR * straight[linked])
    order = linked[np.argsort(labels[linked], kind="stable")]
    start = np.searchsorted(labels[order], np.arange(len(middle) + 1))
    waiting = np.flatnonzero(asked & (middle >= 0))
    waiting = waiting[np.argsort(reach[waiting], kind="stable")]
    while len(waiting):
        short = []
        for few in np.array_split(waiting, -(-len(waiting) * graph.shape[0] // AT_ONCE)):
            limit = float(reach[few].max())
            away = dijkstra(graph, directed=False, indices=middle[few], limit=limit)
            for row, part in zip(away, few, strict=True):
                own = order[start[part] : start[part + 1]]
                km[own] = row[own]
                if np.isinf(row[own]).any():
                    short.append(part)
        waiting = np.array(short, np.int64)
        reach *= DETOUR
    return km


def _middles(
    points: Floats, workload: Floats, labels: Ints, parts: int, centres: Floats | None
) -> Ints:
    """The point at the middle of each part, -1 where it has none."""
    load = np.bincount(labels, workload, parts)
    weighed = [np.bincount(labels, workload * column, parts) for column in points.T]
    mean = np.column_stack(weighed) / np.where(load > 0, load, 1)[:, None]
    away = ((points - mean[labels]) ** 2).sum(axis=1)
    order = np.lexsort((away, labels))
    part, first = np.unique(labels[order], return_index=True)
    middle = np.full(parts, -1, np.int64)
    middle[part] = order[first]
    if centres is not None and len(points):
        fixed = (middle >= 0) & ~np.isnan(centres).any(axis=1)
        middle[fixed] = cKDTree(points).query(centres[fixed])[1]
    return middle


def _graph(points: Floats, pairs: Pairs, up: Floats) -> csr_matrix:
    """Kilometres from point to point, with what is climbed; of pairs named twice, once."""
    low, high = np.sort(pairs, axis=1).T
    one, two = np.divmod(np.unique(low * len(points) + high), max(len(points), 1))
    length = np.hypot(*(points[one] - points[two]).T) + np.abs(up[one] - up[two])
    return Net(np.column_stack([one, two]), length).matrix(len(points))
