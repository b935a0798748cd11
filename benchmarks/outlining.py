"""Polygons for the grids of a prefecture: 8,636 settlements, 1,015 grids in 221 townships.

`python -m benchmarks.outlining`; in CPU seconds. Township outlines are made by the same function,
from the settlements of `valley`; the rivers are waves from west to east.
"""

import time

import numpy as np
import shapely
from scipy.spatial import cKDTree

from benchmarks.valley import valley
from linli.engines.partition import divide, outlines, shares

SETTLEMENTS, TOWNSHIPS, GRIDS = 8636, 221, 1015
KM_EAST, KM_NORTH = 91.6, 110.9  # in a degree, at 34.6 north


def print_outlines() -> None:
    """How long polygons for all grids take, with nothing to follow and along rivers."""
    here = valley(SETTLEMENTS)
    rng = np.random.default_rng(1)
    points = np.round(here.points / [KM_EAST, KM_NORTH] + [89.4, 34.6], 7)
    seats = here.points[rng.choice(SETTLEMENTS, TOWNSHIPS, replace=False)]
    town = cKDTree(seats).query(here.points)[1].astype(np.int64)
    parts = shares(np.bincount(town, here.workload), GRIDS)
    parts = np.minimum(parts, np.bincount(town))
    plan = divide(here.points, here.workload, town, parts)
    places = shapely.points(points)
    land = shapely.box(*np.round(points.min(axis=0) - 0.05, 7), *np.round(points.max(0) + 0.05, 7))
    outlines(places[:9], np.arange(9) // 5, [land], np.zeros(2, np.int64))  # compiles
    begun = time.process_time()
    parents = outlines(places, town, [land], np.zeros(TOWNSHIPS, np.int64))
    print(f"\n{TOWNSHIPS} townships, {SETTLEMENTS} settlements: {_since(begun)}")
    waves = np.linspace(points.min(axis=0), points.max(axis=0), 400)
    rivers = [
        shapely.LineString(
            np.column_stack([waves[:, 0], height + 0.02 * np.sin(waves[:, 0] * 60 + height)])
        )
        for height in np.linspace(points[:, 1].min(), points[:, 1].max(), 40)
    ]
    for name, along in (("nothing to follow", []), ("40 rivers", rivers)):
        begun = time.process_time()
        found = outlines(places, plan.labels, parents, plan.line_of_part, along=along)
        pieces = sum(shape.geom_type == "MultiPolygon" for shape in found)
        corners = int(shapely.get_num_coordinates(found).sum())
        print(
            f"{len(found)} grids, {name}: {_since(begun)}, {corners} corners, "
            f"{pieces} in several pieces, {int(shapely.is_valid(found).sum())} valid"
        )


def _since(begun: float) -> str:
    return f"{time.process_time() - begun:.1f} CPU s"


if __name__ == "__main__":
    print_outlines()
