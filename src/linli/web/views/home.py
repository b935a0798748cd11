"""The front page: what people can do here, in the order in which they need it."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.cases.views.choosing import offered, often_asked


@dataclass(frozen=True)
class Door:
    """One thing to do; `name` is a URL name, left out while its room is not open."""

    title: Promise
    text: Promise
    icon: str
    name: str


DOORS = (
    Door(
        _("Follow my report"),
        _("With the link or the code from your receipt: how it stands, who has it, by when."),
        "receipt",
        "cases:follow-find",
    ),
    Door(
        _("Who answers for my place"),
        _(
            "Which office looks after roads, water, school bus … where you live, "
            "and how to reach it."
        ),
        "people",
        "organisations:who",
    ),
    Door(
        _("How is my place doing"),
        _("What is open, what was kept on time, what had to be done again. With every formula."),
        "chart",
        "opendata:areas",
    ),
    Door(
        _("What can be asked for"),
        _("Every service, what it asks you, and by when somebody answers."),
        "list",
        "services:list",
    ),
)


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page."""
    context = {
        "doors": [(door, address) for door in DOORS if (address := _address(door.name))],
        "often": often_asked(offered()),
        "steps": [
            (_("You say it"), _("In your language, with or without your name. Two minutes.")),
            (_("The right office has it"), _("At once, and you see which one, and why.")),
            (_("The clock is visible"), _("A promise with date and hour. Nobody can move it.")),
            (_("You have the last word"), _("Solved or not solved: you say it, not they.")),
        ],
    }
    return render(request, "web/home.html", context)


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
