"""Longitude and latitude: degrees, EPSG:4326, longitude first."""

import math

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.kernel.errors import Invalid

LON_LIMIT = 180.0
LAT_LIMIT = 90.0


def check(lon: float, lat: float) -> None:
    """Raise Invalid unless the pair is a point on earth; says so where the two look swapped.

    Codes: coordinates-not-finite, coordinates-swapped, coordinates-outside-world.
    """
    if not (math.isfinite(lon) and math.isfinite(lat)):
        raise Invalid("coordinates-not-finite", _("The coordinates are not numbers."))
    if abs(lon) <= LON_LIMIT and abs(lat) <= LAT_LIMIT:
        return
    if abs(lon) <= LAT_LIMIT and abs(lat) <= LON_LIMIT:
        raise Invalid(
            "coordinates-swapped",
            _("Longitude and latitude look swapped: latitude is never above 90 degrees."),
        )
    raise Invalid(
        "coordinates-outside-world",
        _("The coordinates are outside the world: longitude within 180, latitude within 90."),
    )


def check_many(lons: NDArray[np.float64], lats: NDArray[np.float64]) -> None:
    """`check` for arrays: raises for the first pair that is wrong, with its row in `fields`."""
    wrong = ~((np.abs(lons) <= LON_LIMIT) & (np.abs(lats) <= LAT_LIMIT))
    if not wrong.any():
        return
    row = int(np.argmax(wrong))
    try:
        check(float(lons[row]), float(lats[row]))
    except Invalid as error:
        error.fields["row"] = row
        raise
