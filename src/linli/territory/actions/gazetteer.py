"""Importing settlements: all of them, or none."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
from django.db import IntegrityError, transaction
from django.utils import timezone

from linli.areas.models import Area
from linli.kernel.actions import action, require
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import checking, rules
from linli.territory.checking import Judge
from linli.territory.events import SettlementsImported
from linli.territory.labels import METRES, packed
from linli.territory.models import Gazetteer, Settlement
from linli.territory.problems import Problems
from linli.territory.queries.settlements import places
from linli.territory.rows import NeighbourRows, RoadRows, SettlementRow

AT_ONCE = 500  # codes in one question


@action
def import_settlements(
    area: Area,
    rows: Iterable[SettlementRow],
    *,
    left_out: int = 0,
    neighbours: NeighbourRows | RoadRows | None = None,
    by: Account | None,
) -> Gazetteer:
    """Store the settlements of an area as a new gazetteer; rows are read once, a batch at a time.

    Those of fewer than eleven households are counted with `left_out` and not stored. Two at the
    same place are allowed; they never come into different grids. `neighbours`, or those that roads
    make, take the place of those that lie next to each other. Raises `problems.Refused`, with
    everything that is wrong, and Invalid `area-without-outline`; then nothing is stored.
    """
    require(rules.may_plan(by, area))
    problems = Problems()
    judge = Judge(area, problems)
    gazetteer = Gazetteer.objects.create(area=area, imported_at=timezone.now(), by=by)
    for batch in judge.judged(rows):
        if not problems:
            _store(gazetteer, batch, problems)
    if not (problems or gazetteer.settlements):
        problems.note("file-empty", area.code)
    if neighbours is not None and not problems:
        _connect(gazetteer, neighbours, problems)
    problems.refuse()
    gazetteer.left_out = left_out + judge.left_out
    gazetteer.save()
    record(
        SettlementsImported(
            gazetteer=gazetteer.pk,
            area=Code(area.code),
            settlements=gazetteer.settlements,
            left_out=gazetteer.left_out,
        ),
        by=by,
    )
    return gazetteer


def _connect(
    gazetteer: Gazetteer, neighbours: NeighbourRows | RoadRows, problems: Problems
) -> None:
    """Keep between which settlements one can go, and along which roads."""
    if isinstance(neighbours, NeighbourRows):
        positions = dict(gazetteer.rows.values_list("code", "position"))
        gazetteer.neighbours = packed(checking.neighbours(neighbours, positions, problems))
    elif found := checking.roads(neighbours, places(gazetteer), gazetteer.area, problems):
        gazetteer.neighbours = packed(found.pairs)
        gazetteer.net = packed(np.column_stack([found.net.links, found.net.km * METRES]).round())


def _store(gazetteer: Gazetteer, batch: list[SettlementRow], problems: Problems) -> None:
    """Write one batch; the database finds codes that are there already, whatever their number."""
    made = [
        Settlement(
            gazetteer=gazetteer,
            position=gazetteer.settlements + n,
            code=row.code,
            lon=round(row.lon, 7),
            lat=round(row.lat, 7),
            height=None if row.height is None else round(row.height, 1),
            wkb=row.wkb,
            households=row.households,
            workload=row.workload,
        )
        for n, row in enumerate(batch)
    ]
    try:
        with transaction.atomic():
            Settlement.objects.bulk_create(made, batch_size=AT_ONCE)
    except IntegrityError:
        problems.note("code-twice", *_twice(gazetteer, [row.code for row in batch]))
        if not problems:
            raise
        return
    gazetteer.settlements += len(made)
    gazetteer.households += sum(row.households for row in made)
    gazetteer.workload += sum(row.workload for row in made)


def _twice(gazetteer: Gazetteer, codes: list[str]) -> list[str]:
    """The codes that appear more than once in a batch, or before it."""
    found = {code for code, count in Counter(codes).items() if count > 1}
    for start in range(0, len(codes), AT_ONCE):
        there = gazetteer.rows.filter(code__in=codes[start : start + AT_ONCE])
        found.update(there.values_list("code", flat=True))
    return sorted(found)
