"""Polygons for the parts of a plan, which tile the land that they divide to the last unit.

Each land is cut into triangles with whole coordinates (1e-7 degree), its corners, settlements and
wanted borders among their corners. Whatever triangles a part takes, parts neither overlap nor gape,
and share every node. Round a settlement all triangles are its part's: no border touches it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.coverage import overlaps
from linli.engines.coverage.grid import PER_DEGREE
from linli.engines.partition.ground import Ints
from linli.engines.partition.land import Land

Shapes = NDArray[Any]
PLACES = (
    shapely.GeometryType.POINT,
    shapely.GeometryType.POLYGON,
    shapely.GeometryType.MULTIPOLYGON,
)


def outlines(
    places: Sequence[Any],
    labels: Ints,
    parents: Sequence[Any],
    line_of_part: Ints,
    *,
    along: Sequence[Any] = (),
) -> list[Any]:
    """A polygon or multipolygon for each part; the parts of a parent tile it exactly.

    `places` are settlements, points or polygons; `labels[i]` is the part of place i, `parents` are
    the outlines of lines, `line_of_part[p]` the parent in which part p lies; everything in degrees,
    rounded to 1e-7. Borders run halfway between settlements, and follow a line of `along` (rivers,
    roads) nearby where no settlement changes sides. They end at corners that the parent has, or at
    whole coordinates exactly on its edges: no edge is bent, so parents that touch still do. A part
    is in one piece where its settlements' neighbours are joined inside the parent.

    Of a settlement that reaches over its parent's outline the piece inside counts, up to a step of
    the grid where it crosses. Raises ValueError where a place lies outside its parent, two
    places of different parts share ground or a point, or a part has no place; all by number.
    """
    labels, line_of_part = np.asarray(labels, np.int64), np.asarray(line_of_part, np.int64)
    spots, lands, lines = _whole(places), _whole(parents), _whole(along)
    _refuse_bad(spots, labels, lands, line_of_part)
    tree = shapely.STRtree(lines)
    result: Shapes = np.empty(len(line_of_part), dtype=object)
    of_line = line_of_part[labels]
    for n in np.unique(line_of_part):
        parts = np.flatnonzero(line_of_part == n)
        own = np.flatnonzero(of_line == n)
        inside = _inside(spots[own], own, lands[n], int(n))
        if len(parts) == 1:
            result[parts] = lands[n]
            continue
        _refuse_shared(inside, own, labels[own])
        part = np.searchsorted(parts, labels[own])
        near = lines[np.sort(tree.query(lands[n]))]
        result[parts] = Land(lands[n], inside, part, own, int(n)).parts(len(parts), near)
    return list(_degrees(result))


def dissolved(cells: Sequence[Any], labels: Ints, parts: int) -> list[Any]:
    """The union of the cells of each part, where smaller areas tile the land already.

    Coordinates are rounded to 1e-7 degree and every node on a border is kept. Raises ValueError
    where cells overlap or a part has no cell.
    """
    labels, whole = np.asarray(labels, np.int64), _whole(cells)
    _refuse_kinds(whole, PLACES[1:], "cell")
    empty = np.flatnonzero(np.bincount(labels, minlength=parts) == 0)
    if len(empty):
        raise ValueError(f"part {empty[0]} has no cell")
    tiles = bool(shapely.coverage_is_valid(whole))
    found = [] if tiles else overlaps(_degrees(whole))
    if found:
        raise ValueError(f"cells {found[0].first} and {found[0].second} overlap")
    union = shapely.coverage_union_all if tiles else shapely.union_all
    joined = np.array([*(union(whole[labels == p]) for p in range(parts)), None], object)[:-1]
    return list(_degrees(shapely.transform(joined, np.rint)))


def _whole(shapes: Sequence[Any]) -> Shapes:
    """Shapes in whole units."""
    flat = np.array([*shapes, None], dtype=object)[:-1]
    whole: Shapes = shapely.transform(flat, lambda xy: np.rint(xy * PER_DEGREE))
    return whole


def _degrees(shapes: Shapes) -> Shapes:
    degrees: Shapes = shapely.transform(shapes, lambda xy: xy / PER_DEGREE)
    return degrees


def _refuse_kinds(shapes: Shapes, kinds: Any, name: str) -> None:
    bad = ~np.isin(shapely.get_type_id(shapes), kinds) | shapely.is_empty(shapes)
    if bad.any():
        raise ValueError(f"{name} {int(np.flatnonzero(bad)[0])} has no shape that fits, or none")
    for at in np.flatnonzero(~shapely.is_valid(shapes)):
        raise ValueError(f"{name} {at} is no valid shape: {shapely.is_valid_reason(shapes[at])}")


def _refuse_bad(places: Shapes, labels: Ints, parents: Shapes, line_of_part: Ints) -> None:
    _refuse_kinds(places, PLACES, "place")
    _refuse_kinds(parents, PLACES[1:], "line")
    if len(labels) != len(places):
        raise ValueError(f"{len(places)} places and {len(labels)} labels")
    if len(labels) and not 0 <= labels.min() <= labels.max() < len(line_of_part):
        raise ValueError(f"a place has a part beyond the {len(line_of_part)} that there are")
    empty = np.flatnonzero(np.bincount(labels, minlength=len(line_of_part)) == 0)
    if len(empty):
        raise ValueError(f"part {empty[0]} has no place")


def _inside(places: Shapes, names: Ints, parent: Any, line: int) -> Shapes:
    """The places as far as they lie in the parent; ValueError names one that does not at all."""
    shapely.prepare(parent)
    over = np.flatnonzero(~shapely.covers(parent, places))
    inside = places.copy()
    for at in over:
        pieces = shapely.get_parts(shapely.intersection(places[at], parent, grid_size=1.0))
        pieces = pieces[shapely.get_dimensions(pieces) == 2]
        if not len(pieces):
            raise ValueError(f"place {names[at]} lies outside line {line}")
        inside[at] = shapely.union_all(pieces)
    return inside


def _refuse_shared(places: Shapes, names: Ints, part: Ints) -> None:
    """Refuse ground or a point that belongs to two parts. Less than five centimetres of common
    ground is rounding."""
    point = shapely.get_type_id(places) == shapely.GeometryType.POINT
    tree = shapely.STRtree(places)
    one, two = tree.query(places[point], predicate="intersects")
    one = np.flatnonzero(point)[one]
    for a, b in zip(one[part[one] != part[two]], two[part[one] != part[two]], strict=True):
        raise ValueError(f"places {names[a]} and {names[b]} meet, and are of different parts")
    areas = np.flatnonzero(~point)
    for found in overlaps(_degrees(places[areas])):
        a, b = areas[found.first], areas[found.second]
        if part[a] != part[b]:
            raise ValueError(f"places {names[a]} and {names[b]} overlap in different parts")
