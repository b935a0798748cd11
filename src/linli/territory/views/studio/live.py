"""What the scripted map reads: grids, settlements, and the best so far of a calculation."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from linli.territory import figures, picture, queries
from linli.territory.labels import unpacked
from linli.territory.models import Plan, Run
from linli.territory.parts import Parts
from linli.territory.queries.settlements import by_number, each, places
from linli.territory.reasons import reason
from linli.territory.views.packing import as_json, packed
from linli.territory.views.studio.access import plan_of
from linli.territory.views.studio.page import ACTIVE, worst_percent

SVG = "image/svg+xml"


@login_required
@require_GET
def grids(request: HttpRequest, pk: int) -> HttpResponse:
    """The grids of a plan as GeoJSON, with their figures."""
    plan, _by = plan_of(request, pk)
    fixed = plan.bindings.count()  # a lock changes the map, and not the revision
    return packed(
        request, [plan.pk, plan.revision, fixed],
        lambda: as_json(queries.map_features(plan, for_screens=True)),
    )  # fmt: skip


@login_required
@require_GET
def picture_of(request: HttpRequest, pk: int) -> HttpResponse:
    """All grids of a plan, or of the area `line` of it, as a picture that a page shows."""
    plan, _by = plan_of(request, pk)
    line = request.GET.get("line", "")[:40]

    def build() -> bytes:
        parts = Parts(plan)
        return picture.as_svg(plan, parts.held(parts.area(line).code))

    return packed(request, [plan.pk, plan.revision, line, "svg"], build, SVG)


@login_required
@require_GET
def settlements(request: HttpRequest, pk: int) -> HttpResponse:
    """The settlements of a plan as GeoJSON points, with the number of their grid."""
    plan, _by = plan_of(request, pk)
    return packed(
        request, [plan.pk, plan.revision], lambda: as_json(queries.settlement_features(plan))
    )


@login_required
@require_GET
def best(request: HttpRequest, pk: int) -> HttpResponse:
    """The best so far of the newest calculation: the grid of each settlement, each grid's load."""
    plan, _by = plan_of(request, pk)
    run = plan.runs.first()
    seen: list[object] = [plan.pk, *([run.pk, run.done, run.heard_at] if run else [])]
    return packed(request, seen, lambda: as_json(so_far(plan, run)))


def so_far(plan: Plan, run: Run | None) -> Mapping[str, Any]:
    """`labels` by position; `over` and `centres` (lon, lat) by number; or none."""
    found = unpacked(run.labels) if run else np.empty(0, np.int64)
    if not len(found):
        return {"labels": []}
    here = places(plan.gazetteer)
    lines = {number: grid.line for number, grid in by_number(plan).items()}
    line = each(unpacked(plan.labels), lines).astype(str)
    numbers, index = np.unique(found, return_inverse=True)
    now = figures.of(
        here.km, here.workload, here.households, index, np.unique(line, return_inverse=True)[1]
    )
    middle = here.sheet.degrees(now.centre).round(5).tolist()
    keys = [int(number) for number in numbers]
    return {
        "labels": found.tolist(),
        "over": dict(zip(keys, now.over.round(3).tolist(), strict=True)),
        "centres": dict(zip(keys, middle, strict=True)),
    }


@login_required
@require_GET
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the calculation is; once it has ended, the page is told to show the plan again."""
    plan, _by = plan_of(request, pk)
    run = plan.runs.first()
    active = run is not None and run.state in ACTIVE
    context = {
        "plan": plan, "run": run, "active": active, "worst_percent": worst_percent(run),
        "why": reason(run) if run else "",
    }  # fmt: skip
    answer = render(request, "territory/desk_run.html", context)
    answer["Cache-Control"] = "private, no-store"
    if not active:
        answer["HX-Trigger"] = "plan-changed"
    return answer
