"""Neighbours from a file: a table of two columns of codes of settlements; or roads, as lines.

Of a table nothing else is read, and another column stops it. Of roads only where they run is read.
"""

from array import array
from pathlib import Path

import numpy as np
import shapely

from linli.areas.imports.mapping import as_text
from linli.areas.imports.sources import Source, in_degrees
from linli.areas.worship import plain
from linli.territory.problems import Problems
from linli.territory.rows import NeighbourRows, RoadRows

# What a column may be called; whatever else a file has stops the import.
COLUMNS = {
    "from": ("from", "从", "ནས", "ནས།"),
    "to": ("to", "到", "བར", "བར།"),
}
MEANS = {plain(name): field for field, names in COLUMNS.items() for name in names}
LINES = (shapely.GeometryType.LINESTRING, shapely.GeometryType.MULTILINESTRING)


def read(path: Path) -> NeighbourRows | RoadRows:
    """The pairs of a CSV, as they are there; or the roads of a GeoJSON or GeoPackage.

    Raises `problems.Refused`, Invalid `file-unreadable`.
    """
    return _pairs(path) if path.suffix.lower() == ".csv" else _roads(path)


def _roads(path: Path) -> RoadRows:
    problems, file = Problems(), Source(path)
    corners, sizes = [np.zeros((0, 2))], [0]
    for row in file.rows():
        if row.broken or shapely.get_type_id(row.shape) not in LINES:
            problems.note("road-not-a-line", f"#{row.number}")
            continue
        for line in shapely.get_parts(row.shape):
            corners.append(shapely.get_coordinates(line))
            sizes.append(len(corners[-1]))
    if not in_degrees(file.crs):
        problems.note("coordinates-projected", file.crs[:80])
    problems.refuse()
    return RoadRows(np.vstack(corners), np.cumsum(sizes, dtype=np.int64))


def _pairs(path: Path) -> NeighbourRows:
    """The pairs of a table; one row is for both ways."""
    problems, places, flat = Problems(), dict[str, int](), array("q")
    file, seen, names = Source(path), None, dict[str, str]()
    for row in file.rows():
        keys = tuple(row.values)
        if keys != seen:
            seen, names = keys, _columns(keys, problems)
        pair = [as_text(row.values[names[end]])[:40] for end in COLUMNS]
        if all(pair):
            flat.extend(places.setdefault(code, len(places)) for code in pair)
        else:
            problems.note("neighbour-missing", f"#{row.number}")
    problems.refuse()
    return NeighbourRows(tuple(places), np.array(flat, np.int64).reshape(-1, 2))


def _columns(keys: tuple[str, ...], problems: Problems) -> dict[str, str]:
    """Which column says from and which to; Refused where there is another, or one lacks."""
    found = {MEANS[plain(key)]: key for key in keys if plain(key) in MEANS}
    strange = [key[:80] or "“”" for key in keys if plain(key) not in MEANS]
    problems.note("neighbour-column-refused", *strange)
    problems.note("column-missing", *(end for end in COLUMNS if end not in found))
    if len(found) < len(keys) - len(strange):
        problems.note("columns-alike", ", ".join(keys))
    problems.refuse()
    return found
