"""The page of an area: how it is doing, each figure with its denominator and its formula."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from linli.areas import queries
from linli.areas.models import Area
from linli.areas.templatetags.areas_map import AreaValue
from linli.kernel.errors import Missing
from linli.kernel.languages import pick
from linli.opendata import area_figures
from linli.opendata.area_figures import Figures
from linli.opendata.public import finest_depth, private_services

STEPS = (60, 75, 85, 95)  # percent on time at which the next class of colour begins


@require_safe
def areas(request: HttpRequest) -> HttpResponse:
    """The territory: its page if there is one, else a choice."""
    roots = list(queries.roots())
    if len(roots) == 1:
        return redirect("opendata:area", code=roots[0].code)
    return render(request, "opendata/areas.html", {"roots": roots})


@require_safe
def area(request: HttpRequest, code: str) -> HttpResponse:
    """Figures of one area from village up; smaller ones have no page of their own."""
    row = queries.by_code(code)
    if row is None or row.level.depth > finest_depth():
        raise Missing()
    page = area_figures.page(row)
    services = private_services()
    private = area_figures.private(row, services)
    context = {
        "area": row,
        "trail": [
            {"href": above.code, "text": pick(above.names)}
            for above in reversed(queries.ancestors(row))
        ],
        "page": page,
        "cards": _cards(page.whole),
        "private": private,
        "private_services": [(services[s], n) for s, n in private.by_service],
        "values": {part.code: _value(part, found) for part, found in page.parts},
        "legend": [
            _("under 60 %"), _("60 to 74 %"), _("75 to 84 %"), _("85 to 94 %"), _("95 % and more"),
        ],
        "bars": _bars([(month, count.received) for month, count in reversed(page.by_month)]),
    }  # fmt: skip
    return render(request, "opendata/area.html", context)


def _value(part: Area, found: Figures) -> AreaValue:
    if found.on_time is None:
        return AreaValue(_("nothing was due"), None, f"../{part.code}/")
    text = _("%(share)s %% of %(due)s on time") % {"share": found.on_time, "due": found.due}
    return AreaValue(text, sum(found.on_time >= s for s in STEPS), f"../{part.code}/")


def _cards(found: Figures) -> list[dict[str, object]]:
    count, now = found.count, found.now
    return [
        {
            "label": _("Open now"), "value": now.running, "share": None,
            "of": _("%(late)s past their deadline, %(paused)s paused; %(asked)s more are answered "
                    "and wait for the reporter") % vars(now),
            "formula": _("Public cases that were read by the service centre and have no answer "
                         "that stands, whenever they were received."),
        },
        {
            "label": _("Answered on time"), "value": found.on_time, "unit": "%",
            "share": found.on_time, "of": _of(count.on_time, found.due),
            "formula": _("Answered by the deadline promised at the receipt, of those whose answer "
                         "came or was due. Who is told “not solved” keeps the first clock; "
                         "declining after the deadline counts as late."),
        },
        {
            "label": _("Rework"), "value": found.rework, "unit": "%", "share": found.rework,
            "of": _of(count.reworked, found.ever_answered),
            "formula": _("Cases of which the reporter said “not solved” at least once, of those "
                         "that were ever answered."),
        },
        {
            "label": _("Median time to the answer"), "value": found.median_days,
            "unit": _("days"), "share": None,
            "of": _("of %(number)s answered") % {"number": count.answered},
            "formula": _("Whole days from the receipt to the answer that stands, pauses and "
                         "holidays included: half of the cases took less, half more."),
        },
        {
            "label": _("Confirmed by the reporter"), "value": found.confirmed, "unit": "%",
            "share": found.confirmed, "of": _of(count.confirmed, count.closed),
            "formula": _("Of the closed ones. Only the reporter confirms, never the office that "
                         "did the work."),
        },
        {
            "label": _("Closed without a word from the reporter"), "value": found.unanswered,
            "unit": "%", "share": found.unanswered, "of": _of(count.unanswered, count.closed),
            "formula": _("Of the closed ones: 14 days of silence. It is never counted as solved."),
        },
        {
            "label": _("Outside the remit"), "value": found.outside_remit, "unit": "%",
            "share": found.outside_remit, "of": _of(count.outside_remit, count.received),
            "formula": _("Declined because another authority is competent, of those received. "
                         "Counted apart: it is nobody's fault."),
        },
    ]  # fmt: skip


def _of(part: int, whole: int) -> str:
    return _("%(part)s of %(whole)s") % {"part": part, "whole": whole}


def _bars(months: list[tuple[object, int]]) -> list[dict[str, object]]:
    """Bars of a small picture: 60 units high, 20 wide each; the table says the same in numbers."""
    top = max((number for _, number in months), default=0) or 1
    heights = [round(60 * number / top, 1) for _, number in months]
    return [
        {"x": 20 * i + 2, "y": 60 - height, "height": height, "month": month, "number": number}
        for i, ((month, number), height) in enumerate(zip(months, heights, strict=True))
    ]
