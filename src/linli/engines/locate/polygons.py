"""Point in polygon over a fixed list of polygons; the first in the list that covers wins.

The order of the list is the caller's rule for shared edges and overlaps. A point on an edge or a
corner is covered. The orientation test behind it is exact for the coordinates given.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

CHUNK = 65_536
MANY = 256  # points, from which on preparing polygons pays
NOWHERE = -1

Floats = NDArray[np.float64]
Indexes = NDArray[np.intp]
Flags = NDArray[np.bool_]
Shapes = NDArray[Any]
Bounds = tuple[float, float, float, float]


class Locator:
    """An index over polygons that never changes once it is built.

    Its polygons stay unprepared: GEOS keeps scratch state inside a prepared geometry, and threads
    that share one corrupt memory (libgeos/geos#825, still so in GEOS 3.14). A question about many
    points prepares copies of its own.
    """

    def __init__(self, wkb: Sequence[bytes]) -> None:
        self._wkb = np.asarray([*wkb, None], dtype=object)[:-1]
        self._polygons: Shapes = np.asarray(shapely.from_wkb(self._wkb), dtype=object)
        self._tree = shapely.STRtree(self._polygons)
        self.bounds: Bounds | None = None
        if len(self._polygons):
            west, south, east, north = shapely.total_bounds(self._polygons).tolist()
            self.bounds = (west, south, east, north)

    def __len__(self) -> int:
        return len(self._polygons)

    def locate(self, lons: Floats, lats: Floats, among: Flags | None = None) -> Indexes:
        """For each point the index of the first polygon that covers it, or NOWHERE.

        `lons` and `lats` are finite degrees; `among` leaves out polygons where it is False.
        """
        found = np.full(len(lons), NOWHERE, dtype=np.intp)
        for start in range(0, len(lons), CHUNK):
            part = slice(start, start + CHUNK)
            found[part] = self._locate(lons[part], lats[part], among)
        return found

    def covering(self, lon: float, lat: float) -> Indexes:
        """The indexes of all polygons that cover one point, in the order of the list."""
        near = np.sort(self._tree.query(shapely.points(lon, lat)))
        return near[shapely.intersects_xy(self._polygons[near], lon, lat)]

    def _locate(self, lons: Floats, lats: Floats, among: Flags | None) -> Indexes:
        points, polygons = self._tree.query(shapely.points(lons, lats))
        if among is not None:
            kept = among[polygons]
            points, polygons = points[kept], polygons[kept]
        order = np.lexsort((polygons, points))
        points, polygons = points[order], polygons[order]
        shapes = self._shapes(polygons) if len(lons) >= MANY else self._polygons
        waiting, turn = np.unique(points, return_index=True)
        last = np.append(turn[1:], len(points))
        found = np.full(len(lons), NOWHERE, dtype=np.intp)
        while len(waiting):
            here = polygons[turn]
            hit = shapely.intersects_xy(shapes[here], lons[waiting], lats[waiting])
            found[waiting[hit]] = here[hit]
            again = ~hit & (turn + 1 < last)
            waiting, turn, last = waiting[again], turn[again] + 1, last[again]
        return found

    def _shapes(self, needed: Indexes) -> Shapes:
        """Prepared copies of the polygons that are needed, for this thread alone."""
        copies: Shapes = np.full(len(self), None, dtype=object)
        near = np.unique(needed)
        copies[near] = shapely.from_wkb(self._wkb[near])
        shapely.prepare(copies[near])
        return copies
