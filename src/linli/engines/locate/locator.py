"""Which polygon of a list covers a point: exact, and in some thirty nanoseconds."""

from collections.abc import Mapping, Sequence
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.locate import asking
from linli.engines.locate.raster import NOWHERE, Ints, Raster, raster_of
from linli.engines.locate.rings import HALF_TURN, TURN, UNITS, rings_of

FORMAT = 1
ARRAYS = ("cells", "turn", "candidates", "reach", "edges", "corners", "origin")

Floats = NDArray[np.float64]
Bounds = tuple[float, float, float, float]


class Locator:
    """An index over polygons that never changes once it is built; any number of threads may ask.

    Coordinates, of polygons and of points, are rounded to 1e-7 degree. After that every answer is
    exact: the first polygon of the list that covers the point, edges and corners included, whether
    the polygons tile, overlap or leave gaps. The order of the list is the caller's rule.
    """

    def __init__(self, polygons: Sequence[bytes], *, even_odd: bool = False) -> None:
        """Build from polygons as WKB, in degrees; Refused (a ValueError) says what is wrong.

        With `even_odd` even an invalid polygon is answered for, by the even-odd rule.
        """
        shapes = np.asarray([*shapely.from_wkb(np.asarray([*polygons, None])[:-1])], dtype=object)
        self._take(raster_of(rings_of(shapes, even_odd=even_odd)), len(shapes))

    def _take(self, raster: Raster, count: int) -> None:
        self._raster, self._count = raster, count
        self._west, self._south = (int(n) for n in raster.origin)
        shift, columns = raster.shift, raster.columns
        self._size = (columns, len(raster.cells) // columns if columns else 0)
        self._wide, self._high = (n << shift for n in self._size)
        self._cells = raster.cells.data
        self._rest = (raster.turn, raster.candidates, raster.reach, raster.edges, raster.corners)
        east = self._west + self._wide
        # A land across the antimeridian has longitudes beyond 180; a point there has two of them.
        self._turns = [0]
        self._turns += [TURN] if east >= HALF_TURN else []
        self._turns += [-TURN] if self._west <= -HALF_TURN else []

    def __len__(self) -> int:
        return self._count

    @property
    def nbytes(self) -> int:
        """What the index takes in memory."""
        return self._raster.nbytes

    def locate(self, lons: Floats, lats: Floats) -> Ints:
        """For each point the first polygon of the list that covers it, or NOWHERE (-1).

        Degrees, both of shape (n,); what is no number is nowhere.
        """
        found = self._locate(lons, lats, 0)
        for turn in self._turns[1:]:
            other = self._locate(lons, lats, turn)
            better = (other != NOWHERE) & ((found == NOWHERE) | (other < found))
            found[better] = other[better]
        return found

    def _locate(self, lons: Floats, lats: Floats, turn: int) -> Ints:
        found = np.empty(len(lons), dtype=np.int32)
        lons, lats = np.ascontiguousarray(lons, np.float64), np.ascontiguousarray(lats, np.float64)
        raster = self._raster
        west, south = float(self._west - turn), float(self._south)
        asking.many(
            lons, lats, west, south, self._size, raster.shift, raster.cells, *self._rest, found
        )
        return found

    def one(self, lon: float, lat: float) -> int:
        """`locate` for a single point; finite degrees."""
        x, y = round(lon * UNITS) - self._west, round(lat * UNITS) - self._south
        if len(self._turns) == 1:
            return self._one(x, y)
        found = [self._one(x + turn, y) for turn in self._turns]
        return min((index for index in found if index != NOWHERE), default=NOWHERE)

    def _one(self, x: int, y: int) -> int:
        if not (0 <= x < self._wide and 0 <= y < self._high):
            return NOWHERE
        shift = self._raster.shift
        state: int = self._cells[(y >> shift) * self._size[0] + (x >> shift)]
        if state >= NOWHERE:
            return state
        return int(asking.in_border_cell(x, y, -2 - state, shift, *self._rest))

    # ---------------------------------------------------------------- to keep it

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Everything that has to be kept to have this index again."""
        raster = self._raster
        numbers = np.array([FORMAT, self._count, raster.shift, raster.columns], dtype=np.int64)
        return {"numbers": numbers} | {name: getattr(raster, name) for name in ARRAYS}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The index that `arrays` came from; ValueError where they are of another format."""
        numbers = arrays["numbers"].tolist()
        if numbers[0] != FORMAT:
            raise ValueError(f"format {numbers[0]} of an index, and not {FORMAT}")
        _format, count, shift, columns = numbers
        parts = {name: arrays[name] for name in ARRAYS}
        self = cls.__new__(cls)
        self._take(Raster(shift=shift, columns=columns, **parts), count)
        return self
