"""Importing a file of areas: everything is checked first, then all of it takes effect, or none."""

import datetime as dt
from pathlib import Path

import shapely

from linli.areas.actions import adopt
from linli.areas.imports.gather import Draft, Progress, areas_of, check_table
from linli.areas.imports.mapping import FileMapping
from linli.areas.imports.report import Report
from linli.areas.imports.sources import Source
from linli.areas.imports.tiling import check_levels, check_rings
from linli.areas.rows import AreaRow
from linli.kernel.models import Account


def check_areas(
    path: Path,
    mapping: FileMapping,
    *,
    repair: bool = False,
    strict: bool = False,
    progress: Progress | None = None,
) -> tuple[list[AreaRow], Report]:
    """The areas of a file as rows to adopt, and everything that is wrong with them.

    With `repair` crossed rings, overlaps and thin gaps are mended and listed as such; with `strict`
    a warning counts as an error. Raises Invalid (file-unreadable) for a file that is none.
    """
    report = Report()
    drafts = areas_of(Source(path, mapping.layer), mapping, report, progress)
    check_table(drafts, mapping, report)
    if not report.failed and check_rings(drafts, report, repair=repair):
        check_levels(drafts, mapping, report, repair=repair)
    if strict and report.warned:
        report.refuse_warnings()
    return [*mapping.areas, *(_row(draft, mapping) for draft in drafts)], report


def _row(draft: Draft, mapping: FileMapping) -> AreaRow:
    return AreaRow(
        code=draft.code,
        level=draft.level,
        parent=draft.parent,
        names=draft.names,
        boundary=None if draft.shape is None else shapely.to_wkb(draft.shape),
        precedence=mapping.precedence.get(draft.code) if mapping.precedence else None,
    )


def import_areas(
    path: Path,
    mapping: FileMapping,
    *,
    since: dt.date,
    by: Account | None,
    repair: bool = False,
    strict: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Import a file of areas; the report says what was found, mended and done."""
    rows, report = check_areas(path, mapping, repair=repair, strict=strict, progress=progress)
    if not report.failed and not dry_run:
        done = adopt(rows, since=since, by=by, levels=mapping.levels)
        report.done = {
            "versions": done.versions,
            "closed": done.closed,
            "outlined": done.outlined,
        }
    return report
