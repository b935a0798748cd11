"""What a draft aims at, to be changed before it is calculated again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import Conflict, Invalid, Missing
from linli.territory.actions import plans
from linli.territory.forms.aims import AimsForm, aims_of
from linli.territory.models import PlanState
from linli.territory.views.studio.access import plan_of, trail_of
from linli.territory.views.studio.doing import seen
from linli.territory.weights import Weights


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def aims(request: HttpRequest, pk: int) -> HttpResponse:
    """How many grids a draft is to have, and what it is judged by."""
    plan, by = plan_of(request, pk)
    if plan.state != PlanState.DRAFT:
        raise Missing()
    form = filled(AimsForm, request)
    form.initial = {**aims_of(plan), **form.initial}
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        weights = form.weights(Weights.of(plan.weights))
        try:
            plans.set_aims(
                plan, wanted=form.wanted, weights=weights, by=by, revision=seen(request, plan)
            )
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Done. Calculate the plan, and it is judged by this."))
            return redirect("territory:desk-plan", pk=pk)
    context = {
        "plan": plan,
        "form": form,
        "switch": {"form": "aims", "step": "keep", "enter": "send"},
        "trail": trail_of(plan),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "territory/desk_aims.html", context, status=status)


urls = [path("desk/grids/<int:pk>/aims/", aims, name="desk-aims")]
