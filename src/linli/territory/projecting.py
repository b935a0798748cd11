"""Degrees as kilometres: a flat sheet laid on the ground at the middle of what is planned."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from linli.engines.ground import EARTH

Floats = NDArray[np.float64]
A_DEGREE = np.radians(1) * EARTH / 1000  # kilometres along a meridian


@dataclass(frozen=True)
class Sheet:
    """Kilometres east and north of the middle, on a sphere; true to scale along its parallel.

    A hundred kilometres north or south of the middle, ways east are off by 1 to 2 per cent.
    """

    lon: float
    lat: float

    @classmethod
    def over(cls, lon: Floats, lat: Floats) -> Self:
        """The sheet for these points, laid at the middle of the box round them."""
        if not len(lon):
            return cls(0.0, 0.0)
        return cls(float(lon.min() + lon.max()) / 2, float(lat.min() + lat.max()) / 2)

    def _scale(self) -> Floats:
        return np.array([A_DEGREE * np.cos(np.radians(self.lat)), A_DEGREE])

    def kilometres(self, degrees: Any) -> Floats:
        """Rows (lon, lat) as rows (east, north) in kilometres."""
        rows = np.asarray(degrees, dtype=np.float64).reshape(-1, 2)
        return np.asarray((rows - [self.lon, self.lat]) * self._scale())

    def degrees(self, kilometres: Any) -> Floats:
        """Rows (east, north) in kilometres as rows (lon, lat)."""
        rows = np.asarray(kilometres, dtype=np.float64).reshape(-1, 2)
        return np.asarray(rows / self._scale() + [self.lon, self.lat])
