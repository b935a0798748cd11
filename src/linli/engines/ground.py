"""How far two points lie apart for somebody on the ground: a river is passed where there is a way.

Between two points that no river parts it is the straight line. Otherwise the way leads over a
crossing of that river: a bridge, or a road that crosses it. Of several rivers the one that costs
most counts, so it is never too long; roads and slopes on one bank are not looked at.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
ON_RIVER = 30.0  # metres between a bridge as it was entered and the river it crosses
Floats = NDArray[np.float64]


class Ground:
    """Rivers, and where they can be crossed."""

    def __init__(self, rivers: Sequence[bytes], roads: Sequence[bytes], bridges: Floats) -> None:
        """Lines as WKB, bridges as rows of (lon, lat); all in degrees."""
        self._rivers = shapely.from_wkb(list(rivers))
        self._tree = shapely.STRtree(self._rivers)
        which, points = self._crossed_by(shapely.from_wkb(list(roads)))
        near, bridge = self._beside(bridges)
        which, points = np.concatenate([which, near]), np.vstack([points, bridges[bridge]])
        self._crossings = [points[which == river] for river in range(len(self._rivers))]

    def _crossed_by(self, roads: NDArray[np.object_]) -> tuple[NDArray[np.int64], Floats]:
        road, river = self._tree.query(roads, predicate="intersects")
        meets = shapely.intersection(roads[road], self._rivers[river])
        points, of = shapely.get_coordinates(meets, return_index=True)
        return river[of], points

    def _beside(self, bridges: Floats) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        reach = np.degrees(ON_RIVER / EARTH) / np.cos(np.radians(bridges[:, 1:2]))
        boxes = shapely.box(*(bridges - reach).T, *(bridges + reach).T)
        bridge, river = self._tree.query(boxes, predicate="intersects")
        return river, bridge

    def ways(self, lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
        """Metres from one point to each of many; infinite where no crossing is known."""
        far = metres(lon, lat, lons, lats)
        ends = np.column_stack([lons, lats])
        starts = np.broadcast_to([lon, lat], ends.shape)
        lines: Any = shapely.linestrings(np.stack([starts, ends], axis=1))
        for end, river in zip(*self._tree.query(lines, predicate="intersects"), strict=True):
            if self._meets(lines[end], river) % 2 == 0:
                continue  # into a bend and out of it again, on the same bank
            x, y = self._crossings[river].T
            over = metres(lon, lat, x, y) + metres(lons[end], lats[end], x, y)
            far[end] = max(far[end], over.min(initial=np.inf))
        return far

    def lines(self) -> tuple[NDArray[np.object_], Floats]:
        """The rivers as lines, and every known crossing of any of them as (lon, lat); degrees."""
        return self._rivers, np.vstack([np.zeros((0, 2)), *self._crossings])

    def _meets(self, line: shapely.LineString, river: int) -> int:
        return int(shapely.get_num_coordinates(shapely.intersection(line, self._rivers[river])))


def metres(lon: float, lat: float, lons: Floats, lats: Floats) -> Floats:
    """Straight metres over the ground from one point in degrees to many (haversine)."""
    a, b = np.radians(lat), np.radians(lats)
    half = np.sin((b - a) / 2) ** 2
    half = half + np.cos(a) * np.cos(b) * np.sin(np.radians(lons - lon) / 2) ** 2
    distances: Floats = 2 * EARTH * np.arcsin(np.sqrt(half))
    return distances
