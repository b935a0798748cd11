"""Finding where polygons overlap, and where they leave gaps."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.coverage.measure import square_metres, widths

# Narrower than this, in metres, is rounding: coordinates are kept to a centimetre.
ROUNDING = 0.05

Shapes = NDArray[Any]


@dataclass(frozen=True)
class Overlap:
    """Two polygons, by their place in the list, and what both cover."""

    first: int
    second: int
    square_metres: float
    width: float


@dataclass(frozen=True)
class Gap:
    """What no polygon covers, and the polygons round it."""

    around: tuple[int, ...]
    square_metres: float
    width: float
    shape: Any = field(compare=False, repr=False)


def overlaps(shapes: Shapes) -> list[Overlap]:
    """Every pair of valid polygons that cover the same ground, the largest first."""
    if len(shapes) < 2 or shapely.coverage_is_valid(shapes):
        return []
    tree = shapely.STRtree(shapes)
    one, two = tree.query(shapes, predicate="intersects")
    one, two = one[one < two], two[one < two]
    common = shapely.intersection(shapes[one], shapes[two])
    real = shapely.area(common) > 0
    one, two, common = one[real], two[real], common[real]
    found = [
        Overlap(int(i), int(j), float(size), float(width))
        for i, j, size, width in zip(one, two, square_metres(common), widths(common), strict=True)
        if width > ROUNDING
    ]
    return sorted(found, key=lambda overlap: -overlap.square_metres)


def united(shapes: Shapes) -> Any:
    """All polygons as one shape."""
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return shapely.union_all(shapes)


def gaps(shapes: Shapes, within: Any = None) -> list[Gap]:
    """Ground that polygons should cover and do not, the largest first.

    Should: the whole of `within`; where that is not known, whatever the polygons enclose.
    """
    if not len(shapes):
        return []
    whole = united(shapes)
    open_ground = _holes(whole) if within is None else _parts(shapely.difference(within, whole))
    sizes, wide = square_metres(open_ground), widths(open_ground)
    real = wide > ROUNDING
    tree = shapely.STRtree(shapes)
    found = [
        Gap(_around(tree, shape), float(size), float(width), shape)
        for shape, size, width in zip(open_ground[real], sizes[real], wide[real], strict=True)
    ]
    return sorted(found, key=lambda gap: -gap.square_metres)


def outside(shapes: Shapes, within: Shapes) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Square metres of each polygon that lie outside the one given with it, and their width."""
    beyond = shapely.difference(shapes, within)
    return square_metres(beyond), widths(beyond)


def _holes(whole: Any) -> Shapes:
    rings = [ring for part in shapely.get_parts(whole) for ring in part.interiors]
    return np.array([*map(shapely.Polygon, rings), None], dtype=object)[:-1]


def _parts(shape: Any) -> Shapes:
    parts = shapely.get_parts(shape)
    polygons: Shapes = parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]
    return polygons


def _around(tree: shapely.STRtree, shape: Any) -> tuple[int, ...]:
    return tuple(sorted(tree.query(shape, predicate="intersects").tolist()))
