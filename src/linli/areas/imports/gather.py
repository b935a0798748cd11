"""From the rows of a file to drafts of areas, with everything that is wrong in a report."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from linli.areas import queries
from linli.areas.coordinates import LAT_LIMIT, LON_LIMIT
from linli.areas.imports.mapping import FileMapping
from linli.areas.imports.report import Report
from linli.areas.imports.sources import Row, Source, in_degrees
from linli.areas.kinds import known_levels
from linli.areas.models import Area, Level
from linli.areas.names import cleaned
from linli.areas.versions import CODE
from linli.areas.worship import tags_of
from linli.engines.coverage.grid import Shapes
from linli.kernel.errors import Invalid

Progress = Callable[[int], object]


@dataclass
class Draft:
    """One area of a file."""

    code: str
    level: str | None
    parent: str | None
    names: dict[str, str]
    shape: Any = None


def rows_of(
    source: Source, mapping: FileMapping, report: Report, progress: Progress | None
) -> Iterator[Row]:
    """The rows of a file, counted; what the mapping needs and tags nobody may have are noted."""
    for row in source.rows():
        if row.number == 1 and (missing := sorted(mapping.needed() - set(row.values))):
            have = ", ".join(sorted(map(str, row.values)))
            report.error("column-missing", note=f"{', '.join(missing)} ({have})")
            return
        report.read += 1
        report.tags.update(tags_of(row.values))
        if progress and report.read % 1000 == 0:
            progress(report.read)
        yield row


def areas_of(
    source: Source, mapping: FileMapping, report: Report, progress: Progress | None = None
) -> list[Draft]:
    """Drafts of every area of a file; their shapes as they stand there."""
    drafts = []
    for row in rows_of(source, mapping, report, progress):
        code = mapping.of("code", row.values)
        if not code:
            report.error("code-missing", note=f"{row.number}")
            continue
        if row.broken:
            report.error("boundary-unreadable", code, note=row.broken)
        level, parent = mapping.of("level", row.values), mapping.of("parent", row.values)
        names = _names(code, mapping.names.of(row.values), report)
        drafts.append(Draft(code, level or None, parent or None, names, row.shape))
        report.outlines += row.shape is not None
    turn_to_degrees(drafts, source, mapping, report)
    return drafts


def _names(code: str, names: dict[str, str], report: Report) -> dict[str, str]:
    try:
        return cleaned(names)
    except Invalid:
        report.error("name-not-usable", code)
        return {}


def turn_to_degrees(
    drafts: Iterable[Draft], source: Source, mapping: FileMapping, report: Report
) -> None:
    """Check projection and order of the axes; exchange the axes where the mapping says so."""
    having = [draft for draft in drafts if draft.shape is not None]
    if not having:
        return
    crs = source.crs or mapping.crs
    if not in_degrees(crs):
        report.error("boundary-projection", note=crs[:80])
        return
    shapes = np.array([draft.shape for draft in having], dtype=object)
    if mapping.swapped:
        shapes = exchanged(shapes)
        for draft, shape in zip(having, shapes, strict=True):
            draft.shape = shape
    codes = np.array([draft.code for draft in having])
    filled = ~shapely.is_empty(shapes)
    _check_axes(codes[filled], shapes[filled], report)


def exchanged(shapes: Shapes) -> Shapes:
    """The same shapes with longitude and latitude exchanged."""
    result: Shapes = shapely.transform(shapely.force_2d(shapes), lambda xy: xy[:, ::-1])
    return result


def _check_axes(codes: Any, shapes: Shapes, report: Report) -> None:
    if not len(shapes):
        return
    west, south, east, north = np.abs(shapely.bounds(shapes)).T
    x, y = np.maximum(west, east), np.maximum(south, north)
    swapped = (y > LAT_LIMIT) & (y <= LON_LIMIT) & (x <= LAT_LIMIT)
    metres = ((x > LON_LIMIT) | (y > LAT_LIMIT)) & ~swapped
    for code, a, b in zip(codes[metres], x[metres], y[metres], strict=True):
        report.error("boundary-projection", str(code), note=f"x {a:,.0f}, y {b:,.0f}")
    for code in codes[swapped]:
        report.error("axes-swapped", str(code))
    if not report.failed and _beside_the_territory(shapes):
        report.error("axes-swapped", *(str(code) for code in codes[:3]))


def _beside_the_territory(shapes: Shapes) -> bool:
    """The shapes lie outside what is known, and would lie inside with their axes exchanged."""
    known = queries.bounds()
    if known is None:
        return False
    territory = shapely.box(*known)
    here = shapely.box(*shapely.total_bounds(shapes))
    there = shapely.box(*shapely.total_bounds(exchanged(shapes)))
    return not shapely.intersects(territory, here) and bool(shapely.intersects(territory, there))


def check_table(drafts: list[Draft], mapping: FileMapping, report: Report) -> None:
    """Codes, levels and parents: each wrong one by its code."""
    counts = Counter(draft.code for draft in drafts)
    for code, count in counts.items():
        if count > 1:
            report.error("area-code-twice", code, note=f"{count}×")
        if not CODE.match(code):
            report.error("area-code-not-usable", code[:40])
    levels = {*known_levels(), *(row.code for row in mapping.levels)}
    levels |= set(Level.objects.values_list("code", flat=True))
    open_areas = Area.objects.filter(until=None)
    known: dict[str, str] = dict(open_areas.values_list("code", "level__code"))
    inside = {*counts, *(row.code for row in mapping.areas), *known}
    for draft in drafts:
        draft.level = draft.level or known.get(draft.code)
        if draft.level not in levels:
            report.error("area-level-missing", draft.code, note=draft.level or "")
        if draft.parent is not None and draft.parent not in inside:
            report.error("area-parent-missing", draft.code, note=draft.parent)
