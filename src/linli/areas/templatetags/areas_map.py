"""Maps in templates: ``{% load areas_map %}``.

``{% area_map area values %}`` draws the areas below `area` as SVG, coloured by class;
``{% map_tiles %}`` and ``{% map_bounds %}`` are what the scripted map asks for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import template

from linli.areas import labels, outlines, queries, views
from linli.areas.models import Area
from linli.kernel.languages import pick

register = template.Library()
CLASSES = 5


@dataclass(frozen=True)
class AreaValue:
    """What the map says about one area.

    `step` is its class of colour from 0 (least) to 4 (most), None for no figure; `text` says the
    same in words and is never left out; `href` is where the area leads.
    """

    text: str
    step: int | None = None
    href: str = ""


@register.inclusion_tag("areas/area_map.html")
def area_map(
    area: Area,
    values: Mapping[str, AreaValue],
    *,
    title: str = "",
    legend: Sequence[str] = (),
) -> dict[str, Any]:
    """The areas right below `area`, each with its value; `values` go by code.

    `title` says what is shown; `legend` names the classes of colour from the least to the most.
    Colour is never the only sign: each area carries its text, and a list repeats them all.
    """
    picture = outlines.picture(area)
    shapes = [
        {"outline": outline, "value": values.get(outline.area.code, AreaValue("–"))}
        for outline in picture.outlines
    ]
    room = sorted(picture.outlines, key=lambda outline: -outline.room)
    names = [(pick(outline.area.names), outline.x, outline.y) for outline in room]
    return {
        "picture": picture,
        "labels": labels.placed(names, picture.width),
        "shapes": shapes,
        "title": title,
        "legend": [{"step": step, "text": text} for step, text in enumerate(legend[:CLASSES])],
        "id": f"map-{area.code}",
    }


@register.simple_tag
def map_tiles() -> str:
    """The address of vector tiles for the attribute `data-tiles` of the scripted map."""
    return views.tiles_address()


@register.simple_tag
def map_bounds(area: Area | None = None) -> str:
    """West, south, east and north of an area, or of everything, for `data-bounds`."""
    box = queries.bounds_of(area) if area else queries.bounds()
    return ",".join(f"{side:.5f}" for side in box) if box else ""
