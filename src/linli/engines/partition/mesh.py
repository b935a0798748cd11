"""Triangles over whole numbers: they tile what they cover exactly, whatever is done to them.

Corners are added one by one (Lawson 1977) and edges are tied by flipping what crosses them (Sloan
1993). On which side of a line a corner lies is worked out in whole numbers, so no triangle ever
overlaps another. Which of two diagonals is better is a matter of looks, and is asked in floats.
"""

from typing import Any

import numba
import numpy as np

from linli.engines.partition.ground import Ints

compiled: Any = numba.njit(cache=True, nogil=True)

WIDEST = 2**29  # of what is covered: three times that, squared twice, fits a whole number
# where a point was found: inside a triangle, on its edge opposite corner 0-2, at its corner
INSIDE, ON_EDGE, AT_CORNER = -1, 0, 3


class Mesh:
    """Triangles (m, 3) of corners, counter-clockwise; the first four corners lie far outside.

    Side k of a triangle is the one opposite its corner k: `beside` names the triangle across it,
    `kind` holds the bits with which it was tied, 0 for none.
    """

    def __init__(self, low: Ints, high: Ints) -> None:
        """For points from `low` to `high`; both (2,). Raises ValueError where that is too wide."""
        wide = int((high - low).max()) + 1
        if wide > WIDEST:
            raise ValueError("it is wider than fifty degrees")
        (west, south), (east, north) = (low - wide).tolist(), (high + wide).tolist()
        self._points = np.array([[west, south], [east, south], [east, north], [west, north]])
        self._triangles = np.array([[0, 1, 2], [0, 2, 3]])
        self._beside = np.array([[-1, 1, -1], [-1, -1, 0]])
        self._kind = np.zeros((2, 3), np.int64)
        self._of = np.array([0, 0, 0, 1])
        self._count = np.array([4, 2, 0])  # corners, triangles, where to look first

    @property
    def points(self) -> Ints:
        """Corners (n, 2)."""
        return self._points[: self._count[0]]

    @property
    def triangles(self) -> Ints:
        """Corners of each triangle (m, 3)."""
        return self._triangles[: self._count[1]]

    @property
    def beside(self) -> Ints:
        """The triangle across each side (m, 3), -1 for none."""
        return self._beside[: self._count[1]]

    @property
    def kind(self) -> Ints:
        """The bits of each side (m, 3)."""
        return self._kind[: self._count[1]]

    def add(self, points: Ints) -> Ints:
        """The corners (n,) of these points, which become some; a tied edge is cut where one lies
        on it, exactly."""
        self._make_room(len(points))
        return np.asarray(_add(np.ascontiguousarray(points, np.int64), *self._arrays()))

    def tie(self, pairs: Ints, kind: int) -> Any:
        """Make edges of pairs of corners (n, 2); flags (n,): whether there was room.

        An edge that would cross one that is tied already is not made. One that runs through a
        corner becomes several.
        """
        pairs = np.ascontiguousarray(pairs, np.int64).reshape(-1, 2)
        return _tie(pairs, kind, *self._arrays()[:-1])

    def _arrays(self) -> Any:
        return self._points, self._triangles, self._beside, self._kind, self._of, self._count

    def _make_room(self, more: int) -> None:
        corners, triangles = int(self._count[0]) + more, int(self._count[1]) + 2 * more
        if corners > len(self._points):
            self._points = np.resize(self._points, (corners + corners // 2, 2))
            self._of = np.resize(self._of, len(self._points))
        if triangles > len(self._triangles):
            size = (triangles + triangles // 2, 3)
            self._triangles = np.resize(self._triangles, size)
            self._beside, self._kind = np.resize(self._beside, size), np.resize(self._kind, size)


@compiled  # type: ignore[untyped-decorator]
def side(points: Any, a: int, b: int, c: int) -> int:
    """Above zero where corner c lies left of the line from a to b; twice the triangle's area."""
    across = (points[b, 0] - points[a, 0]) * (points[c, 1] - points[a, 1])
    turned: int = across - (points[b, 1] - points[a, 1]) * (points[c, 0] - points[a, 0])
    return turned


@compiled  # type: ignore[untyped-decorator]
def _in_circle(points: Any, a: int, b: int, c: int, d: int) -> bool:
    """Whether d lies clearly inside the circle through the triangle a, b, c."""
    ax, ay = float(points[a, 0] - points[d, 0]), float(points[a, 1] - points[d, 1])
    bx, by = float(points[b, 0] - points[d, 0]), float(points[b, 1] - points[d, 1])
    cx, cy = float(points[c, 0] - points[d, 0]), float(points[c, 1] - points[d, 1])
    aa, bb, cc = ax * ax + ay * ay, bx * bx + by * by, cx * cx + cy * cy
    first, second, third = (
        aa * (bx * cy - by * cx),
        bb * (cx * ay - cy * ax),
        cc * (ax * by - ay * bx),
    )
    total = abs(first) + abs(second) + abs(third)
    return bool(first + second + third > 1e-9 * total)


@compiled  # type: ignore[untyped-decorator]
def _point_at(beside: Any, of: int, old: int, new: int) -> None:
    """Triangle `of` has `new` beside it where it had `old`."""
    if of >= 0:
        for k in range(3):
            if beside[of, k] == old:
                beside[of, k] = new
                return


@compiled  # type: ignore[untyped-decorator]
def _set(
    t: int, corners: Any, across: Any, bits: Any, triangles: Any, beside: Any, kind: Any, of: Any
) -> None:
    for k in range(3):
        triangles[t, k], beside[t, k], kind[t, k] = corners[k], across[k], bits[k]
        of[corners[k]] = t


@compiled  # type: ignore[untyped-decorator]
def _flip(t: int, k: int, points: Any, triangles: Any, beside: Any, kind: Any, of: Any) -> bool:
    """Join the corners on both sides of side k of t instead of its ends; False: they are no
    strictly convex four. Afterwards the corner that was k comes first in both triangles."""
    u = beside[t, k]
    if u < 0:
        return False
    j = 0
    while beside[u, j] != t:
        j += 1
    k1, k2, j1, j2 = (k + 1) % 3, (k + 2) % 3, (j + 1) % 3, (j + 2) % 3
    a, b, c, d = triangles[t, k], triangles[t, k1], triangles[t, k2], triangles[u, j]
    if side(points, a, b, d) <= 0 or side(points, a, d, c) <= 0:
        return False
    ca, ab, bd, dc = beside[t, k1], beside[t, k2], beside[u, j1], beside[u, j2]
    ca_kind, ab_kind, bd_kind, dc_kind = kind[t, k1], kind[t, k2], kind[u, j1], kind[u, j2]
    _set(t, (a, b, d), (bd, u, ab), (bd_kind, 0, ab_kind), triangles, beside, kind, of)
    _set(u, (a, d, c), (dc, ca, t), (dc_kind, ca_kind, 0), triangles, beside, kind, of)
    _point_at(beside, bd, u, t)
    _point_at(beside, ca, t, u)
    return True


@compiled  # type: ignore[untyped-decorator]
def _find(p: int, points: Any, triangles: Any, beside: Any, count: Any) -> tuple[int, int]:
    """The triangle in which corner p lies, by walking towards it, and where in it."""
    t = count[2]
    chance = np.int64(p)
    while True:
        chance = (chance * 1103515245 + 12345) % 2147483648
        onward: Any = -1
        on: Any = 0
        zeros = 0
        for turn in range(3):
            k = (turn + (chance >> 16)) % 3  # any side first: a walk must not go in a circle
            turned = side(points, triangles[t, (k + 1) % 3], triangles[t, (k + 2) % 3], p)
            if turned < 0:
                onward = beside[t, k]
                break
            if turned == 0:
                zeros += 1
                on += k
        if onward < 0:
            break
        t = onward
    count[2] = t
    if zeros == 0:
        return t, INSIDE
    return t, ON_EDGE + on if zeros == 1 else AT_CORNER + 3 - on


@compiled  # type: ignore[untyped-decorator]
def _into_three(
    t: int, p: int, triangles: Any, beside: Any, kind: Any, of: Any, count: Any
) -> None:
    a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
    bc, ca, ab = beside[t, 0], beside[t, 1], beside[t, 2]
    bits = kind[t, 0], kind[t, 1], kind[t, 2]
    u, v = count[1], count[1] + 1
    count[1] += 2
    _set(t, (p, b, c), (bc, u, v), (bits[0], 0, 0), triangles, beside, kind, of)
    _set(u, (p, c, a), (ca, v, t), (bits[1], 0, 0), triangles, beside, kind, of)
    _set(v, (p, a, b), (ab, t, u), (bits[2], 0, 0), triangles, beside, kind, of)
    _point_at(beside, ca, t, u)
    _point_at(beside, ab, t, v)


@compiled  # type: ignore[untyped-decorator]
def _into_four(
    t: int, k: int, p: int, triangles: Any, beside: Any, kind: Any, of: Any, count: Any
) -> None:
    """Cut side k of t, and the triangle across it, at corner p."""
    u, j = beside[t, k], 0
    while beside[u, j] != t:
        j += 1
    k1, k2, j1, j2 = (k + 1) % 3, (k + 2) % 3, (j + 1) % 3, (j + 2) % 3
    a, b, c, d = triangles[t, k], triangles[t, k1], triangles[t, k2], triangles[u, j]
    ca, ab, bd, dc = beside[t, k1], beside[t, k2], beside[u, j1], beside[u, j2]
    ca_kind, ab_kind, bd_kind, dc_kind = kind[t, k1], kind[t, k2], kind[u, j1], kind[u, j2]
    cut = kind[t, k]
    v, w = count[1], count[1] + 1
    count[1] += 2
    _set(t, (p, a, b), (ab, u, v), (ab_kind, cut, 0), triangles, beside, kind, of)
    _set(v, (p, c, a), (ca, t, w), (ca_kind, 0, cut), triangles, beside, kind, of)
    _set(u, (p, b, d), (bd, w, t), (bd_kind, 0, cut), triangles, beside, kind, of)
    _set(w, (p, d, c), (dc, v, u), (dc_kind, cut, 0), triangles, beside, kind, of)
    _point_at(beside, ca, t, v)
    _point_at(beside, dc, u, w)


@compiled  # type: ignore[untyped-decorator]
def _smooth(p: int, points: Any, triangles: Any, beside: Any, kind: Any, of: Any) -> None:
    """Flip what is better flipped round corner p, which is new."""
    waiting = [np.int64(0)]
    waiting.pop()
    t = of[p]
    first = t
    while True:
        waiting.append(t)
        k = 0
        while triangles[t, k] != p:
            k += 1
        t = beside[t, (k + 1) % 3]
        if t == first:
            break
    while len(waiting):
        t = waiting.pop()
        k = 0
        while triangles[t, k] != p:
            k += 1
        u = beside[t, k]
        if u < 0 or kind[t, k]:
            continue
        j = 0
        while beside[u, j] != t:
            j += 1
        a, b, c = triangles[t, 0], triangles[t, 1], triangles[t, 2]
        if _in_circle(points, a, b, c, triangles[u, j]) and _flip(
            t, k, points, triangles, beside, kind, of
        ):
            waiting.append(t)
            waiting.append(u)


@compiled  # type: ignore[untyped-decorator]
def _add(
    added: Any, points: Any, triangles: Any, beside: Any, kind: Any, of: Any, count: Any
) -> Any:
    corners = np.empty(len(added), np.int64)
    for at in range(len(added)):
        p = count[0]
        points[p] = added[at]
        t, where = _find(p, points, triangles, beside, count)
        if where >= AT_CORNER:
            corners[at] = triangles[t, where - AT_CORNER]
            continue
        count[0] += 1
        corners[at] = p
        if where == INSIDE:
            _into_three(t, p, triangles, beside, kind, of, count)
        else:
            _into_four(t, where, p, triangles, beside, kind, of, count)
        _smooth(p, points, triangles, beside, kind, of)
    return corners


@compiled  # type: ignore[untyped-decorator]
def _edge(a: int, b: int, triangles: Any, beside: Any, of: Any) -> tuple[int, int]:
    """The triangle that has the edge from a to b, and which side it is; -1 where there is none."""
    for turn in (1, 2):  # round an outermost corner there is no full turn: then the other way too
        t = of[a]
        first = t
        while t >= 0:
            i = 0
            while triangles[t, i] != a:
                i += 1
            if triangles[t, (i + 1) % 3] == b:
                return t, (i + 2) % 3
            t = beside[t, (i + turn) % 3]
            if t == first:
                return -1, -1
    return -1, -1


@compiled  # type: ignore[untyped-decorator]
def _mark(a: int, b: int, bits: int, triangles: Any, beside: Any, kind: Any, of: Any) -> bool:
    t, k = _edge(a, b, triangles, beside, of)
    u, j = _edge(b, a, triangles, beside, of)
    if t < 0 or u < 0:
        return False
    kind[t, k] |= bits
    kind[u, j] |= bits
    return True


@compiled  # type: ignore[untyped-decorator]
def _ahead(points: Any, a: int, b: int, x: int) -> bool:
    """From a, corner x lies towards b and not behind."""
    east = (points[x, 0] - points[a, 0]) * (points[b, 0] - points[a, 0])
    return bool(east + (points[x, 1] - points[a, 1]) * (points[b, 1] - points[a, 1]) > 0)


@compiled  # type: ignore[untyped-decorator]
def _crossed(
    a: int, b: int, points: Any, triangles: Any, beside: Any, kind: Any, of: Any
) -> tuple[int, Any]:
    """Where the way from a to b first meets a corner, and the edges that it crosses before.

    -1 where it meets a tied edge first.
    """
    edges = [(np.int64(0), np.int64(0))]
    edges.pop()
    t = of[a]
    x = y = np.int64(-1)
    while True:
        i = 0
        while triangles[t, i] != a:
            i += 1
        x, y = triangles[t, (i + 1) % 3], triangles[t, (i + 2) % 3]
        right, left = side(points, a, b, x), side(points, a, b, y)
        if right == 0 and _ahead(points, a, b, x):
            return x, edges
        if right < 0 and left > 0:
            break
        t = beside[t, (i + 1) % 3]
    while True:
        t, k = _edge(x, y, triangles, beside, of)
        if kind[t, k]:
            return -1, edges
        edges.append((x, y))
        u = beside[t, k]
        j = 0
        while beside[u, j] != t:
            j += 1
        d = triangles[u, j]
        turned = side(points, a, b, d)
        if turned == 0:
            return d, edges
        if turned > 0:
            y = d
        else:
            x = d


@compiled  # type: ignore[untyped-decorator]
def _tie(
    pairs: Any, bits: int, points: Any, triangles: Any, beside: Any, kind: Any, of: Any
) -> Any:
    done = np.ones(len(pairs), np.bool_)
    for at in range(len(pairs)):
        a, b = pairs[at, 0], pairs[at, 1]
        while a != b:
            to, edges = _crossed(a, b, points, triangles, beside, kind, of)
            if to < 0:
                done[at] = False
                break
            chance = np.int64(at)
            while len(edges):
                later = [edges[0]]
                later.pop()
                for x, y in edges:
                    t, k = _edge(x, y, triangles, beside, of)
                    chance = (chance * 1103515245 + 12345) % 2147483648
                    waits = (chance >> 16) % 4 == 0  # or two edges might turn round for ever
                    if waits or not _flip(t, k, points, triangles, beside, kind, of):
                        later.append((x, y))
                        continue
                    c, d = triangles[t, 0], triangles[t, 2]  # the new edge
                    ends = c in (a, to) or d in (a, to)
                    one, two = side(points, a, to, c), side(points, a, to, d)
                    if not ends and (one > 0) != (two > 0):
                        later.append((d, c) if one > 0 else (c, d))
                edges = later
            done[at] &= _mark(a, to, bits, triangles, beside, kind, of)
            a = to
    return done
