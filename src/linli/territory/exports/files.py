"""A plan as GeoJSON (RFC 7946) and as a GeoPackage (OGC 12-128), for anybody's map."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

from linli.areas.names import LANGUAGES
from linli.territory.labels import unpacked
from linli.territory.models import Grid, Plan
from linli.territory.queries.maps import map_features, properties
from linli.territory.queries.settlements import by_number, each, places

CRS = "EPSG:4326"
LOCAL = "name"  # in the language of the page; a file has all of them


def geojson(plan: Plan) -> bytes:
    """The grids with their figures and names in all languages, as UTF-8."""
    found = map_features(plan)
    names = {grid.number: grid.names for grid in plan.grids.all()}
    for feature in found["features"]:
        values = feature["properties"]
        values.pop(LOCAL)
        values |= {f"name_{key}": names[values["number"]].get(key, "") for key in LANGUAGES}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def geopackage(plan: Plan, path: Path) -> None:
    """Write a file of two layers: `grids`, polygons, and `settlements`, points with their grid.

    A file that is there already is replaced.
    """
    path.unlink(missing_ok=True)
    rows = by_number(plan)
    _write_grids(path, [rows[number] for number in sorted(rows)])
    here = places(plan.gazetteer)
    grid = each(unpacked(plan.labels), {number: row.code for number, row in rows.items()})
    columns = {"code": here.codes, "households": here.households, "grid": grid}
    _write(path, "settlements", "Point", _points(here.lon, here.lat), columns)


def _write_grids(path: Path, grids: list[Grid]) -> None:
    values = [properties(grid) for grid in grids]
    names = [key for key in (values[0] if values else {"code": ""}) if key != LOCAL]
    columns = {name: _column([row[name] for row in values]) for name in names}
    for key in LANGUAGES:
        columns[f"name_{key}"] = _column([grid.names.get(key, "") for grid in grids])
    shapes = np.array([bytes(grid.wkb) or None for grid in grids] + [None], dtype=object)[:-1]
    _write(path, "grids", "MultiPolygon", shapes, columns)


def _column(values: list[Any]) -> Any:
    if values and isinstance(values[0], str):
        return np.array(values, dtype=object)
    return np.array(values)


def _points(lon: Any, lat: Any) -> Any:
    return np.array([*shapely.to_wkb(shapely.points(lon, lat)), None], dtype=object)[:-1]


def _write(path: Path, layer: str, kind: str, shapes: Any, columns: dict[str, Any]) -> None:
    pyogrio.raw.write(
        str(path), shapes, list(columns.values()), np.array(list(columns), dtype=object),
        layer=layer, driver="GPKG", geometry_type=kind, crs=CRS, append=path.exists(),
        promote_to_multi=kind.startswith("Multi"),
    )  # fmt: skip
