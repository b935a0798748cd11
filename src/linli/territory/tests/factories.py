"""A small invented county for tests of this room."""

import datetime as dt

import numpy as np
from django.utils import timezone

from linli.areas.actions import load
from linli.areas.models import Area, Level
from linli.areas.tests.factories import SOUTH, WEST, area_row
from linli.kernel import vault
from linli.organisations.tests.factories import account, area, post
from linli.territory import labels
from linli.territory.actions import plans
from linli.territory.actions.gazetteer import import_settlements
from linli.territory.models import Comment, Gazetteer, Plan, PlanState
from linli.territory.rows import SettlementRow

DAY = dt.date(2026, 6, 1)
LONG_AGO = dt.date(2020, 1, 1)
SIDE = 4  # tenths of a degree: a township is a square, a village half of it, a grid a quarter
IN_A_GRID = 4


def county(groups=False):
    """A prefecture P with county C: townships C1 … C4, villages C1a, C1b, grids C1a1, C1a2 …

    Townships are squares of 36 by 44 kilometres; with `groups`, each grid is one neighbour group.
    """
    rows = [
        area_row("P", "prefecture", None, (0, 0, 3 * SIDE, 2 * SIDE)),
        area_row("C", "county", "P", (0, 0, 2 * SIDE, 2 * SIDE)),
    ]
    for n in range(4):
        x, y, code = n % 2 * SIDE, n // 2 * SIDE, f"C{n + 1}"
        rows.append(area_row(code, "township", "C", (x, y, x + SIDE, y + SIDE)))
        for v, village in enumerate("ab"):
            left = x + v * SIDE / 2
            rows.append(
                area_row(code + village, "village", code, (left, y, left + SIDE / 2, y + SIDE))
            )
            for g in (1, 2):
                low = y + (g - 1) * SIDE / 2
                box = (left, low, left + SIDE / 2, low + SIDE / 2)
                grid = f"{code}{village}{g}"
                rows.append(area_row(grid, "grid", code + village, box))
                if groups:
                    rows.append(area_row(f"{grid}-01", "group", grid, box))
    load(rows, since=LONG_AGO, by=None)
    return Area.objects.get(code="C")


def settlement_rows(in_a_grid=IN_A_GRID):
    """Settlements of the county, so many in each of its sixteen grids, always the same ones."""
    random = np.random.default_rng(7)
    rows = []
    for x in range(4):
        for y in range(4):
            for _one in range(in_a_grid):
                east, north = random.uniform(0.1, SIDE / 2 - 0.1, 2)
                households = int(random.integers(11, 80))
                rows.append(
                    SettlementRow(
                        code=f"S{len(rows):03d}",
                        lon=round(WEST + (x * SIDE / 2 + east) / 10, 7),
                        lat=round(SOUTH + (y * SIDE / 2 + north) / 10, 7),
                        households=households,
                        workload=float(households),
                    )
                )
    return rows


def gazetteer(where, rows=None):
    """The settlements of the county, imported."""
    return import_settlements(where, settlement_rows() if rows is None else rows, by=None)


def plan(where, settlements=None, *, grids=16, lines="township", **fields):
    """A draft for the county, whole from the start."""
    return plans.begin(
        where,
        settlements or gazetteer(where),
        titles=fields.pop("titles", {"en": "Plan"}),
        lines=Level.objects.get(code=lines),
        wanted=fields.pop("wanted", {"grids": grids}),
        by=None,
        **fields,
    )


def planner(name, where):
    """Somebody who holds a planner's post for an area."""
    post(f"planner-{name}", holder=name, answers=[("planning", where)])
    return account(name)


def bare_gazetteer(where):
    """A gazetteer without rows."""
    return Gazetteer.objects.create(area=where, imported_at=timezone.now())


def bare_plan(where, state=PlanState.DRAFT, **fields):
    """A plan of nothing, in any state."""
    level, _new = Level.objects.get_or_create(code="township", defaults={"depth": 2})
    values = {
        "gazetteer": bare_gazetteer(where),
        "titles": {"en": "Plan"},
        "lines": level,
        "labels": labels.packed([]),
        "begun_at": timezone.now(),
        "since": None if state in (PlanState.DRAFT, PlanState.PUBLISHED) else DAY,
    }
    return Plan.objects.create(area=where, state=state, **(values | fields))


def bare_comment(plan, **fields):
    """A comment without words."""
    key = vault.new_key()
    return Comment.objects.create(plan=plan, key=key, received_at=timezone.now(), **fields)


__all__ = [
    "account",
    "area",
    "bare_comment",
    "bare_gazetteer",
    "bare_plan",
    "county",
    "gazetteer",
    "plan",
    "planner",
    "post",
    "settlement_rows",
]
