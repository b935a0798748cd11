"""Questions about the territory."""

import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from linli.areas import coordinates, index
from linli.areas.conditions import below, day_of, holds
from linli.areas.ground import ground as kept_ground
from linli.areas.models import Area, AreaQuerySet, Boundary, Place
from linli.areas.versions import CODE
from linli.engines.ground import Ground

Day = dt.date | dt.datetime | None
Finder = Callable[..., NDArray[Any]]


def area_at(lon: float, lat: float, at: Day = None, *, level: str | None = None) -> Area | None:
    """The deepest area that covers a point on the day of `at`; None is an answer: outside.

    Exact for the boundaries as stored and the point rounded to 1e-7 degree. On a shared edge, and
    in an overlap, the area with the lower precedence and then the lower code answers. With `level`,
    only areas of that level. The area is shared with whoever else asks: it is for reading. Raises
    Invalid for coordinates that are no point on earth (`coordinates.check`).
    """
    coordinates.check(lon, lat)
    found = index.at(day_of(at))
    row = found.row(lon, lat, level)
    return None if row < 0 else found.area(row)


def areas_at(
    lons: ArrayLike, lats: ArrayLike, at: Day = None, *, level: str | None = None
) -> NDArray[Any]:
    """`area_at` for many points of one day: an array of codes, None where outside.

    Raises Invalid for the first pair that is no point on earth, its row in `fields`.
    """
    return finder(at)(lons, lats, level)


def finder(at: Day = None) -> Finder:
    """`areas_at` for one day as a function that asks the database nothing more."""
    found = index.at(day_of(at))

    def areas(lons: ArrayLike, lats: ArrayLike, level: str | None = None) -> NDArray[Any]:
        x, y = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
        coordinates.check_many(x, y)
        rows = found.rows(x, y, level)
        answer = np.full(len(x), None, dtype=object)
        answer[rows >= 0] = found.codes[rows[rows >= 0]]
        return answer

    return areas


def areas_covering(lon: float, lat: float, at: Day = None) -> list[str]:
    """Codes of every area that covers a point, the one that answers first; shows overlaps."""
    coordinates.check(lon, lat)
    return index.at(day_of(at)).covering(lon, lat)


def looks_swapped(lon: float, lat: float, at: Day = None) -> bool:
    """The point lies outside, but with longitude and latitude exchanged it would lie inside."""
    if max(abs(lon), abs(lat)) > coordinates.LAT_LIMIT and abs(lon) > coordinates.LAT_LIMIT:
        return False
    found = index.at(day_of(at))
    points = np.array([lon, lat]), np.array([lat, lon])
    here, exchanged = found.rows(*points, None)
    return bool(here < 0 <= exchanged)


def by_code(code: str, at: Day = None) -> Area | None:
    """The version of an area that holds on the day of `at`."""
    if not CODE.match(code):
        return None
    return Area.objects.current(at).select_related("level", "parent").filter(code=code).first()


def by_code_or_coming(code: str) -> Area | None:
    """The version of an area that holds today; of a code that is still to begin, its first one."""
    if found := by_code(code):
        return found
    if not CODE.match(code):
        return None
    rows = Area.objects.filter(code=code, since__gt=day_of(None)).order_by("since")
    return rows.select_related("level", "parent").first()


def within(area: Area, at: Day = None) -> AreaQuerySet:
    """`area` and everything below it, in the versions that hold on the day of `at`."""
    return Area.objects.current(at).within(area)


def children(area: Area, at: Day = None) -> AreaQuerySet:
    """The areas right below `area` on the day of `at`, by code."""
    return Area.objects.current(at).filter(parent__code=area.code).order_by("code")


def ancestors(area: Area, at: Day = None) -> list[Area]:
    """The areas above `area`, nearest first.

    By default as they were while this version held: today, or its last day.
    """
    day = day_of(at)
    if at is None and area.until is not None and area.until <= day:
        day = area.until - dt.timedelta(days=1)
    above = area.path.split("/")[:-1]
    rows = Area.objects.current(max(day, area.since)).filter(code__in=above)
    by_its_code = {row.code: row for row in rows.select_related("level")}
    return [by_its_code[code] for code in reversed(above) if code in by_its_code]


def roots(at: Day = None) -> AreaQuerySet:
    """Areas with nothing above them on the day of `at`."""
    return Area.objects.current(at).filter(parent=None).order_by("code")


def places(area: Area, kinds: Sequence[str] = (), at: Day = None) -> list[Place]:
    """Places in an area and below it that exist on the day of `at`; `kinds` narrows them.

    A place that exists lies where today's boundaries put it (`rehome_places`).
    """
    rows = Place.objects.filter(holds(at), below(area.path, "area__"))
    return list(rows.filter(kind__in=kinds) if kinds else rows)


def centres(codes: Sequence[str], at: Day = None) -> dict[str, tuple[float, float]]:
    """Longitude and latitude of the middle of each of these areas that has a boundary."""
    rows = Boundary.objects.filter(holds(at, "area__"), area__code__in=set(codes))
    found = {code: bytes(wkb) for code, wkb in rows.values_list("area__code", "wkb")}
    middles = shapely.get_coordinates(shapely.centroid(shapely.from_wkb(list(found.values()))))
    return {code: (lon, lat) for code, (lon, lat) in zip(found, middles.tolist(), strict=True)}


def ground() -> Ground:
    """What lies between two points: the rivers of the map and the ways over them, of today."""
    return kept_ground()


def bounds(at: Day = None) -> tuple[float, float, float, float] | None:
    """West, south, east, north of everything with a boundary; None where nothing has one."""
    return index.at(day_of(at)).bounds


def bounds_of(area: Area) -> tuple[float, float, float, float] | None:
    """West, south, east, north of one area; None where it has no boundary."""
    wkb = Boundary.objects.filter(area=area).values_list("wkb", flat=True).first()
    if wkb is None:
        return None
    west, south, east, north = shapely.from_wkb(bytes(wkb)).bounds
    return west, south, east, north
