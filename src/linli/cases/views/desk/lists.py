"""The board of a service centre and the inbox of whoever answers for something."""

import datetime as dt
import hashlib
from collections.abc import Collection
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.views import tiles_address
from linli.cases import numbers, queries
from linli.cases.catalogue import queries as catalogue
from linli.cases.models import RUNNING, Channel, State
from linli.cases.queries import Filters
from linli.kernel import languages
from linli.kernel.errors import Missing
from linli.kernel.models import Account
from linli.organisations import queries as organisations

ON_MAP = 1000
PAGE = 50
SHOWN = (State.RECEIVED, State.OPEN, State.PAUSED, State.RESOLVED, State.CLOSED, State.DECLINED)
TONES = {
    State.RECEIVED: "warning",
    State.OPEN: "info",
    State.PAUSED: "neutral",
    State.RESOLVED: "success",
    State.CLOSED: "success",
    State.DECLINED: "neutral",
    State.MERGED: "neutral",
}


@login_required
@require_GET
def desk(request: HttpRequest) -> HttpResponse:
    """Where the day begins: the board for a service centre, the inbox for everybody else.

    Whoever administers and holds no post gets no cases: the day begins with what nobody answers.
    """
    by = _account(request)
    if organisations.is_operator(by):
        return redirect("cases:desk-board")
    if by.is_administrator and not organisations.holds_a_post(by):
        return redirect("organisations:coverage")
    return redirect("cases:desk-inbox")


@login_required
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """The board: list and map, by the filters in the address. HTMX asks for the list alone."""
    by = _operator(request)
    filters, number = filters_of(request), _page_number(request)
    lines = queries.board(by, filters, page=number, size=PAGE)
    context = _list_context(lines, queries.counts(by, filters), filters, number)
    if request.headers.get("HX-Request"):
        return _refreshed(request, context)
    context |= {
        "choices": _choices(by),
        "bounds": _bounds(by),
        "TILES": tiles_address(),
    }
    return render(request, "cases/desk/board.html", context)


def _refreshed(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """The list alone; nothing where it is as the page has it, so that nobody loses the focus."""
    if request.headers.get("If-None-Match") == context["tag"]:
        return HttpResponse(status=204)
    answer = render(request, "cases/desk/board_list.html", context)
    answer["ETag"] = context["tag"]
    return answer


def _list_context(
    lines: list[dict[str, Any]], counts: dict[str, int], filters: Filters, number: int
) -> dict[str, Any]:
    total = sum(n for state, n in counts.items() if state != "late")
    waiting = queries.photos_waiting(lines)
    return {
        "lines": dressed(lines, waiting),
        "tag": _tag(lines, counts, waiting),
        "counts": counts,
        "total": total,
        "filters": filters,
        "page": Paginator(range(total), PAGE).get_page(number),
    }


def _tag(lines: list[dict[str, Any]], counts: dict[str, int], waiting: set[int]) -> str:
    """Changes when the list does: an entity tag (RFC 9110, 8.8.3)."""
    seen = "".join(f"{line['pk']}.{line['revision']}.{line['due_at']}" for line in lines)
    hour = timezone.now().strftime("%d%H")  # "due soon" comes by itself, lateness by the counts
    told = f"{seen}{sorted(counts.items())}{sorted(waiting)}{hour}{get_language()}"
    return f'"{hashlib.sha256(told.encode()).hexdigest()[:24]}"'


@login_required
@require_GET
def points(request: HttpRequest) -> JsonResponse:
    """The board's cases as GeoJSON, at most a thousand, for its map."""
    by = _operator(request)
    now, names = timezone.now(), service_names()
    lines = queries.board(by, filters_of(request), size=ON_MAP)
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [line["lon"], line["lat"]]},
            "properties": {
                "id": line["number"],
                "title": _title(line, names),
                "tone": _tone(line, now),
                "url": reverse("cases:desk-case", args=[line["number"]]),
            },
        }
        for line in lines
        if line["lon"] is not None
    ]
    answer = JsonResponse({"type": "FeatureCollection", "features": features})
    answer["Cache-Control"] = "private, no-store"
    return answer


def _title(line: dict[str, Any], names: dict[str, str]) -> str:
    service = names.get(line["version__service__code"], "")
    return f"{numbers.spoken(line['number'])} · {service}"


