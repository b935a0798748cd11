"""The privacy register: every column and question that could hold something about somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from linli.cases.catalogue import queries as catalogue
from linli.kernel import register as columns
from linli.kernel.languages import pick
from linli.kernel.register import Column, Names

ROOMS = {
    "kernel": gettext_lazy("Accounts, journal, contacts"),
    "areas": gettext_lazy("Areas and places"),
    "organisations": gettext_lazy("Organisations and posts"),
    "cases": gettext_lazy("Reports and services"),
    "outgoing": gettext_lazy("Messages"),
    "opendata": gettext_lazy("Open data"),
}


@dataclass(frozen=True)
class Group:
    """Lines of one room or one service."""

    title: str
    lines: list[tuple[Column, Names]]  # with the words of the question, if it is one


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """All lines, or only the personal ones; questions of services under their service's name."""
    every = request.GET.get("show") == "all"
    services = {v.service.code: v.definition for v in catalogue.current_versions()}
    asked = {f"{s.code}.{q.code}": q.text for s in services.values() for q in s.questions}
    questions = _grouped(catalogue.register_lines(), every, asked)
    rooms = _grouped(columns.columns(), every, {})
    context = {
        "every": every,
        "rooms": [Group(str(ROOMS.get(app, app)), lines) for app, lines in rooms.items()],
        "services": [Group(pick(services[code].name), lines) for code, lines in questions.items()],
        "tabs": [
            {"href": "?", "text": _("About people"), "current": not every},
            {"href": "?show=all", "text": _("Everything"), "current": every},
        ],
    }
    return render(request, "opendata/register.html", context)


def _grouped(
    lines: Iterable[Column], every: bool, asked: Mapping[str, Names]
) -> dict[str, list[tuple[Column, Names]]]:
    found: dict[str, list[tuple[Column, Names]]] = {}
    for line in lines:
        if line.personal or every:
            group = found.setdefault(line.name.partition(".")[0], [])
            group.append((line, asked.get(line.name, {})))
    return found
