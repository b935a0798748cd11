"""Importing areas: a whole set takes effect on one day, or nothing does."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from linli.areas import rules
from linli.areas.actions import tree
from linli.areas.actions.edition import renew
from linli.areas.actions.features import write_features
from linli.areas.actions.places import add_many, rehome
from linli.areas.events import AreasImported
from linli.areas.rows import AreaRow, FeatureRow, LevelRow, PlaceRow
from linli.areas.versions import plan
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account


@dataclass(frozen=True)
class Adopted:
    """What an import did: versions made, versions ended, areas given their first outline."""

    versions: int
    closed: int
    outlined: int
    edition: int


@action
def adopt(
    rows: Sequence[AreaRow],
    *,
    since: dt.date,
    by: Account | None,
    levels: Sequence[LevelRow] = (),
) -> Adopted:
    """Let a set of areas take effect on the day `since`, closing the versions before.

    Codes that are not in `rows` stay as they are; what a row leaves out (None) too. A second set
    for the same day may only give outlines to areas that have none yet. Raises Invalid for rows or
    outlines that cannot be used (`versions.plan`, `tree.stored`), and Conflict where the version
    before is not older.
    """
    require(rules.may_import_areas(by))
    return _adopt(rows, since=since, by=by, levels=levels)


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
    rows: Sequence[AreaRow], *, since: dt.date, by: Account | None, levels: Sequence[LevelRow]
) -> Adopted:
    known = tree.ensure_levels(rows, levels)
    rows = tree.stored(rows)
    before = tree.open_areas()
    outlines = tree.outlines([row.code for row in rows if row.boundary is not None])
    planned = plan(rows, tree.as_versions(before.values(), outlines))
    fills = {v.code for v in planned if tree.only_outlines(v, before.get(v.code), outlines, since)}
    made = [version for version in planned if version.code not in fills]
    closed = tree.close(made, before, since)
    tree.write(made, before, known, since)
    tree.outline([version for version in planned if version.code in fills], before)
    edition = renew()
    record(AreasImported(edition=edition, versions=len(made), closed=closed, since=since), by=by)
    if closed and since <= timezone.localdate():
        rehome(by=by)
    return Adopted(len(made), closed, len(fills), edition)
