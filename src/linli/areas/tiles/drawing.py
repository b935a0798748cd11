"""What is drawn at one zoom: shapes in the unit square of Web Mercator, simplified once.

Areas of the deepest level that a zoom shows are simplified together, as a coverage: an edge that
two areas share stays shared. The levels above are unions of them, so that a county's line runs
exactly along its townships' lines.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas.models import Area, MapFeature
from linli.areas.shapes import from_wkb
from linli.engines.mercator import to_world

PIXELS = 512  # a tile on the screen
MAX_ZOOM = 14
# From this zoom on: the deepest level shown, by depth.
DEPTHS = ((0, 2), (6, 3), (9, 4), (11, 5), (13, 6))
EXACT = 13  # from here on outlines are drawn as they are
# From this zoom on: the smallest rank of rivers, roads and settlements shown.
RANKS = ((0, 1), (8, 2), (10, 3), (12, 99))
SAME = 1e-6

Shapes = NDArray[Any]
Tags = dict[str, str | int]


@dataclass(frozen=True)
class Layer:
    """Shapes of one layer with their attributes, and an index over them."""

    name: str
    shapes: Shapes
    tags: Sequence[Tags]
    tree: shapely.STRtree


def layers(zoom: int) -> list[Layer]:
    """Everything that tiles of this zoom draw, the lowest layer first."""
    areas, labels = _areas(zoom)
    drawn = [areas, *(_features(layer, zoom) for layer in MapFeature.Layer.values), labels]
    return [layer for layer in drawn if len(layer.shapes)]


def step(table: Sequence[tuple[int, int]], zoom: int) -> int:
    """The value of the last row of `table` that begins at `zoom` or before."""
    return max(row for row in table if row[0] <= zoom)[1]


def _areas(zoom: int) -> tuple[Layer, Layer]:
    areas = list(
        Area.objects.current()
        .filter(level__depth__lte=step(DEPTHS, zoom), boundary__isnull=False)
        .select_related("level", "boundary")
        .order_by("level__depth", "code")
    )
    outlines = from_wkb([area.boundary.wkb for area in areas])
    shapes = outlines if zoom >= EXACT else _simplified(areas, outlines, pixel(zoom))
    tags = [_tags(area.names, code=area.code, level=area.level.code) for area in areas]
    centres = shapely.points([(area.centre_lon or 0.0, area.centre_lat or 0.0) for area in areas])
    return _layer("areas", shapes, tags), _layer("labels", np.asarray(centres), tags)


def pixel(zoom: int) -> float:
    """Degrees of longitude in one pixel of the screen."""
    return 360.0 / (PIXELS * 2.0**zoom)


def _simplified(areas: Sequence[Area], outlines: Shapes, tolerance: float) -> Shapes:
    """Each level from the deepest up: unions of what was simplified, where that is the same area.

    Outlines that no lower level tiles are simplified with the others of their level.
    """
    result = np.full(len(areas), None, dtype=object)
    sizes = shapely.area(outlines)
    rows = {area.code: row for row, area in enumerate(areas)}
    parts: dict[int, list[int]] = {}
    for depth in sorted({area.level.depth for area in areas}, reverse=True):
        here = [row for row, area in enumerate(areas) if area.level.depth == depth]
        tiled = [row for row in here if _is_tiled(row, parts, sizes)]
        for row in tiled:
            result[row] = _union(result[parts[row]])
        if alone := sorted(set(here) - set(tiled)):
            result[alone] = shapely.coverage_simplify(outlines[alone], tolerance)
        for row in here:
            above = rows.get(areas[row].path.rpartition("/")[0].rpartition("/")[2])
            if above is not None:
                parts.setdefault(above, []).append(row)
    return result


def _union(shapes: Shapes) -> Any:
    try:
        return shapely.coverage_union_all(shapes)
    except shapely.errors.GEOSException:  # a corner of one lies in the middle of another's edge
        return shapely.union_all(shapes)


def _is_tiled(row: int, parts: Mapping[int, list[int]], sizes: NDArray[np.float64]) -> bool:
    covered = sizes[parts[row]].sum() if row in parts else 0.0
    return bool(abs(covered - sizes[row]) <= SAME * sizes[row])


def _features(layer: str, zoom: int) -> Layer:
    rows = list(MapFeature.objects.filter(layer=layer, rank__lte=step(RANKS, zoom)))
    shapes = from_wkb([row.wkb for row in rows])
    if layer != MapFeature.Layer.SETTLEMENT:
        shapes = shapely.simplify(shapes, pixel(zoom) / 2)
    tags = [_tags(row.names, code=row.code, rank=row.rank) for row in rows]
    return _layer(f"{layer}s", shapes, tags)


def _tags(names: Mapping[str, str], **others: str | int) -> Tags:
    return others | {f"name_{language}": name for language, name in sorted(names.items())}


def _layer(name: str, degrees: Shapes, tags: Sequence[Tags]) -> Layer:
    shapes = shapely.transform(degrees, to_world)
    return Layer(name, shapes, tags, shapely.STRtree(shapes))
