"""The dead-letter page: which answers to events failed, and trying one of them again."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from linli.kernel import reactions, rules
from linli.kernel.actions import require
from linli.kernel.errors import Missing
from linli.kernel.models import Account, Failure

ON_A_PAGE = 50


@login_required
@never_cache
@require_GET
def failures(request: HttpRequest) -> HttpResponse:
    """What failed, the ones that are given up first. No words of anybody: codes and times only."""
    require(rules.may_retry(_by(request)))
    rows = Failure.objects.select_related("sealed__entry").order_by("next_try", "pk")
    given_up = rows.filter(next_try=None)
    ordered = [*given_up, *rows.exclude(next_try=None)]
    page = Paginator(ordered, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "given_up": len(given_up), "tries": reactions.TRIES}
    return render(request, "web/failures/failures.html", context)


@login_required
@require_POST
def try_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Let the worker try this one at its next round."""
    failure = Failure.objects.filter(pk=pk).first()
    require(rules.may_retry(_by(request)))
    if failure is None:
        raise Missing()
    reactions.try_again(failure, by=_by(request))
    messages.success(request, _("It is tried again within a minute."))
    return redirect("failures:failures")


def _by(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user
