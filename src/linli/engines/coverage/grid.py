"""Coordinates as they are kept: degrees with seven decimals, about a centimetre."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

DECIMALS = 7
STEP = 1e-7

Shapes = NDArray[Any]


def rounded(shapes: Shapes) -> Shapes:
    """The same shapes without heights, each coordinate rounded by itself.

    Two polygons that share a corner share it still: equal numbers round to equal numbers. Where
    rounding makes the rings of a valid polygon touch, that polygon is snapped to the grid as a
    whole, and stays valid.
    """
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    result = np.asarray(shapely.transform(flat, lambda xy: np.round(xy, DECIMALS)), dtype=object)
    touched = ~shapely.is_valid(result)
    touched[touched] = shapely.is_valid(flat[touched])
    result[touched] = shapely.set_precision(flat[touched], STEP, mode="valid_output")
    return result
