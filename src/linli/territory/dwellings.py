"""Whether the outline of a settlement could be that of its houses: none is stored."""

import shapely

from linli.territory.projecting import Sheet

LEAST = 0.01  # square kilometres, a hectare: more ground than a dwelling with its yard has


def shown_in(wkb: bytes) -> bool:
    """Could a part of this outline be a dwelling? Of several, and of holes, each is large enough.

    One outline without holes lies round all of a settlement, however small it is. What hangs
    together by a corner or by a way back on itself is taken as several.
    """
    shape = shapely.from_wkb(wkb)
    if shape is None or shape.is_empty:
        return False
    lon, lat = shapely.get_coordinates(shape).mean(axis=0).tolist()
    flat = shapely.transform(shape, Sheet(lon, lat).kilometres)
    parts = shapely.get_parts(shapely.get_parts(shapely.make_valid(flat)))
    parts = parts[shapely.area(parts) > 0].tolist()
    holes = [shapely.Polygon(ring) for part in parts for ring in part.interiors]
    pieces = [*(parts if len(parts) > 1 else ()), *holes]
    return any(piece.area < LEAST for piece in pieces)
