"""Which grid will my place be in: by a name, from the list of areas, or by a point."""

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.search import search
from linli.kernel.errors import Invalid
from linli.organisations import coverage
from linli.organisations.models import Post
from linli.territory import moving
from linli.territory.models import Plan

FOUND_AT_MOST = 20
SHOWN = 12
DUTY = "neighbourhood"


def place(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """What the page says about the place that was asked for, by `q`, `area`, or `lon` and `lat`."""
    words = request.GET.get("q", "").strip()[:60]
    area, flows, trouble = _chosen(request, plan)
    inside = area or plan.area
    depth = plan.lines.depth
    before = moving.names_before(plan) if flows else {}
    return {
        "words": words,
        "found": _matches(words, plan) if words else None,
        "trouble": trouble,
        "place": area,
        "flows": [
            {"row": one, "before": before.get(one.before, one.before), "post": _post(one, area)}
            for one in flows[:SHOWN]
        ],
        "more": max(0, len(flows) - SHOWN),
        "inside": areas.children(inside) if inside.level.depth <= depth else [],
    }


def _matches(words: str, plan: Plan) -> list[Any]:
    codes = set(
        areas.within(plan.area).filter(level__depth__gte=plan.lines.depth).values_list(
            "code", flat=True
        )
    )  # fmt: skip
    return [m for m in search(words, limit=3 * FOUND_AT_MOST) if m.area in codes][:FOUND_AT_MOST]


def _chosen(request: HttpRequest, plan: Plan) -> tuple[Area | None, list[moving.Flow], str]:
    code, lon, lat = (request.GET.get(name, "")[:60] for name in ("area", "lon", "lat"))
    if code:
        area = areas.by_code(code)
        if area is None or plan.area.code not in area.path.split("/"):
            return None, [], _("There is no such area in this plan.")
        deep = area.level.depth >= plan.lines.depth
        return area, moving.at_area(plan, area) if deep else [], ""
    if not (lon or lat):
        return None, [], ""
    try:
        flows = moving.at_point(plan, float(lon), float(lat))
    except (ValueError, Invalid):
        return None, [], _("These are not coordinates of a point on earth.")
    return None, flows, "" if flows else _("This point lies outside the area of the plan.")


def _post(flow: moving.Flow, area: Area | None) -> Post | None:
    """The post that answers there today, for what a neighbourhood needs."""
    here = (areas.by_code(flow.before) if flow.before else None) or area
    if here is None:
        return None
    return next((a.post for a in coverage.answers_in(here) if a.duty.code == DUTY), None)
