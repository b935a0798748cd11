"""Open data: what can be taken, who takes how much, and what never leaves."""

from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import Sum
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from linli.opendata.actions import note_release
from linli.opendata.filters import Filter
from linli.opendata.formats import COLUMNS, csv_lines, geojson
from linli.opendata.models import Release
from linli.opendata.public import PublicCase, public_cases, public_services

MOST_LINES = 24
CHUNK = 500  # lines sent at once


class Door(NamedTuple):
    """A way by which cases leave: who uses it, and what for."""

    name: object
    recipients: object
    purpose: object


DOORS = {
    "csv": Door(
        _("Table (CSV)"),
        _("anybody; who takes it is not recorded"),
        _("to count, to compare, to check our figures"),
    ),
    "geojson": Door(
        _("Map data (GeoJSON)"),
        _("anybody; who takes it is not recorded"),
        _("to draw maps and plan repairs"),
    ),
}


@require_safe
def data(request: HttpRequest) -> HttpResponse:
    """The page of open data, with everything that left, by door and month."""
    rows = Release.objects.annotate(month=TruncMonth("day")).values("door", "month")
    volumes = rows.annotate(files=Sum("files"), cases=Sum("cases")).order_by("-month", "door")
    chosen = Filter.read(request.GET.dict())
    context = {
        "columns": COLUMNS,
        "doors": DOORS,
        "volumes": [{**row, "name": DOORS[row["door"]].name} for row in volumes[:MOST_LINES]
                    if row["door"] in DOORS],
        "chosen": chosen,
        "services": public_services().items(),
    }  # fmt: skip
    return render(request, "opendata/data.html", context)


@require_safe
def as_csv(request: HttpRequest) -> StreamingHttpResponse:
    """All public cases that the filter lets through, as a table."""
    return _file(request, "csv", "text/csv; charset=utf-8")


@require_safe
def as_geojson(request: HttpRequest) -> StreamingHttpResponse:
    """The same as GeoJSON."""
    return _file(request, "geojson", "application/geo+json")


def _file(request: HttpRequest, kind: str, content: str) -> StreamingHttpResponse:
    chosen = Filter.read(request.GET.dict())
    write = csv_lines if kind == "csv" else geojson
    body = _in_chunks(write(_noted(kind, public_cases(chosen.cases()))))
    name = f"linli-cases-{timezone.localdate():%Y-%m-%d}.{kind}"
    return StreamingHttpResponse(
        body,
        content_type=content,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _noted(kind: str, cases: Iterator[PublicCase]) -> Iterator[PublicCase]:
    """The cases; when they have all gone out, or the reader went away, the number is noted."""
    count = 0
    try:
        for case in cases:
            count += 1
            yield case
    finally:
        note_release(kind, cases=count)


def _in_chunks(lines: Iterator[str]) -> Iterator[str]:
    chunk: list[str] = []
    for line in lines:
        chunk.append(line)
        if len(chunk) == CHUNK:
            yield "".join(chunk)
            chunk = []
    yield "".join(chunk)
