"""What goes into a gazetteer, before it is rows of the database."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class SettlementRow:
    """A settlement by code: a point inside, degrees, and its outline as WKB where it has one.

    `height` is metres above the sea, where they are known.
    """

    code: str
    lon: float
    lat: float
    households: int
    workload: float
    wkb: bytes = b""
    height: float | None = None


@dataclass(frozen=True)
class NeighbourRows:
    """Which settlements one can go between: `pairs` (m, 2) are places in the list of `codes`."""

    codes: tuple[str, ...] = ()
    pairs: NDArray[np.int64] = field(default_factory=lambda: np.zeros((0, 2), np.int64))


@dataclass(frozen=True)
class RoadRows:
    """Roads as lines: the `corners` (m, 2) of all, lon and lat as they came, and the place `start`
    (roads + 1,) where each begins and the last ends.
    """

    corners: NDArray[np.float64]
    start: NDArray[np.int64]
