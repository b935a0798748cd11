"""Public cases as GeoJSON (RFC 7946) and CSV (RFC 4180)."""

import csv
import json
from collections.abc import Iterable, Iterator
from typing import Any

from linli.opendata.public import PublicCase

COLUMNS = (
    "number", "service", "state", "closing", "text", "area", "place", "lon", "lat", "office",
    "received_at", "first_due_at", "due_at", "resolved_at", "closed_at", "reworks",
)  # fmt: skip
DANGEROUS = "=+-@\t\r"  # a spreadsheet would take such a cell for a formula


def record(case: PublicCase) -> dict[str, Any]:
    """The columns of one case, times in ISO 8601."""
    return {name: _plain(getattr(case, name)) for name in COLUMNS}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def feature(case: PublicCase) -> dict[str, Any]:
    """One GeoJSON feature; without a point its geometry is null."""
    place = None
    if case.lon is not None and case.lat is not None:
        place = {"type": "Point", "coordinates": [case.lon, case.lat]}
    properties = {k: v for k, v in record(case).items() if k not in ("lon", "lat")}
    return {"type": "Feature", "id": case.number, "geometry": place, "properties": properties}


def point(case: PublicCase, **properties: object) -> dict[str, Any]:
    """A feature for a map: where it is, and only these properties."""
    place = {"type": "Point", "coordinates": [case.lon, case.lat]}
    return {"type": "Feature", "geometry": place, "properties": properties}


def geojson(cases: Iterable[PublicCase]) -> Iterator[str]:
    """A feature collection, piece by piece."""
    yield '{"type":"FeatureCollection","features":['
    for index, case in enumerate(cases):
        text = json.dumps(feature(case), ensure_ascii=False, separators=(",", ":"))
        yield f",\n{text}" if index else f"\n{text}"
    yield "\n]}\n"


class _Echo:
    """A file for the csv module that hands each line back."""

    def write(self, line: str) -> str:
        return line


def csv_lines(cases: Iterable[PublicCase]) -> Iterator[str]:
    """A CSV file line by line, with a byte-order mark so that spreadsheets read it as UTF-8."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow(COLUMNS))
    for case in cases:
        yield str(writer.writerow([_cell(value) for value in record(case).values()]))


def _cell(value: Any) -> Any:
    if isinstance(value, str) and value.startswith(tuple(DANGEROUS)):
        return f"'{value}"
    return "" if value is None else value
