"""Files as rows: GeoJSON (also .gz), GeoPackage, or a table (CSV, UTF-8).

Whoever reads a file refuses columns by their names. So a table whose columns are not all named, or
that has cells beyond the last of them, is read no further; and what stands in a feature beside its
properties is a column like these. Nothing can hide there.
"""

import csv
import gzip
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.areas.imports.geojson import NotGeoJson, Reader
from linli.kernel.errors import Invalid, Text

BATCH = 2_000
# What a feature of GeoJSON has by itself. Whatever else stands there is a column, as its `id` is.
MEMBERS = {"type", "geometry", "properties", "bbox"}
DEGREES = {"4326", "4490", "4979", "CRS84"}  # EPSG, and OGC's name for WGS 84 with lon first


@dataclass(frozen=True)
class Row:
    """One row of a file; `shape` is None where it has no geometry."""

    number: int
    values: Mapping[str, Any]
    shape: Any = None
    broken: str = ""  # why the geometry could not be read


class Source:
    """A file, read once from front to back; `crs` is complete when the rows have been read."""

    def __init__(self, path: Path, layer: str = "") -> None:
        self.path = path
        self.crs = ""
        self.spatial = True
        self._layer = layer

    def rows(self) -> Iterator[Row]:
        """Every row.

        Raises Invalid, also half-way through: file-unreadable, and of a table column-unnamed,
        column-twice, row-too-long.
        """
        name = self.path.name.lower()
        try:
            if name.endswith((".geojson", ".json", ".geojson.gz", ".json.gz")):
                yield from self._geojson(name.endswith(".gz"))
            elif name.endswith(".gpkg"):
                yield from self._geopackage()
            elif name.endswith(".csv"):
                self.spatial = False
                yield from self._table()
            else:
                raise unreadable(_("Only GeoJSON, GeoPackage and CSV files are read."))
        except (OSError, EOFError, zlib.error, UnicodeDecodeError, csv.Error, NotGeoJson) as error:
            raise unreadable(_("The file cannot be read."), str(error)) from error

    def _geojson(self, packed: bool) -> Iterator[Row]:
        with gzip.open(self.path) if packed else self.path.open("rb") as file:
            reader = Reader(file)  # type: ignore[arg-type]
            for number, feature in enumerate(reader.features(), 1):
                beside = {name: feature[name] for name in feature.keys() - MEMBERS}
                values = {**beside, **(feature.get("properties") or {})}
                yield _row(number, values, feature.get("geometry"))
            crs = reader.head.get("crs")
            if isinstance(crs, dict):
                self.crs = str((crs.get("properties") or {}).get("name", ""))

    def _geopackage(self) -> Iterator[Row]:
        if self.path.open("rb").read(15) != b"SQLite format 3":
            raise unreadable(_("The file is no GeoPackage."))
        layer = self._layer or self._only_layer()
        start = 0
        while True:
            try:
                meta, _fids, shapes, columns = pyogrio.raw.read(
                    self.path, layer=layer, skip_features=start, max_features=BATCH
                )
            except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
                raise unreadable(_("The file cannot be read."), str(error)) from error
            self.crs = meta["crs"] or ""
            names = [str(name) for name in meta["fields"]]
            count = len(columns[0]) if columns else len(shapes if shapes is not None else ())
            for k in range(count):
                values = {name: column[k] for name, column in zip(names, columns, strict=True)}
                yield _row(start + k + 1, values, None if shapes is None else shapes[k])
            if count < BATCH:
                return
            start += count

    def _only_layer(self) -> str:
        layers = [str(name) for name, _kind in pyogrio.list_layers(self.path)]
        if len(layers) != 1:
            raise unreadable(
                _("The file has several layers; name one in the mapping."), ", ".join(layers)
            )
        return layers[0]

    def _table(self) -> Iterator[Row]:
        with self.path.open(encoding="utf-8-sig", newline="") as file:
            lines = filter(None, csv.reader(file, strict=True))
            names = _named(next(lines, []))
            for number, cells in enumerate(lines, 1):
                if len(cells) > len(names):
                    text = gettext(
                        "Row %(row)s below the head of the table has more cells than it."
                    )
                    raise Invalid("row-too-long", text % {"row": number}, fields={"row": number})
                yield Row(number, dict(zip_longest(names, cells)))


def _named(head: Sequence[str]) -> Sequence[str]:
    """The columns of a table, each with a name of its own."""
    seen: dict[str, int] = {}
    for number, name in enumerate(map(str.strip, head), 1):
        if not name:
            text = gettext("Column %(column)s of the table has no name.") % {"column": number}
            raise Invalid("column-unnamed", text, fields={"column": number})
        if name in seen:
            text = gettext("Columns %(one)s and %(two)s of the table have the same name.")
            places = {"one": seen[name], "two": number}
            raise Invalid("column-twice", text % places, fields={"column": name[:80]})
        seen[name] = number
    return head


def unreadable(message: Text, note: str = "") -> Invalid:
    """The error for a file that cannot be read; `note` says what its reader said."""
    return Invalid("file-unreadable", message, fields={"file": note} if note else None)


def _row(number: int, values: Mapping[str, Any], geometry: Any) -> Row:
    if geometry is None:
        return Row(number, values)
    try:
        if isinstance(geometry, bytes):
            shape = shapely.from_wkb(geometry)
        else:
            shape = shapely.geometry.shape(geometry)
        if not np.isfinite(shapely.get_coordinates(shape)).all():
            return Row(number, values, broken="NaN")
    except (shapely.errors.ShapelyError, ValueError, TypeError, KeyError, AttributeError) as error:
        return Row(number, values, broken=str(error)[:80])
    return Row(number, values, shape)


def in_degrees(crs: str) -> bool:
    """Whether coordinates of this reference system may be read as WGS 84 longitude and latitude.

    CGCS2000 (EPSG:4490) is read as equal: the two differ by less than a metre on the ground, which
    is less than boundaries are surveyed to.
    """
    return not crs or re.split(r"[:/#]+", crs.strip())[-1].upper() in DEGREES
