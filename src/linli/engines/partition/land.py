"""One land and the triangles in it: which part takes which."""

from typing import Any

import numpy as np
import shapely
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import Delaunay, QhullError, cKDTree

from linli.engines.partition import borders
from linli.engines.partition.borders import ALONG, BORDER, NEAR, RUNG
from linli.engines.partition.ground import Floats, Ints, gabriel
from linli.engines.partition.mesh import Mesh

RING, PLACE, SPINE = 1, 2, 4  # bits of an edge that is tied
NOBODY = -1
BY_RIVER = 0.25  # what a kilometre of border costs on a river or road, beside one elsewhere
POINT = shapely.GeometryType.POINT


class Land:
    """A parent in whole units, with its places and the parts (from 0) that these belong to."""

    def __init__(self, parent: Any, places: Any, part: Ints, names: Ints, line: int) -> None:
        self.parent, self.places, self.part = parent, places, part
        self.names, self.line = names, line
        west, south, east, north = shapely.bounds(parent)
        self.low = np.array([west, south])
        narrow = max(float(np.cos(np.radians((south + north) / 2e7))), 0.01)
        self.flat = np.array([narrow, 1.0])  # degrees east are shorter than degrees north
        try:
            self.mesh = Mesh(
                np.zeros(2, np.int64), np.array([east - west, north - south]).astype(int)
            )
        except ValueError as wide:
            raise ValueError(f"line {line}: {wide}") from None
        self.is_point = shapely.get_type_id(places) == POINT

    def parts(self, count: int, along: Any) -> Any:
        """The polygons of parts 0 to `count`."""
        self._tie_rings()
        self._tie_spines()
        self._tie_wanted(along)
        self._part_corners()
        self._take()
        self._grow()
        self._follow()
        self._drop_strays()
        corners = self.mesh.points[self.mesh.triangles[self.inner]] + self.low
        shapes = shapely.polygons(corners.astype(np.float64))
        of_part = self.owner[self.inner]
        found = [shapely.coverage_union_all(shapes[of_part == p]) for p in range(count)]
        return np.array([*found, None], dtype=object)[:-1]

    # ---------------------------------------------------------------- what is fixed

    def _rings(self, shapes: Any) -> tuple[Ints, Ints, Ints]:
        """Edges (m, 2) of corners and their shapes, of rings that become corners."""
        parts, shape = shapely.get_parts(shapes, return_index=True)
        rings, part = shapely.get_rings(parts, return_index=True)
        points, ring = shapely.get_coordinates(rings, return_index=True)
        corners = self.mesh.add((points - self.low).astype(np.int64))
        same = ring[1:] == ring[:-1]
        pairs = np.column_stack([corners[:-1], corners[1:]])[same]
        return pairs, shape[part[ring[:-1]]][same], corners

    def _tie_rings(self) -> None:
        """The outline of the land, then settlements; and whose each corner is."""
        mesh = self.mesh
        pairs, _shape, ring = self._rings(np.array([self.parent, None], object)[:1])
        mesh.tie(pairs, RING)
        self.outline = mesh.points[pairs]
        areas = np.flatnonzero(~self.is_point)
        pairs, shape, _corners = self._rings(self.places[areas])
        mesh.tie(pairs, PLACE)
        points = np.flatnonzero(self.is_point)
        at = shapely.get_coordinates(self.places[points]) - self.low
        spots = mesh.add(at.astype(np.int64))
        self.corner_of = np.full(len(mesh.points), NOBODY)  # the place that a corner belongs to
        place = areas[shape]
        for end in (0, 1):
            taken = self.corner_of[pairs[:, end]]
            other = (taken != NOBODY) & (self.part[taken] != self.part[place])
            self.corner_of[pairs[:, end]] = np.where(other, -2, place)
        shared = self.corner_of == -2
        both = np.zeros(len(shared), np.bool_)
        both[ring] = True
        self.corner_of[shared | both] = NOBODY  # a border may run or end there
        self.corner_of[spots] = points
        self.fixed = (
            np.concatenate([pairs.ravel(), spots]),
            np.concatenate([np.repeat(place, 2), points]),
        )

    def _tie_spines(self) -> None:
        """Join neighbouring settlements of one part: no border may pass between them."""
        middles = shapely.get_coordinates(shapely.point_on_surface(self.places)) * self.flat
        pairs = gabriel(np.unique(middles, axis=0))
        order = np.unique(middles, axis=0, return_index=True)[1]
        pairs = order[pairs]
        first, second = pairs.T
        self.typical = float(np.median(np.hypot(*(middles[first] - middles[second]).T)))
        pairs = pairs[self.part[first] == self.part[second]]
        pairs = np.vstack([pairs, self._further(middles, pairs)])
        corner, place = self.fixed
        by_place = {int(p): corner[place == p] for p in np.unique(pairs)} if len(pairs) else {}
        ends = [self._nearest(by_place[a], by_place[b]) for a, b in pairs.tolist()]
        self.mesh.tie(np.array(ends, np.int64).reshape(-1, 2), SPINE)

    def _nearest(self, one: Ints, two: Ints) -> tuple[int, int]:
        if len(one) == len(two) == 1:
            return int(one[0]), int(two[0])
        points = self.mesh.points * self.flat
        far, at = cKDTree(points[two]).query(points[one])
        return int(one[far.argmin()]), int(two[at[far.argmin()]])

    def _further(self, middles: Floats, pairs: Ints) -> Ints:
        """Delaunay neighbours of one part that these pairs leave in two pieces, nearest first."""
        try:
            corners = Delaunay(middles).simplices
        except (QhullError, ValueError):
            return np.zeros((0, 2), np.int64)
        every = np.vstack([corners[:, [0, 1]], corners[:, [1, 2]], corners[:, [2, 0]]])
        every = every[self.part[every[:, 0]] == self.part[every[:, 1]]]
        every = every[np.argsort(np.hypot(*(middles[every[:, 0]] - middles[every[:, 1]]).T))]
        piece = _pieces(len(middles), pairs)
        chosen = []
        for a, b in every.tolist():
            if piece[a] != piece[b]:
                piece[piece == piece[a]] = piece[b]
                chosen.append((a, b))
        return np.array(chosen, np.int64).reshape(-1, 2)

    # ---------------------------------------------------------------- what is wanted

    def _tie_wanted(self, along: Any) -> None:
        lines = self._wanted()
        ring: Any = shapely.transform(self.parent, lambda xy: (xy - self.low) * self.flat)
        near = NEAR * self.typical
        lines = borders.smooth(borders.clipped(lines, ring), near / 5)
        flat_along = shapely.transform(along, lambda xy: (xy - self.low) * self.flat)
        pieces, rungs = borders.followed(lines, borders.clipped(flat_along, ring), near)
        lines, pieces, rungs = (
            shapely.transform(some, lambda xy: xy / self.flat) for some in (lines, pieces, rungs)
        )
        lines = np.array([*borders.ended_on_ring(lines, self.outline), None], object)[:-1]
        segments, bits = borders.noded(lines, pieces, rungs)
        corners = self.mesh.add(segments.reshape(-1, 2)).reshape(-1, 2)
        for bit in np.unique(bits)[::-1]:
            self.mesh.tie(corners[bits == bit], int(bit))

    def _wanted(self) -> Any:
        """Halfway between settlements of different parts; long edges of these count in pieces."""
        dense = shapely.transform(self.places, lambda xy: (xy - self.low) * self.flat)
        dense = shapely.segmentize(dense, max(self.typical / 4, 1.0))
        sites, place = shapely.get_coordinates(dense, return_index=True)
        sites, first = np.unique(sites, axis=0, return_index=True)
        return borders.between(sites, self.part[place[first]])

    # ---------------------------------------------------------------- who takes what

    def _corner_parts(self) -> Ints:
        """The part of each corner, NOBODY where a border may touch it."""
        of = np.full(len(self.mesh.points), NOBODY)
        held = self.corner_of >= 0
        of[: len(held)][held] = self.part[self.corner_of[held]]
        return of

    def _part_corners(self) -> None:
        """A corner between any two corners of different parts, so that borders have room."""
        for _again in range(12):
            mixed = self._mixed()
            if not len(mixed):
                return
            middle = self.mesh.points[mixed].sum(axis=1)
            self.mesh.add(np.unique(middle // 2, axis=0))
        a, b = self.names[self.corner_of[mixed[0]]]
        raise ValueError(f"places {a} and {b} lie too close for a border between them")

    def _mixed(self) -> Ints:
        of = self._corner_parts()
        edges = self.mesh.triangles[self._inner()][:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2)
        one, two = of[edges].T
        return np.asarray(edges[(one != two) & (one >= 0) & (two >= 0)], np.int64)

    def _inner(self) -> Any:
        """Whether each triangle lies in the land: within an odd number of its rings."""
        beside, kind = self.mesh.beside, self.mesh.kind
        here, there, bits = _sides(beside, kind)
        piece = _pieces(len(beside), np.column_stack([here, there])[bits & RING == 0])
        middles = (self.mesh.points[self.mesh.triangles].mean(axis=1)) + self.low
        first = np.unique(piece, return_index=True)[1]
        return shapely.contains_xy(self.parent, middles[first])[piece]

    def _take(self) -> None:
        """Triangles in a settlement, or at a corner of one, are its part's."""
        mesh, self.inner = self.mesh, self._inner()
        areas = np.flatnonzero(~self.is_point)
        middles: Any = shapely.points(mesh.points[mesh.triangles].mean(axis=1) + self.low)
        at, place = shapely.STRtree(self.places[areas]).query(middles, predicate="intersects")
        self.owner = np.full(len(middles), NOBODY)
        self.owner[at[::-1]] = self.part[areas[place[::-1]]]
        of = self._corner_parts()[mesh.triangles]
        held = (self.owner == NOBODY) & self.inner
        self.owner[held] = of[held].max(axis=1)
        self.owner[~self.inner] = NOBODY
        self.hard = self.owner != NOBODY
        self.middles = mesh.points[mesh.triangles].mean(axis=1) * self.flat

    def _grow(self) -> None:
        """Other triangles go to the part that reaches them first; a wanted border is a wall."""
        here, there, bits = _sides(self.mesh.beside, self.mesh.kind)
        open_ = self.inner[here] & self.inner[there] & (bits & RING == 0)
        here, there, bits = here[open_], there[open_], bits[open_]
        way = np.hypot(*(self.middles[here] - self.middles[there]).T) + 1e-6
        way += np.where(bits & BORDER, 100 * np.ptp(self.middles[self.inner], axis=0).sum(), 0.0)
        count = len(self.owner)
        graph = coo_matrix((way, (here, there)), shape=(count, count)).tocsr()
        seeds = np.flatnonzero(self.hard)
        _far, _before, source = dijkstra(
            graph, False, seeds, min_only=True, return_predecessors=True
        )
        reached = self.inner & (source >= 0)
        self.owner[reached] = self.owner[source[reached]]
        lost = self.inner & (self.owner == NOBODY)  # an island where nobody lives: all to one
        if lost.any():
            piece = _pieces(count, np.column_stack([here, there]))
            nearest = cKDTree(self.middles[seeds]).query(self.middles)[1]
            for p in np.unique(piece[lost]):
                one = np.flatnonzero((piece == p) & lost)
                self.owner[one] = self.owner[seeds[nearest[one[0]]]]

    def _follow(self) -> None:
        """Hand pieces between a border and a river or road over where that makes the border
        shorter, counting what runs along it a quarter. No piece has a settlement in it."""
        here, there, bits, length = self._borders()
        same = (self.owner[here] == self.owner[there]) & (bits & (ALONG | RUNG) == 0)
        piece = _pieces(len(self.owner), np.column_stack([here, there])[same])
        count = int(piece.max()) + 1
        stuck = np.zeros(count, np.bool_)
        stuck[piece[self.hard]] = True
        price = length * np.where(bits & ALONG, BY_RIVER, 1.0)
        part = np.full(count, NOBODY)
        part[piece] = self.owner
        self._hand_over(piece[here], piece[there], price, part, stuck)
        self.owner[self.inner] = part[piece[self.inner]]

    def _hand_over(self, one: Ints, two: Ints, price: Floats, part: Ints, stuck: Any) -> None:
        """Give every piece that is not stuck to the neighbour with which it has most in common,
        until none gains."""
        outer = one != two
        order = np.argsort(one[outer], kind="stable")
        one, two, price = one[outer][order], two[outer][order], price[outer][order]
        start = np.searchsorted(one, np.arange(len(part) + 1))
        for _round in range(4):
            moved = 0
            for p in np.unique(one):
                if stuck[p]:
                    continue
                rows = slice(start[p], start[p + 1])
                common = np.bincount(part[two[rows]], price[rows])
                best = int(common.argmax())
                own = common[part[p]] if 0 <= part[p] < len(common) else 0.0
                if common[best] > own * (1 + 1e-9):
                    part[p] = best
                    moved += 1
            if not moved:
                break

    def _drop_strays(self) -> None:
        """Pieces of a part with no settlement in them go to a neighbour; but for islands."""
        here, there, _bits, length = self._borders()
        for _round in range(20):
            same = self.owner[here] == self.owner[there]
            piece = _pieces(len(self.owner), np.column_stack([here, there])[same])
            stuck = np.zeros(int(piece.max()) + 1, np.bool_)
            stuck[piece[self.hard]] = True
            stray = np.unique(piece[here[~same & ~stuck[piece[here]]]])
            if not len(stray):
                return
            own = ~same & (piece[here] == stray[0])
            common = np.bincount(self.owner[there[own]], length[own])
            self.owner[piece == stray[0]] = int(common.argmax())

    def _borders(self) -> tuple[Ints, Ints, Ints, Floats]:
        """Both ways over each side inside the land, its bits and its length."""
        mesh = self.mesh
        here, there, bits = _sides(mesh.beside, mesh.kind)
        corner = np.nonzero(mesh.beside >= 0)[1]
        ends = mesh.points * self.flat
        first = ends[mesh.triangles[here, (corner + 1) % 3]]
        last = ends[mesh.triangles[here, (corner + 2) % 3]]
        kept = self.inner[here] & self.inner[there] & (bits & RING == 0)
        length = np.hypot(*(first - last).T)
        return here[kept], there[kept], bits[kept], length[kept]


def _sides(beside: Ints, kind: Ints) -> tuple[Ints, Ints, Ints]:
    """Every side with a triangle on both: this one, the other, the bits; in both directions."""
    here, side = np.nonzero(beside >= 0)
    return here, beside[here, side], kind[here, side]


def _pieces(count: int, pairs: Ints) -> Ints:
    ones = np.ones(len(pairs), np.int8)
    graph = coo_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(count, count))
    return np.asarray(connected_components(graph, directed=False)[1], np.int64)
