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
from linli.areas.models import Area, Boundary
from linli.areas.shapes import from_wkb, to_wkb
from linli.engines.coverage import rounded
from linli.territory import figures
from linli.territory.models import Grid
from linli.territory.projecting import Sheet
from linli.territory.queries.settlements import Ints, Places

GROUP = "group"
SLACK = 1e-9  # of the area of a line: what rounding may leave over
Shapes = NDArray[Any]


def drawn(
    here: Places, rows: Mapping[int, Grid], labels: Ints, lines: Collection[str]
) -> dict[int, tuple[bytes, float]]:
    """The outline of each grid of these lines, as WKB, and its roundness, by the grid's number.

    Nothing for a line without an outline of its own. `labels` are those of the settlements `here`.
    """
    parents = _outlines_of(sorted(lines))
    result: dict[int, tuple[bytes, float]] = {}
    line_of = np.array([rows[n].line if n in rows else "" for n in labels.tolist()], dtype=object)
    for code, parent in parents.items():
        at = np.flatnonzero(line_of == code)
        numbers, inside = np.unique(labels[at], return_inverse=True)
        shapes = _within(parent, code, here, at, inside.ravel(), len(numbers))
        around, square = _measured(shapes, here.sheet)
        round_ = figures.roundness(square, around)
        for n, wkb, value in zip(numbers.tolist(), to_wkb(shapes), round_.tolist(), strict=True):
            result[n] = wkb, value
    return result


def _outlines_of(lines: Collection[str]) -> dict[str, Any]:
    rows = Boundary.objects.filter(area__in=Area.objects.current().filter(code__in=lines))
    found = dict(rows.values_list("area__code", "wkb"))
    return dict(zip(found, from_wkb(list(found.values())), strict=True))


def _within(parent: Any, line: str, here: Places, at: Ints, inside: Ints, parts: int) -> Shapes:
    """The outlines of the parts of one line, by the order of their numbers."""
    if parts == 1:
        return np.array([parent], dtype=object)
    degrees = np.column_stack([here.lon[at], here.lat[at]])
    joined = _of_groups(line, parent, degrees, inside, parts)
    return joined if joined is not None else _of_cells(parent, degrees, inside, parts)


def _of_groups(line: str, parent: Any, degrees: Any, inside: Ints, parts: int) -> Shapes | None:
    """Unions of the line's neighbour groups; None where they do not tile it or one has two grids.

    A group without a settlement goes with the nearest one.
    """
    paths = Area.objects.current().filter(code=line).values_list("path", flat=True)
    rows = Boundary.objects.filter(
        area__in=Area.objects.current().filter(_below_any(paths), level__code=GROUP)
    ).order_by("area__code")
    cells = from_wkb(list(rows.values_list("wkb", flat=True)))
    if len(cells) < parts or not _tiled(parent, cells):
        return None
    where, at = shapely.STRtree(cells).query(shapely.points(degrees), predicate="intersects")
    of_cell = inside[cKDTree(degrees).query(_middles(cells))[1]]
    of_cell[at] = inside[where]
    # a settlement on the edge of two cells may lie in either of them
    if not np.isin(np.arange(parts), of_cell).all() or not _agree(of_cell, where, at, inside):
        return None
    return _joined(cells, of_cell, parts)


def _below_any(paths: Any) -> Q:
    found = Q(pk__in=())
    for path in paths:
        found |= below(path)
    return found


def _tiled(parent: Any, cells: Shapes) -> bool:
    whole = float(shapely.area(cells).sum())
    return bool(abs(whole - parent.area) <= SLACK * parent.area)


def _agree(of_cell: Ints, where: Ints, at: Ints, inside: Ints) -> bool:
    """Each settlement lies in a cell of its own grid."""
    own = np.zeros(len(inside), np.bool_)
    own[where[of_cell[at] == inside[where]]] = True
    return bool(own.all())


def _middles(cells: Shapes) -> Any:
    return shapely.get_coordinates(shapely.point_on_surface(cells))


def _of_cells(parent: Any, degrees: Any, inside: Ints, parts: int) -> Shapes:
    """What lies nearer to a settlement of the part than to any other, inside the parent."""
    narrow = np.array([np.cos(np.radians(degrees[:, 1].mean())), 1.0])
    sites, first = np.unique(degrees, axis=0, return_index=True)
    flat = shapely.transform(parent, lambda xy: xy * narrow)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.multipoints(sites * narrow), extend_to=flat)
    )
    at = shapely.STRtree(cells).query(shapely.points(sites * narrow), predicate="within")
    of_cell = np.empty(len(cells), np.int64)
    of_cell[at[1]] = inside[first[at[0]]]
    back = shapely.transform(cells, lambda xy: xy / narrow)
    return rounded(_joined(shapely.intersection(back, parent), of_cell, parts))


def _joined(cells: Shapes, of_cell: Ints, parts: int) -> Shapes:
    return np.array(
        [shapely.unary_union(cells[of_cell == part]) for part in range(parts)], dtype=object
    )


def _measured(shapes: Shapes, sheet: Sheet) -> tuple[Any, Any]:
    """Perimeters in kilometres and areas in square kilometres."""
    flat = shapely.transform(shapes, sheet.kilometres)
    return shapely.length(flat), shapely.area(flat)
