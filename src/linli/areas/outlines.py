"""Outlines of the areas below one, small enough to stand in a page as SVG."""

import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas import index, queries
from linli.areas.models import Area, Boundary
from linli.areas.shapes import from_wkb
from linli.engines.mercator import to_world

WIDTH = 640  # units of the picture; it stretches to the space it is given
FINE = 1.5  # units: what is smaller than this is not drawn
KEPT = 64


@dataclass(frozen=True)
class Outline:
    """One area of a picture: its path, where its name goes, and how much room it has."""

    area: Area
    path: str
    x: int
    y: int
    room: float


@dataclass(frozen=True)
class Drawn:
    """One shape of a sketch: its path, where its name goes, and how much room it has."""

    path: str
    x: int
    y: int
    room: float


@dataclass(frozen=True)
class Sketch:
    """Shapes side by side in a box of `width` by `height` units; `at` says where a point lies."""

    width: int
    height: int
    shapes: Sequence[Drawn]
    corner: tuple[float, float]
    scale: float

    def at(self, lonlat: NDArray[Any]) -> NDArray[np.int_]:
        """Where rows of longitude and latitude (n, 2) lie in the picture, in whole units."""
        spots: NDArray[np.int_] = np.rint((to_world(lonlat) - self.corner) * self.scale).astype(int)
        return spots


@dataclass(frozen=True)
class Picture:
    """Areas side by side in a box of `width` by `height` units."""

    width: int
    height: int
    outlines: Sequence[Outline]


class _Pictures:
    """The pictures of one edition that were asked for lately."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: OrderedDict[tuple[index.Stamp, int], Picture] = OrderedDict()

    def of(self, area: Area) -> Picture:
        key = index.stamp(), area.pk
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        picture = _draw(area)
        with self._lock:
            self._kept[key] = picture
            while len(self._kept) > KEPT:
                self._kept.popitem(last=False)
        return picture


_pictures = _Pictures()


def picture(area: Area) -> Picture:
    """The areas right below `area`, or the area itself where none of them has an outline."""
    return _pictures.of(area)


def _draw(area: Area) -> Picture:
    below = queries.children(area).filter(boundary__isnull=False).select_related("level")
    areas = list(below) or [a for a in [area] if Boundary.objects.filter(area=a).exists()]
    if not areas:
        return Picture(WIDTH, 0, [])
    rows = dict(Boundary.objects.filter(area__in=areas).values_list("area_id", "wkb"))
    drawn = sketch([rows[a.pk] for a in areas])
    outlines = [
        Outline(a, shape.path, shape.x, shape.y, shape.room)
        for a, shape in zip(areas, drawn.shapes, strict=True)
    ]
    return Picture(drawn.width, drawn.height, outlines)


def sketch(wkb: Sequence[bytes | memoryview]) -> Sketch:
    """Outlines (WKB, degrees) that share their edges, as the paths of one picture; one or more."""
    world = shapely.transform(from_wkb(wkb), to_world)
    left, top, right, bottom = shapely.total_bounds(world)
    scale = WIDTH / (right - left)
    shapes = shapely.transform(world, lambda xy: (xy - [left, top]) * scale)
    shapes = shapely.coverage_simplify(shapes, FINE)
    drawn = [
        Drawn(_path(shape), int(x), int(y), float(shape.area))
        for shape, (x, y) in zip(shapes, _middles(shapes), strict=True)
    ]
    height = int(np.ceil((bottom - top) * scale))
    return Sketch(WIDTH, height, drawn, (float(left), float(top)), float(scale))


def _middles(shapes: NDArray[Any]) -> NDArray[np.int_]:
    """The middle of the largest circle in each shape's largest part: where a name has most room."""
    parts = [max(shapely.get_parts(shape), key=lambda part: part.area) for shape in shapes]
    circles = shapely.maximum_inscribed_circle(parts, tolerance=FINE)
    middles: NDArray[np.int_] = np.rint(shapely.get_coordinates(circles)[::2]).astype(int)
    return middles


def _path(shape: Any) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    return "".join(_ring(np.rint(shapely.get_coordinates(ring)).astype(int)) for ring in rings)


def _ring(corners: NDArray[np.int_]) -> str:
    kept = np.append(True, (corners[1:] != corners[:-1]).any(axis=1))
    points = corners[kept][:-1]
    if len(points) < 3:
        return ""
    return "M" + "L".join(f"{x} {y}" for x, y in points) + "Z"
