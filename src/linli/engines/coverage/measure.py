"""Sizes of shapes in degrees."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EQUATOR = 6_378_137.0  # metres, semi-major axis of WGS 84
E2 = 0.006694379990141317  # first eccentricity squared
E = np.sqrt(E2)
METRES_PER_DEGREE = 111_320.0

Shapes = NDArray[Any]
Floats = NDArray[np.float64]


def square_metres(shapes: Shapes) -> Floats:
    """Area of each shape on the ellipsoid, by Lambert's cylindrical equal-area projection.

    Edges are straight in longitude and latitude, as in GeoJSON (RFC 7946, section 3.1.1).
    """
    return np.asarray(shapely.area(shapely.transform(shapes, _equal_area)), dtype=np.float64)


def _equal_area(degrees: Floats) -> Floats:
    """Snyder, Map Projections (USGS 1395), 3-12 and 10-15, standard parallel 0."""
    sine = np.sin(np.radians(degrees[:, 1]))
    log = np.log((1 - E * sine) / (1 + E * sine))
    q = (1 - E2) * (sine / (1 - E2 * sine**2) - log / (2 * E))
    return np.column_stack([EQUATOR * np.radians(degrees[:, 0]), EQUATOR * q / 2])


def widths(shapes: Shapes) -> Floats:
    """About how wide each shape is, in metres: twice its area by its perimeter.

    Exact for a long strip; for a square a half of its side. Tells slivers from real gaps.
    """
    flat = shapely.transform(shapes, _flat)
    around = np.asarray(shapely.length(flat), dtype=np.float64)
    sizes = np.asarray(shapely.area(flat), dtype=np.float64)
    return np.divide(2 * sizes, around, out=np.zeros_like(sizes), where=around > 0)


def _flat(degrees: Floats) -> Floats:
    """Metres near the middle of the shapes; not exact, and need not be."""
    if not len(degrees):
        return degrees
    narrow = np.cos(np.radians(degrees[:, 1].mean()))
    metres: Floats = degrees * [METRES_PER_DEGREE * narrow, METRES_PER_DEGREE]
    return metres
