"""The index behind `area_at`: one per period in which no boundary changed, kept in this process.

A writer of this room changes the edition; the next question notices and builds anew. An index
never changes once it is built, so that any number of threads may ask it.
"""

import bisect
import datetime as dt
import threading
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db.models import Max
from numpy.typing import NDArray

from linli.areas import editions
from linli.areas.conditions import holds
from linli.areas.models import Area, Boundary
from linli.engines.locate import Locator

PERIODS_KEPT = 4
Stamp = tuple[int, int]


@dataclass(frozen=True)
class Index:
    """Boundaries of one period, deepest level first, then precedence, then code."""

    ids: NDArray[np.int64]
    codes: NDArray[Any]
    levels: NDArray[Any]
    locator: Locator

    @property
    def bounds(self) -> tuple[float, float, float, float] | None:
        """West, south, east, north of everything; None where there is nothing."""
        return self.locator.bounds

    def rows(self, lons: NDArray[np.float64], lats: NDArray[np.float64], level: str | None) -> Any:
        """For each point the row of its area in this index, or -1."""
        among = None if level is None else self.levels == level
        return self.locator.locate(lons, lats, among)


def stamp() -> Stamp:
    """Changes whenever areas do: the edition, and the newest row as a second lock."""
    newest = Area.objects.aggregate(newest=Max("pk"))["newest"]
    return editions.current(), newest or 0


class _Shelf:
    """The indexes of one stamp."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: Stamp | None = None
        self._days: list[dt.date] = []
        self._indexes: dict[int, Index] = {}

    def at(self, day: dt.date) -> Index:
        now = stamp()
        with self._lock:
            if now != self._stamp:
                self._days, self._indexes = _changes(), {}
                self._stamp = now
            period = bisect.bisect_right(self._days, day)
            if period not in self._indexes:
                while len(self._indexes) >= PERIODS_KEPT:
                    self._indexes.pop(next(iter(self._indexes)))
                self._indexes[period] = _build(day)
            return self._indexes[period]


_shelf = _Shelf()


def at(day: dt.date) -> Index:
    """The index that holds on `day`, built if this process has none for the present edition."""
    return _shelf.at(day)


def _changes() -> list[dt.date]:
    spans = Boundary.objects.values_list("area__since", "area__until").distinct()
    return sorted({day for span in spans for day in span if day is not None})


def _build(day: dt.date) -> Index:
    rows = sorted(
        Boundary.objects.filter(holds(day, "area__")).values_list(
            "area__level__depth",
            "area__precedence",
            "area__code",
            "area_id",
            "area__level__code",
            "wkb",
        ),
        key=lambda row: (-row[0], row[1], row[2]),
    )
    return Index(
        ids=np.array([row[3] for row in rows], dtype=np.int64),
        codes=np.array([row[2] for row in rows], dtype=object),
        levels=np.array([row[4] for row in rows], dtype=object),
        locator=Locator([bytes(row[5]) for row in rows]),
    )
