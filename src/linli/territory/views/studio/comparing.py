"""Two plans side by side: their maps, their figures, every grid of both, and who moves."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.kernel.errors import Invalid, Missing
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.territory import comparing, picture, rules, shades
from linli.territory.comparing import Comparison, GridPair
from linli.territory.models import Plan
from linli.territory.parts import Parts
from linli.territory.views.studio.access import address, picture_address, planner

PAGE = 20
MOVING = 50  # settlements that are named; the export has all


@login_required
@require_GET
def compare(request: HttpRequest) -> HttpResponse:
    """The plans `a` and `b`; a form chooses them where the address names none."""
    by = planner(request)
    one, two = (_plan(by, request.GET.get(key, "")) for key in ("a", "b"))
    context: dict[str, Any] = {
        "choices": rules.plans_plannable_by(by).defer("labels"), "a": one, "b": two,
        "trail": [{"href": address("desk-list"), "text": _("Service grids")}],
    }  # fmt: skip
    status = 200
    if one and two:
        try:
            context |= _compared(request, one, two)
        except Invalid as error:
            context["trouble"], status = error.message, error.status
    return render(request, "territory/desk_compare.html", context, status=status)


def _plan(by: Account, text: str) -> Plan | None:
    if not text:
        return None
    rows = rules.plans_plannable_by(by)
    plan = rows.filter(pk=int(text)).first() if text.isdecimal() and len(text) < 10 else None
    if plan is None:
        raise Missing()
    return plan


def _compared(request: HttpRequest, a: Plan, b: Plan) -> dict[str, Any]:
    found = comparing.compare(a, b)
    drawings = [_drawn(request, plan) for plan in (a, b)]
    number = request.GET.get("page", "1")
    pairs = sorted(found.grids, key=_difference)
    page = Paginator(pairs, PAGE).get_page(number if len(number) < 6 else "1")
    return {
        "sides": [
            {"plan": plan, "id": f"map-{plan.pk}-{n}", "drawing": drawing}
            for n, (plan, drawing) in enumerate(zip((a, b), drawings, strict=True))
        ],
        "legend": drawings[0].legend,
        "words": found.words,
        "overall": found.figures(),
        "moving": _moving(found),
        "more": max(0, len(found.moving) - MOVING),
        "page": page,
        "rows": [_row(pair) for pair in page],
    }


def _drawn(request: HttpRequest, plan: Plan) -> picture.Drawing:
    asked = {key: request.GET.get(key, "") for key in ("a", "b")}

    def leads(grid: str, line: str) -> str:
        if grid:
            return f"{address('desk-plan', plan.pk)}?{urlencode({'grid': grid})}"
        return f"?{urlencode({**asked, 'line': line})}"

    parts = Parts(plan)
    area = parts.area(request.GET.get("line", "")[:40])
    return picture.of_area(parts, area, leads, picture_address(plan, area))


def _difference(pair: GridPair) -> tuple[float, str]:
    """Grids that only one plan has come first, then those whose load changes most."""
    one, two = pair.over
    return (-abs(one - two) if one is not None and two is not None else -10.0), pair.code


def _row(pair: GridPair) -> dict[str, Any]:
    return {
        "name": pick(pair.names) or pair.code,
        "sides": [
            None if over is None else {
                "step": shades.step(over), "percent": round((over - 1) * 100),
                "distance": pair.distance[n], "way": pair.way[n], "pieces": pair.pieces[n],
                "shape": shades.shape(pair.roundness[n] or 0.0),
            }
            for n, over in enumerate(pair.over)
        ],
        "joining": pair.joining,
        "leaving": pair.leaving,
    }  # fmt: skip


def _moving(found: Comparison) -> list[dict[str, Any]]:
    names = {pair.code: pick(pair.names) or pair.code for pair in found.grids}
    return [
        {
            "code": one.code, "households": one.households,
            "before": names.get(one.before, one.before), "after": names.get(one.after, one.after),
        }
        for one in found.moving[:MOVING]
    ]  # fmt: skip