def _tone(line: dict[str, Any], now: dt.datetime) -> str:
    if line["state"] in RUNNING and line["due_at"] < now:
        return "error"
    return TONES.get(State(line["state"]), "neutral")


@login_required
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """What is due, late, offered to me; tasks of my unit; what climbed to my post."""
    by = _account(request)
    found = queries.inbox(by)
    sections = [
        ("offered", _("Offered to you"), dressed(found.offered)),
        ("late", _("Late"), dressed(found.late)),
        ("due", _("Due"), dressed(found.due)),
        ("helping", _("Tasks for your unit"), dressed(found.helping)),
        ("paused", _("Paused"), dressed(found.paused)),
        ("waiting", _("Waiting for the reporter"), dressed(found.waiting)),
    ]
    context = {
        "sections": [s for s in sections if s[2]],
        "climbed": _named(queries.climbed_to(by)),
        "posts": organisations.posts_of(by).select_related("organisation"),
    }
    return render(request, "cases/desk/inbox.html", context)


def filters_of(request: HttpRequest) -> Filters:
    """The filters that stand in the address."""
    get = request.GET
    states = tuple(s for s in get.getlist("state") if s in State.values)
    return Filters(
        states=states,
        service=get.get("service", "")[:60],
        area=get.get("area", "")[:60],
        owner=get.get("owner", "")[:60],
        late=get.get("late") == "1",
        untriaged=get.get("untriaged") == "1",
        find=get.get("q", "").replace("\0", "")[:100].strip(),
        order=get.get("order", "due"),
    )


def dressed(
    lines: list[dict[str, Any]], photos_waiting: Collection[int] = ()
) -> list[dict[str, Any]]:
    """Rows as the templates show them: names picked, the place said, the promise ready."""
    services = service_names()
    return [
        line
        | {
            "spoken": numbers.spoken(line["number"]),
            "service": services.get(line["version__service__code"], ""),
            "where": languages.pick(line["area__names"] or {}),
            "who": languages.pick(line["owner__names"]),
            "office": languages.pick(line["owner__organisation__names"]),
            "status": State(line["state"]).label,
            "tone": TONES.get(State(line["state"]), "neutral"),
            "by_channel": Channel(line["channel"]).label,
            "paused": line["state"] == State.PAUSED,
            "running": line["state"] in RUNNING,
            "photos": line["pk"] in photos_waiting,
            "speaks": speaks(line["language"]),
        }
        for line in lines
    ]


def speaks(language: str) -> str:
    """The name of the reporter's language, where it is not the reader's."""
    if languages.key(language) == languages.key():
        return ""
    return str(dict(settings.LANGUAGES).get(language, language))


def service_names() -> dict[str, str]:
    """The name of every service in the reader's language, by code."""
    return {v.service.code: languages.pick(v.definition.name) for v in catalogue.current_versions()}


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    services = service_names()
    return [
        row | {"service": services.get(row["service"], ""), "spoken": numbers.spoken(row["number"])}
        for row in rows
    ]


def _choices(by: Account) -> dict[str, Any]:
    mine = organisations.operator_areas(by)
    below = Area.objects.filter(parent__in=mine, until=None).order_by("code")
    return {
        "states": [(state.value, state.label) for state in SHOWN],
        "services": sorted(service_names().items(), key=lambda pair: pair[1]),
        "areas": [(a.code, languages.pick(a.names)) for a in [*mine, *below]],
        "orders": [("due", _("by deadline")), ("newest", _("newest first")),
                   ("oldest", _("oldest first"))],
    }  # fmt: skip


def _bounds(by: Account) -> str:
    boxes = [b for area in organisations.operator_areas(by) if (b := areas.bounds_of(area))]
    if not boxes:
        return ""
    west, south, east, north = zip(*boxes, strict=True)
    box = (min(west), min(south), max(east), max(north))
    return ",".join(f"{part:.4f}" for part in box)


def _account(request: HttpRequest) -> Account:
    assert isinstance(request.user, Account)
    return request.user


def _operator(request: HttpRequest) -> Account:
    by = _account(request)
    if not organisations.is_operator(by):
        raise Missing()
    return by


def _page_number(request: HttpRequest) -> int:
    text = request.GET.get("page", "1")
    return int(text) if text.isdecimal() and len(text) < 6 else 1
