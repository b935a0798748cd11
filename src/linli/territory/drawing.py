"""Outlines of grids: unions of neighbour groups where these have outlines, else drawn anew.

Inside its line, the township or village that no grid crosses, the outlines tile exactly.
"""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linli.areas.conditions import below
from linli.areas.models import Area, Boundary, MapFeature
from linli.areas.shapes import from_wkb, to_wkb
from linli.engines.partition import dissolved, outlines
from linli.territory import figures
from linli.territory.models import Gazetteer, Grid
from linli.territory.projecting import Sheet
from linli.territory.queries.settlements import Ints, Places, each

GROUP = "group"
WAYS = (MapFeature.Layer.RIVER, MapFeature.Layer.ROAD)  # borders follow them where they can
SLACK = 1e-9  # of the area of a line: what rounding may leave over
NOTHING = b"", 0.0
Shapes = NDArray[Any]


def drawn(
    gazetteer: Gazetteer,
    here: Places,
    rows: Mapping[int, Grid],
    labels: Ints,
    lines: Collection[str],
) -> dict[int, tuple[bytes, float]]:
    """The outline of each grid of these lines, as WKB, and its roundness, by the grid's number.

    `labels` are those of the settlements `here`, all of `gazetteer`. Empty for a grid that cannot
    be drawn: its line has no outline, no settlement of it lies inside that, or two grids of the
    line have settlements at the same point.
    """
    line_of = each(labels, {number: grid.line for number, grid in rows.items()})
    numbers = sorted(number for number, grid in rows.items() if grid.line in lines)
    shapes: dict[int, Any] = {}
    ways = _Ways()
    places = _shapes(gazetteer, here, np.flatnonzero(np.isin(line_of, sorted(lines))))
    for code, parent in _outlines_of(sorted(lines)).items():
        at = np.flatnonzero(line_of == code)
        at = at[shapely.intersects(places[at], parent)]
        names, inside = np.unique(labels[at], return_inverse=True)
        found = _within(parent, code, places[at], inside.ravel(), len(names), ways)
        shapes |= dict(zip(names.tolist(), found, strict=True)) if found is not None else {}
    return _measured(numbers, shapes, here.sheet)


def _measured(
    numbers: Collection[int], shapes: Mapping[int, Any], sheet: Sheet
) -> dict[int, tuple[bytes, float]]:
    known = [number for number in numbers if number in shapes]
    one = np.array([*(shapes[number] for number in known), None], dtype=object)[:-1]
    flat = shapely.transform(one, sheet.kilometres)
    values = figures.roundness(shapely.area(flat), shapely.length(flat)).tolist()
    found = dict(zip(known, zip(to_wkb(one), values, strict=True), strict=True))
    return {number: found.get(number, NOTHING) for number in numbers}


def patches(here: Places, rows: Mapping[int, Grid], labels: Ints, at: Ints) -> Ints:
    """The polygons in which the settlements `at` lie, of the outlines of their own grids.

    (len(at),): one number for each polygon, -1 for a settlement in none.
    """
    numbers = np.array([number for number, grid in rows.items() if grid.wkb], np.int64)
    shapes = from_wkb([bytes(rows[int(number)].wkb) for number in numbers])
    polygons, of = shapely.get_parts(shapes, return_index=True)
    spots: Any = shapely.points(here.lon[at], here.lat[at])
    spot, polygon = shapely.STRtree(polygons).query(spots, predicate="intersects")
    own = labels[at][spot] == numbers[of[polygon]]
    found = np.full(len(at), -1)
    found[spot[own]] = polygon[own]
    return found


def _shapes(gazetteer: Gazetteer, here: Places, at: Ints) -> Shapes:
    """The settlements: outlines where they were imported, else points; only those `at` are read."""
    shapes: Shapes = np.asarray(shapely.points(here.lon, here.lat), dtype=object)
    wanted = set(at.tolist())
    rows = gazetteer.rows.exclude(wkb=b"").values_list("position", "wkb")
    outlined = {n: wkb for n, wkb in rows.iterator() if n in wanted}
    if outlined:
        shapes[list(outlined)] = from_wkb(list(outlined.values()))
    return shapes


def _outlines_of(lines: Collection[str]) -> dict[str, Any]:
    rows = Boundary.objects.filter(area__in=Area.objects.current().filter(code__in=lines))
    found = dict(rows.values_list("area__code", "wkb"))
    return dict(zip(found, from_wkb(list(found.values())), strict=True))


class _Ways:
    """Rivers and roads, read when they are needed."""

    def __init__(self) -> None:
        self._lines: list[Any] | None = None

    def lines(self) -> list[Any]:
        if self._lines is None:
            rows = MapFeature.objects.filter(layer__in=WAYS).values_list("wkb", flat=True)
            self._lines = list(from_wkb(list(rows)))
        return self._lines


def _within(
    parent: Any, line: str, places: Shapes, inside: Ints, parts: int, ways: _Ways
) -> list[Any] | None:
    """The outlines of the parts of one line, by the order of their numbers."""
    if parts < 2:
        return [parent][:parts]
    joined = _of_groups(line, parent, places, inside, parts)
    if joined is not None:
        return joined
    try:
        line_of_part = np.zeros(parts, np.int64)
        return outlines(list(places), inside, [parent], line_of_part, along=ways.lines())
    except ValueError:
        return None


def _of_groups(
    line: str, parent: Any, places: Shapes, inside: Ints, parts: int
) -> list[Any] | None:
    """Unions of the line's neighbour groups; None where they do not tile it or one has two grids.

    A group without a settlement goes with the nearest one.
    """
    cells = _groups(line)
    if len(cells) < parts or abs(float(shapely.area(cells).sum()) / parent.area - 1) > SLACK:
        return None
    points = shapely.point_on_surface(places)
    where, at = shapely.STRtree(cells).query(points, predicate="intersects")
    near = cKDTree(shapely.get_coordinates(points))
    of_cell = inside[near.query(shapely.get_coordinates(shapely.point_on_surface(cells)))[1]]
    of_cell[at] = inside[where]
    own = np.zeros(len(inside), np.bool_)  # in a cell of its own grid; an edge is part of both
    own[where[of_cell[at] == inside[where]]] = True
    if not own.all() or len(np.unique(of_cell)) < parts:
        return None
    try:
        return dissolved(list(cells), of_cell, parts)
    except ValueError:
        return None


def _groups(line: str) -> Shapes:
    """The outlines of the neighbour groups below an area, in the order of their codes."""
    inside = Q(pk__in=())
    for path in Area.objects.current().filter(code=line).values_list("path", flat=True):
        inside |= below(path)
    groups = Area.objects.current().filter(inside, level__code=GROUP)
    rows = Boundary.objects.filter(area__in=groups).order_by("area__code")
    return from_wkb(list(rows.values_list("wkb", flat=True)))
