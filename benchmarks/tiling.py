"""Polygons with long ragged borders that tile a rectangle exactly, as rivers make them."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import Voronoi

WEST, SOUTH, WIDE, HIGH = 100.0, 30.0, 3.2, 2.6
RAGGED = 0.10  # how far a midpoint moves aside, in lengths of its piece
GRID = 1e-7  # degree


def ragged_tiling(count: int, corners: int, seed: int = 3) -> NDArray[Any]:
    """`count` polygons with about `corners` corners each, on the 1e-7 degree grid."""
    rng = np.random.default_rng(seed)
    seeds = _even(rng.random((count, 2)) * [WIDE, HIGH])
    over = [seeds * [-1, 1], [2 * WIDE, 0] + seeds * [-1, 1], seeds * [1, -1]]
    cells = Voronoi(np.vstack([seeds, *over, [0, 2 * HIGH] + seeds * [1, -1]]))
    ridges = [
        (cells.vertices[list(ends)], max(sides) >= count)
        for sides, ends in zip(cells.ridge_points, cells.ridge_vertices, strict=True)
        if min(ends) >= 0 and min(sides) < count
    ]
    length = sum(float(np.hypot(*(b - a))) for (a, b), _rim in ridges)
    shortest = 2 * length / count / corners * 1.6
    lines = [line if rim else _rough(line, shortest, rng) for line, rim in ridges]
    moved = [shapely.LineString(np.add(line, (WEST, SOUTH))) for line in lines]
    noded = shapely.union_all(moved, grid_size=GRID)
    parts = shapely.get_parts(shapely.polygonize([noded]))
    return np.asarray(parts[np.argsort(-shapely.area(parts))][:count])


def _even(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lloyd's step, twice: cells of about one size."""
    for _round in range(2):
        over = [points * [-1, 1], [2 * WIDE, 0] + points * [-1, 1], points * [1, -1]]
        cells = Voronoi(np.vstack([points, *over, [0, 2 * HIGH] + points * [1, -1]]))
        regions = (cells.regions[cells.point_region[i]] for i in range(len(points)))
        points = np.array([cells.vertices[region].mean(axis=0) for region in regions])
    return points


def _rough(
    line: NDArray[np.float64], shortest: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    while True:
        step = np.diff(line, axis=0)
        if np.hypot(*step.T).max() <= shortest:
            return line
        aside = rng.normal(0, RAGGED, len(step)).clip(-2 * RAGGED, 2 * RAGGED)
        middle = (line[1:] + line[:-1]) / 2 + np.column_stack([-step[:, 1], step[:, 0]]) * aside[
            :, None
        ]
        finer = np.empty((2 * len(line) - 1, 2))
        finer[::2], finer[1::2] = line, middle
        line = finer
