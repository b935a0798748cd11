"""Settlements from a file: an identifier, a place, households, a workload; nothing else is read.

A file is read once, a row at a time, and judged as it is read; what can be stored waits on the disk
until the whole file was found right, so that nobody waits for the database meanwhile.
"""

import base64
import json
import math
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Any

import shapely

from linli.areas.imports.mapping import as_text
from linli.areas.imports.sources import Row, Source, in_degrees
from linli.areas.models import SMALLEST_SETTLEMENT, Area
from linli.areas.worship import plain
from linli.kernel.actions import require
from linli.kernel.models import Account
from linli.territory import neighbouring, rules, workload
from linli.territory.actions.gazetteer import import_settlements
from linli.territory.checking import Judge
from linli.territory.models import Gazetteer
from linli.territory.problems import Problems
from linli.territory.rows import SettlementRow

# What a column may be called; whatever else a file has stops the import.
COLUMNS = {
    "code": ("code", "id", "编码", "编号", "ཨང་རྟགས", "ཨང་རྟགས།"),
    "lon": ("lon", "longitude", "经度", "གཞུང་ཐིག", "གཞུང་ཐིག།"),
    "lat": ("lat", "latitude", "纬度", "འཕྲེད་ཐིག", "འཕྲེད་ཐིག།"),
    "wkt": ("wkt", "geometry", "geom", "几何"),
    "households": ("households", "户数", "ཁྱིམ་ཚང", "ཁྱིམ་ཚང་།", "དུད་ཁྱིམ", "དུད་ཁྱིམ།"),
    "workload": ("workload", "工作量", "ལས་འགན", "ལས་འགན།"),
}
MEANS = {plain(name): field for field, names in COLUMNS.items() for name in names}
AREAS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
IN_MEMORY = 1 << 24  # bytes of waiting settlements, before they wait on the disk
Progress = Callable[[int], object]


class Workload(StrEnum):
    """Where the workload of a settlement comes from."""

    FILE = "file"
    HOUSEHOLDS = "households"
    CASES = "cases"


@dataclass(frozen=True)
class Checked:
    """A file that was read and found right, or not; `rows` are what it would store."""

    read: int
    left_out: int
    problems: Problems
    rows: Iterable[SettlementRow]


def import_file(
    path: Path,
    area: Area,
    *,
    source: Workload = Workload.FILE,
    base: float = 1.0,
    layer: str = "",
    neighbours: Path | None = None,
    progress: Progress | None = None,
    by: Account | None,
) -> Gazetteer:
    """Import the settlements of an area from CSV, GeoJSON or GeoPackage; all of them or none.

    `source` says where the workload comes from; `base` is that of a household where it is counted
    from past cases; `neighbours` is a second file, see `neighbouring.read`. Raises
    `problems.Refused`, Invalid `file-unreadable`, `area-without-outline`.
    """
    require(rules.may_plan(by, area))
    beside = None if neighbours is None else neighbouring.read(neighbours)
    with tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8") as waiting:
        found = checked(path, area, waiting, source=source, layer=layer, progress=progress)
        found.problems.refuse()
        rows = found.rows
        if source is Workload.CASES:
            rows = workload.with_cases(area, list(rows), base=base)
        return import_settlements(
            area, rows, left_out=found.left_out, neighbours=beside, by=by
        )  # fmt: skip


def checked(
    path: Path,
    area: Area,
    waiting: IO[str],
    *,
    source: Workload = Workload.FILE,
    layer: str = "",
    progress: Progress | None = None,
) -> Checked:
    """Read and judge a file; what it would store goes to `waiting`."""
    problems = Problems()
    judge = Judge(area, problems)
    reader = _Reader(path, layer, source, problems, progress)
    for batch in judge.judged(reader.rows()):
        for row in batch:
            waiting.write(_packed(row))
    return Checked(reader.read, judge.left_out, problems, _waiting(waiting))


def _packed(row: SettlementRow) -> str:
    values = [row.code, row.lon, row.lat, row.households, row.workload, row.height]
    return json.dumps([*values, base64.b64encode(row.wkb).decode()]) + "\n"


def _waiting(file: IO[str]) -> Iterator[SettlementRow]:
    file.seek(0)
    for line in file:
        code, lon, lat, households, load, height, wkb = json.loads(line)
        yield SettlementRow(code, lon, lat, households, load, base64.b64decode(wkb), height)


