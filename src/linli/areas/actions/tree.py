"""Reading and writing versions of areas; only inside an action of this room."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Any

import numpy as np
import shapely
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.areas import shapes
from linli.areas.kinds import known_levels
from linli.areas.models import Area, Boundary, Level
from linli.areas.names import cleaned
from linli.areas.rows import AreaRow, LevelRow
from linli.areas.versions import SHOWN, Version
from linli.engines.coverage import rounded
from linli.kernel.actions import all_locked
from linli.kernel.errors import Conflict, Invalid, Text

BATCH = 2000
NONE = (None, None)
POLYGONS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)


def ensure_levels(rows: Sequence[AreaRow], levels: Sequence[LevelRow]) -> dict[str, Level]:
    """Levels by code, after making those that are given, or that Linli knows, and are missing."""
    known = {level.code: level for level in Level.objects.all()}
    used = {row.level for row in rows if row.level}
    shipped = [LevelRow(code, *known_levels()[code]) for code in sorted(used & set(known_levels()))]
    for row in [*levels, *shipped]:
        if row.code not in known:
            known[row.code] = Level.objects.create(
                code=row.code, depth=row.depth, names=cleaned(row.names)
            )
    if missing := sorted(used - set(known)):
        raise Invalid(
            "area-level-missing",
            _("The level of an area is not known."),
            fields={"levels": missing[:SHOWN]},
        )
    return known


def stored(rows: Sequence[AreaRow]) -> list[AreaRow]:
    """The rows with outlines as they are stored; raises Invalid for one that is no area on earth.

    Codes: boundary-unreadable, boundary-not-an-area, boundary-outside-world, boundary-crossed.
    """
    having = [i for i, row in enumerate(rows) if row.boundary is not None]
    if not having:
        return list(rows)
    try:
        outlines = rounded(shapes.from_wkb([rows[i].boundary or b"" for i in having]))
    except shapely.errors.GEOSException as error:
        raise Invalid("boundary-unreadable", _("An outline cannot be read.")) from error
    codes = np.array([rows[i].code for i in having])
    bounds = np.abs(shapely.bounds(outlines))
    empty = ~np.isin(shapely.get_type_id(outlines), POLYGONS) | shapely.is_empty(outlines)
    _refuse("boundary-not-an-area", _("An outline is not an area."), codes[empty])
    outside = ~(bounds <= (180, 90, 180, 90)).all(axis=1)
    _refuse("boundary-outside-world", _("An outline leaves the world."), codes[outside])
    crossed = ~shapely.is_valid(outlines)
    _refuse("boundary-crossed", _("The rings of an outline cross."), codes[crossed])
    result = list(rows)
    for i, wkb in zip(having, shapes.to_wkb(outlines), strict=True):
        result[i] = replace(rows[i], boundary=wkb)
    return result


def _refuse(code: str, message: Text, wrong: NDArray[Any]) -> None:
    if len(wrong):
        raise Invalid(code, message, fields={"codes": [str(c) for c in wrong[:SHOWN]]})


def open_areas() -> dict[str, Area]:
    """Every open version by code, locked."""
    rows = all_locked(Area.objects.filter(until=None))
    return {area.code: area for area in rows.select_related("level", "parent")}


def outlines(codes: Sequence[str]) -> dict[str, bytes]:
    """The outlines of open versions, by code."""
    found: dict[str, bytes] = {}
    for start in range(0, len(codes), BATCH):
        rows = Boundary.objects.filter(
            area__until=None, area__code__in=codes[start : start + BATCH]
        )
        found |= {code: bytes(wkb) for code, wkb in rows.values_list("area__code", "wkb")}
    return found


def as_versions(areas: Iterable[Area], outlines: Mapping[str, bytes]) -> dict[str, Version]:
    """Rows of the database as the planner sees them."""
    return {
        area.code: Version(
            code=area.code,
            level=area.level.code,
            parent=area.parent.code if area.parent else None,
            names=area.names,
            path=area.path,
            precedence=area.precedence,
            boundary=outlines.get(area.code),
        )
        for area in areas
    }


def only_outlines(
    version: Version, before: Area | None, outlines: Mapping[str, bytes], since: dt.date
) -> bool:
    """The version only adds a first outline, and names, to one that began the same day."""
    return (
        before is not None
        and before.since == since
        and version.boundary is not None
        and version.code not in outlines
        and version.path == before.path
        and version.level == before.level.code
    )


def refuse_too_early(
    made: Sequence[Version], gone: Sequence[str], before: Mapping[str, Area], since: dt.date
) -> None:
    """Conflict where what is written already for a later day contradicts `made` and `gone`.

    An area would lie below one that begins later, or below one that is gone, or beside itself.
    """
    codes = {version.code for version in made}
    later = {code for code, area in before.items() if area.since > since}
    early = [v.code for v in made if v.parent in later and v.parent not in codes]
    early += _codes_of(Q(until__gt=since), "code", codes.difference(before))
    early += _codes_of(Q(until__gt=since), "parent__code", set(gone))
    if early:
        raise Conflict(
            "areas-begin-or-end-later",
            _("The area above begins, or one of this code ends, only later. Choose a later day."),
            fields=_shown(early),
        )


def _codes_of(condition: Q, field: str, codes: Collection[str]) -> list[str]:
    """Codes of the versions that meet `condition` and whose `field` is one of `codes`."""
    wanted, found = sorted(codes), set[str]()
    for start in range(0, len(wanted), BATCH):
        rows = Area.objects.filter(condition, **{f"{field}__in": wanted[start : start + BATCH]})
        found.update(rows.values_list("code", flat=True))
    return sorted(found)


def close(ending: Sequence[Area], since: dt.date) -> int:
    """End these versions on the day `since`; Conflict where one is not older."""
    late = [area.code for area in ending if area.since >= since]
    if late:
        raise Conflict(
            "areas-since-not-later",
            _("An area already has a version of that day or later. Choose a later day."),
            fields=_shown(late),
        )
    for area in ending:
        area.until = since
    Area.objects.bulk_update(ending, ["until"], batch_size=BATCH)
    return len(ending)


def write(
    made: Sequence[Version],
    before: Mapping[str, Area],
    levels: Mapping[str, Level],
    since: dt.date,
) -> None:
    """Insert new versions, those above first; outlines are new or the version's before."""
    newest = dict(before)
    centres = _centres(made)
    by_depth = sorted(made, key=lambda version: version.path.count("/"))
    for _depth, group in groupby(by_depth, key=lambda version: version.path.count("/")):
        areas = []
        for version in group:
            old = before.get(version.code) if version.inherits else None
            lon, lat = (old.centre_lon, old.centre_lat) if old else centres.get(version.code, NONE)
            areas.append(
                Area(
                    code=version.code,
                    level=levels[version.level],
                    parent=newest[version.parent] if version.parent else None,
                    names=version.names,
                    path=version.path,
                    precedence=version.precedence,
                    since=since,
                    centre_lon=lon,
                    centre_lat=lat,
                )
            )
        newest |= {area.code: area for area in Area.objects.bulk_create(areas, batch_size=BATCH)}
    _insert_outlines(made, newest)
    _inherit([v.code for v in made if v.inherits and v.code in before], before, newest)


