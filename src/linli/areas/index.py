"""The index behind `area_at`: one per period in which no boundary changed, kept in this process.

A writer of this room changes the edition; the next question notices and builds anew, or reads the
index that another process built from the file beside the database. An index never changes once it
is there, so that any number of threads may ask it.
"""

import bisect
import datetime as dt
import os
import secrets
import threading
import time
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import numpy as np
import shapely
from django.conf import settings
from django.db import connection
from django.db.models import Max
from numpy.typing import NDArray

from linli.areas import editions
from linli.areas.conditions import holds
from linli.areas.models import Area, Boundary
from linli.engines.coverage.grid import PER_DEGREE
from linli.engines.locate import NOWHERE, Locator

FORM = 1  # of the files; a new one leaves old files unused
FRESH = 1.0  # seconds for which a stamp read outside a transaction is believed
PERIODS_KEPT = 4
NOBODY = np.iinfo(np.int64).max
Stamp = tuple[int, int]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Level:
    """The boundaries of one level; `rows` are theirs in the index, ascending."""

    code: str
    depth: int
    rows: NDArray[np.int64]
    locator: Locator


@dataclass(frozen=True)
class Index:
    """Boundaries of one period, deepest level first, then precedence, then code.

    `ids` and `codes` have one entry for each; what was asked for once is kept in `_areas`.
    """

    day: dt.date
    ids: NDArray[np.int64]
    codes: NDArray[Any]
    levels: tuple[Level, ...]
    bounds: Bounds | None
    _areas: dict[int, Area] = field(default_factory=dict)

    def row(self, lon: float, lat: float, level: str | None = None) -> int:
        """The row of the area of one point, or -1."""
        row, depth = NOWHERE, NOWHERE
        for part in self.levels:
            if row != NOWHERE and part.depth != depth:
                return row
            if level is None or part.code == level:
                found = part.locator.one(lon, lat)
                if found != NOWHERE and (row == NOWHERE or part.rows[found] < row):
                    row, depth = int(part.rows[found]), part.depth
        return row

    def rows(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], level: str | None
    ) -> NDArray[np.int64]:
        """`row` for many points."""
        rows = np.full(len(lons), NOBODY, dtype=np.int64)
        waiting, depth = np.arange(len(lons)), NOWHERE
        for part in self.levels:
            if level is None or part.code == level:
                if part.depth != depth:
                    waiting, depth = np.flatnonzero(rows == NOBODY), part.depth
                found = part.locator.locate(lons[waiting], lats[waiting])
                here = waiting[found != NOWHERE]
                rows[here] = np.minimum(rows[here], part.rows[found[found != NOWHERE]])
        return np.where(rows == NOBODY, NOWHERE, rows)

    def area(self, row: int) -> Area:
        """The area of a row. Everybody shares it: whoever writes takes one of their own."""
        if row not in self._areas:
            areas = Area.objects.select_related("level", "parent")
            self._areas[row] = areas.get(pk=int(self.ids[row]))
        return self._areas[row]

    def covering(self, lon: float, lat: float) -> list[str]:
        """Codes of all areas that cover a point, in the order of the index. Reads all outlines."""
        found = Boundary.objects.filter(holds(self.day, "area__")).values_list("area_id", "wkb")
        ids, outlines = zip(*found, strict=True) if found else ((), ())
        whole = shapely.transform(
            shapely.from_wkb([bytes(wkb) for wkb in outlines]), lambda xy: np.rint(xy * PER_DEGREE)
        )
        here = shapely.intersects_xy(whole, round(lon * PER_DEGREE), round(lat * PER_DEGREE))
        wanted = {pk for pk, covers in zip(ids, here, strict=True) if covers}
        return [
            str(code) for pk, code in zip(self.ids, self.codes, strict=True) if int(pk) in wanted
        ]

    # ---------------------------------------------------------------- beside the database

    def keep(self, path: Path) -> None:
        """Write it down; whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{secrets.token_hex(8)}")
        arrays: dict[str, Any] = {
            f"{n}/{name}": array
            for n, level in enumerate(self.levels)
            for name, array in (level.locator.arrays() | {"rows": level.rows}).items()
        }
        with part.open("wb") as file:
            np.savez(
                file,
                ids=self.ids,
                codes=self.codes.astype(np.str_),
                levels=np.array([level.code for level in self.levels], dtype=np.str_),
                depths=np.array([level.depth for level in self.levels], dtype=np.int64),
                bounds=np.array(self.bounds or (), dtype=np.float64),
                **arrays,
            )
        os.replace(part, path)

    @classmethod
    def kept(cls, path: Path, day: dt.date) -> Self | None:
        """What `keep` wrote; None where there is nothing, or nothing whole."""
        try:
            with np.load(path, allow_pickle=False) as file:
                kept = {name: file[name] for name in file.files}
            levels = []
            for n, (code, depth) in enumerate(zip(kept["levels"], kept["depths"], strict=True)):
                of_level = {
                    name.split("/")[1]: array
                    for name, array in kept.items()
                    if name.startswith(f"{n}/")
                }
                locator = Locator.of(of_level)
                levels.append(Level(str(code), int(depth), of_level["rows"], locator))
            bounds = tuple(kept["bounds"].tolist()) or None
            return cls(day, kept["ids"], kept["codes"].astype(object), tuple(levels), bounds)
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            return None


def stamp() -> Stamp:
    """Changes whenever areas do: the edition, and the newest row as a second lock."""
    newest = Area.objects.aggregate(newest=Max("pk"))["newest"]
    return editions.current(), newest or 0


@dataclass(frozen=True)
class _Periods:
    """The indexes of one stamp; `days` are those on which something began or ended."""

    stamp: Stamp
    asked: float
    days: list[dt.date]
    indexes: dict[int, Index]


class _Shelf:
    """The indexes of the present stamp. Who finds one there takes no lock and asks no database."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._periods: _Periods | None = None

    def at(self, day: dt.date) -> Index:
        """The index of a day.

        Inside a transaction the database is asked whether areas have changed; outside, at most
        once a second.
        """
        periods = self._periods
        if (
            periods is None
            or connection.in_atomic_block
            or time.monotonic() - periods.asked > FRESH
        ):
            periods = self._asked()
        period = bisect.bisect_right(periods.days, day)
        return periods.indexes.get(period) or self._made(periods, period, day)

    def forget(self) -> None:
        """Ask the database at the next question."""
        self._periods = None

    def _asked(self) -> _Periods:
        asked, now, before = time.monotonic(), stamp(), self._periods
        if before is not None and before.stamp == now:
            periods = _Periods(now, asked, before.days, before.indexes)
        else:
            periods = _Periods(now, asked, _changes(), {})
        # What a transaction sees is not believed outside: it may be rolled back.
        inside = connection.in_atomic_block
        self._periods = (
            _Periods(now, float("-inf"), periods.days, periods.indexes) if inside else periods
        )
        return periods

    def _made(self, periods: _Periods, period: int, day: dt.date) -> Index:
        with self._lock:
            if period not in periods.indexes:
                while len(periods.indexes) >= PERIODS_KEPT:
                    periods.indexes.pop(next(iter(periods.indexes)))
                periods.indexes[period] = _index(periods.stamp, period, day)
            return periods.indexes[period]


