"""Pages that show every component in every state, for whoever builds or reviews a page."""

from datetime import datetime, timedelta

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _

from linli.design.forms import Sample

# The pages that stand in for one that cannot be shown, by the code in their address.
CODES = ("400", "403", "403-csrf", "404", "429", "500")
ERRORS = {code: f"{code.replace('-', '_')}.html" for code in CODES}


def components(request: HttpRequest) -> HttpResponse:
    """The design system: each component, each state."""
    wrong = Sample({"words": _("Hole"), "kind": "road", "agreed": "on"})
    context = {
        "form": Sample(),
        "wrong": wrong,
        "now": timezone.now(),
        "clocks": clocks(timezone.now()),
        "trail": [{"href": "#", "text": _("Home")}, {"href": "#", "text": _("Reports")}],
        "steps": [_("What"), _("Where"), _("Tell us"), _("Receipt")],
        "choices": choices(),
        "rows": [
            {"key": _("Number"), "value": "LL-26-0412-7"},
            {"key": _("Who has it"), "value": _("Road post, Lake township")},
            {
                "key": _("Place"),
                "value": _("Bridge at the lower ford"),
                "href": "#",
                "link": _("Change"),
            },
        ],
        "tabs": [
            {"href": "#", "text": _("Open"), "count": 12, "current": True},
            {"href": "#", "text": _("Late"), "count": 3},
            {"href": "#", "text": _("Closed"), "count": 480},
        ],
        "page": Paginator(range(90), 10).page(3),
        "errors": list(ERRORS),
        "tones": ["neutral", "info", "success", "warning", "error"],
        "buttons": ["primary", "secondary", "quiet", "danger"],
    }
    return render(request, "design/components.html", context)


def staff(request: HttpRequest) -> HttpResponse:
    """The frame of staff pages, with a list and a side panel."""
    now = timezone.now()
    return render(
        request,
        "design/staff.html",
        {"clocks": clocks(now), "lines": lines(now), "tabs": []},
    )


def error(request: HttpRequest, code: str) -> HttpResponse:
    """A page that stands in for one that cannot be shown, as it looks; its status is 200 here."""
    if code not in ERRORS:
        raise Http404
    return render(request, ERRORS[code])


def clocks(now: datetime) -> list[dict[str, object]]:
    """A promise in every state that it can be in."""
    day = timedelta(days=1)
    return [
        {"due": now + 5 * day},
        {"due": now + day / 4},
        {"due": now - day},
        {"due": now + day, "paused": True},
        {"due": now, "done": now - day},
        {"due": now - day, "done": now},
        {"due": None},
    ]


def choices() -> list[dict[str, object]]:
    """Choices as the first step of a report offers them."""
    return [
        {"value": "road", "text": _("Road"), "hint": _("Holes, ice, landslides"), "icon": "road"},
        {"value": "water", "text": _("Water"), "hint": _("No water, bad water"), "icon": "water"},
        {
            "value": "power",
            "text": _("Power"),
            "hint": _("Cut off, lines on the ground"),
            "icon": "power",
            "checked": True,
        },
        {"value": "fence", "text": _("Grassland fence"), "hint": "", "icon": "fence"},
    ]


def lines(now: datetime) -> list[dict[str, object]]:
    """Invented lines of a handler's inbox."""
    day = timedelta(days=1)
    return [
        {
            "number": "LL-26-0412-7",
            "title": _("Hole in the road before the bridge"),
            "where": _("Lake township"),
            "status": _("In work"),
            "tone": "info",
            "due": now + day / 3,
        },
        {
            "number": "LL-26-0409-1",
            "title": _("No water since yesterday"),
            "where": _("Upper pasture village"),
            "status": _("Reopened"),
            "tone": "warning",
            "due": now - day,
        },
        {
            "number": "LL-26-0398-4",
            "title": _("Power line on the ground"),
            "where": _("Lower ford"),
            "status": _("New"),
            "tone": "neutral",
            "due": now + 4 * day,
        },
    ]