def _centres(versions: Sequence[Version]) -> dict[str, tuple[float | None, float | None]]:
    having = [version for version in versions if version.boundary is not None]
    if not having:
        return {}
    points = shapes.centres(shapes.from_wkb([version.boundary or b"" for version in having]))
    return {v.code: (float(x), float(y)) for v, (x, y) in zip(having, points, strict=True)}


def _insert_outlines(versions: Sequence[Version], areas: Mapping[str, Area]) -> None:
    Boundary.objects.bulk_create(
        [Boundary(area=areas[v.code], wkb=v.boundary) for v in versions if v.boundary is not None],
        batch_size=BATCH,
    )


def _inherit(codes: Sequence[str], before: Mapping[str, Area], newest: Mapping[str, Area]) -> None:
    for start in range(0, len(codes), BATCH):
        by_id = {before[code].pk: code for code in codes[start : start + BATCH]}
        found = Boundary.objects.filter(area_id__in=list(by_id))
        Boundary.objects.bulk_create(
            [Boundary(area=newest[by_id[old.area_id]], wkb=old.wkb) for old in found]
        )


def outline(versions: Sequence[Version], areas: Mapping[str, Area]) -> None:
    """Give open versions that have none their outline, a point for the label, and their names."""
    centres = _centres(versions)
    rows = [areas[version.code] for version in versions]
    for row, version in zip(rows, versions, strict=True):
        row.names, row.precedence = version.names, version.precedence
        row.centre_lon, row.centre_lat = centres[version.code]
    Area.objects.bulk_update(
        rows, ["names", "precedence", "centre_lon", "centre_lat"], batch_size=200
    )
    _insert_outlines(versions, areas)


