"""The studio: the map of one plan, its grids, and what can be done with them."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from linli.areas.models import Area
from linli.areas.views import tiles_address
from linli.kernel.models import Account
from linli.territory import labels, picture, queries, rules, shades, waiting
from linli.territory.actions import editing
from linli.territory.fixed import fixed
from linli.territory.forms.studio import RunForm, TieForm
from linli.territory.models import (
    Grid,
    Plan,
    PlanState,
    Run,
    RunState,
    Settlement,
)
from linli.territory.parts import Parts
from linli.territory.reasons import reason
from linli.territory.views.studio.access import address, picture_address, plan_of
from linli.territory.views.studio.tools import Tool, tools

PAGE = 20
ACTIVE = (RunState.WAITING, RunState.RUNNING)
TONES = {
    PlanState.DRAFT: "neutral",
    PlanState.PUBLISHED: "info",
    PlanState.ADOPTED: "warning",
    PlanState.IN_FORCE: "success",
    PlanState.ENDED: "neutral",
    PlanState.WITHDRAWN: "neutral",
}
ORDERS: dict[str, Callable[[Grid], float]] = {
    "heavy": lambda grid: -grid.over,
    "light": lambda grid: grid.over,
    "far": lambda grid: -math.inf if grid.way is None else -grid.way,
    "change": lambda grid: -grid.joining,
    "code": lambda _grid: 0,
}


@login_required
@never_cache
@require_GET
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The studio; a script asks for the panel alone."""
    plan, by = plan_of(request, pk)
    return page(request, plan, by)


def page(
    request: HttpRequest, plan: Plan, by: Account, *, opened: Tool | None = None, status: int = 200
) -> HttpResponse:
    """The page, or the panel of it for htmx; `opened` has something that has to be put right."""
    context = about(request, plan, by, opened)
    part = request.headers.get("HX-Request") == "true"
    name = "territory/desk_panel.html" if part else "territory/desk_plan.html"
    if not part:
        context |= _map(context)
    answer = render(request, name, context, status=status)
    if part and status != 200:  # says that the panel itself tells what was wrong
        answer["HX-Retarget"] = "#studio-panel"
    return answer


def about(request: HttpRequest, plan: Plan, by: Account, opened: Tool | None) -> dict[str, Any]:
    """What the panel shows."""
    parts = Parts(plan)
    grids = parts.grids
    asked = (opened.form.data.get("grid") if opened and opened.form.data else None) or ""
    chosen = _chosen(grids, asked or request.GET.get("grid", "")[:40])
    run = plan.runs.first()
    active = run is not None and run.state in ACTIVE
    editable = plan.state == PlanState.DRAFT and not active
    overall = queries.overall(plan)
    context: dict[str, Any] = {
        "plan": plan, "tone": TONES[PlanState(plan.state)], "overall": overall,
        "figures": overall.figures(), "run": run, "active": active, "editable": editable,
        "worst_percent": worst_percent(run), "why": reason(run) if run else "",
        "outdated": queries.is_outdated(plan),
        "draft": plan.state == PlanState.DRAFT, "run_form": RunForm(plan=plan),
        "parts": parts, "area": parts.area(request.GET.get("line", "")[:40]), "chosen": chosen,
        "bindings": fixed(plan, grids), "last": editing.last_step(plan) if editable else None,
        "links": links(plan), "page_address": address("desk-plan", plan.pk), "opened": opened,
        "trail": [{"href": address("desk-list"), "text": _("Service grids")}],
        "held_up": waiting.reasons(plan, by),
        "groups": plan.groups.count() if editable else 0,
    }  # fmt: skip
    if last := context["last"]:
        context |= {"kept": last.groups.count(), "undrawn": editing.groups_at_stake(plan, last)}
    context |= _listed(request, parts, context["area"])
    if chosen:
        context |= _about_grid(request, plan, chosen, grids, editable, opened)
    if editable:
        tie = opened.form if opened and opened.name == "tie" else TieForm(plan=plan, prefix="tie")
        context |= {"tie": tie, "fixing": opened is not None and opened.name == "tie"}
    return context


def worst_percent(run: Run | None) -> int:
    """By how many per cent the heaviest grid of the best so far is over its mean."""
    return round((run.worst - 1) * 100) if run and run.worst else 0


def _chosen(grids: Sequence[Grid], code: str) -> Grid | None:
    return next((grid for grid in grids if grid.code == code), None)


