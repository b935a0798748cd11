"""The plans that somebody may change, and how one begins."""

from dataclasses import replace
from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Count, Max, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from linli.areas.conditions import below
from linli.areas.models import Level
from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.territory import rules, shades
from linli.territory.actions import plans
from linli.territory.forms.studio import BeginForm
from linli.territory.models import Gazetteer, Plan, PlanState
from linli.territory.views.studio.access import planner
from linli.territory.views.studio.page import TONES

PAGE = 20


@login_required
@require_GET
def listing(request: HttpRequest) -> HttpResponse:
    """The plans of the reader's areas, the newest first."""
    by = planner(request)
    rows = rules.plans_plannable_by(by).defer("labels").annotate(
        count=Count("grids"), worst=Max("grids__over"), households=Sum("grids__households")
    )  # fmt: skip
    page = Paginator(rows.order_by("-begun_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    shown = [
        {
            "plan": plan,
            "area": pick(plan.area.names) or plan.area.code,
            "tone": "error" if plan.waits_since else TONES[PlanState(plan.state)],
            "worst": shades.words(worst, plan.lines)
            if (worst := getattr(plan, "worst", None))
            else "",
        }
        for plan in page
    ]
    context = {
        "plans": shown, "page": page, "any": gazetteers(by).exists(),
        "recent": page.object_list[:2] if len(shown) > 1 else [],
    }  # fmt: skip
    return render(request, "territory/desk_list.html", context)


def gazetteers(by: Account) -> QuerySet[Gazetteer]:
    """Imports of settlements of the areas that somebody plans, the newest first."""
    found = Gazetteer.objects.none()
    for area in rules.planned_areas(by):
        found = found | Gazetteer.objects.filter(below(area.path, "area__"))
    return found.select_related("area").order_by("-imported_at", "-pk").distinct()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def begin(request: HttpRequest) -> HttpResponse:
    """Begin a plan from settlements, and go to its studio."""
    by = planner(request)
    form = filled(BeginForm, request)
    _offer(form, by)
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        try:
            plan = _begun(form, by)
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error.message))
        else:
            return redirect("territory:desk-plan", pk=plan.pk)
    status = 400 if form.is_bound and form.errors else 200
    context = {
        "form": form,
        "any": gazetteers(by).exists(),
        "switch": {"form": "begin", "step": "keep", "enter": "send"},
        "trail": [{"href": reverse("territory:desk-list"), "text": _("Service grids")}],
    }
    return render(request, "territory/desk_begin.html", context, status=status)


def _offer(form: BeginForm, by: Account) -> None:
    """Fill the lists with what this planner may use."""
    rows: dict[str, Any] = {
        "gazetteer": gazetteers(by),
        "lines": Level.objects.filter(code__in=("township", "village")),
        "like": rules.plans_plannable_by(by).exclude(state=PlanState.WITHDRAWN),
    }
    for name, queryset in rows.items():
        form.fields[name].queryset = queryset  # type: ignore[attr-defined]
    if not form.is_bound:
        newest, now = rows["gazetteer"].first(), rows["like"].filter(state=PlanState.IN_FORCE)
        form.fields["gazetteer"].initial = newest
        form.fields["lines"].initial = rows["lines"].filter(code="township").first()
        form.fields["like"].initial = now.filter(area=newest.area).first() if newest else None


def _begun(form: BeginForm, by: Account) -> Plan:
    said = form.cleaned_data
    gazetteer: Gazetteer = said["gazetteer"]
    # Without grids to begin with, each is a new one: there is nothing that could stay.
    weights = form.weights() if said["like"] else replace(form.weights(), change=0.0)
    return plans.begin(
        gazetteer.area, gazetteer, titles=form.titles, lines=said["lines"], wanted=form.wanted,
        weights=weights, like=said["like"], by=by,
    )  # fmt: skip
