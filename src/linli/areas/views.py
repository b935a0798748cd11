"""Addresses of the territory: tiles for the map, search, outlines. All of it is public."""

import datetime as dt
import gzip
from typing import Any

import shapely
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.areas import index, queries
from linli.areas.kinds import place_kinds
from linli.areas.models import Boundary, Level
from linli.areas.search import Found, search
from linli.areas.tiles import shelf
from linli.areas.tiles.drawing import MAX_ZOOM
from linli.kernel.errors import Invalid, Missing
from linli.kernel.languages import pick

A_YEAR = "public, max-age=31536000, immutable"
A_MINUTE = "public, max-age=60"


@require_safe
def tile(request: HttpRequest, zoom: int, x: int, y: int) -> HttpResponse:
    """One vector tile; with the edition in `v` it may be kept for ever."""
    if zoom > MAX_ZOOM or x >= 2**zoom or y >= 2**zoom:
        raise Missing()
    tiles = shelf.current()
    etag = f'"{tiles.key}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    data = tiles.tile((zoom, x, y))
    response = HttpResponse(status=200 if data else 204)
    if data and "gzip" in request.headers.get("Accept-Encoding", ""):
        response.headers["Content-Encoding"] = "gzip"
        response.content = data
    elif data:
        response.content = gzip.decompress(data)
    response.headers["Content-Type"] = "application/vnd.mapbox-vector-tile"
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = A_YEAR if request.GET.get("v") == tiles.key else A_MINUTE
    patch_vary_headers(response, ["Accept-Encoding"])
    return response


@require_safe
def find(request: HttpRequest) -> JsonResponse:
    """Areas, settlements and places by a part of a name: ``?q=玉隆&limit=10``."""
    limit = request.GET.get("limit", "")[:4]
    found = search(request.GET.get("q", ""), limit=int(limit) if limit.isdecimal() else 10)
    levels = {level.code: level.names for level in Level.objects.all()} if found else {}
    response = JsonResponse({"results": [_result(entry, levels) for entry in found]})
    response.headers["Cache-Control"] = A_MINUTE
    return response


def _result(entry: Found, levels: dict[str, Any]) -> dict[str, Any]:
    what = levels.get(entry.what) or place_kinds().get(entry.what)
    return {
        "kind": entry.kind,
        "code": entry.code,
        "value": entry.value,
        "name": pick(entry.names),
        "names": entry.names,
        "what": pick(what) if what else str(_("Settlement")),
        "inside": " · ".join(pick(names) for names in entry.above[:2]),
        "area": entry.area,
        "lon": entry.lon,
        "lat": entry.lat,
    }


@require_safe
def outline(request: HttpRequest, code: str) -> HttpResponse:
    """The outline of an area as GeoJSON (RFC 7946); ``?at=2026-01-31`` for the one of that day."""
    area = queries.by_code(code, _day(request.GET.get("at", "")))
    boundary = Boundary.objects.filter(area=area).first() if area else None
    if area is None or boundary is None:
        raise Missing()
    etag = f'"{area.pk}-{index.stamp()[0]:x}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    shape = shapely.orient_polygons(shapely.from_wkb(bytes(boundary.wkb)))
    feature = {
        "type": "Feature",
        "id": area.code,
        "properties": {
            "code": area.code,
            "level": area.level.code,
            "parent": area.parent.code if area.parent else None,
            "names": area.names,
            "since": area.since.isoformat(),
            "until": area.until.isoformat() if area.until else None,
        },
        "geometry": shapely.geometry.mapping(shape),
    }
    response = JsonResponse(feature, content_type="application/geo+json")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = A_MINUTE
    return response


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError as error:
        raise Invalid("not-a-day", _("This is no day; write it like 2026-01-31.")) from error


def tiles_address() -> str:
    """The address of tiles as a map takes it, with the present edition."""
    sample = reverse("areas:tile", args=[0, 0, 0])
    return f"{sample.replace('0/0/0', '{z}/{x}/{y}')}?v={shelf.current().key}"


@require_safe
def tile_json(request: HttpRequest) -> JsonResponse:
    """What a map viewer asks first (TileJSON 3.0)."""
    bounds = queries.bounds()
    fields = {"code": "", "name_zh": "", "name_bo": "", "name_en": ""}
    names = {"areas": "level", "labels": "level", "rivers": "rank", "roads": "rank"}
    layers = [{"id": id_, "fields": fields | {own: ""}} for id_, own in names.items()]
    layers.append({"id": "settlements", "fields": fields | {"rank": ""}})
    return JsonResponse(
        {
            "tilejson": "3.0.0",
            "tiles": [f"{request.scheme}://{request.get_host()}{tiles_address()}"],
            "minzoom": 0,
            "maxzoom": MAX_ZOOM,
            "bounds": bounds or [-180, -85, 180, 85],
            "vector_layers": layers,
        }
    )
