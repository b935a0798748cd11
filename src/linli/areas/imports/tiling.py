"""Outlines of a file: crossed rings, overlaps and gaps, each by code with its size; mending."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from django.db.models import QuerySet

from linli.areas.imports.gather import Draft
from linli.areas.imports.mapping import FileMapping
from linli.areas.imports.report import Report
from linli.areas.models import Area, Boundary
from linli.areas.shapes import from_wkb
from linli.engines import coverage
from linli.engines.coverage.grid import Shapes

POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
THIN = 10.0  # metres: a narrower gap is a slip of the pen and mended, a wider one may be meant


def check_rings(drafts: Sequence[Draft], report: Report, *, repair: bool) -> bool:
    """Every outline is an area whose rings do not cross, rounded as it will be stored.

    Returns whether the outlines can be looked at further; without `repair` those whose rings cross
    are errors, and looked at as they would be if mended.
    """
    having = [draft for draft in drafts if draft.shape is not None]
    usable = True
    for draft in having:
        if shapely.get_type_id(draft.shape) not in POLYGONS or draft.shape.is_empty:
            report.error("boundary-not-an-area", draft.code, note=draft.shape.geom_type)
            usable = False
        elif not draft.shape.is_valid:
            usable = _uncross(draft, report, repair=repair) and usable
    if usable:
        rounded = coverage.rounded(_array([draft.shape for draft in having]))
        for draft, shape in zip(having, rounded, strict=True):
            draft.shape = shape
    return usable


def _uncross(draft: Draft, report: Report, *, repair: bool) -> bool:
    """Mend one outline; the size is the ground it covers."""
    where = shapely.is_valid_reason(draft.shape)
    draft.shape = coverage.uncrossed(draft.shape)
    note = report.mend if repair and not draft.shape.is_empty else report.error
    note("boundary-crossed", draft.code, size=_size(draft.shape), note=where)
    return not draft.shape.is_empty


def check_levels(
    drafts: Sequence[Draft], mapping: FileMapping, report: Report, *, repair: bool
) -> None:
    """Areas of one level should neither overlap nor leave gaps, nor reach beyond their parent."""
    having = [draft for draft in drafts if draft.shape is not None]
    parents = _parents(having)
    for level in sorted({draft.level or "" for draft in having}):
        # In the order in which they answer, so that mending an overlap changes no answer.
        here = sorted(
            (draft for draft in having if draft.level == level),
            key=lambda draft: (mapping.precedence.get(draft.code, 0), draft.code),
        )
        _mend_overlaps(here, level, report, repair)
        ground = _ground(here, level, parents, having)
        _mend_gaps(here, ground, report, repair)
    _check_parents(having, parents, report)


def _mend_overlaps(drafts: Sequence[Draft], level: str, report: Report, repair: bool) -> None:
    """Overlaps in the file are mended; one with an area that is there already is only said."""
    others = _stored(Boundary.objects.filter(area__level__code=level), drafts)
    codes = [*(draft.code for draft in drafts), *others]
    shapes = _array([*(draft.shape for draft in drafts), *others.values()])
    own: list[coverage.Overlap] = []
    for overlap in coverage.overlaps(shapes):
        pair = codes[overlap.first], codes[overlap.second]
        if overlap.second < len(drafts):
            own.append(overlap)
        if overlap.first < len(drafts):
            mends = repair and overlap.second < len(drafts)
            note = report.mend if mends else report.warn
            note("boundary-overlap", *pair, size=overlap.square_metres)
    if repair:
        mended = coverage.without_overlaps(shapes[: len(drafts)], own)
        for draft, shape in zip(drafts, mended, strict=True):
            draft.shape = shape


def _mend_gaps(drafts: Sequence[Draft], ground: Any, report: Report, repair: bool) -> None:
    """Gaps inside the parents where these have outlines, otherwise gaps that areas enclose."""
    shapes = _array([draft.shape for draft in drafts])
    codes = [draft.code for draft in drafts]
    gaps = coverage.gaps(shapes, ground)
    thin = [gap for gap in gaps if repair and gap.width < THIN and gap.around]
    for gap in gaps:
        note = report.mend if any(gap is other for other in thin) else report.warn
        note("boundary-gap", *(codes[k] for k in gap.around), size=gap.square_metres)
    for draft, shape in zip(drafts, coverage.without_gaps(shapes, thin), strict=True):
        draft.shape = shape


def _ground(
    drafts: Sequence[Draft], level: str, parents: Mapping[str, str], everything: Sequence[Draft]
) -> Any:
    """What the areas of a level should cover: their parents, less what others cover already.

    None where a parent is not known, or has no outline.
    """
    above = {parents.get(draft.code) for draft in drafts}
    outlines = _stored(Boundary.objects.filter(area__code__in=above - {None}), everything)
    outlines |= {draft.code: draft.shape for draft in everything if draft.code in above}
    if set(outlines) != above:
        return None
    same = Boundary.objects.filter(area__level__code=level, area__parent__code__in=above)
    others = _array(list(_stored(same, everything).values()))
    whole = shapely.union_all(_array(list(outlines.values())))
    return shapely.difference(whole, shapely.union_all(others))


def _check_parents(drafts: Sequence[Draft], parents: Mapping[str, str], report: Report) -> None:
    """Where a parent has an outline, in the file or already, its parts should stay inside it."""
    above = _stored(Boundary.objects.filter(area__code__in=set(parents.values())), drafts)
    above |= {draft.code: draft.shape for draft in drafts}
    inside = [draft for draft in drafts if parents.get(draft.code) in above]
    if not inside:
        return
    sizes, widths = coverage.outside(
        _array([draft.shape for draft in inside]),
        _array([above[parents[draft.code]] for draft in inside]),
    )
    for draft, size, width in zip(inside, sizes, widths, strict=True):
        if width > coverage.ROUNDING:
            parent = parents[draft.code]
            report.warn("boundary-outside-parent", draft.code, parent, size=float(size))


def _parents(drafts: Sequence[Draft]) -> dict[str, str]:
    open_areas = Area.objects.filter(until=None, parent__isnull=False)
    known: dict[str, str] = dict(open_areas.values_list("code", "parent__code"))
    found = {draft.code: draft.parent or known.get(draft.code) for draft in drafts}
    return {code: parent for code, parent in found.items() if parent}


def _stored(rows: QuerySet[Boundary], besides: Sequence[Draft]) -> dict[str, Any]:
    """Outlines of open areas by code, besides those that the file brings anew."""
    new = {draft.code for draft in besides}
    found = rows.filter(area__until=None).order_by("area__code").values_list("area__code", "wkb")
    kept = [(code, wkb) for code, wkb in found if code not in new]
    shapes = from_wkb([wkb for _code, wkb in kept])
    return {code: shape for (code, _wkb), shape in zip(kept, shapes, strict=True)}


def _size(shape: Any) -> float:
    return float(coverage.square_metres(_array([shape]))[0])


def _array(shapes: Sequence[Any]) -> Shapes:
    result: Shapes = np.empty(len(shapes), dtype=object)
    result[:] = shapes
    return result
