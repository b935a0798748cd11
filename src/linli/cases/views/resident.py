"""The public way of a report, from the first screen to the receipt.

These forms carry no CSRF cookie check: nobody is signed in here, so there is no right that a
foreign page could borrow, and a phone that refuses cookies must be able to report. The signed
draft inside the form does what is left to do. The follow-up page is held by its secret address.
"""

import uuid
from collections.abc import Sequence
from http import HTTPStatus

from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from linli.areas import queries as areas
from linli.areas.models import Place
from linli.cases.actions import intake
from linli.cases.forms.draft import Draft
from linli.cases.forms.questions import answers_in
from linli.cases.forms.telling import Telling
from linli.cases.models import Channel
from linli.cases.photos import Picture
from linli.cases.routing import Where
from linli.cases.views.choosing import choosing_page
from linli.cases.views.flow import Kind, Page, form_page, tell_page
from linli.kernel.errors import Invalid
from linli.kernel.models import Account


def sent(page: Page, form: Telling, pictures: Sequence[Picture]) -> intake.Sent:
    """What was filled in, as the action takes it."""
    cleaned = form.cleaned_data
    contact = (cleaned["reach"], cleaned["contact"]) if cleaned.get("contact") else None
    return intake.Sent(
        version=page.version,
        text=cleaned.get("text", ""),
        where=where_of(page.draft),
        answers=answers_in(cleaned),
        photos=pictures,
        contact=contact,
        language=cleaned.get("language") or page.request.LANGUAGE_CODE,
        channel=cleaned.get("channel") or Channel.WEB,
        captured_at=cleaned.get("captured_at"),
        office=form.chosen_office,
        op_id=uuid.UUID(page.draft.nonce),
    )


def where_of(draft: Draft) -> Where:
    """Where the matter is, as the action takes it."""
    place = Place.objects.select_related("area").filter(code=draft.place).first()
    area = areas.by_code(draft.area) if draft.area else None
    return Where(lon=draft.lon, lat=draft.lat, place=place, area=area, words=draft.where)


def report(what: intake.Sent, *, by: Account | None) -> intake.Receipt:
    """Hand it in. When the same form is sent twice at once, the second finds the first's case."""
    try:
        return intake.report(what, by=by)
    except IntegrityError:
        return intake.report(what, by=by)


def _send(page: Page, form: Telling, pictures: list[Picture]) -> HttpResponse:
    try:
        receipt = report(sent(page, form, pictures), by=None)
    except Invalid as error:
        form.add_error(None, str(error.message))
        return tell_page(page, form)
    address = reverse("cases:receipt", args=[receipt.token])
    return HttpResponseRedirect(address, status=HTTPStatus.SEE_OTHER)


RESIDENT = Kind("design/base.html", "cases:report", "cases:report-where", Telling, _send)


@require_http_methods(["GET", "HEAD"])
def choose(request: HttpRequest) -> HttpResponse:
    """The first screen: emergencies, search, services."""
    return choosing_page(request, RESIDENT)


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def fill_in(request: HttpRequest, code: str) -> HttpResponse:
    """A service's form, at whichever step it is."""
    return form_page(request, RESIDENT, code)
