"""Public cases: on a map, in a list, one by one. Everything comes out of `PublicCase`."""

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.areas import queries as areas
from linli.cases import numbers, photos
from linli.cases.models import Case, Photo, State
from linli.kernel.errors import Missing
from linli.kernel.languages import pick
from linli.opendata.filters import STATES, Filter
from linli.opendata.formats import point
from linli.opendata.public import PublicCase, public_cases, public_services, publishable

PER_PAGE = 25
COUNTED = 10_000  # nobody turns four hundred pages; beyond, "more than" is exact enough
POINTS = 2000
WORDS_FOUND = 1000
A_MINUTE = "public, max-age=60"


class Bounded(Paginator):  # type: ignore[type-arg]
    """Pages of the keys of many cases, counted only so far."""

    def __init__(self, chosen: Filter) -> None:
        keys = chosen.cases().values_list("pk", flat=True)
        self._most = WORDS_FOUND if chosen.words else COUNTED
        # Words are looked for once, not again to count the pages.
        super().__init__(list(keys[:WORDS_FOUND]) if chosen.words else keys, PER_PAGE)

    @cached_property
    def count(self) -> int:
        """How many there are, as far as they are counted."""
        keys = self.object_list[: self._most]
        return keys.count() if isinstance(keys, QuerySet) else len(keys)

    @property
    def more(self) -> bool:
        """There are more than are counted."""
        return self.count == self._most


@require_safe
def in_list(request: HttpRequest) -> HttpResponse:
    """The list, with its filters in the address."""
    chosen = Filter.read(request.GET.dict())
    return render(request, "opendata/list.html", _context(request, chosen))


@require_safe
def on_map(request: HttpRequest) -> HttpResponse:
    """The same cases on a map; without JavaScript the list stands there instead."""
    chosen = Filter.read(request.GET.dict())
    return render(request, "opendata/map.html", _context(request, chosen))


def _context(request: HttpRequest, chosen: Filter) -> dict[str, object]:
    paginator = Bounded(chosen)
    page = paginator.get_page(request.GET.get("page"))
    services = public_services()
    return {
        "chosen": chosen,
        "page": page,
        "cases": [dressed(case) for case in public_cases(_rows(page))],
        "more": paginator.more,
        "services": sorted(services.items(), key=lambda s: pick(s[1])),
        "states": [(code, _state_name(code)) for code in STATES],
        "around": areas.children(chosen.area) if chosen.area else areas.roots(),
        "above": areas.ancestors(chosen.area) if chosen.area else [],
        "area": chosen.area or areas.roots().first(),
    }


def _rows(page: "Page[int]") -> QuerySet[Case]:
    return Case.objects.filter(pk__in=list(page.object_list)).order_by("-received_at", "-pk")


def _state_name(code: str) -> str:
    return {
        "open": _("Being worked on"),
        "answered": _("Answered, reporter is asked"),
        "ended": _("Ended"),
    }[code]


def dressed(case: PublicCase) -> dict[str, object]:
    """A case as lists show it: with its state in words and tone."""
    words, tone = {
        State.RECEIVED: (_("being worked on"), "info"),
        State.OPEN: (_("being worked on"), "info"),
        State.PAUSED: (_("paused"), "neutral"),
        State.RESOLVED: (_("answered, the reporter is asked"), "success"),
        State.DECLINED: (_("declined"), "neutral"),
        State.CLOSED: _ending(case.closing),
    }[State(case.state)]
    if case.running and case.reworks:
        words, tone = _("not solved, being checked again"), "warning"
    late = case.running and case.due_at < timezone.now()
    return {"case": case, "status": words, "tone": tone, "late": late}


def _ending(closing: str) -> tuple[str, str]:
    if closing == "confirmed":
        return _("closed: solved, says the reporter"), "success"
    return _("closed without a word from the reporter"), "neutral"


@require_safe
def points(request: HttpRequest) -> JsonResponse:
    """The points of the map: the newest that have one, with the same filters."""
    rows = Filter.read(request.GET.dict()).cases().filter(lon__isnull=False)[:POINTS]
    features = []
    for case in public_cases(rows):
        line = dressed(case)
        features.append(
            point(
                case,
                id=case.number,
                tone="error" if line["late"] else line["tone"],
                title=pick(case.service_names),
                url=f"/list/{case.number}/",
            )
        )
    response = JsonResponse({"type": "FeatureCollection", "features": features})
    response.headers["Content-Type"] = "application/geo+json"
    response.headers["Cache-Control"] = A_MINUTE
    return response


@require_safe
def one(request: HttpRequest, number: str) -> HttpResponse:
    """One public case; of others nobody learns whether they exist."""
    rows = Case.objects.filter(number=numbers.read(number) or number)
    case = next(public_cases(rows), None)
    if case is None:
        raise Missing()
    return render(request, "opendata/case.html", dressed(case))


@require_safe
def photo(_request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """A photo of a public case in which somebody found no faces and no number plates."""
    found = Photo.objects.filter(
        pk=pk, case__in=publishable(Case.objects.filter(number=number)), cleared_at__isnull=False
    )
    row = found.select_related("case__key").first()
    if row is None:
        raise Missing()
    data = photos.fetch(row.case.key, row.address)
    return HttpResponse(data, content_type="image/jpeg", headers={"Cache-Control": A_MINUTE})
