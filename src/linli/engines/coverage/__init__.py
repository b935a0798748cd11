"""Do polygons tile? Overlaps and gaps with their sizes, and mending what can be mended.

Polygons are in degrees (longitude, latitude); sizes are in square metres on the WGS 84 ellipsoid.
"""

from linli.engines.coverage.find import ROUNDING, Gap, Overlap, gaps, outside, overlaps
from linli.engines.coverage.grid import rounded
from linli.engines.coverage.measure import square_metres, widths
from linli.engines.coverage.mend import uncrossed, without_gaps, without_overlaps

__all__ = [
    "ROUNDING",
    "Gap",
    "Overlap",
    "gaps",
    "outside",
    "overlaps",
    "rounded",
    "square_metres",
    "uncrossed",
    "widths",
    "without_gaps",
    "without_overlaps",
]
