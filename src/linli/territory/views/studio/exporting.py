"""A plan as a file: for maps, and for paper."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel.errors import Missing, Unavailable
from linli.territory import exports
from linli.territory.exports import fonts
from linli.territory.models import Plan, PlanState
from linli.territory.views.studio.access import plan_of, trail_of

MOST = 200  # grids of an atlas that is set while somebody waits; the command line has no limit


def _geopackage(plan: Plan, _address: str) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "plan.gpkg"
        exports.geopackage(plan, file)
        return file.read_bytes()


FILES: dict[str, tuple[str, Callable[[Plan, str], bytes]]] = {
    "plan.geojson": ("application/geo+json", lambda plan, _address: exports.geojson(plan)),
    "groups.geojson": ("application/geo+json", lambda plan, _address: exports.groups(plan)),
    "plan.gpkg": ("application/geopackage+sqlite3", _geopackage),
    "atlas.pdf": ("application/pdf", lambda plan, there: exports.atlas(plan, address=there)),
    "sheets.pdf": ("application/pdf", lambda plan, there: exports.sheets(plan, address=there)),
}
PAPER = ("atlas.pdf", "sheets.pdf")


@login_required
@require_GET
def choose(request: HttpRequest, pk: int) -> HttpResponse:
    """Which files there are, and what each is for."""
    plan, _by = plan_of(request, pk)
    context = {
        "plan": plan, "long": plan.grids.count() > MOST, "trail": trail_of(plan),
        "ready": fonts.ready(),
    }  # fmt: skip
    return render(request, "territory/desk_export.html", context)


@login_required
@require_GET
def file(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """One file of a plan, made now."""
    plan, _by = plan_of(request, pk)
    if name not in FILES or (name in PAPER and plan.grids.count() > MOST):
        raise Missing()
    if name in PAPER and not fonts.ready():
        raise Unavailable("not-printed", _("The sheet is being prepared. Try in a minute."))
    kind, make = FILES[name]
    public = plan.state not in (PlanState.DRAFT, PlanState.WITHDRAWN)
    there = request.build_absolute_uri(reverse("territory:plan", args=[pk])) if public else ""
    headers = {
        "Content-Disposition": f'attachment; filename="{pk}-{name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(make(plan, there), content_type=kind, headers=headers)


urls = [
    path("desk/grids/<int:pk>/export/", choose, name="desk-export"),
    path("desk/grids/<int:pk>/export/<str:name>", file, name="desk-export-file"),
]