def _listed(request: HttpRequest, parts: Parts, area: Area) -> dict[str, Any]:
    order = request.GET.get("order", "heavy")
    by = ORDERS.get(order, ORDERS["heavy"])
    rows = sorted(parts.held(area.code), key=lambda grid: (by(grid), grid.code))
    number = request.GET.get("page", "1")
    shown = Paginator(rows, PAGE).get_page(number if len(number) < 6 else "1")
    names = picture.line_names(parts.plan, sorted({grid.line for grid in shown}))
    return {
        "rows": [_row(parts.plan, grid, names) for grid in shown],
        "page": shown,
        "listing": {"line", "order", "page"} & set(request.GET),  # somebody looks at the list
        "above": [*reversed(parts.above(area)), area],
        "below": [part.area for part in parts.below(area)],
        "order": order if order in ORDERS else "heavy",
        "orders": [
            ("heavy", _("most work first")), ("light", _("least work first")),
            ("far", _("longest way first")), ("change", _("most change first")),
            ("code", _("by code")),
        ],
    }  # fmt: skip


def _row(plan: Plan, grid: Grid, names: dict[str, str]) -> dict[str, Any]:
    return {
        "grid": grid,
        "name": picture.grid_name(grid),
        "line": names.get(grid.line, grid.line),
        "step": shades.step(grid.over),
        "percent": round((grid.over - 1) * 100),
        "words": shades.words(grid.over, plan.lines),
        "shape": shades.shape(grid.roundness),
    }


def _about_grid(
    request: HttpRequest,
    plan: Plan,
    chosen: Grid,
    grids: list[Grid],
    editable: bool,
    opened: Tool | None,
) -> dict[str, Any]:
    held = np.flatnonzero(labels.unpacked(plan.labels) == chosen.number).tolist()
    settlements = list(
        Settlement.objects.filter(gazetteer=plan.gazetteer_id, position__in=held).order_by("code")
    )
    near = neighbours(chosen, grids)
    at = request.GET.get("at", "")
    pressed = int(at) if at.isdecimal() and len(at) < 9 and int(at) in held else None
    beside = plan.grids.filter(line=chosen.line).values("code")
    return {
        "own_groups": plan.groups.filter(grid=chosen.code).count() if editable else 0,
        "line_groups": plan.groups.filter(grid__in=beside).count() if editable else 0,
        "row": _row(plan, chosen, picture.line_names(plan, [chosen.line])),
        "settlements": settlements,
        "pressed": pressed,
        "tools": tools(plan, chosen, settlements, near, pressed, opened) if editable else [],
    }


def neighbours(chosen: Grid, grids: Sequence[Grid]) -> list[Grid]:
    """The other grids of the same township, the nearest first."""

    def far(grid: Grid) -> float:
        east, north = grid.centre_lon - chosen.centre_lon, grid.centre_lat - chosen.centre_lat
        return east**2 + north**2

    return sorted(
        (grid for grid in grids if grid.line == chosen.line and grid.pk != chosen.pk), key=far
    )


def links(plan: Plan) -> list[dict[str, str]]:
    """The other pages of this plan, as far as the house has them and the plan is ready for them."""
    draft, published = plan.state == PlanState.DRAFT, plan.state == PlanState.PUBLISHED
    public = plan.state in rules.PUBLIC
    over = plan.state in (PlanState.ENDED, PlanState.WITHDRAWN)
    compare = address("desk-compare")
    before = f"{compare}?{urlencode({'a': plan.before_id, 'b': plan.pk})}" if plan.before_id else ""
    offered = [
        (before, _("Compare with the grids of now"), "swap"),
        ("" if not draft else address("desk-aims", plan.pk), _("What the plan aims at"), "chart"),
        (address("desk-groups", plan.pk), _("Neighbour groups"), "people"),
        ("" if not draft else address("desk-publish", plan.pk), _("Publish for comment"), "eye"),
        ("" if draft else address("desk-comments", plan.pk), _("Comments"), "chat"),
        (address("desk-adopt", plan.pk) if published else "", _("Adopt"), "check-circle"),
        (
            address("desk-adopt", plan.pk) if plan.state == PlanState.ADOPTED else "",
            _("Take the adoption back"),
            "arrow-left",
        ),
        (address("plan", plan.pk) if public else "", _("What the public sees"), "people"),
        (address("desk-export", plan.pk), _("Export and print"), "download"),
        ("" if over else address("desk-title", plan.pk), _("Change the title"), "edit"),
    ]
    return [{"href": href, "text": text, "icon": icon} for href, text, icon in offered if href]


def _map(context: dict[str, Any]) -> dict[str, Any]:
    parts: Parts = context["parts"]
    base = address("desk-plan", parts.plan.pk)

    def leads(grid: str, area: str) -> str:
        return f"{base}?{urlencode({'grid': grid} if grid else {'line': area})}#studio-panel"

    if chosen := context["chosen"]:
        drawing = picture.draw(parts.plan, parts.beside(chosen), leads, chosen=chosen)
    else:
        drawing = picture.of_area(
            parts, context["area"], leads, picture_address(parts.plan, context["area"])
        )
    return {"drawing": drawing, "TILES": tiles_address()}
