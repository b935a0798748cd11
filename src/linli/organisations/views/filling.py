"""The page on which an area gets a post for a duty: one that is there already, or a new one."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from linli.areas import queries as areas
from linli.design.switching import filled, keeps_words, only_reads_on
from linli.kernel.errors import LinliError, Missing
from linli.kernel.models import Account
from linli.organisations import actions, rules
from linli.organisations.filling import Opening, usual_duties
from linli.organisations.forms import NewPostForm
from linli.organisations.models import Duty


@login_required
@keeps_words
def fill(request: HttpRequest, code: str) -> HttpResponse:
    """Who answers for a duty in an area, today or from its first day; who could; a new post."""
    opening, by = _opening(request, code)
    form = filled(NewPostForm, request)
    form.offer(opening, by)
    if request.method == "POST" and not only_reads_on(request) and form.is_valid():
        said = form.cleaned_data
        if _done(
            request,
            lambda: actions.add_post_for(
                opening.area, opening.duty, code=said["code"], names=form.names(),
                organisation=said["office"], kind=opening.kind, holder=said["username"], by=by,
            ),
        ):  # fmt: skip
            return redirect(_address(opening))
    context = {
        "area": opening.area,
        "above": areas.ancestors(opening.area, opening.area.since if opening.coming else None),
        "duty": opening.duty,
        "duties": usual_duties(opening.area),
        "coming": opening.coming,
        "has": opening.has,
        "beside": opening.beside(by),
        "form": form,
        "page_address": _address(opening),
        "take_address": _address(opening, "fill-by"),
        "staffable": set(rules.staffable_by(by).values_list("pk", flat=True)),
        "readable": set(rules.readable_by(by).values_list("pk", flat=True)),
    }
    return render(request, "organisations/fill.html", context)


@login_required
@require_POST
def take(request: HttpRequest, code: str) -> HttpResponse:
    """Let a post that is there already answer for the duty."""
    opening, by = _opening(request, code)
    able = rules.posts_to_give(by, opening.duty, opening.area)
    post = able.filter(code=request.POST.get("post", "").strip()[:40]).first()
    if post is None:
        messages.error(request, _("There is no post of this code that is yours to staff."))
    else:
        duty, area = opening.duty, opening.area
        _done(request, lambda: actions.answer_for(post, duty=duty, area=area, by=by))
    return redirect(_address(opening))


def _opening(request: HttpRequest, code: str) -> tuple[Opening, Account]:
    """The area and the duty of the address; Missing for whoever staffs no post."""
    by, area = request.user, areas.by_code_or_coming(code)
    if not isinstance(by, Account) or area is None or not rules.staffs_any(by):
        raise Missing()
    asked = Duty.objects.filter(code=request.GET.get("duty", "")).first()
    duty = asked or next(iter(usual_duties(area)), None)
    if duty is None:
        raise Missing()
    return Opening(area, duty), by


def _address(opening: Opening, name: str = "fill") -> str:
    page = reverse(f"organisations:{name}", args=[opening.area.code])
    return f"{page}?{urlencode({'duty': opening.duty.code})}"


def _done(request: HttpRequest, act: Callable[[], object]) -> bool:
    """Act and say how it went."""
    try:
        act()
    except LinliError as error:
        if isinstance(error, Missing):
            raise
        messages.error(request, " ".join(map(str, error.fields.values())) or str(error.message))
        return False
    messages.success(request, _("Done."))
    return True
