"""Importing places. Places of worship are dropped, whatever the file calls them, and counted."""

import datetime as dt
import re
from pathlib import Path

import numpy as np
import shapely

from linli.areas import queries, worship
from linli.areas.actions import import_places
from linli.areas.imports.gather import Draft, Progress, rows_of, turn_to_degrees
from linli.areas.imports.mapping import FileMapping
from linli.areas.imports.report import Report
from linli.areas.imports.sources import Row, Source
from linli.areas.kinds import kind_from
from linli.areas.models import Place
from linli.areas.names import cleaned
from linli.areas.rows import PlaceRow
from linli.kernel.errors import Invalid
from linli.kernel.models import Account

ODD = re.compile(r"[^0-9A-Za-z._-]+")  # in codes of other people's files, like node/123


def check_places(
    path: Path, mapping: FileMapping, *, progress: Progress | None = None
) -> tuple[list[PlaceRow], Report]:
    """The places of a file that may be stored and are new, and a report of all the others."""
    report = Report()
    source = Source(path, mapping.layer)
    drafts: list[Draft] = []
    for row in rows_of(source, mapping, report, progress):
        if draft := _draft(row, mapping, report):
            drafts.append(draft)
    turn_to_degrees(drafts, source, mapping, report)
    if report.failed or not drafts:
        return [], report
    points = shapely.get_coordinates([shapely.point_on_surface(draft.shape) for draft in drafts])
    homes = queries.areas_at(points[:, 0], points[:, 1])
    known = set(Place.objects.values_list("code", flat=True))
    rows: dict[str, PlaceRow] = {}
    for draft, (lon, lat), home in zip(drafts, points, homes, strict=True):
        if draft.code in known:
            report.dropped["place-known"] += 1
        elif home is None:
            report.dropped["place-outside"] += 1
        elif draft.code in rows:
            report.error("area-code-twice", draft.code)
        else:
            kind = draft.level or ""
            rows[draft.code] = PlaceRow(draft.code, kind, draft.names, float(lon), float(lat), home)
    return list(rows.values()), report


def _draft(row: Row, mapping: FileMapping, report: Report) -> Draft | None:
    """One place, its kind in `level`; None where it is dropped."""
    code = ODD.sub("-", mapping.of("code", row.values)).strip("-._")
    names = mapping.names.of(row.values)
    kind = kind_from(mapping.of("kind", row.values))
    if _is_worship(row, names, own_kind=bool(kind and mapping.columns["kind"].value is None)):
        report.dropped["place-of-worship"] += 1
        return None
    if kind is None:
        report.dropped["kind-unknown"] += 1
        return None
    if not code:
        report.error("code-missing", note=str(row.number))
        return None
    shape = row.shape if row.shape is not None else _point(row, mapping)
    if shape is None or shape.is_empty or row.broken:
        report.error("boundary-unreadable", code, note=row.broken)
        return None
    try:
        return Draft(code, kind, None, cleaned(names), shape)
    except Invalid:
        report.error("name-not-usable", code)
        return None


def _is_worship(row: Row, names: dict[str, str], *, own_kind: bool) -> bool:
    """A tag about religion alone is enough, unless the file itself says that this is a school."""
    if worship.is_worship(row.values, names):
        return True
    return not own_kind and bool(worship.tags_of(row.values))


def _point(row: Row, mapping: FileMapping) -> shapely.Point | None:
    try:
        lon, lat = float(mapping.of("lon", row.values)), float(mapping.of("lat", row.values))
    except ValueError:
        return None
    return shapely.Point(lon, lat) if np.isfinite([lon, lat]).all() else None


def import_place_file(
    path: Path,
    mapping: FileMapping,
    *,
    since: dt.date,
    by: Account | None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Import a file of places; the report says what was dropped and why."""
    rows, report = check_places(path, mapping, progress=progress)
    if not report.failed and not dry_run:
        report.done = {"places": import_places(rows, since=since, by=by)}
    return report
