"""The way of a report through its pages, for residents and for staff who write for somebody.

what → where → tell us → receipt. Every page is a plain form that carries the draft; going back
loses nothing, and sending twice makes one case.
"""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases import photos
from linli.cases.catalogue import queries as catalogue
from linli.cases.catalogue.reading import Promise, ServiceDefinition
from linli.cases.forms import draft as drafts
from linli.cases.forms import held
from linli.cases.forms.draft import Draft
from linli.cases.forms.questions import PREFIX
from linli.cases.forms.telling import Telling
from linli.cases.forms.where import Where, area_of, described
from linli.cases.models import ServiceVersion
from linli.cases.offices import offices_at
from linli.cases.photos import Picture
from linli.cases.views.choosing import choosing_page
from linli.design import switching

Send = Callable[["Page", Telling, list[Picture]], HttpResponse]
# Fields of ours and of files: not something that was typed.
OURS = {"draft", "step", "drop", "csrfmiddlewaretoken", "photos"}


@dataclass(frozen=True)
class Kind:
    """Who fills in: residents on the public pages, or staff at the desk."""

    base: str
    start: str  # name of the URL of the first page
    where: str  # name of the URL of a service's form
    telling: type[Telling]
    send: Send

    @property
    def staff(self) -> bool:
        """Somebody at the desk writes for somebody else."""
        return self.base != "design/base.html"


@dataclass(frozen=True)
class Page:
    """One request on its way: which kind, for which service, with which draft."""

    request: HttpRequest
    kind: Kind
    version: ServiceVersion
    draft: Draft

    @property
    def service(self) -> ServiceDefinition:
        """The definition in the version that counts."""
        return self.version.definition

    def but(self, draft: Draft) -> "Page":
        """The same page with another draft."""
        return Page(self.request, self.kind, self.version, draft)

    def form(self, *args: Any, **options: Any) -> Telling:
        """The form of the third step."""
        about_office = self.service.about == "office"
        offices = offices_at(area_of(self.draft)) if about_office else ()
        return self.kind.telling(*args, service=self.service, offices=offices, **options)

    def shown(self, template: str, **more: Any) -> HttpResponse:
        """The page, with what all its templates need."""
        code = self.version.service.code
        context = {
            "base": self.kind.base,
            "staff": self.kind.staff,
            "steps": steps(),
            "service": self.service,
            "promise": promised(self.service.within),
            "translation_is_draft": catalogue.is_draft(self.version),
            "draft": drafts.signed(self.draft),
            "here": reverse(self.kind.where, args=[code]),
            "start": reverse(self.kind.start),
        }
        return render(self.request, template, context | more)


def steps() -> list[str]:
    """The names of the steps."""
    return [_("What"), _("Where"), _("Tell us")]


def promised(within: Promise) -> str:
    """By when somebody answers, in words."""
    n = within.amount
    if within.unit == "hours" and within.calendar == "always":
        text = ngettext("Answered within %(n)d hour, day and night",
                        "Answered within %(n)d hours, day and night", n)  # fmt: skip
    elif within.unit == "hours":
        text = ngettext("Answered within %(n)d working hour",
                        "Answered within %(n)d working hours", n)  # fmt: skip
    elif within.calendar == "always":
        text = ngettext("Answered within %(n)d day", "Answered within %(n)d days", n)
    else:
        text = ngettext("Answered within %(n)d working day",
                        "Answered within %(n)d working days", n)  # fmt: skip
    return text % {"n": n}


def form_page(request: HttpRequest, kind: Kind, code: str) -> HttpResponse:
    """A service's form at whichever step it is; `step:language` reads on in that language."""
    step, language = switching.asked(request)
    if not language:
        return _at(step, request, kind, code)
    before = request.LANGUAGE_CODE
    switching.speak(request, language)
    if request.POST.get("language") == before:  # nobody chose another one for the answers
        answers = request.POST.copy()
        answers["language"] = language
        request.POST = answers  # type: ignore[assignment] # read on from here only
    response = _at(step, request, kind, code)
    switching.remember(response, language)
    return response


def _at(step: str, request: HttpRequest, kind: Kind, code: str) -> HttpResponse:
    draft = drafts.read(request.POST.get("draft", "")) or drafts.begin()
    version = catalogue.current_version(code)
    if version is None:
        return withdrawn(request, kind, draft)
    return STEPS.get(step, _ask_where)(Page(request, kind, version, draft))


def _ask_where(page: Page) -> HttpResponse:
    """The second step as it opens, with what the draft knows."""
    draft = page.draft
    known = {"lon": draft.lon, "lat": draft.lat, "words": draft.where}
    if draft.place:
        known["spot"] = f"place:{draft.place}"
    chain = [draft.area] if draft.area else []
    return _where_page(page, Where(initial=known, service=page.service, chain=chain))


