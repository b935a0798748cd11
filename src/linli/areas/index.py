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
from collections import defaultdict
from collections.abc import Mapping
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

FORM = 2  # of the files; a new one leaves old files unused
FRESH = 1.0  # seconds for which a stamp read outside a transaction is believed
PERIODS_KEPT = 4
Stamp = tuple[int, int]
Bounds = tuple[float, float, float, float]


@dataclass(frozen=True)
class Level:
    """The boundaries of one level, or of all: `rows` are theirs in the index, ascending.

    The locator knows these boundaries in this order, and may know others after them.
    """

    rows: NDArray[np.int64]
    locator: Locator


@dataclass(frozen=True)
class Index:
    """Boundaries of one period, deepest level first, then precedence, then code.

    `ids` and `codes` have one entry for each; `levels` are by their codes, and None is all of
    them; what was asked for once is kept in `_areas`.
    """

    day: dt.date
    ids: NDArray[np.int64]
    codes: NDArray[Any]
    levels: Mapping[str | None, Level]
    bounds: Bounds | None
    _areas: dict[int, Area] = field(default_factory=dict)

    def row(self, lon: float, lat: float, level: str | None = None) -> int:
        """The row of the area of one point, or -1."""
        part = self.levels.get(level)
        found = NOWHERE if part is None else part.locator.one(lon, lat)
        if part is None or level is None or found == NOWHERE:
            return found
        return int(part.rows[found]) if found < len(part.rows) else NOWHERE

    def rows(
        self, lons: NDArray[np.float64], lats: NDArray[np.float64], level: str | None
    ) -> NDArray[np.int64]:
        """`row` for many points."""
        rows = np.full(len(lons), NOWHERE, dtype=np.int64)
        part = self.levels.get(level)
        if part is not None:
            found = part.locator.locate(lons, lats)
            here = (found != NOWHERE) & (found < len(part.rows))
            rows[here] = part.rows[found[here]]
        return rows

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
        whole = self.levels[None].locator
        codes = [code for code in self.levels if code is not None]
        arrays: dict[str, Any] = {f"whole/{name}": a for name, a in whole.arrays().items()}
        for n, level in enumerate(self.levels[code] for code in codes):
            own = {} if level.locator is whole else level.locator.arrays()
            arrays |= {f"{n}/{name}": a for name, a in own.items()} | {f"{n}/rows": level.rows}
        with part.open("wb") as file:
            np.savez(
                file,
                ids=self.ids,
                codes=self.codes.astype(np.str_),
                levels=np.array(codes, dtype=np.str_),
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
            parts: dict[str, dict[str, NDArray[Any]]] = defaultdict(dict)
            for name, array in kept.items():
                part, _slash, own = name.rpartition("/")
                parts[part][own] = array
            whole = Locator.of(parts["whole"])
            levels: dict[str | None, Level] = {None: Level(np.arange(len(whole)), whole)}
            for n, code in enumerate(kept["levels"].tolist()):
                of_level = parts[str(n)]
                locator = Locator.of(of_level) if len(of_level) > 1 else whole
                levels[code] = Level(of_level["rows"], locator)
            bounds = tuple(kept["bounds"].tolist()) or None
            return cls(day, kept["ids"], kept["codes"].astype(object), levels, bounds)
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
    # what is stored was checked when it came in; an old outline never stops the service
    whole = Locator(outlines, even_odd=True)
    levels: dict[str | None, Level] = {None: Level(np.arange(len(rows)), whole)}
    members: dict[str, list[int]] = defaultdict(list)
    for n, row in enumerate(rows):
        members[row[4]].append(n)
    for code, of_level in members.items():
        # a level that answers before all others is asked for in the table of all
        first = of_level[-1] == len(of_level) - 1
        locator = whole if first else Locator([outlines[n] for n in of_level], even_odd=True)
        levels[code] = Level(np.array(of_level), locator)
    return Index(
        day=day,
        ids=np.array([row[3] for row in rows], dtype=np.int64),
        codes=np.array([row[2] for row in rows], dtype=object),
        levels=levels,
        bounds=_bounds(outlines),
    )


def _bounds(outlines: list[bytes]) -> Bounds | None:
    if not outlines:
        return None
    west, south, east, north = shapely.total_bounds(shapely.from_wkb(outlines)).tolist()
    return west, south, east, north
