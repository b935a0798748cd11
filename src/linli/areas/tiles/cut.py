"""Cutting one tile out of what a zoom draws."""

import gzip
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from mapbox_vector_tile import encode

from linli.areas.tiles.drawing import Layer, Shapes
from linli.engines.mercator import Window, tile_window

EXTENT = 4096  # units across a tile
MARGIN = 64 / EXTENT  # drawn beyond the edge, so that lines do not end there
SMALLEST = 0.5  # square units: what is smaller vanishes in the rounding
AS_DRAWN = {"y_coord_down": True, "extents": EXTENT}

Address = tuple[int, int, int]  # zoom, x, y


def shown(layers: Sequence[Layer], at: Address) -> bool:
    """Whether anything is drawn near this tile."""
    window = shapely.box(*tile_window(*at, MARGIN))
    return any(len(layer.tree.query(window)) for layer in layers)


def addresses(layers: Sequence[Layer], zoom: int) -> Iterator[Address]:
    """The tiles of a zoom that may show something."""
    if not layers:
        return
    bounds = np.array([shapely.total_bounds(layer.shapes) for layer in layers])
    left, top = np.floor(bounds[:, :2].min(axis=0) * 2**zoom).astype(int)
    right, bottom = np.floor(bounds[:, 2:].max(axis=0) * 2**zoom).astype(int)
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield zoom, int(x), int(y)


def cut(layers: Sequence[Layer], at: Address) -> bytes:
    """The tile as bytes, compressed with gzip; the same every time."""
    window = tile_window(*at, MARGIN)
    drawn = [_layer(layer, at, window) for layer in layers]
    body = encode([layer for layer in drawn if layer["features"]], default_options=AS_DRAWN)
    return gzip.compress(body, 6, mtime=0) if body else b""


def _layer(layer: Layer, at: Address, window: Window) -> dict[str, Any]:
    """What the encoder takes: shapes in the tile's units with their attributes."""
    rows = np.sort(layer.tree.query(shapely.box(*window)))
    zoom, x, y = at
    scale = EXTENT * 2.0**zoom
    corner = np.array([x, y]) * EXTENT
    parts = shapely.transform(_clipped(layer.shapes[rows], window), lambda xy: xy * scale - corner)
    return {
        "name": layer.name,
        "features": [
            {"geometry": shape, "properties": layer.tags[row]}
            for shape, row in zip(map(_drawn, parts), rows, strict=True)
            if shape is not None
        ],
    }


def _drawn(part: Any) -> Any:
    """What is left of a clipped shape, without the lines and points where it touched the edge."""
    pieces = shapely.get_parts(part)
    widest = [p for p in pieces if shapely.get_dimensions(p) == shapely.get_dimensions(part)]
    if part.geom_type == "GeometryCollection" and widest:
        part = shapely.union_all(widest)
    if part.is_empty or (shapely.get_dimensions(part) == 2 and part.area < SMALLEST):
        return None
    return part


def _clipped(shapes: Shapes, window: tuple[float, float, float, float]) -> Any:
    try:
        return shapely.clip_by_rect(shapes, *window)
    except shapely.errors.GEOSException:  # rings that cross, after simplifying overlapping areas
        return shapely.intersection(shapely.make_valid(shapes), shapely.box(*window))