@dataclass(frozen=True)
class _Place:
    """Where a settlement is: a point inside, degrees; its outline and height where it has them."""

    lon: float
    lat: float
    wkb: bytes = b""
    height: float | None = None


class _Reader:
    """The rows of a file as settlements; what cannot be read is noted."""

    def __init__(
        self, path: Path, layer: str, source: Workload, problems: Problems,
        progress: Progress | None,
    ) -> None:  # fmt: skip
        self.read = 0
        self._file = Source(path, layer)
        self._source, self._problems, self._progress = source, problems, progress
        self._seen: tuple[str, ...] = ()
        self._names: dict[str, str] = {}

    def rows(self) -> Iterator[SettlementRow]:
        """Every row that can be read."""
        for row in self._file.rows():
            self.read += 1
            if self._progress and self.read % 1000 == 0:
                self._progress(self.read)
            keys = tuple(map(str, row.values))
            if keys != self._seen:
                self._seen, self._names = keys, self._columns(keys)
            if (made := self._settlement(row)) is not None:
                yield made
        if not in_degrees(self._file.crs):
            self._problems.note("coordinates-projected", self._file.crs[:80])

    def _columns(self, keys: tuple[str, ...]) -> dict[str, str]:
        """Which column says what; Refused where one is not imported, or one lacks."""
        found: dict[str, str] = {}
        for key in keys:
            means = MEANS.get(plain(key))
            if means is None or (self._file.spatial and means in ("lon", "lat", "wkt")):
                self._problems.note("column-refused", key[:80] or "“”")
            elif means in found:
                self._problems.note("columns-alike", f"{found[means]}, {key}")
            else:
                found[means] = key
        needed = {"code", "households"} | ({"workload"} if self._needs_workload else set())
        if not self._file.spatial and "wkt" not in found:
            needed |= {"lon", "lat"}
        elif "wkt" in found and {"lon", "lat"} & set(found):
            self._problems.note("columns-alike", "wkt, lon, lat")
        self._problems_of(sorted(needed - set(found)))
        return found

    def _problems_of(self, missing: list[str]) -> None:
        self._problems.note("column-missing", *missing)
        self._problems.refuse()

    @property
    def _needs_workload(self) -> bool:
        return self._source is Workload.FILE

    def _settlement(self, row: Row) -> SettlementRow | None:
        values = {means: row.values.get(key) for means, key in self._names.items()}
        code = as_text(values.get("code"))
        named = code[:40] or f"#{row.number}"
        households = _whole(values.get("households"))
        if households is None:
            self._problems.note("households-not-a-number", named)
            return None
        place = self._place(row, values)
        if place is None:
            if 0 <= households < SMALLEST_SETTLEMENT:
                return SettlementRow(code, math.nan, math.nan, households, 1.0)
            self._problems.note("place-missing", named)
            return None
        load = float(households)
        if self._needs_workload:
            load = _number(values.get("workload"))
        return SettlementRow(
            code, place.lon, place.lat, households, load, place.wkb, place.height
        )  # fmt: skip

    def _place(self, row: Row, values: Mapping[str, Any]) -> _Place | None:
        if self._file.spatial:
            return None if row.broken else _point(row.shape)
        if "wkt" in values:
            try:
                return _point(shapely.from_wkt(as_text(values["wkt"])))
            except shapely.errors.ShapelyError:
                return None
        lon, lat = _number(values["lon"]), _number(values["lat"])
        return _Place(lon, lat) if math.isfinite(lon + lat) else None


def _point(shape: Any) -> _Place | None:
    """A point inside a shape, and its outline where it has one; None for anything else."""
    if shape is None or shape.is_empty:
        return None
    if shapely.get_type_id(shape) == shapely.GeometryType.POINT:
        return _Place(float(shape.x), float(shape.y), height=_height(shape))
    if shapely.get_type_id(shape) not in AREAS:
        return None
    inside = shape.point_on_surface()
    outline = shapely.to_wkb(shapely.force_2d(shape))
    return _Place(float(inside.x), float(inside.y), outline, _height(shape))


def _height(shape: Any) -> float | None:
    """The mean of the third coordinates of a shape; None where it has none."""
    if not shape.has_z:
        return None
    mean = float(shapely.get_coordinates(shape, include_z=True)[:, 2].mean())
    return None if math.isnan(mean) else mean


def _number(value: Any) -> float:
    try:
        return float(as_text(value) or "nan")
    except ValueError:
        return math.nan


def _whole(value: Any) -> int | None:
    number = _number(value)
    return int(number) if math.isfinite(number) and number.is_integer() else None
