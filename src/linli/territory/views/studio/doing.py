"""Doing something in the studio: forms are judged, actions called, and the page is shown again.

Every answer that went well is a redirection to the page. htmx follows it and is given the panel; a
browser without scripts is given the page.
"""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.formats import number_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.territory.actions import bindings, editing, plans, runs
from linli.territory.forms.studio import PlanForm, RunForm, TieForm
from linli.territory.labels import unpacked
from linli.territory.models import Binding, BindingKind, Grid, Plan, Settlement, Step
from linli.territory.views.studio.access import address, plan_of
from linli.territory.views.studio.page import ACTIVE, neighbours, page
from linli.territory.views.studio.tools import BY_NAME, Tool, form_of, grid_of


@login_required
@require_POST
def grid_verb(request: HttpRequest, pk: int, name: str) -> HttpResponse:
    """Do one thing with a grid; what was typed comes back when it cannot be done."""
    plan, by = plan_of(request, pk)
    verb, grid = BY_NAME[name], grid_of(plan, request.POST.get("grid", "")[:40])
    held = (unpacked(plan.labels) == grid.number).nonzero()[0].tolist()
    rows = Settlement.objects.filter(gazetteer=plan.gazetteer_id, position__in=held)
    near = neighbours(grid, list(plan.grids.filter(line=grid.line)))
    form = form_of(verb, plan, grid, list(rows.order_by("code")), near, data=request.POST)
    if not form.is_valid():
        return page(request, plan, by, opened=Tool(name, form, verb, True), status=400)
    try:
        done = verb.do(plan, grid, form.cleaned_data, by)
    except LinliError as error:
        plan, by = plan_of(request, pk)
        form.seen_anew(plan)
        tool = Tool(name, form, verb, True, str(error.message))
        return page(request, plan, by, opened=tool, status=error.status)
    messages.success(request, _("Done."))
    _tell_of_groups(request, done)
    return back(plan, _after(plan, grid))


def _after(plan: Plan, grid: Grid) -> dict[str, Any]:
    """The grid stays in view, if the step left it there."""
    return {"grid": grid.code} if plan.grids.filter(number=grid.number).exists() else {}


@login_required
@require_POST
def tie(request: HttpRequest, pk: int) -> HttpResponse:
    """Settlements stay together, or apart."""
    plan, by = plan_of(request, pk)
    form = TieForm(request.POST, plan=plan, prefix="tie")
    if not form.is_valid():
        return page(request, plan, by, opened=Tool("tie", form, open=True), status=400)
    said = form.cleaned_data
    kind = BindingKind(said["kind"])
    try:
        bindings.fix(
            plan, kind, reason=said["reason"], positions=said["codes"], by=by,
            revision=said["revision"],
        )  # fmt: skip
    except LinliError as error:
        plan, by = plan_of(request, pk)
        form.seen_anew(plan)
        tool = Tool("tie", form, None, True, str(error.message))
        return page(request, plan, by, opened=tool, status=error.status)
    messages.success(request, _("Done."))
    return back(plan)


@login_required
@require_POST
def release(request: HttpRequest, pk: int, binding: int) -> HttpResponse:
    """Something is no longer fixed."""
    plan, by = plan_of(request, pk)
    row = get_object_or_404(Binding, pk=binding, plan=plan)
    revision = seen(request, plan)
    return _tried(request, plan, by, lambda: bindings.release(row, by=by, revision=revision))


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back the newest step."""
    plan, by = plan_of(request, pk)
    revision = seen(request, plan)
    return _tried(request, plan, by, lambda: editing.undo(plan, by=by, revision=revision))


@login_required
@require_POST
def recount(request: HttpRequest, pk: int) -> HttpResponse:
    """Count what the plan changes against the one in force."""
    plan, by = plan_of(request, pk)
    return _tried(request, plan, by, lambda: plans.recount(plan, by=by))


@login_required
@require_POST
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a calculation."""
    plan, by = plan_of(request, pk)
    form = RunForm(request.POST, plan=plan)
    fresh, revision = form.is_valid() and form.cleaned_data["fresh"], seen(request, plan)
    return _tried(
        request, plan, by, lambda: runs.ask(plan, fresh=fresh, by=by, revision=revision), said=""
    )


@login_required
@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop the calculation and keep the best that it found."""
    plan, by = plan_of(request, pk)
    active = plan.runs.filter(state__in=ACTIVE).first()
    if active is None:
        raise Missing()
    return _tried(request, plan, by, lambda: runs.ask_to_stop(active, by=by), said="")


def seen(request: HttpRequest, plan: Plan) -> int | None:
    """The revision of the page on which somebody acted; Missing for what is no number."""
    form = PlanForm(request.POST, plan=plan)
    if not form.is_valid():
        raise Missing()
    revision: int | None = form.cleaned_data["revision"]
    return revision


def _tried(
    request: HttpRequest, plan: Plan, by: Account, do: Any, said: str | None = None
) -> HttpResponse:
    """Do it and show the plan; what was wrong is said above it."""
    try:
        done = do()
    except LinliError as error:
        messages.error(request, str(error.message))
        fresh, by = plan_of(request, plan.pk)
        return page(request, fresh, by, status=error.status)
    told = _("Done.") if said is None else said
    if told:
        messages.success(request, told)
    _tell_of_groups(request, done)
    return back(plan)


def _tell_of_groups(request: HttpRequest, step: object) -> None:
    """Say how many neighbour groups a step has dropped; or undoing it, and how many came back."""
    if not isinstance(step, Step):
        return
    back, gone = step.groups_restored, step.groups_dropped
    if back:
        words = ngettext("%(n)s neighbour group is back.", "%(n)s neighbour groups are back.", back)
        messages.success(request, words % {"n": number_format(back, force_grouping=True)})
    if gone and step.undone_at:
        words = ngettext(
            "%(n)s neighbour group that was drawn since is dropped.",
            "%(n)s neighbour groups that were drawn since are dropped.",
            gone,
        )
        messages.warning(request, words % {"n": number_format(gone, force_grouping=True)})
    elif gone:
        words = ngettext(
            "%(n)s neighbour group was dropped, as its grid has another outline. Undoing the step "
            "brings it back.",
            "%(n)s neighbour groups were dropped, as their grids have another outline. Undoing the "
            "step brings them back.",
            gone,
        )
        messages.warning(request, words % {"n": number_format(gone, force_grouping=True)})


def back(plan: Plan, asked: dict[str, Any] | None = None) -> HttpResponse:
    """To the studio, with a grid in view where one was."""
    query = f"?{urlencode(asked)}" if asked else ""
    return redirect(address("desk-plan", plan.pk) + query)
