"""The same way for staff who write for somebody; the receipt is printed or read out."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from linli.cases import follow, rules
from linli.cases.actions.intake import receipt as receipt_of
from linli.cases.forms.at_the_desk import DeskTelling
from linli.cases.forms.telling import Telling
from linli.cases.photos import Picture
from linli.cases.views import receipt as receipts
from linli.cases.views.choosing import choosing_page
from linli.cases.views.flow import Kind, Page, form_page, tell_page
from linli.cases.views.resident import report, sent
from linli.cases.views.tokens import private
from linli.kernel.actions import require
from linli.kernel.errors import Invalid
from linli.kernel.models import Account

FRAME = "design/base_staff.html"


def _colleague(request: HttpRequest) -> Account:
    """Whoever is signed in, if they may take reports; otherwise this reads like no page."""
    person = request.user
    require(isinstance(person, Account) and rules.may_take(person))
    assert isinstance(person, Account)
    return person


def _send(page: Page, form: Telling, pictures: list[Picture]) -> HttpResponse:
    try:
        given = report(sent(page, form, pictures), by=_colleague(page.request))
    except Invalid as error:
        form.add_error(None, str(error.message))
        return tell_page(page, form)
    address = reverse("cases:desk-receipt", args=[given.token])
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


DESK = Kind(FRAME, "cases:desk-new", "cases:desk-where", DeskTelling, _send)


@login_required
@require_safe
def choose(request: HttpRequest) -> HttpResponse:
    """Which service somebody asks for."""
    _colleague(request)
    return choosing_page(request, DESK)


@login_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill_in(request: HttpRequest, code: str) -> HttpResponse:
    """The form, written for somebody."""
    _colleague(request)
    return form_page(request, DESK, code)


@login_required
@never_cache
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt to print or read out to whoever it belongs to."""
    _colleague(request)
    context = receipts.shown(request, receipt_of(follow.case_for(token)))
    more = {"base": FRAME, "again": reverse("cases:desk-new"), "staff": True}
    return private(render(request, "cases/resident/receipt.html", context | more))