def of_day(since: dt.date, codes: Collection[str]) -> tuple[list[Area], list[Area]]:
    """The versions of these codes that begin on a day, and those that end on it, locked.

    Conflict where one of them neither begins nor ends then, or has changed again since.
    """
    wanted, begun, ended = sorted(set(codes)), list[Area](), list[Area]()
    for start in range(0, len(wanted), BATCH):
        rows = all_locked(Area.objects.filter(code__in=wanted[start : start + BATCH]))
        begun += rows.filter(since=since)
        ended += rows.filter(until=since).select_related("parent")
    changed = set(wanted).difference(area.code for area in [*begun, *ended])
    changed |= {area.code for area in begun if area.until is not None}
    changed.update(_codes_of(Q(since__gt=since), "code", wanted))
    _refuse_changed(changed)
    return begun, ended


def _refuse_changed(codes: Collection[str]) -> None:
    if codes:
        raise Conflict(
            "areas-changed-since",
            _("Areas have changed since, so that they cannot be taken back."),
            fields=_shown(codes),
        )


def _shown(codes: Collection[str]) -> dict[str, object]:
    return {"codes": sorted(codes)[:SHOWN]}


def refuse_if_used(versions: Sequence[Area]) -> None:
    """Conflict where anything but their outlines, and each other, refers to these versions."""
    keys = {area.pk: area.code for area in versions}
    used: set[str] = set()
    for relation in Area._meta.related_objects:
        model, field = relation.related_model, relation.field.attname
        if model is Boundary:
            continue
        for start in range(0, len(keys), BATCH):
            some = list(keys)[start : start + BATCH]
            rows = model._base_manager.filter(**{f"{field}__in": some}).values_list("pk", field)
            used.update(keys[of] for pk, of in rows if model is not Area or pk not in keys)
    if used:
        raise Conflict(
            "areas-in-use",
            _("Something already refers to areas that have not begun."),
            fields=_shown(used),
        )


def delete(versions: Sequence[Area]) -> None:
    """Delete versions that nothing refers to, those below first, with their outlines."""
    by_depth = sorted(versions, key=lambda area: -area.path.count("/"))
    for _depth, group in groupby(by_depth, key=lambda area: area.path.count("/")):
        keys = [area.pk for area in group]
        for start in range(0, len(keys), BATCH):
            Area.objects.filter(pk__in=keys[start : start + BATCH]).delete()


def reopen(ended: Sequence[Area]) -> int:
    """Let versions go on; Conflict where what they lie below is no longer what it was."""
    for area in ended:
        area.until = None
    Area.objects.bulk_update(ended, ["until"], batch_size=BATCH)
    above = {area.parent.code for area in ended if area.parent}
    paths: dict[str, str] = {}
    for start in range(0, len(above), BATCH):
        rows = Area.objects.filter(code__in=sorted(above)[start : start + BATCH], until=None)
        paths |= dict(rows.values_list("code", "path"))
    _refuse_changed(
        [a.code for a in ended if a.parent and f"{paths.get(a.parent.code)}/{a.code}" != a.path]
    )
    return len(ended)
