"""A draft on the small prefecture of `areas`: settlements in rows, in townships A1 and A2."""

import numpy as np
from django.utils import timezone

from linli.areas.models import Level
from linli.areas.tests.factories import area, point, small_prefecture
from linli.kernel.actions import writing
from linli.territory import labels as packing
from linli.territory.actions.row import put
from linli.territory.models import Gazetteer, Plan, Settlement, StepKind

SIDE = 4  # settlements in a row, and rows in a township


def settlements(households=20, moved=0.0):
    """(code, lon, lat, households, workload, line): rows from the south, A1 and then A2."""
    found = []
    for line, south in (("A1", 0), ("A2", 5)):
        for n in range(SIDE * SIDE):
            row, column = divmod(n, SIDE)
            lon, lat = point(0.6 + 1.25 * column + moved, south + 0.6 + 1.25 * row)
            found.append((f"{line}-s{n}", lon, lat, households, 1.0, line))
    return found


def gazetteer(rows):
    made = Gazetteer.objects.create(
        area=area("A"), imported_at=timezone.now(), settlements=len(rows)
    )
    Settlement.objects.bulk_create(
        Settlement(
            gazetteer=made,
            position=n,
            code=code,
            lon=lon,
            lat=lat,
            households=people,
            workload=work,
        )
        for n, (code, lon, lat, people, work, _line) in enumerate(rows)
    )
    return made


def draft(given=None, *, rows=None, before=None, labels=None, grids=None, **fields):
    """A draft with two grids in each township, its western and its eastern columns."""
    rows = rows or settlements()
    values = {
        "area": area("A"),
        "gazetteer": given or gazetteer(rows),
        "titles": {"en": "Plan"},
        "lines": Level.objects.get(code="township"),
        "labels": packing.packed([]),
        "before": before,
        "begun_at": timezone.now(),
    }
    plan = Plan.objects.create(**values | fields)
    if labels is None:
        labels = [2 * (n // SIDE**2) + (n % SIDE >= SIDE // 2) for n in range(len(rows))]
    with writing():
        put(
            plan, np.array(labels), kind=StepKind.BEGUN, by=None,
            lines=[row[-1] for row in rows], grids=grids,
        )  # fmt: skip
    return plan


def prefecture():
    small_prefecture()
