"""Importing areas: a whole set takes effect on one day, or nothing does."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from linli.areas import rules
from linli.areas.actions import tree
from linli.areas.actions.edition import renew
from linli.areas.actions.features import write_features
from linli.areas.actions.places import add_many, rehome
from linli.areas.events import AreasImported, AreasTakenBack
from linli.areas.models import Area
from linli.areas.rows import AreaRow, FeatureRow, LevelRow, PlaceRow
from linli.areas.versions import Version, plan
from linli.kernel.actions import action, require
from linli.kernel.errors import Conflict
from linli.kernel.journal import record
from linli.kernel.models import Account


@dataclass(frozen=True)
class Adopted:
    """What an import did: versions made, versions ended, areas given their first outline.

    `codes` are those of areas that got a version or ended: what `take_back` takes back.
    """

    versions: int
    closed: int
    outlined: int
    edition: int
    codes: tuple[str, ...] = ()


@action
def adopt(
    rows: Sequence[AreaRow],
    *,
    since: dt.date,
    by: Account | None,
    levels: Sequence[LevelRow] = (),
    ending: Collection[str] = (),
) -> Adopted:
    """Let a set of areas take effect on the day `since`, closing the versions before.

    Codes that are not in `rows` stay as they are; what a row leaves out (None) too; those of
    `ending` exist no longer from that day on. A second set for the same day may only give outlines
    to areas that have none yet. Raises Invalid for rows or outlines that cannot be used
    (`versions.plan`, `tree.stored`), and Conflict where the version before is not older, or an
    area above begins, or one of the same code ends, only later.
    """
    require(rules.may_import_areas(by))
    return _adopt(rows, since=since, by=by, levels=levels, ending=ending)


@action
def take_back(since: dt.date, codes: Collection[str], *, by: Account | None) -> int:
    """Let what `adopt` wrote for the day `since` about these codes never happen.

    Versions that begin on that day are deleted with their outlines, and those that end on it are
    open again: all of them, or none. Returns how many were deleted. Conflict when the day has come,
    when a code neither begins nor ends then or has changed again since, or when something else
    refers to a new version.
    """
    require(rules.may_import_areas(by))
    require(since > timezone.localdate(), Conflict("areas-day-has-come"))
    begun, ended = tree.of_day(since, codes)
    tree.refuse_if_used(begun)
    tree.delete(begun)
    reopened = tree.reopen(ended)
    record(
        AreasTakenBack(edition=renew(), versions=len(begun), reopened=reopened, since=since), by=by
    )
    return len(begun)


@action
def load(
    areas: Sequence[AreaRow],
    *,
    by: Account | None,
    since: dt.date | None = None,
    levels: Sequence[LevelRow] = (),
    places: Sequence[PlaceRow] = (),
    features: Iterable[FeatureRow] = (),
) -> Adopted:
    """A whole territory at once: areas, then places and what the map draws; for generators."""
    require(rules.may_import_areas(by))
    day = since or timezone.localdate()
    adopted = _adopt(areas, since=day, by=by, levels=levels)
    add_many(places, since=day, by=by)
    by_layer: dict[str, list[FeatureRow]] = {}
    for feature in features:
        by_layer.setdefault(feature.layer, []).append(feature)
    for layer, rows in by_layer.items():
        write_features(layer, rows, by=by)
    return adopted


def _adopt(
    rows: Sequence[AreaRow],
    *,
    since: dt.date,
    by: Account | None,
    levels: Sequence[LevelRow],
    ending: Collection[str] = (),
) -> Adopted:
    known = tree.ensure_levels(rows, levels)
    rows = tree.stored(rows)
    before = tree.open_areas()
    outlines = tree.outlines([row.code for row in rows if row.boundary is not None])
    planned = plan(rows, tree.as_versions(before.values(), outlines), ending)
    fills = {v.code for v in planned if tree.only_outlines(v, before.get(v.code), outlines, since)}
    made = [version for version in planned if version.code not in fills]
    gone = sorted(set(ending))
    tree.refuse_too_early(made, gone, before, since)
    closed = tree.close([before[code] for code in [*_old(made, before), *gone]], since)
    tree.write(made, before, known, since)
    tree.outline([version for version in planned if version.code in fills], before)
    edition = renew()
    record(AreasImported(edition=edition, versions=len(made), closed=closed, since=since), by=by)
    if closed and since <= timezone.localdate():
        rehome(by=by)
    codes = sorted({version.code for version in made}.union(gone))
    return Adopted(len(made), closed, len(fills), edition, tuple(codes))


def _old(made: Sequence[Version], before: Mapping[str, Area]) -> list[str]:
    return [version.code for version in made if version.code in before]
