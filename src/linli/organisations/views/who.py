"""The public page: who answers for my place.

A name and an area stand in the address. A point is where somebody is: it comes in the body of a
request, is answered and forgotten, so that no address, history or log of a proxy holds it. The form
carries no CSRF cookie check: nobody is signed in here, and nothing is changed.
"""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.search import search
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick
from linli.organisations import coverage

FOUND_AT_MOST = 30


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def who(request: HttpRequest) -> HttpResponse:
    """Pick an area by its name, from the tree, or by a point; then every duty and its post.

    Works without JavaScript; what is asked by name or area has an address. Posts and offices only:
    no name of a person and no number of one.
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
    if request.method == "POST":
        return _at_point(request)
    if code := request.GET.get("area", ""):
        area = areas.by_code(code)
        return area, "" if area else _("There is no area with this code.")
    return None, ""


def _at_point(request: HttpRequest) -> tuple[Area | None, str]:
    try:
        lon, lat = (float(request.POST.get(name, "")[:30]) for name in ("lon", "lat"))
        area = areas.area_at(lon, lat)
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
