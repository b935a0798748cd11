"""Outlines as they are stored: WKB in two dimensions, EPSG:4326, rounded to 1e-7 degrees."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.coverage.grid import DECIMALS

Shapes = NDArray[Any]


def to_wkb(shapes: Shapes) -> list[bytes]:
    """Bytes for the database; the same outline gives the same bytes."""
    return list(shapely.to_wkb(shapes, byte_order=1))


def from_wkb(rows: Sequence[bytes | memoryview]) -> Shapes:
    """Shapes from the database."""
    return np.asarray(shapely.from_wkb([bytes(row) for row in rows]), dtype=object)


def centres(shapes: Shapes) -> NDArray[np.float64]:
    """A point inside each shape, for its label: an array of (lon, lat) rows."""
    points = shapely.get_coordinates(shapely.point_on_surface(shapes)).reshape(-1, 2)
    return np.round(points, DECIMALS)
