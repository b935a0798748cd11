"""Web Mercator (EPSG:3857) as a unit square: x from west to east, y from north to south, 0 to 1."""

import numpy as np
from numpy.typing import NDArray

LAT_LIMIT = 85.051128779806604  # where the square ends: atan(sinh(pi)) in degrees
EARTH = 40_075_016.685578488  # metres round the equator in EPSG:3857

Window = tuple[float, float, float, float]


def to_world(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows of (lon, lat) in degrees as rows of (x, y) in the unit square."""
    lat = np.radians(np.clip(degrees[:, 1], -LAT_LIMIT, LAT_LIMIT))
    y = 0.5 - np.log(np.tan(np.pi / 4 + lat / 2)) / (2 * np.pi)
    return np.column_stack([degrees[:, 0] / 360 + 0.5, y])


def tile_window(zoom: int, x: int, y: int, margin: float) -> Window:
    """The part of the square that a tile shows, and `margin` of a tile around it."""
    size = 0.5**zoom
    return (
        (x - margin) * size,
        (y - margin) * size,
        (x + 1 + margin) * size,
        (y + 1 + margin) * size,
    )
