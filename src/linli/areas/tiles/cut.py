"""Cutting one tile out of what a zoom draws."""

import gzip
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely

from linli.areas.tiles.drawing import Layer, Shapes
from linli.engines.tiles import EXTENT, encode_layer, tile_window

MARGIN = 64 / EXTENT  # drawn beyond the edge, so that lines do not end there

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
    body = b"".join(_layer(layer, at, window) for layer in layers)
    return gzip.compress(body, 6, mtime=0) if body else b""


def _layer(layer: Layer, at: Address, window: tuple[float, float, float, float]) -> bytes:
    rows = np.sort(layer.tree.query(shapely.box(*window)))
    if not len(rows):
        return b""
    zoom, x, y = at
    parts = _clipped(layer.shapes[rows], window)
    scale = EXTENT * 2.0**zoom
    corner = np.array([x, y]) * EXTENT
    parts = shapely.transform(parts, lambda xy: xy * scale - corner)
    kept = ~shapely.is_empty(parts)
    return encode_layer(layer.name, parts[kept], [layer.tags[row] for row in rows[kept]])


def _clipped(shapes: Shapes, window: tuple[float, float, float, float]) -> Any:
    try:
        return shapely.clip_by_rect(shapes, *window)
    except shapely.errors.GEOSException:  # rings that cross, after simplifying overlapping areas
        return shapely.intersection(shapely.make_valid(shapes), shapely.box(*window))