def _look(page: Page) -> HttpResponse:
    """A search or the next list: the same step again, nothing judged yet."""
    data = page.request.POST
    chain = data.getlist("area")
    form = Where(initial=data.dict(), service=page.service, chain=chain)
    return _where_page(page, form)


def _take_where(page: Page) -> HttpResponse:
    data = page.request.POST
    form = Where(data, service=page.service, chain=data.getlist("area"))
    if not form.is_valid():
        return _where_page(page, form)
    page = page.but(form.placed(page.draft))
    area = area_of(page.draft)
    if area is not None and not catalogue.is_offered(page.version, area):
        return withdrawn(page.request, page.kind, page.draft)
    page = page.but(page.draft.but(version=page.version.pk))
    return tell_page(page, _telling(page))


def _where_page(page: Page, form: Where) -> HttpResponse:
    switch = {"form": "report", "step": "look", "enter": "where"}
    return page.shown("cases/resident/where.html", form=form, switch=switch)


def _telling(page: Page) -> Telling:
    """The third step as it opens, with what was typed on it before."""
    lists = {PREFIX + q.code for q in page.service.questions if q.datatype == "multivaluelist"}
    typed = {name: values if name in lists else values[-1]
             for name, values in page.draft.kept.items() if values}  # fmt: skip
    return page.form(initial=typed)


def tell_page(page: Page, form: Telling, *notices: str) -> HttpResponse:
    """The third step; `notices` come first."""
    retention = page.service.retention
    return page.shown(
        "cases/resident/tell.html",
        form=form,
        notices=notices,
        spot=described(page.draft),
        held=page.draft.photos,
        retention=retention,
        nonce=page.draft.nonce,
        switch={"form": "report", "step": "keep", "enter": "send"},
    )


def _back(page: Page) -> HttpResponse:
    """Change the place; what was typed goes along, and photos that came wait."""
    return _ask_where(_with_photos(_keeping(page), _filled(page)))


def _keep(page: Page) -> HttpResponse:
    """The third step again, with everything typed on it; nothing is judged."""
    page = _with_photos(_keeping(page), _filled(page))
    return tell_page(page, _telling(page))


def _filled(page: Page) -> Telling:
    form = page.form(page.request.POST, page.request.FILES)
    form.waiting = len(_tickets(page))
    return form


def _keeping(page: Page) -> Page:
    """The page with everything typed on the third step in its draft."""
    kept = {name: values for name, values in page.request.POST.lists() if name not in OURS}
    return page.but(page.draft.but(kept={**page.draft.kept, **kept}))


def _tickets(page: Page) -> tuple[str, ...]:
    """Tickets of the photos that wait and were not dropped."""
    dropped = set(page.request.POST.getlist("drop"))
    return tuple(t for n, t in enumerate(page.draft.photos) if str(n) not in dropped)


def _with_photos(page: Page, form: Telling) -> Page:
    """The page with the photos that just arrived put aside too, as far as there is room."""
    left = _tickets(page)
    held.forget(set(page.draft.photos) - set(left))
    room = photos.MOST - len(left)
    return page.but(page.draft.but(photos=left + held.hold(form.arrived()[:room])))


def _send(page: Page) -> HttpResponse:
    """Check the third step and send it; whatever is wrong, everything typed comes back."""
    form, page = _filled(page), _keeping(page)
    if page.draft.version != page.version.pk:
        page = _with_photos(page.but(page.draft.but(version=page.version.pk)), form)
        text = _("This form has changed while you were writing. Please look through it again.")
        return tell_page(page, _telling(page), text)
    if not form.is_valid():
        return tell_page(_with_photos(page, form), form)
    area = area_of(page.draft)
    if area is not None and not catalogue.is_offered(page.version, area):
        return withdrawn(page.request, page.kind, _with_photos(page, form).draft)
    waited = held.fetch(_tickets(page))
    response = page.kind.send(page, form, [*waited, *form.arrived()])
    if response.status_code == HTTPStatus.SEE_OTHER:
        held.forget(page.draft.photos)
    return response


def withdrawn(request: HttpRequest, kind: Kind, draft: Draft) -> HttpResponse:
    """The service is not offered, or not here: say so, keep what was written, offer the others."""
    kept = {name: values for name, values in request.POST.lists() if name not in OURS}
    draft = draft.but(kept={**draft.kept, **kept})
    return choosing_page(request, kind, draft=draft)


def _gone(page: Page) -> HttpResponse:
    return withdrawn(page.request, page.kind, page.draft)


STEPS: dict[str, Callable[[Page], HttpResponse]] = {
    "find": _look,
    "look": _look,
    "where": _take_where,
    "back": _back,
    "keep": _keep,
    "gone": _gone,
    "send": _send,
}
