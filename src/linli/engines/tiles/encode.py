"""The wire format of one layer of a vector tile.

Follows the Mapbox Vector Tile specification 2.1: https://github.com/mapbox/vector-tile-spec.
Coordinates are whole numbers in a tile of 4096 units, y downwards.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

EXTENT = 4096
POINT, LINE, POLYGON = 1, 2, 3
MOVE_TO, LINE_TO, CLOSE = 1, 2, 7

Part = NDArray[np.int64]
Tags = Mapping[str, str | int]


def encode_layer(name: str, shapes: Iterable[Any], tags: Iterable[Tags]) -> bytes:
    """One layer as a field of the tile's message; empty when nothing of it is visible.

    `shapes` are in tile units already (any numbers; rounded here); a shape that vanishes in the
    rounding is left out. Layers are concatenated to make a tile.
    """
    keys: dict[str, int] = {}
    values: dict[str | int, int] = {}
    features = bytearray()
    for shape, own in zip(shapes, tags, strict=True):
        kind, commands = _geometry(shape)
        if not commands:
            continue
        numbers: list[int] = []
        for key, value in own.items():
            numbers.append(keys.setdefault(key, len(keys)))
            numbers.append(values.setdefault(value, len(values)))
        body = _field(2, _packed(numbers)) + _number(3, kind) + _field(4, _packed(commands))
        features += _field(2, body)
    if not features:
        return b""
    parts = [_number(15, 2), _field(1, name.encode()), bytes(features)]
    parts += [_field(3, key.encode()) for key in keys]
    parts += [_field(4, _value(value)) for value in values]
    parts.append(_number(5, EXTENT))
    return _field(3, b"".join(parts))


def _geometry(shape: Any) -> tuple[int, list[int]]:
    parts = shapely.get_parts(shape)
    kinds = set(shapely.get_type_id(parts).tolist())
    if kinds & {shapely.GeometryType.POLYGON}:
        rings = [ring for part in parts for ring in _rings(part)]
        return POLYGON, _commands(rings, closed=True)
    if kinds & {shapely.GeometryType.LINESTRING}:
        lines = [_whole(part) for part in parts]
        return LINE, _commands([line for line in lines if len(line) > 1], closed=False)
    if kinds & {shapely.GeometryType.POINT}:
        spots = [_whole(part)[:1] for part in parts if not part.is_empty]
        return POINT, _points(spots)
    return 0, []


def _whole(shape: Any) -> Part:
    """Rounded corners without repetitions."""
    corners = np.rint(shapely.get_coordinates(shape)).astype(np.int64)
    if len(corners) < 2:
        return corners
    kept = np.append(True, (corners[1:] != corners[:-1]).any(axis=1))
    result: Part = corners[kept]
    return result


def _rings(polygon: Any) -> list[Part]:
    """The outer ring clockwise on the screen, holes the other way; open; nothing without area."""
    if shapely.get_type_id(polygon) != shapely.GeometryType.POLYGON or polygon.is_empty:
        return []
    rings: list[Part] = []
    for number, ring in enumerate(shapely.get_rings(polygon)):
        corners = _whole(ring)[:-1]
        area = _twice_area(corners)
        if area == 0:
            if number == 0:
                return []
            continue
        rings.append(corners if (area > 0) == (number == 0) else corners[::-1])
    return rings


def _twice_area(corners: Part) -> int:
    if len(corners) < 3:
        return 0
    x, y = corners.T
    return int((x * np.roll(y, -1) - np.roll(x, -1) * y).sum())


def _commands(parts: Sequence[Part], *, closed: bool) -> list[int]:
    result: list[int] = []
    at: Part = np.zeros((1, 2), dtype=np.int64)
    for part in parts:
        steps = _zigzag(np.concatenate([at, part]))
        result += [MOVE_TO | 1 << 3, *steps[:2], LINE_TO | (len(part) - 1) << 3, *steps[2:]]
        if closed:
            result.append(CLOSE | 1 << 3)
        at = part[-1:]
    return result


def _points(parts: Sequence[Part]) -> list[int]:
    if not parts:
        return []
    steps = _zigzag(np.concatenate([np.zeros((1, 2), dtype=np.int64), *parts]))
    return [MOVE_TO | len(parts) << 3, *steps]


def _zigzag(corners: Part) -> list[int]:
    """Steps from corner to corner as unsigned numbers: 0, -1, 1, -2 … become 0, 1, 2, 3 …"""
    steps: Part = corners[1:] - corners[:-1]
    numbers: list[int] = ((steps << 1) ^ (steps >> 63)).ravel().tolist()
    return numbers


def _varint(number: int) -> bytes:
    result = bytearray()
    while number > 0x7F:
        result.append(number & 0x7F | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)


def _packed(numbers: Iterable[int]) -> bytes:
    result = bytearray()
    for number in numbers:
        while number > 0x7F:
            result.append(number & 0x7F | 0x80)
            number >>= 7
        result.append(number)
    return bytes(result)


def _number(field: int, value: int) -> bytes:
    return _varint(field << 3) + _varint(value)


def _field(field: int, data: bytes) -> bytes:
    return _varint(field << 3 | 2) + _varint(len(data)) + data


def _value(value: str | int) -> bytes:
    return _field(1, value.encode()) if isinstance(value, str) else _number(5, value)
