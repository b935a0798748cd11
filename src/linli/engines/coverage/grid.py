"""Coordinates as they are kept: degrees with seven decimals, about a centimetre."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

DECIMALS = 7
STEP = 1e-7
PER_DEGREE = 1e7

Shapes = NDArray[Any]


def rounded(shapes: Shapes) -> Shapes:
    """The same shapes without heights, each coordinate rounded by itself.

    Two polygons that share a corner share it still: equal numbers round to equal numbers. Where
    rounding makes the rings of a valid polygon touch, that polygon is snapped to the grid as a
    whole, and stays valid. Valid is what is valid in whole steps, where nothing is rounded again.
    """
    flat = np.asarray(shapely.force_2d(shapes), dtype=object)
    steps = np.asarray(shapely.transform(flat, lambda xy: xy * PER_DEGREE), dtype=object)
    whole = np.asarray(shapely.transform(steps, np.rint), dtype=object)
    touched = ~shapely.is_valid(whole)
    touched[touched] = shapely.is_valid(flat[touched])
    whole[touched] = shapely.set_precision(steps[touched], 1.0, mode="valid_output")
    return np.asarray(shapely.transform(whole, lambda xy: xy / PER_DEGREE), dtype=object)
