"""Published plans: which there are, what one changes for whom, and what people say about it.

The forms carry no CSRF cookie check: nobody is signed in here, so there is no right that a foreign
page could borrow, and reading sets no cookie.
"""

from hashlib import sha256
from http import HTTPStatus
from typing import Any

from django.core.cache import cache
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from linli.areas.models import Area
from linli.design import switching
from linli.design.switching import keeps_words
from linli.kernel.errors import Conflict, Invalid, Missing
from linli.kernel.languages import pick
from linli.territory import moving, parts, picture, queries, rules, shades
from linli.territory.actions import comments
from linli.territory.fixed import fixed
from linli.territory.forms.comments import Commenting
from linli.territory.models import Comment, CommentState, Grid, Plan, PlanState
from linli.territory.views.packing import as_json, packed
from linli.territory.views.public import finding, following
from linli.territory.views.public.floods import flooded

TALKED = 60  # grids with comments that a plan names
FIGURES = 3600  # seconds for which they are kept in memory
COMMENTS = 20
BEGUN = (PlanState.IN_FORCE, PlanState.ENDED)
TONES = {
    PlanState.PUBLISHED: "warning",
    PlanState.ADOPTED: "info",
    PlanState.IN_FORCE: "success",
}
SWITCH = {"form": "comment", "step": "keep", "enter": "send"}


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """The plans that everybody may see: those that can be commented on first."""
    rows = rules.plans_visible_to(None).annotate(number=Count("grids", distinct=True))
    found = sorted(rows, key=lambda plan: (not rules.may_comment(plan), -plan.pk))
    lines = [{"plan": one, "open": rules.may_comment(one), "tone": _tone(one)} for one in found]
    return render(request, "territory/public_plans.html", {"lines": lines})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """A plan: where you will be, what changes and why, and what people say."""
    row = _plan(pk)
    inside, found = parts.Parts(row), finding.place(request, row)
    area = inside.area(request.GET.get("in", "")[:40] or inside.around(found["around"]))
    context = {
        "overall": _figures(row),
        "area": area,
        "above": inside.above(area),
        "bindings": fixed(row, inside.grids),
        "talked": _talked(row),
        **_shown(row, inside, area),
        **found,
    }
    return _page(request, row, "territory/public_plan.html", context)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def grid(request: HttpRequest, pk: int, code: str) -> HttpResponse:
    """One grid of a plan: who comes, who goes, and what people say about it."""
    row = _plan(pk)
    one = row.grids.filter(code=code).first()
    if one is None:
        raise Missing()
    grids = parts.Parts(row).beside(one)
    change = moving.change_of(row, one)
    before = moving.names_before(row, {flow.before for flow in change.joining})
    [answers] = finding.answering(row, [(one.code, one.code)])
    context = {
        **answers,
        "changes": row.before_id is not None or row.state in rules.LATER,
        "grid": one,
        "since": queries.since_then(one) if row.state in BEGUN else None,
        "name": picture.grid_name(one),
        "line": picture.line_names(row, [one.line]).get(one.line, one.line),
        "change": change,
        "joining": [(before.get(flow.before, flow.before), flow) for flow in change.joining],
        "named": bool(one.names),
        "drawing": picture.draw(row, grids, _address(row), chosen=one),
        "groups": picture.draw_groups(row, one.code),
        "bindings": [found for found in fixed(row, grids) if one.number in found.numbers],
    }
    return _page(request, row, "territory/public_grid.html", context, code=code)


def _shown(row: Plan, inside: parts.Parts, area: Area) -> dict[str, Any]:
    """The map and the table of an area: its grids, or the areas below where there are too many."""
    if below := inside.below(area):
        return {"parts": below, **_drawn(row, below)}
    grids = inside.held(area.code)
    return {"grids": _named(grids), "drawing": picture.draw(row, grids, _address(row))}


def _drawn(row: Plan, below: list[parts.Part]) -> dict[str, Any]:
    """Areas in the colour of how many people get another grid; without a plan before, in none."""
    steps = {one.area.code: shades.change(one.share) for one in below}
    words = {step: str(shades.CHANGE_WORDS[step - shades.MIDDLE]) for step in steps.values()}
    known = row.before_id is not None
    said = {
        code: (step, words[step] if known else pick(row.titles)) for code, step in steps.items()
    }
    legend = [{"step": step, "text": words[step]} for step in sorted(words)]
    return {
        "drawing": picture.draw_areas(row, said, _address(row)), "legend": legend if known else [],
    }  # fmt: skip


