"""The settlements of a gazetteer and the grids of a plan, as arrays by position."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linli.territory.labels import unpacked
from linli.territory.models import Gazetteer, Grid, Plan, Settlement
from linli.territory.projecting import Sheet

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Texts = NDArray[Any]
NOBODY = ""  # of no grid
KEPT = 4  # gazetteers


@dataclass(frozen=True)
class Places:
    """Settlements by position; `km` (n, 2) are kilometres on `sheet`, `heights` (n,) metres."""

    codes: Texts
    lon: Floats
    lat: Floats
    households: Ints
    workload: Floats
    sheet: Sheet
    km: Floats
    heights: Floats | None = None  # where they are known

    def __len__(self) -> int:
        return len(self.codes)


def places(gazetteer: Gazetteer) -> Places:
    """The settlements of a gazetteer. They never change, and are shared: nobody writes in them."""
    return _kept(gazetteer.pk, gazetteer.imported_at, gazetteer.settlements)


@lru_cache(maxsize=KEPT)
def _kept(gazetteer: int, _imported: dt.datetime, _settlements: int) -> Places:
    """By what it depends on: a key may come again after an import that was undone."""
    rows = list(
        Settlement.objects.filter(gazetteer=gazetteer)
        .order_by("position")
        .values_list("code", "lon", "lat", "households", "workload", "height")
    )
    columns: Any = list(zip(*rows, strict=True)) if rows else [[]] * 6
    lon, lat, workload = (np.array(columns[n], dtype=np.float64) for n in (1, 2, 4))
    sheet = Sheet.over(lon, lat)
    heights = np.array(columns[5], dtype=np.float64)
    return Places(
        np.array(columns[0], dtype=object), lon, lat, np.array(columns[3], dtype=np.int64),
        workload, sheet, sheet.kilometres(np.column_stack([lon, lat])),
        heights if len(heights) and np.isfinite(heights).all() else None,
    )  # fmt: skip


def by_number(plan: Plan) -> dict[int, Grid]:
    """The grids of a plan by their number."""
    return {grid.number: grid for grid in plan.grids.all()}


def codes_of(plan: Plan, names: Mapping[int, Grid] | None = None) -> Texts:
    """The code of the grid of each settlement of a plan, by position."""
    if names is None:
        return each(unpacked(plan.labels), dict(plan.grids.values_list("number", "code")))
    return each(unpacked(plan.labels), {n: g.code for n, g in names.items()})


def each(labels: Ints, values: Mapping[int, str]) -> Texts:
    """The value of each label, as text; empty where there is none."""
    table = np.full(max([*values, int(labels.max(initial=-1))], default=-1) + 1, NOBODY, object)
    for number, value in values.items():
        table[number] = value
    return table[labels] if len(labels) else np.empty(0, object)


def codes_before(plan: Plan, here: Places | None = None) -> Texts:
    """The code of the grid in which each settlement was in the plan before; empty without one.

    Of another gazetteer, a settlement is the one with the same code, or else the nearest one.
    """
    here = here or places(plan.gazetteer)
    if plan.before is None:
        return np.full(len(here), NOBODY, object)
    return codes_in(plan.before, plan.gazetteer_id, here)


def codes_in(plan: Plan, gazetteer: int, here: Places) -> Texts:
    """The code of the grid of `plan` for each settlement `here`, which are of a gazetteer by key.

    Of another one than the plan's, a settlement is the one with the same code, or the nearest.
    """
    codes = codes_of(plan)
    if plan.gazetteer_id == gazetteer or not len(codes):
        return codes if len(codes) == len(here) else np.full(len(here), NOBODY, object)
    there = places(plan.gazetteer)
    known = {code: n for n, code in enumerate(there.codes)}
    at = np.array([known.get(code, -1) for code in here.codes], dtype=np.int64)
    strange = np.flatnonzero(at < 0)
    if len(strange):
        old = here.sheet.kilometres(np.column_stack([there.lon, there.lat]))
        at[strange] = cKDTree(old).query(here.km[strange])[1]
    return np.asarray(codes[at])
