"""What lies next to what: the graph along which parts must hang together, and the cells of points.

Two points are joined when no third one lies in the circle over the line between them (Gabriel and
Sokal 1969): that graph is planar, connected and needs no parameter. The cell of a point is what
lies nearer to it than to any other (Voronoi); the cells of a part make up its outline.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Delaunay, QhullError, cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Pairs = NDArray[np.int64]

RIM_POINTS = 200  # on each side of the box, to close the outermost cells
RIM_SHARE = 0.05  # how far beyond the points the box lies, in widths


@dataclass(frozen=True)
class Ground:
    """Points in kilometres with their workload, neighbours and cells.

    `start` and `beside` are rows of neighbours (CSR); `edge` and `across` the same for cells that
    share a border, `border` its length in kilometres; `area` is in square kilometres. `heights`,
    where they are known, are kilometres too: as many as the climb counts for.
    """

    points: Floats
    workload: Floats
    start: Ints
    beside: Ints
    edge: Ints
    across: Ints
    border: Floats
    area: Floats
    heights: Floats | None = None

    def __len__(self) -> int:
        return len(self.points)

    @property
    def embedded(self) -> Floats:
        """The points (n, 2), or (n, 3) with their heights where these are known."""
        if self.heights is None:
            return self.points
        return np.column_stack([self.points, self.heights])

    def joined(self, pairs: Pairs) -> "Ground":
        """The same with other neighbours."""
        start, beside, _none = rows(len(self), pairs, np.ones(len(pairs)))
        return replace(self, start=start, beside=beside)


def ground(
    points: Floats, workload: Floats, joined: Pairs | None = None, heights: Floats | None = None
) -> Ground:
    """The ground of points (n, 2) in kilometres, all different, with their workload (n,) above 0.

    `joined` are pairs (m, 2) that take the place of the Gabriel graph: a road graph, or one from
    which barriers were taken out. `heights` (n,) are kilometres that climbing counts for.
    """
    pairs = gabriel(points) if joined is None else joined
    start, beside, _none = rows(len(points), pairs, np.ones(len(pairs)))
    touching, border, area = _cells(points)
    edge, across, lengths = rows(len(points), touching, border)
    return Ground(
        np.ascontiguousarray(points, np.float64), np.asarray(workload, np.float64),
        start, beside, edge, across, lengths, area,
        None if heights is None else np.asarray(heights, np.float64),
    )  # fmt: skip


def arranged(ground: Ground, order: Ints) -> Ground:
    """The same ground with its points in another order: the first is the one that was order[0]."""
    place = np.argsort(order)
    start, beside, _none = _reordered(order, place, ground.start, ground.beside, ground.beside)
    edge, across, border = _reordered(order, place, ground.edge, ground.across, ground.border)
    return Ground(
        np.ascontiguousarray(ground.points[order]), ground.workload[order],
        start, beside, edge, across, border, ground.area[order],
        None if ground.heights is None else ground.heights[order],
    )  # fmt: skip


def _reordered(
    order: Ints, place: Ints, start: Ints, beside: Ints, values: Any
) -> tuple[Ints, Ints, Any]:
    length = np.diff(start)[order]
    begins = np.concatenate([[0], np.cumsum(length)])
    at = np.arange(begins[-1]) + np.repeat(start[:-1][order] - begins[:-1], length)
    return begins, place[beside[at]], values[at]


def gabriel(points: Floats) -> Pairs:
    """The pairs of the Gabriel graph; points on one line are joined along it."""
    try:
        corners = Delaunay(points).simplices
    except (QhullError, ValueError):  # fewer than three, or all on one line
        order = np.lexsort((points[:, 1], points[:, 0])).astype(np.int64)
        return np.column_stack([order[:-1], order[1:]])
    pairs = np.unique(
        np.sort(np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]]), axis=1),
        axis=0,
    )
    first, second = points[pairs[:, 0]], points[pairs[:, 1]]
    radius = np.hypot(*(first - second).T) / 2
    nearest = cKDTree(points).query((first + second) / 2)[0]
    return np.asarray(pairs[nearest >= radius * (1 - 1e-9)], dtype=np.int64)


def inside_lines(pairs: Pairs, points: Floats, line: Ints) -> tuple[Pairs, int]:
    """The pairs that cross no line, and those that each side needs to hang together.

    `line[i]` says within which lines point i lies. Where the points of one are in pieces, the
    shortest link joins each piece to the next; the second value says how many links that took.
    """
    kept = pairs[line[pairs[:, 0]] == line[pairs[:, 1]]]
    links: list[tuple[int, int]] = []
    _count, piece = connected_components(matrix(len(points), kept), directed=False)
    order = np.argsort(line, kind="stable")
    for members in np.split(order, np.flatnonzero(np.diff(line[order])) + 1):
        links += _links(points, members, piece[members])
    added = np.array(links, dtype=np.int64).reshape(-1, 2)
    return np.vstack([kept, added]), len(added)


def _links(points: Floats, members: Ints, piece: Any) -> list[tuple[int, int]]:
    """The shortest links that join the pieces of one side, the smallest piece first."""
    found = []
    piece = np.unique(piece, return_inverse=True)[1]
    while piece.max() > 0:
        smallest = np.bincount(piece, minlength=piece.max() + 1).argmin()
        here = piece == smallest
        tree = cKDTree(points[members[~here]])
        far, to = tree.query(points[members[here]])
        near = int(far.argmin())
        found.append((int(members[here][near]), int(members[~here][to[near]])))
        piece[here] = piece[~here][to[near]]
        piece = np.unique(piece, return_inverse=True)[1]
    return found


def matrix(count: int, pairs: Pairs) -> csr_matrix:
    """The pairs as a sparse matrix of ones."""
    ones = np.ones(len(pairs))
    return coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count)).tocsr()


def rows(count: int, pairs: Pairs, values: Floats) -> tuple[Ints, Ints, Floats]:
    """Both directions of each pair, row by row: where rows start, the other ends, the values."""
    here = np.concatenate([pairs[:, 0], pairs[:, 1]])
    there = np.concatenate([pairs[:, 1], pairs[:, 0]])
    order = np.lexsort((there, here))
    start = np.searchsorted(here[order], np.arange(count + 1))
    return start.astype(np.int64), there[order], np.concatenate([values, values])[order]


def _cells(points: Floats) -> tuple[Pairs, Floats, Floats]:
    """Which cells touch, along how many kilometres, and their areas.

    The rim of the box is counted in areas, not as a neighbour. A border of two cells runs between
    the middles of the circles round the two triangles at their edge.
    """
    count = len(points)
    sites = np.vstack([points, _rim(points)])
    triangles = Delaunay(sites)
    middles = _circumcentres(sites[triangles.simplices])
    one, corner = np.nonzero(triangles.neighbors > np.arange(len(middles))[:, None])
    two = triangles.neighbors[one, corner]
    first, last = middles[one], middles[two]
    sides = np.column_stack(
        [triangles.simplices[one, (corner + turn) % 3] for turn in (1, 2)]
    ).astype(np.int64)
    length = np.hypot(*(first - last).T)
    area = np.zeros(count)
    for side in (0, 1):
        ours = sides[:, side] < count
        site = points[sides[ours, side]]
        a, b = first[ours] - site, last[ours] - site
        triangle = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
        area += np.bincount(sides[ours, side], triangle, count)
    inner = (sides < count).all(axis=1)
    return sides[inner], length[inner], area


def _circumcentres(corners: Floats) -> Floats:
    """The middles of the circles round triangles (m, 3, 2); for a flat one, its first corner."""
    origin = corners[:, 0]
    b, c = corners[:, 1] - origin, corners[:, 2] - origin
    twice = 2 * (b[:, 0] * c[:, 1] - b[:, 1] * c[:, 0])
    bb, cc = (b**2).sum(axis=1), (c**2).sum(axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        east = (c[:, 1] * bb - b[:, 1] * cc) / twice
        north = (b[:, 0] * cc - c[:, 0] * bb) / twice
    away = np.column_stack([east, north])
    away[~np.isfinite(away).all(axis=1)] = 0.0
    return np.asarray(origin + away)


def _rim(points: Floats) -> Floats:
    low, high = points.min(axis=0), points.max(axis=0)
    beyond = RIM_SHARE * max(float((high - low).max()), 1e-3)
    low, high = low - beyond, high + beyond
    x, y = (np.linspace(low[axis], high[axis], RIM_POINTS) for axis in (0, 1))
    sides = [
        np.column_stack([x, np.full_like(x, low[1])]),
        np.column_stack([x, np.full_like(x, high[1])]),
        np.column_stack([np.full_like(y, low[0]), y]),
        np.column_stack([np.full_like(y, high[0]), y]),
    ]
    return np.unique(np.vstack(sides), axis=0)
