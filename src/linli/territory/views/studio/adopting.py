"""The day of a plan: what it would change, adopting it in two steps, taking it back before."""

from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from linli.design.switching import filled, keeps_words
from linli.kernel.errors import LinliError, Missing
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.territory import carrying, rules, waiting
from linli.territory.actions import adopting
from linli.territory.models import OpenCases, Plan, PlanState
from linli.territory.views.studio.access import trail_of
from linli.territory.views.studio.changes import lists


class AdoptForm(forms.Form):
    """The first day of the new grids, and what becomes of open cases."""

    since = forms.DateField(
        label=gettext_lazy("First day of the new grids"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    open_cases = forms.ChoiceField(
        label=gettext_lazy("Open cases"),
        help_text=gettext_lazy(
            "Private cases, contested ones and complaints about an office stay with their post in "
            "any case."
        ),
        choices=OpenCases.choices,
        initial=OpenCases.BEGUN_STAY,
        widget=forms.RadioSelect,
    )


def _plan(request: HttpRequest, pk: int) -> tuple[Account, Plan]:
    assert isinstance(request.user, Account)
    plan = rules.adoptions_readable_by(request.user).filter(pk=pk).first()
    if plan is None:
        raise Missing()
    return request.user, plan


@login_required
def coming(request: HttpRequest) -> HttpResponse:
    """The plan that begins next, with its grids that need a holder."""
    assert isinstance(request.user, Account)
    plan = rules.next_to_begin(request.user)
    if plan is None:
        raise Missing()
    return redirect("territory:desk-adopt", pk=plan.pk)


@login_required
@keeps_words
def adopt(request: HttpRequest, pk: int) -> HttpResponse:
    """What the plan changes; with a day it asks once more, and then adopts it."""
    by, plan = _plan(request, pk)
    if request.method != "POST":
        return _page(request, plan, AdoptForm())
    form = filled(AdoptForm, request)
    if not form.is_valid():
        return _page(request, plan, form)
    if "confirmed" not in request.POST:
        return _page(request, plan, form, asking=True)
    day, rule = form.cleaned_data["since"], OpenCases(form.cleaned_data["open_cases"])
    try:
        adopting.adopt(plan, since=day, open_cases=rule, by=by)
    except LinliError as error:
        if isinstance(error, Missing):
            raise
        form.add_error("since", str(error.message))
        return _page(request, plan, form)
    messages.success(request, _("The plan is adopted."))
    return redirect("territory:desk-adopt", pk=pk)


def _page(
    request: HttpRequest, plan: Plan, form: AdoptForm, *, asking: bool = False
) -> HttpResponse:
    seen = carrying.preview(plan)
    by, trail = request.user, trail_of(plan)
    assert isinstance(by, Account)
    shown = lists(plan, seen, by)
    may_plan = rules.may_plan(by, plan.area)
    if not may_plan:
        trail = [{"href": reverse("territory:plan", args=[plan.pk]), "text": pick(plan.titles)}]
    rule = OpenCases(form.cleaned_data["open_cases"]) if asking else plan.open_cases
    context: dict[str, Any] = {
        "plan": plan,
        "page_address": reverse("territory:desk-adopt", args=[plan.pk]),
        "seen": seen,
        "lists": shown,
        "trail": trail,
        "may_plan": may_plan,
        "staffs": any(one.fill for name in ("bare", "empty") for one in shown[name].all),
        "arranged": carrying.arranged(plan).count(),
        "form": form,
        "asking": asking,
        "move": seen.cases.moving(OpenCases(rule)),
        "left": seen.cases.left_by(OpenCases(rule)),
        "rule": OpenCases(rule).label,
        "commenting": plan.comments_until is None or plan.comments_until >= timezone.localdate(),
        "waiting": plan.state == PlanState.ADOPTED,
        "due": plan.has_come,
        "held_up": waiting.reasons(plan, by),
        "began": plan.state == PlanState.IN_FORCE,
    }
    return render(request, "territory/desk_adopt.html", context)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Before its day: the plan is a published draft again."""
    by, plan = _plan(request, pk)
    try:
        adopting.take_back(plan, by=by)
    except LinliError as error:
        if isinstance(error, Missing):
            raise
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The adoption is taken back."))
    return redirect("territory:desk-adopt", pk=pk)


urls = [
    path("desk/grids/coming/", coming, name="desk-coming"),
    path("desk/grids/<int:pk>/adopt/", adopt, name="desk-adopt"),
    path("desk/grids/<int:pk>/take-back/", take_back, name="desk-take-back"),
]