_shelf = _Shelf()


def at(day: dt.date) -> Index:
    """The index that holds on `day`, built if there is none for the present edition."""
    return _shelf.at(day)


def forget() -> None:
    """The territory has changed in this process: ask the database at the next question."""
    _shelf.forget()


def _changes() -> list[dt.date]:
    spans = Boundary.objects.values_list("area__since", "area__until").distinct()
    return sorted({day for span in spans for day in span if day is not None})


def _index(now: Stamp, period: int, day: dt.date) -> Index:
    """From the file beside the database, or built and written there.

    Inside a transaction nothing is written: an edition that is rolled back leaves no file. What is
    there was committed under this very edition, and is read everywhere: the first report after a
    start does not build an index while it holds the database. Without an edition there is none.
    """
    folder = settings.VAR / "index"
    path = folder / f"{FORM}-{now[0]:x}-{now[1]}" / f"{period}.npz"
    kept = Index.kept(path, day) if now[0] else None
    if kept is not None:
        return kept
    built = _build(day)
    if now[0] and not connection.in_atomic_block:
        _forget_others(folder, path.parent.name)
        built.keep(path)
    return built


def _forget_others(folder: Path, key: str) -> None:
    for old in folder.glob("*/*"):
        if old.parent.name != key:
            old.unlink(missing_ok=True)


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
    outlines = [bytes(row[5]) for row in rows]
    members: dict[tuple[int, str], list[int]] = {}
    for n, row in enumerate(rows):
        members.setdefault((row[0], row[4]), []).append(n)
    levels = [
        Level(
            code,
            depth,
            np.array(of_level),
            # what is stored was checked when it came in; an old outline never stops the service
            Locator([outlines[n] for n in of_level], even_odd=True),
        )
        for (depth, code), of_level in members.items()
    ]
    return Index(
        day=day,
        ids=np.array([row[3] for row in rows], dtype=np.int64),
        codes=np.array([row[2] for row in rows], dtype=object),
        levels=tuple(levels),
        bounds=_bounds(outlines),
    )


def _bounds(outlines: list[bytes]) -> Bounds | None:
    if not outlines:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(outlines)).tolist()
    return west, south, east, north
