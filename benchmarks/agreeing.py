"""`python -m benchmarks.agreeing [MILLIONS]`: the index against GEOS, point by point.

Ten million random points by default, then what is hardest for an index: all corners of the
polygons, the middle of each edge, and the points one unit (1e-7 degree) to each side of those.
Both have the same whole numbers; of several polygons that cover a point the first answers.
"""

import sys
import time
from collections.abc import Iterator
from typing import Any

import numpy as np
import shapely

from benchmarks.engines import SEED, first_of
from benchmarks.tiling import ragged_tiling
from linli.engines.locate import Locator

AT_ONCE = 500_000
UNIT = 1e-7  # degree
SIDES = ((0, 0), (1, 0), (-1, 0), (0, 1), (0, -1))


def main(millions: int) -> int:
    """Print how many points were asked and how many differ; 1 where one does."""
    polygons = ragged_tiling(1015, 750)
    locator = Locator(list(shapely.to_wkb(polygons)))
    tree = shapely.STRtree(shapely.transform(polygons, lambda xy: np.rint(xy / UNIT)))
    wrong = 0
    for what, pieces in (("random", _random(polygons, millions)), ("borders", _hard(polygons))):
        asked, differ, start = 0, 0, time.perf_counter()
        for lons, lats in pieces:
            asked += len(lons)
            differ += int((locator.locate(lons, lats) != first_of(tree, lons, lats)).sum())
        taken = time.perf_counter() - start
        print(f"{what}: {asked:,} points, {differ:,} differ from GEOS ({taken:.0f} s)")
        wrong += differ
    return 1 if wrong else 0


def _random(polygons: Any, millions: int) -> Iterator[tuple[Any, Any]]:
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(SEED)
    for _piece in range(millions * 1_000_000 // AT_ONCE):
        yield rng.uniform(west, east, AT_ONCE), rng.uniform(south, north, AT_ONCE)


def _hard(polygons: Any) -> Iterator[tuple[Any, Any]]:
    corners, owner = shapely.get_coordinates(polygons, return_index=True)
    units = np.rint(corners / UNIT)
    middles = (units[1:] + units[:-1])[owner[1:] == owner[:-1]] // 2
    points = np.vstack([units, middles])
    for start in range(0, len(points), AT_ONCE):
        for side in SIDES:
            yield tuple(((points[start : start + AT_ONCE] + side) * UNIT).T)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 10))
