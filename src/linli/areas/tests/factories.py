"""Territories for tests, made by the room's own actions."""

import datetime as dt

import shapely

from linli.areas.actions import Adopted, load
from linli.areas.models import Area
from linli.areas.rows import AreaRow

LONG_AGO = dt.date(2020, 1, 1)
WEST, SOUTH = 102.0, 34.0


def box(x0: float, y0: float, x1: float, y1: float) -> bytes:
    """WKB of a rectangle, in tenths of a degree from 102° E, 34° N."""
    return shapely.to_wkb(
        shapely.box(WEST + x0 / 10, SOUTH + y0 / 10, WEST + x1 / 10, SOUTH + y1 / 10)
    )


def point(x: float, y: float) -> tuple[float, float]:
    """Longitude and latitude of a point in the same tenths of a degree."""
    return WEST + x / 10, SOUTH + y / 10


def area_row(
    code: str,
    level: str = "county",
    parent: str | None = None,
    corners: tuple[float, float, float, float] | None = None,
    name: str = "",
) -> AreaRow:
    """A row with a name in three languages; `corners` as in `box`."""
    names = {"zh": name or f"第{code}区", "bo": f"ས་ཁོངས་{code}", "en": f"Area {code}"}
    return AreaRow(code, level, parent, names, box(*corners) if corners else None)


def small_prefecture(since: dt.date = LONG_AGO) -> Adopted:
    """P holds counties A (west) and B (east); A holds townships A1 (south) and A2 (north).

    A2 | B        10
    ---|
    A1 |          0
    0  5    10
    """
    rows = [
        area_row("P", "prefecture", None, (0, 0, 10, 10)),
        area_row("A", "county", "P", (0, 0, 5, 10)),
        area_row("B", "county", "P", (5, 0, 10, 10)),
        area_row("A1", "township", "A", (0, 0, 5, 5)),
        area_row("A2", "township", "A", (0, 5, 5, 10)),
    ]
    return load(rows, since=since, by=None)


def area(code: str) -> Area:
    """The open version of an area."""
    return Area.objects.get(code=code, until=None)
