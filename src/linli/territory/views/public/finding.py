"""Which grid will my place be in, and who answers: by a name, a list of areas, or a point.

A name and an area stand in the address. A point is where somebody is: it comes in the body of a
request, is answered and forgotten, so that no address, history or log of a proxy holds it.
"""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.search import search
from linli.design import switching
from linli.kernel.errors import Invalid
from linli.organisations import coverage
from linli.organisations.duties import NEIGHBOURHOOD
from linli.organisations.models import Post
from linli.territory import carrying, moving
from linli.territory.models import Plan, PlanState
from linli.territory.rules import LATER

FOUND_AT_MOST = 20
SHOWN = 12
HERE = "here"  # the step with which a form sends a point


def place(request: HttpRequest, plan: Plan) -> dict[str, Any]:
    """What the page says about the place that was asked for: `q` or `area`, or a point."""
    words = request.GET.get("q", "").strip()[:60]
    area, flows, trouble = _chosen(request, plan)
    inside = area or plan.area
    depth = plan.lines.depth
    shown = flows[:SHOWN]
    before = moving.names_before(plan, {one.before for one in shown}) if flows else {}
    answers = answering(plan, [(one.to, one.before) for one in shown], area)
    return {
        "words": words,
        "found": _matches(words, plan) if words else None,
        "trouble": trouble,
        "around": _around(plan, area, flows),
        "place": area,
        "flows": [
            {"row": one, "before": before.get(one.before, one.before), **said}
            for one, said in zip(shown, answers, strict=True)
        ],
        "more": max(0, len(flows) - SHOWN),
        "inside": areas.children(inside) if inside.level.depth <= depth else [],
    }


def _around(plan: Plan, area: Area | None, flows: Sequence[moving.Flow]) -> list[str]:
    """Codes from the whole down to the place that was asked for; what the map then shows."""
    if area is None and flows:
        line = plan.grids.filter(code=flows[0].to).values_list("line", flat=True).first()
        area = areas.by_code(line or "")
    return area.path.split("/") if area else []


def _matches(words: str, plan: Plan) -> list[Any]:
    codes = set(
        areas.within(plan.area).filter(level__depth__gte=plan.lines.depth).values_list(
            "code", flat=True
        )
    )  # fmt: skip
    return [m for m in search(words, limit=3 * FOUND_AT_MOST) if m.area in codes][:FOUND_AT_MOST]


def is_point(request: HttpRequest) -> bool:
    """Did somebody send where they are, and nothing to be kept?"""
    return switching.asked(request)[0] == HERE


def _chosen(request: HttpRequest, plan: Plan) -> tuple[Area | None, list[moving.Flow], str]:
    if is_point(request):
        return _at_point(request, plan)
    if code := request.GET.get("area", "")[:60]:
        area = areas.by_code(code)
        if area is None or plan.area.code not in area.path.split("/"):
            return None, [], _("There is no such area in this plan.")
        deep = area.level.depth >= plan.lines.depth
        return area, moving.at_area(plan, area) if deep else [], ""
    return None, [], ""


def _at_point(request: HttpRequest, plan: Plan) -> tuple[None, list[moving.Flow], str]:
    try:
        lon, lat = (float(request.POST.get(name, "")[:30]) for name in ("lon", "lat"))
        flows = moving.at_point(plan, lon, lat)
    except (ValueError, Invalid):
        return None, [], _("These are not coordinates of a point on earth.")
    return None, flows, "" if flows else _("This point lies outside the area of the plan.")


def answering(
    plan: Plan, grids: Sequence[tuple[str, str]], area: Area | None = None
) -> list[dict[str, Any]]:
    """Who answers now, `post`, and who from the day of the plan on, `then`, for each of `grids`.

    These are codes: the grid in the plan, and the one before. `area` stands in for one that is not
    known. `later`: the plan is still to begin; only then somebody else can answer.
    """
    later = plan.state in LATER
    if not later and plan.state != PlanState.IN_FORCE:
        return [{} for _one in grids]
    codes = {new for new, _old in grids} if later else set()
    carried = {one.code: one for one in carrying.carried(plan, codes)} if codes else {}
    held = {code for one in carried.values() if one.held for code in one.posts}
    posts = {post.code: post for post in Post.objects.filter(code__in=held)}
    today = {old if later else new for new, old in grids}
    now = {code: _post((areas.by_code(code) if code else None) or area) for code in today}
    return [
        {
            "later": later,
            "post": now[old if later else new],
            "then": [posts[c] for c in carried[new].posts if c in posts] if new in carried else [],
        }
        for new, old in grids
    ]


def _post(here: Area | None) -> Post | None:
    """The post that answers there today, for what a neighbourhood needs."""
    if here is None:
        return None
    return next((a.post for a in coverage.answers_in(here) if a.duty.code == NEIGHBOURHOOD), None)
