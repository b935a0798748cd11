"""Where borders between parts are wanted: halfway, smooth, and along rivers or roads nearby.

What is drawn here is a wish. `outlines` ties it into triangles as far as it cuts no settlement.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from scipy.spatial import Voronoi

from linli.engines.partition.ground import Floats, Ints

BORDER, ALONG, RUNG = 8, 16, 32  # bits of a wanted edge
NEAR = 0.3  # a river is followed that lies this near, in typical distances between settlements
ROUNDS = 2  # of cutting corners

Lines = Any  # array of shapely lines


def between(sites: Floats, part: Ints) -> Lines:
    """Lines halfway between sites (n, 2) of different parts (n,), joined to long ones."""
    low, high = sites.min(axis=0), sites.max(axis=0)
    far = 10 * max(float((high - low).max()), 1.0)
    turn = np.arange(8) * np.pi / 4 + 0.1
    rim = (low + high) / 2 + far * np.column_stack([np.cos(turn), np.sin(turn)])
    cells = Voronoi(np.vstack([sites, rim]))
    owner = np.concatenate([part, np.full(len(rim), -1)])
    ends = np.asarray(cells.ridge_vertices)
    one, two = owner[cells.ridge_points].T
    kept = (one != two) & (one >= 0) & (two >= 0) & (ends >= 0).all(axis=1)
    return _merged(shapely.linestrings(cells.vertices[ends[kept]]))


def _merged(lines: Lines) -> Lines:
    """Lines joined wherever two ends meet and no third."""
    merged = shapely.get_parts(shapely.line_merge(shapely.multilinestrings(list(lines))))
    return merged[shapely.length(merged) > 0]


def clipped(lines: Lines, within: Any) -> Lines:
    """The pieces of lines inside a polygon, joined."""
    pieces = shapely.get_parts(shapely.get_parts(shapely.intersection(lines, within)))
    pieces = pieces[shapely.get_dimensions(pieces) == 1]
    return _merged(pieces) if len(pieces) else pieces


def smooth(lines: Lines, slack: float) -> Lines:
    """The same lines with their corners cut (Chaikin 1974); their ends stay."""
    lines = shapely.simplify(lines, slack)
    return np.array(
        [shapely.LineString(_cut(shapely.get_coordinates(line))) for line in lines] + [None]
    )[:-1]


def _cut(line: Floats) -> Floats:
    for _round in range(ROUNDS):
        if len(line) < 3:
            break
        first, last = line[:-1], line[1:]
        cut = np.stack([0.75 * first + 0.25 * last, 0.25 * first + 0.75 * last], axis=1)
        line = np.vstack([line[:1], cut.reshape(-1, 2)[1:-1], line[-1:]])
    return line


def followed(borders: Lines, along: Lines, near: float) -> tuple[Lines, Lines]:
    """The pieces of `along` that run near borders, and rungs from their ends to the borders."""
    if not len(along) or not len(borders):
        return along[:0], along[:0]
    all_borders = shapely.multilinestrings(list(borders))
    pieces = clipped(along, shapely.buffer(all_borders, near, quad_segs=4))
    pieces = pieces[shapely.length(pieces) > 2.5 * near]
    ends = np.concatenate([shapely.get_point(pieces, 0), shapely.get_point(pieces, -1)])
    rungs = shapely.shortest_line(ends, all_borders)
    return pieces, rungs[shapely.length(rungs) > 0]


def noded(borders: Lines, pieces: Lines, rungs: Lines, step: float = 1.0) -> tuple[Ints, Ints]:
    """All lines on the grid, cut where they meet: segments (n, 2, 2) and their bits (n,)."""
    every = [*borders, *pieces, *rungs]
    if not every:
        return np.zeros((0, 2, 2), np.int64), np.zeros(0, np.int64)
    net = shapely.get_parts(shapely.union_all(every, grid_size=step))
    corners, line = shapely.get_coordinates(net, return_index=True)
    same = line[1:] == line[:-1]
    segments = np.rint(np.stack([corners[:-1], corners[1:]], axis=1)[same]).astype(np.int64)
    middles: Any = shapely.points(segments.mean(axis=1))
    bits = np.zeros(len(segments), np.int64)
    for lines, bit in ((borders, BORDER), (pieces, ALONG)):
        if len(lines):
            close = shapely.STRtree(lines).query(middles, "dwithin", distance=2 * step)[0]
            bits[np.unique(close)] |= bit
    bits[bits == 0] = RUNG
    return segments, bits


def on_ring(point: Floats, ring: Ints) -> Ints:
    """The place nearest to `point` where a border can end on edges (m, 2, 2) without bending them.

    Rounding a new corner would shift an edge that the next land shares. A corner that is there
    already, or a place with whole coordinates exactly on the edge, shifts nothing.
    """
    first, last = ring[:, 0], ring[:, 1]
    way = last - first
    whole = np.gcd(*np.abs(way).T)
    share = ((point - first) * way).sum(axis=1) / np.maximum((way**2).sum(axis=1), 1)
    steps = np.clip(np.rint(share * whole), 0, whole).astype(np.int64)
    places = first + way // np.maximum(whole, 1)[:, None] * steps[:, None]
    on_edge = np.abs(first + way * np.clip(share, 0, 1)[:, None] - point).max(axis=1)
    here = np.flatnonzero(on_edge <= on_edge.min() + 1.0)
    away = ((places[here] - point) ** 2).sum(axis=1)
    return np.asarray(places[here[int(away.argmin())]], np.int64)


def ended_on_ring(lines: Lines, ring: Ints) -> Sequence[Any]:
    """Lines whose ends on the ring are moved to where a border can end."""
    edges = shapely.multilinestrings(ring.astype(np.float64))
    out = []
    for line in lines:
        corners = shapely.get_coordinates(line)
        for end in (0, -1):
            if shapely.distance(shapely.Point(corners[end]), edges) < 1.0:
                corners[end] = on_ring(corners[end], ring)
        out.append(shapely.LineString(corners))
    return out
