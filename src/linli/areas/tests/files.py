"""Files of areas and places, written for one test."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import shapely

from linli.areas.imports.mapping import FileMapping, mapping_of

COUNTIES = mapping_of({}, level="county")


def square(x: float, y: float, size: float = 1.0) -> shapely.Polygon:
    """A square in degrees; the corner is its south-west."""
    return shapely.box(x, y, x + size, y + size)


def feature(shape: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; `shape` may be a ready mapping, to be wrong on purpose."""
    if shape is not None and not isinstance(shape, Mapping):
        shape = shapely.geometry.mapping(shape)
    return {"type": "Feature", "properties": properties, "geometry": shape}


def geojson(folder: Path, features: Sequence[Any], *, crs: str = "", packed: bool = False) -> Path:
    """A feature collection in a file."""
    body: dict[str, Any] = {"type": "FeatureCollection", "features": list(features)}
    if crs:
        body["crs"] = {"type": "name", "properties": {"name": crs}}
    text = json.dumps(body, ensure_ascii=False).encode()
    path = folder / ("file.geojson.gz" if packed else "file.geojson")
    path.write_bytes(gzip.compress(text) if packed else text)
    return path


def table(folder: Path, text: str) -> Path:
    """A CSV file."""
    path = folder / "file.csv"
    path.write_text(text, encoding="utf-8")
    return path


def mapping(**data: Any) -> FileMapping:
    """A mapping, as its TOML file would say it."""
    return mapping_of(data)
