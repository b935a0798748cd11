"""Importing what the map draws: rivers, roads, settlements. A dwelling is no settlement."""

from collections import Counter
from pathlib import Path

import shapely

from linli.areas.actions import replace_features
from linli.areas.imports.gather import Draft, Progress, rows_of, turn_to_degrees
from linli.areas.imports.mapping import FileMapping
from linli.areas.imports.places import ODD
from linli.areas.imports.report import Report
from linli.areas.imports.sources import Row, Source
from linli.areas.models import SMALLEST_SETTLEMENT, MapFeature
from linli.areas.names import cleaned
from linli.areas.rows import FeatureRow
from linli.kernel.errors import Invalid
from linli.kernel.models import Account

LAYERS = {"rivers": "river", "roads": "road", "settlements": "settlement"}
LOWEST_RANK = 9


def import_feature_file(
    path: Path,
    mapping: FileMapping,
    layer: str,
    *,
    by: Account | None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Report:
    """Replace one layer of the map (rivers, roads, settlements) by what a file holds."""
    report = Report()
    source = Source(path, mapping.layer)
    found: list[tuple[Draft, Row]] = []
    for row in rows_of(source, mapping, report, progress):
        if draft := _draft(row, mapping, LAYERS[layer], report):
            found.append((draft, row))
    turn_to_degrees([draft for draft, _row in found], source, mapping, report)
    rows = [_feature(draft, row, mapping, LAYERS[layer]) for draft, row in found]
    for code, count in Counter(row.code for row in rows).items():
        if count > 1:
            report.error("area-code-twice", code, note=f"{count}×")
    if not report.failed and not dry_run:
        report.done = {layer: replace_features(LAYERS[layer], rows, by=by)}
    return report


def _draft(row: Row, mapping: FileMapping, layer: str, report: Report) -> Draft | None:
    code = ODD.sub("-", mapping.of("code", row.values)).strip("-._") or str(row.number)
    if row.shape is None or row.shape.is_empty:
        report.error("boundary-unreadable", code, note=row.broken)
        return None
    if layer == MapFeature.Layer.SETTLEMENT and _households(row, mapping) < SMALLEST_SETTLEMENT:
        report.dropped["settlement-too-small"] += 1
        return None
    try:
        return Draft(code, None, None, cleaned(mapping.names.of(row.values)), row.shape)
    except Invalid:
        report.error("name-not-usable", code)
        return None


def _feature(draft: Draft, row: Row, mapping: FileMapping, layer: str) -> FeatureRow:
    settles = layer == MapFeature.Layer.SETTLEMENT
    rank = mapping.of("rank", row.values)
    return FeatureRow(
        layer=layer,
        code=draft.code,
        names=draft.names,
        wkb=shapely.to_wkb(draft.shape),
        rank=min(int(rank), LOWEST_RANK) if rank.isdecimal() else 1,
        households=_households(row, mapping) if settles else None,
    )


def _households(row: Row, mapping: FileMapping) -> int:
    text = mapping.of("households", row.values)
    return int(text) if text.isdecimal() else 0
