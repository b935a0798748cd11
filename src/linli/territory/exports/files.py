"""A plan as GeoJSON (RFC 7946) and as a GeoPackage (OGC 12-128), for anybody's map."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

from linli.areas.names import LANGUAGES
from linli.territory.labels import unpacked
from linli.territory.models import Grid, Group, Plan
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
        values |= _names(names[values["number"]])
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def groups(plan: Plan) -> bytes:
    """The neighbour groups that a plan brings along, as UTF-8: outline, code, grid and names."""
    features = [
        {
            "type": "Feature",
            "properties": {"code": row.code, "grid": row.grid, **_names(row.names)},
            "geometry": shapely.geometry.mapping(shapely.from_wkb(bytes(row.wkb))),
        }
        for row in plan.groups.order_by("code")
    ]
    found = {"type": "FeatureCollection", "features": features}
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def _names(names: Mapping[str, str]) -> dict[str, str]:
    return {f"name_{key}": names.get(key, "") for key in LANGUAGES}


def geopackage(plan: Plan, path: Path) -> None:
    """Write a file of layers: `grids`, polygons, `settlements`, points with their grid.

    And `groups`, polygons, where the plan brings neighbour groups along. Settlements have a third
    coordinate where their heights are known. A file that is there already is replaced.
    """
    path.unlink(missing_ok=True)
    rows = by_number(plan)
    _write_grids(path, [rows[number] for number in sorted(rows)])
    here = places(plan.gazetteer)
    grid = each(unpacked(plan.labels), {number: row.code for number, row in rows.items()})
    columns = {"code": here.codes, "households": here.households, "grid": grid}
    if here.heights is None:
        _write(path, "settlements", "Point", _points(here.lon, here.lat), columns)
    else:
        high = _points(here.lon, here.lat, here.heights)
        _write(path, "settlements", "Point Z", high, columns)
    if found := list(plan.groups.order_by("code")):
        _write_outlines(path, "groups", found, [{"code": g.code, "grid": g.grid} for g in found])


def _write_grids(path: Path, grids: list[Grid]) -> None:
    values = [properties(grid) for grid in grids]
    for row in values:
        row.pop(LOCAL)
    _write_outlines(path, "grids", grids, values)


def _write_outlines(
    path: Path, layer: str, rows: Sequence[Grid | Group], values: Sequence[Mapping[str, Any]]
) -> None:
    """A layer of polygons: of each row its values, its names and its outline."""
    keys = list(values[0]) if values else ["code"]
    columns = {key: _column([one[key] for one in values]) for key in keys}
    for key in LANGUAGES:
        columns[f"name_{key}"] = _column([row.names.get(key, "") for row in rows])
    shapes = np.array([bytes(row.wkb) or None for row in rows] + [None], dtype=object)[:-1]
    _write(path, layer, "MultiPolygon", shapes, columns)


def _column(values: list[Any]) -> Any:
    if values and isinstance(values[0], str):
        return np.array(values, dtype=object)
    if None in values:
        return np.array(values, dtype=np.float64)  # NaN, which is written as no value
    return np.array(values)


def _points(*axes: Any) -> Any:
    return np.array([*shapely.to_wkb(shapely.points(*axes)), None], dtype=object)[:-1]


def _write(path: Path, layer: str, kind: str, shapes: Any, columns: dict[str, Any]) -> None:
    pyogrio.raw.write(
        str(path), shapes, list(columns.values()), np.array(list(columns), dtype=object),
        layer=layer, driver="GPKG", geometry_type=kind, crs=CRS, append=path.exists(),
        promote_to_multi=kind.startswith("Multi"),
    )  # fmt: skip
