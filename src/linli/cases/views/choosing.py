"""The first step: which service."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from linli.cases.catalogue import queries as catalogue
from linli.cases.catalogue.reading import ServiceDefinition, words
from linli.cases.forms import draft as drafts
from linli.cases.forms.cleaning import clean_line
from linli.cases.forms.draft import Draft
from linli.cases.models import Case, ServiceVersion

if TYPE_CHECKING:
    from linli.cases.views.flow import Kind

ICONS = {
    "roads": "road",
    "water-power": "water",
    "clean": "rubbish",
    "grassland": "fence",
    "safety": "mountain",
    "schools-health": "school",
    "help": "hand",
    "say": "chat",
}
OFTEN = 6
RECENT = 2000  # cases that are looked at to see what is asked most
AN_HOUR = 3600
LATIN_WORD = 2  # letters; shorter keywords stand inside too many words


@dataclass(frozen=True)
class Group:
    """One group of services as the page shows it."""

    code: str
    name: dict[str, str]
    icon: str
    services: list[ServiceDefinition]


def groups(services: list[ServiceDefinition]) -> list[Group]:
    """The services by group, in the catalogue's order; empty groups are left out."""
    found = [
        Group(code, dict(name), ICONS.get(code, "list"), [s for s in services if s.group == code])
        for code, name in words()["groups"].items()
    ]
    return [group for group in found if group.services]


def offered() -> list[ServiceDefinition]:
    """Every service that is offered somewhere."""
    return [version.definition for version in catalogue.current_versions()]


def matching(services: list[ServiceDefinition], text: str) -> list[ServiceDefinition]:
    """Services that fit what somebody typed, the best first."""
    typed = clean_line(text).casefold()
    ranked = [(rank, s) for s in services if (rank := _rank(s, typed)) is not None]
    return [service for _rank_, service in sorted(ranked, key=lambda pair: pair[0])]


def _rank(service: ServiceDefinition, typed: str) -> tuple[int, int] | None:
    """How well: every word in the name, in the keywords, in the description; or, as Chinese and
    Tibetan put no space between words, how many keywords stand in what was typed."""
    names = " ".join(service.name.values()).casefold()
    keywords = [k.casefold().rstrip("།་") for many in service.keywords.values() for k in many]
    descriptions = " ".join(service.description.values()).casefold()
    for rank, text in enumerate((names, f"{names} {' '.join(keywords)}", descriptions)):
        if all(word in text for word in typed.split()):
            return rank, 0
    said = sum(k in typed for k in keywords if k and (len(k) > LATIN_WORD or not k.isascii()))
    return (3, -said) if said else None


def often_asked(services: list[ServiceDefinition]) -> list[ServiceDefinition]:
    """The public services asked for most among the latest cases, looked up once an hour."""
    codes = cache.get("often-asked")
    if codes is None:
        codes = _most_asked()
        cache.set("often-asked", codes, AN_HOUR)
    by_code = {s.code: s for s in services}
    return [by_code[code] for code in codes if code in by_code][:OFTEN]


def _most_asked() -> list[str]:
    latest = Case.objects.order_by("-received_at")[:RECENT].values_list("version", "public")
    counts: dict[int, int] = {}
    for version, public in latest:
        if public:
            counts[version] = counts.get(version, 0) + 1
    codes = dict(ServiceVersion.objects.filter(pk__in=counts).values_list("pk", "service__code"))
    return list(dict.fromkeys(codes[pk] for pk in sorted(counts, key=lambda pk: -counts[pk])))


def choosing_page(
    request: HttpRequest, kind: "Kind", *, draft: Draft | None = None
) -> HttpResponse:
    """The first page; with `draft`, what was written before its service was withdrawn."""
    q, group = request.GET.get("q", "")[:60], request.GET.get("group", "")
    services = offered()
    by_group = groups(services)
    context = {
        "base": kind.base,
        "staff": kind.staff,
        "steps": [_("What"), _("Where"), _("Tell us")],
        "here": reverse(kind.start),
        "where": kind.where,
        "q": clean_line(q),
        "found": matching(services, q) if q else [],
        "group": next((g for g in by_group if g.code == group), None),
        "groups": by_group,
        "often": often_asked(services),
        "draft": drafts.signed(draft) if draft else "",
        "complaint": any(s.about == "office" for s in services),
        "switch": {"form": "report", "step": "gone"} if draft else None,
    }
    return render(request, "cases/resident/what.html", context, status=410 if draft else 200)
