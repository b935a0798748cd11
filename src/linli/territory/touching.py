"""Which settlements lie next to each other where neighbour groups have outlines: groups that touch.

Outlines of grids are unions of groups there (`drawing`), so what touches is what people see to hang
together.
"""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linli.areas.conditions import below
from linli.areas.models import Area, Boundary
from linli.areas.shapes import from_wkb
from linli.territory.queries.settlements import Floats, Ints, Places

GROUP = "group"
UNITS = 10**7  # in a degree: corners are the same where these are
CORNER = np.array([180, 90])  # degrees from the corner of the map
ROW = 2**32  # more than there are units from pole to pole


def of_groups(area: Area, here: Places) -> tuple[Ints, NDArray[np.bool_]]:
    """Pairs (m, 2) of settlements whose groups share a border, and which settlements lie in one.

    A group without a settlement goes with the nearest one, as where outlines are drawn.
    """
    groups = Area.objects.current().filter(below(area.path), level__code=GROUP)
    rows = Boundary.objects.filter(area__in=groups).order_by("area__code")
    cells = from_wkb(list(rows.values_list("wkb", flat=True)))
    spots: Any = shapely.points(here.lon, here.lat)
    spot, cell = shapely.STRtree(cells).query(spots, predicate="intersects")
    covered = np.isin(np.arange(len(here)), spot)
    if not len(spot):
        return np.zeros((0, 2), np.int64), covered
    middles = here.sheet.kilometres(shapely.get_coordinates(shapely.centroid(cells)))
    owner = cKDTree(here.km).query(middles)[1].astype(np.int64)
    owner[cell[::-1]] = spot[::-1]
    return np.vstack([owner[bordering(cells)], np.column_stack([owner[cell], spot])]), covered


def bordering(cells: NDArray[Any]) -> Ints:
    """Pairs (m, 2) of polygons in degrees that share a side, from corner to corner."""
    parts, of = shapely.get_parts(cells, return_index=True)
    rings, part = shapely.get_rings(parts, return_index=True)
    corners, ring = shapely.get_coordinates(rings, return_index=True)
    spot = np.unique(_numbered(corners), return_inverse=True)[1].astype(np.int64)
    side = np.sort(np.column_stack([spot[:-1], spot[1:]]), axis=1)[ring[1:] == ring[:-1]]
    whose = of[part[ring[:-1]]][ring[1:] == ring[:-1]]
    key = side[:, 0] * (int(spot.max(initial=0)) + 1) + side[:, 1]
    order = np.lexsort((whose, key))
    same = key[order[1:]] == key[order[:-1]]
    pairs = np.unique(np.column_stack([whose[order[:-1]], whose[order[1:]]])[same], axis=0)
    return np.asarray(pairs[pairs[:, 0] != pairs[:, 1]], np.int64)


def _numbered(corners: Floats) -> Ints:
    """One number for each corner, the same where it is the same."""
    east, north = np.rint((corners + CORNER) * UNITS).astype(np.int64).T
    return np.asarray(east * ROW + north)
