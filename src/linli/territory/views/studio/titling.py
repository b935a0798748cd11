"""What a plan is called, in each language."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from linli.areas.names import LANGUAGES
from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import Conflict, Invalid, Missing
from linli.territory import rules
from linli.territory.actions import plans
from linli.territory.forms.studio import TitleForm
from linli.territory.models import PlanState
from linli.territory.views.studio.access import plan_of, trail_of
from linli.territory.views.studio.doing import seen

OVER = (PlanState.ENDED, PlanState.WITHDRAWN)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def title(request: HttpRequest, pk: int) -> HttpResponse:
    """The titles of a plan, to be changed as long as it is not over."""
    plan, by = plan_of(request, pk)
    if plan.state in OVER:
        raise Missing()
    form = filled(TitleForm, request)
    now = {f"title_{key}": plan.titles.get(key, "") for key in LANGUAGES}
    form.initial = {**now, **form.initial}
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        try:
            plans.retitle(plan, form.titles, by=by, revision=seen(request, plan))
        except (Invalid, Conflict) as error:
            form.add_error(None, str(error.message))
        else:
            messages.success(request, _("Done."))
            return redirect("territory:desk-plan", pk=pk)
    context = {
        "plan": plan,
        "form": form,
        "public": plan.state in rules.PUBLIC,
        "switch": {"form": "title", "step": "keep", "enter": "send"},
        "trail": trail_of(plan),
    }
    status = 400 if form.is_bound and form.errors else 200
    return render(request, "territory/desk_title.html", context, status=status)


urls = [path("desk/grids/<int:pk>/title/", title, name="desk-title")]
