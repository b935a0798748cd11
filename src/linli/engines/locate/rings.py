"""Polygons as closed rings of whole numbers: degrees times ten million, one about a centimetre.

Everything after this step is exact, because it only ever adds and multiplies whole numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

UNITS = 10_000_000  # in a degree
TURN = 360 * UNITS
HALF_TURN = 180 * UNITS
QUARTER_TURN = 90 * UNITS
POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)

Longs = NDArray[np.int64]
Shapes = NDArray[Any]


class Refused(ValueError):
    """Polygons that cannot be answered for; `reasons` says which of the list, and why."""

    def __init__(self, reasons: Sequence[tuple[int, str]]) -> None:
        super().__init__("; ".join(f"polygon {index}: {why}" for index, why in reasons))
        self.reasons = tuple(reasons)


@dataclass(frozen=True)
class Rings:
    """Every ring of every polygon, one after the other, each closed by its first corner.

    `corners` has shape (n, 2); `joined[k]` says whether an edge runs from corner k to k + 1;
    polygon i has the corners `first[i]:first[i + 1]`.
    """

    corners: Longs
    joined: NDArray[np.bool_]
    first: Longs

    def __len__(self) -> int:
        return len(self.first) - 1


def rings_of(shapes: Shapes, *, even_odd: bool = False) -> Rings:
    """The rings of polygons and multipolygons in degrees; Refused with every reason at once.

    With `even_odd`, rings that cross or overlap are taken as they are: inside is what lies within
    an odd number of them.
    A ring may cross the antimeridian in either way: with longitudes that go on beyond 180, or with
    a step from 180 to -180, which is taken for the short way round.
    """
    _refuse(_unfit(shapes))
    whole = shapely.transform(shapes, lambda xy: np.rint(xy * UNITS))
    for index in np.flatnonzero(_jumping(whole)):
        whole[index] = _unrolled(whole[index], int(index))
    if not even_odd:
        _refuse([(int(i), str(shapely.is_valid_reason(whole[i]))) for i in _invalid(whole)])
    corners, ring, owner = _corners(whole)
    same_ring = ring[1:] == ring[:-1]
    kept = np.append(~same_ring | (np.diff(corners, axis=0) != 0).any(axis=1), True)[: len(ring)]
    corners, ring = corners[kept], ring[kept]
    return Rings(
        np.ascontiguousarray(corners, dtype=np.int64),
        np.append(ring[1:] == ring[:-1], False)[: len(ring)],
        np.searchsorted(owner[ring], np.arange(len(shapes) + 1)).astype(np.int64),
    )


def _corners(shapes: Shapes) -> tuple[NDArray[np.float64], NDArray[np.intp], NDArray[np.intp]]:
    """All corners, the ring of each corner, and the shape of each ring."""
    parts, shape = shapely.get_parts(shapes, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    return corners, ring, shape[part]


def _refuse(reasons: list[tuple[int, str]]) -> None:
    if reasons:
        raise Refused(reasons)


def _unfit(shapes: Shapes) -> list[tuple[int, str]]:
    found: dict[int, str] = {}
    kinds = shapely.get_type_id(shapes)
    for index in np.flatnonzero(~np.isin(kinds, POLYGONS) | shapely.is_empty(shapes)):
        found[int(index)] = "it is no polygon, or an empty one"
    corners, owner = shapely.get_coordinates(shapes, return_index=True)
    for index in np.unique(owner[~np.isfinite(corners).all(axis=1)]):
        found.setdefault(int(index), "a coordinate is no number")
    beyond = (np.abs(corners[:, 0]) > 360) | (np.abs(corners[:, 1]) > 90)
    for index in np.unique(owner[beyond]):
        found.setdefault(int(index), "a coordinate lies outside the world: is it in degrees?")
    return sorted(found.items())


def _invalid(whole: Shapes) -> NDArray[np.intp]:
    return np.flatnonzero(~shapely.is_valid(whole))


def _jumping(whole: Shapes) -> NDArray[np.bool_]:
    """Which shapes have an edge that runs more than half way round the world."""
    corners, ring, owner = _corners(whole)
    far = (np.abs(np.diff(corners[:, 0])) > HALF_TURN) & (ring[1:] == ring[:-1])
    found = np.zeros(len(whole), dtype=np.bool_)
    found[owner[ring[:-1][far]]] = True
    return found


def _unrolled(shape: Any, index: int) -> Any:
    """The shape with every edge the short way round, holes beside their shells."""
    parts = []
    for part in shapely.get_parts(shape):
        shell, *holes = (_short_way(np.asarray(r.coords), index) for r in shapely.get_rings(part))
        west, east = shell[:, 0].min(), shell[:, 0].max()
        for hole in holes:
            hole[:, 0] += TURN * (hole[:, 0].max() < west) - TURN * (hole[:, 0].min() > east)
        parts.append(shapely.Polygon(shell, holes))
    return parts[0] if len(parts) == 1 else shapely.MultiPolygon(parts)


def _short_way(ring: NDArray[np.float64], index: int) -> NDArray[np.float64]:
    step = np.diff(ring[:, 0], prepend=ring[0, 0])
    turns = np.cumsum((step < -HALF_TURN).astype(np.int64) - (step > HALF_TURN))
    if turns[-1]:
        raise Refused([(index, "it goes round a pole, where no longitude is inside or outside")])
    unrolled = ring.copy()
    unrolled[:, 0] += turns * TURN
    return unrolled
