"""The public page: who answers for my place."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.search import search
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick
from linli.organisations import coverage

FOUND_AT_MOST = 30


def who(request: HttpRequest) -> HttpResponse:
    """Pick an area by its name, from the tree, or by a point; then every duty and its post.

    Works without JavaScript; each state has an address. Posts and offices only: no name of a person
    and no number of one.
    """
    words = request.GET.get("q", "").strip()[:60]
    area, trouble = _chosen(request)
    context = {
        "words": words,
        "found": search(words, limit=FOUND_AT_MOST) if words else None,
        "trouble": trouble,
        "area": area,
        "trail": _trail(area),
        "children": areas.children(area) if area else areas.roots(),
        "answers": coverage.answers_in(area) if area else [],
    }
    return render(request, "organisations/who.html", context)


def _chosen(request: HttpRequest) -> tuple[Area | None, str]:
    code, lon, lat = (request.GET.get(name, "") for name in ("area", "lon", "lat"))
    if code:
        area = areas.by_code(code)
        return area, "" if area else _("There is no area with this code.")
    if not (lon or lat):
        return None, ""
    try:
        area = areas.area_at(float(lon), float(lat))
    except (ValueError, Invalid):
        return None, _("These are not coordinates of a point on earth.")
    return area, "" if area else _("This point lies outside the area that Linli serves here.")


def _trail(area: Area | None) -> list[dict[str, str]]:
    if area is None:
        return []
    steps = [{"href": "?", "text": _("Who answers for my place")}]
    for above in reversed(areas.ancestors(area)):
        steps.append({"href": f"?area={above.code}", "text": pick(above.names)})
    return steps
