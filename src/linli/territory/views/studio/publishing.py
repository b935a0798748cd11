"""Showing a draft to everybody, or giving it up."""

import datetime as dt

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import LinliError, Missing
from linli.territory.actions import plans, publishing
from linli.territory.models import Plan, PlanState
from linli.territory.views.studio.access import plan_of, trail_of
from linli.territory.views.studio.doing import seen

USUAL = dt.timedelta(days=30)


class PublishForm(forms.Form):
    """Until when people can say something about the plan."""

    until = forms.DateField(
        label=gettext_lazy("Last day for comments"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=lambda: timezone.localdate() + USUAL,
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """What it means to publish this draft; with a day, it is published."""
    plan, by = plan_of(request, pk)
    if plan.state != PlanState.DRAFT:
        raise Missing()
    form = filled(PublishForm, request)
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        until, revision = form.cleaned_data["until"], seen(request, plan)
        try:
            publishing.publish(plan, until=until, by=by, revision=revision)
        except LinliError as error:
            form.add_error("until", str(error.message))
        else:
            messages.success(request, _("Everybody sees the plan now."))
            return redirect("territory:desk-plan", pk=pk)
    status = 400 if form.is_bound and form.errors else 200
    return _page(request, plan, form, status)


def _page(request: HttpRequest, plan: Plan, form: PublishForm, status: int) -> HttpResponse:
    context = {
        "plan": plan,
        "form": form,
        "fixed": plan.bindings.count(),
        "switch": {"form": "publish", "step": "keep", "enter": "send"},
        "trail": trail_of(plan),
    }
    return render(request, "territory/desk_publish.html", context, status=status)


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    plan, by = plan_of(request, pk)
    revision = seen(request, plan)
    try:
        plans.withdraw(plan, by=by, revision=revision)
    except LinliError as error:
        messages.error(request, str(error.message))
        return redirect("territory:desk-plan", pk=pk)
    messages.success(request, _("The plan is given up."))
    return redirect("territory:desk-list")


urls = [
    path("desk/grids/<int:pk>/publish/", publish, name="desk-publish"),
    path("desk/grids/<int:pk>/withdraw/", withdraw, name="desk-withdraw"),
]
