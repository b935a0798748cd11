"""Being told what becomes of a plan, and stopping it behind the secret link.

As on the page of the plan nobody is signed in, so there is no right that a foreign page could
borrow; stopping needs the secret.
"""

from http import HTTPStatus

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.cases.views.tokens import private
from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import Conflict, Missing
from linli.territory import following, rules
from linli.territory.actions import following as actions
from linli.territory.forms.comments import Following
from linli.territory.models import Plan
from linli.territory.views.public.floods import flooded


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """Leave a contact, to be told what becomes of a plan that is still to begin."""
    plan = rules.plans_visible_to(None).filter(pk=pk).first()
    if plan is None or not rules.may_follow(plan):
        raise Missing()
    form, status = filled(Following, request), 200
    if request.method == "POST" and not only_reads_on(request):
        if form.is_valid() and (done := _followed(request, plan, form)):
            return done
        status = 429 if form.has_error(NON_FIELD_ERRORS, "too-many") else 400
    context = {
        "plan": plan,
        "form": form,
        "switch": {"form": "follow", "step": "keep", "enter": "send"},
    }
    return private(render(request, "territory/public_follow.html", context, status=status))


def _followed(request: HttpRequest, plan: Plan, form: Following) -> HttpResponse | None:
    if flooded(request):
        text = _("Many comments come from your connection. Please wait ten minutes.")
        form.add_error(None, ValidationError(text, code="too-many"))
        return None
    told = form.told
    assert told is not None  # the form asks for it
    try:
        row = actions.follow(
            plan, contact=told, language=request.LANGUAGE_CODE, op_id=form.cleaned_data["mark"]
        )
    except Conflict as error:
        form.add_error(None, str(error.message))
        return None
    there = reverse("territory:following", args=[following.token_of(row)])
    return private(HttpResponseRedirect(there, status=HTTPStatus.SEE_OTHER))


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """What somebody is told about, and where they stop it; a link that is over says so."""
    try:
        row = following.behind(token)
    except Missing:
        return private(render(request, "territory/public_following.html", status=404))
    plan, channel = row.plan, row.contact.channel
    stopped = request.method == "POST"
    if stopped:
        actions.stop(row)
    context = {
        "plan": plan,
        "public": plan.state in rules.PUBLIC,
        "channel": channel,
        "stopped": stopped,
        "here": request.path,
    }
    return private(render(request, "territory/public_following.html", context))


urls = [
    path("grids/<int:pk>/follow/", follow, name="follow"),
    path("grids/following/<str:token>/", stop, name="following"),
]
