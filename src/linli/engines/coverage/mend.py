"""Mending polygons: crossed rings, overlaps, thin gaps."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely

from linli.engines.coverage.find import Gap, Overlap
from linli.engines.coverage.grid import Shapes, rounded


def uncrossed(shape: Any) -> Any:
    """A valid polygon or multipolygon near `shape`, whose rings cross; empty if nothing is left.

    What outer rings enclose is inside, what their holes enclose is outside.
    """
    kept = _polygonal(shapely.make_valid(shape, method="structure", keep_collapsed=False))
    return rounded(np.array([kept, None], dtype=object)[:1])[0]


def without_overlaps(shapes: Shapes, found: Sequence[Overlap]) -> Shapes:
    """The polygons after each overlap went to the one that comes first in the list.

    Polygons that overlap nothing stay as they are, to the last digit.
    """
    result = shapes.copy()
    for overlap in sorted(found, key=lambda overlap: (overlap.second, overlap.first)):
        result[overlap.second] = _polygonal(
            shapely.difference(result[overlap.second], shapes[overlap.first])
        )
    return _rounded_where_changed(shapes, result)


def without_gaps(shapes: Shapes, found: Sequence[Gap]) -> Shapes:
    """The polygons after each gap went to the neighbour with the longest edge along it."""
    result = shapes.copy()
    for gap in found:
        edges = shapely.boundary(result[list(gap.around)])
        shared = shapely.length(shapely.intersection(edges, shapely.boundary(gap.shape)))
        winner = gap.around[int(np.argmax(shared))]
        result[winner] = _polygonal(shapely.union(result[winner], gap.shape))
    return _rounded_where_changed(shapes, result)


def _rounded_where_changed(before: Shapes, after: Shapes) -> Shapes:
    changed = np.array([old is not new for old, new in zip(before, after, strict=True)], dtype=bool)
    after[changed] = rounded(after[changed])
    return after


def _polygonal(shape: Any) -> Any:
    """The parts of a shape that have an area, as one polygon or multipolygon."""
    parts = shapely.get_parts(shape)
    return shapely.union_all(parts[shapely.get_dimensions(parts) == 2])
