"""The territory for other software: which area a point lies in."""

from django.http import HttpRequest
from ninja import Router, Schema

from linli.areas import queries
from linli.areas.models import Area
from linli.kernel.errors import Missing

router = Router(tags=["areas"])


class AreaOut(Schema):
    """One area: its code, level, names by language, and the codes from the top down to it."""

    code: str
    level: str
    names: dict[str, str]
    path: list[str]


def shown(area: Area) -> AreaOut:
    """An area as the API gives it."""
    path = area.path.split("/")
    return AreaOut(code=area.code, level=area.level.code, names=area.names, path=path)


@router.get("/at", response=AreaOut, summary="The smallest area that covers a point")
def area_at(request: HttpRequest, lon: float, lat: float) -> AreaOut:  # noqa: ARG001
    """Longitude and latitude in degrees (WGS 84). 404 `outside` where no area covers the point."""
    area = queries.area_at(lon, lat)
    if area is None:
        raise Missing("outside")
    return shown(area)


@router.get("/{code}", response=AreaOut, summary="One area by its code")
def area(request: HttpRequest, code: str) -> AreaOut:  # noqa: ARG001
    """The version of the area that holds today."""
    found = queries.by_code(code)
    if found is None:
        raise Missing()
    return shown(found)