def _talked(row: Plan) -> list[dict[str, Any]]:
    """The grids about which something is shown, those with most of it first."""
    shown = row.comments.filter(state=CommentState.RELEASED).exclude(grid="").order_by()
    counts = dict(shown.values_list("grid").annotate(Count("pk")))
    grids = row.grids.filter(code__in=counts).defer("wkb").order_by("code")
    found = [
        {"code": one.code, "name": picture.grid_name(one), "count": counts[one.code]}
        for one in grids
    ]
    return sorted(found, key=lambda one: -int(one["count"]))[:TALKED]


def _figures(row: Plan) -> list[queries.Figure]:
    """The figures in words; kept, as they take a while and what is published does not change."""
    drawn = sha256(bytes(row.labels)).hexdigest()[:16]
    key = f"plan-figures:{row.pk}:{row.revision}:{drawn}:{get_language()}"
    found: list[queries.Figure] | None = cache.get(key)
    if found is None:
        found = queries.overall(row).figures()
        cache.set(key, found, FIGURES)
    change = [one for one in found if one.key == "change" and row.state in rules.LATER]
    return [*change, *(one for one in found if one.key != "change")]


def _page(
    request: HttpRequest, row: Plan, template: str, context: dict[str, Any], code: str = ""
) -> HttpResponse:
    asks = finding.is_point(request)
    form, status = Commenting() if asks else switching.filled(Commenting, request), 200
    if request.method == "POST" and not asks and not switching.only_reads_on(request):
        if form.is_valid() and (done := _sent(request, row, form, code)):
            return done
        status = 429 if form.has_error(NON_FIELD_ERRORS, "too-many") else 400
    said, counted = _said(row, code)
    context |= {
        "plan": row,
        "line_level": shades.line(row.lines),
        "tone": _tone(row),
        "none_there": row.state == PlanState.IN_FORCE and not queries.any_there(row),
        "open": rules.may_comment(row),
        "followed": rules.may_follow(row),
        "form": form,
        "said": Paginator(said, COMMENTS).get_page(request.GET.get("page")),
        "counted": counted,
        "thanks": "said" in request.GET,
        "here": request.path,
        "switch": SWITCH if rules.may_comment(row) else None,
    }
    return render(request, template, context, status=status)


def _sent(request: HttpRequest, row: Plan, form: Commenting, code: str) -> HttpResponse | None:
    if flooded(request):
        text = _("Many comments come from your connection. Please wait ten minutes.")
        form.add_error(None, ValidationError(text, code="too-many"))
        return None
    try:
        comments.comment(
            row,
            text=form.cleaned_data["text"],
            grid=code,
            language=request.LANGUAGE_CODE,
            contact=form.told,
            op_id=form.op_id(code),
        )
    except (Invalid, Conflict) as error:
        form.add_error(None, str(error.message))
        return None
    there = f"{request.path}?said=1#comments"
    return HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER)


def _said(row: Plan, code: str) -> tuple[QuerySet[Comment], dict[str, int]]:
    rows = row.comments.filter(grid=code)
    shown = Q(state=CommentState.RELEASED)
    counted = rows.aggregate(
        all=Count("pk"),
        shown=Count("pk", filter=shown),
        waiting=Count("pk", filter=Q(state=CommentState.WAITING)),
    )
    counted["hidden"] = counted["all"] - counted["shown"] - counted["waiting"]
    return rows.filter(shown).order_by("-pk"), counted


def _plan(pk: int) -> Plan:
    row = rules.plans_visible_to(None).filter(pk=pk).first()
    if row is None:
        raise Missing()
    return row


def _tone(row: Plan) -> str:
    return TONES.get(PlanState(row.state), "neutral")


def _address(row: Plan) -> picture.Address:
    whole = reverse("territory:plan", args=[row.pk])

    def address(code: str, line: str) -> str:
        if code:
            return reverse("territory:grid", args=[row.pk, code])
        return f"{whole}?{urlencode({'in': line})}#grids"

    return address


def _named(grids: list[Grid]) -> list[dict[str, Any]]:
    return [{"grid": one, "name": picture.grid_name(one)} for one in grids]


@require_safe
def geojson(request: HttpRequest, pk: int) -> HttpResponse:
    """Outlines and figures of all grids (RFC 7946)."""
    row = _plan(pk)
    response = packed(
        request, [row.revision], lambda: as_json(queries.map_features(row)), keep=FIGURES
    )
    response.headers["Content-Disposition"] = f'attachment; filename="grids-{pk}.geojson"'
    return response


urls = [
    path("grids/", plans, name="plans"),
    path("grids/<int:pk>/", plan, name="plan"),
    path("grids/<int:pk>/plan.geojson", geojson, name="plan-geojson"),
    *following.urls,
    path("grids/<int:pk>/<str:code>/", grid, name="grid"),
]
