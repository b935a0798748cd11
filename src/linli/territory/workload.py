"""The workload of settlements from past cases: households, and what was reported in a year.

Public cases only. Help, disputes and fraud stay out by service, group and duty (`workload.toml`),
also where a service of that kind was made public.
"""

import datetime as dt
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from linli.areas import queries as areas
from linli.areas.conditions import below
from linli.areas.models import Area
from linli.cases.models import Case, ServiceVersion, State
from linli.territory.projecting import Sheet
from linli.territory.rows import SettlementRow

YEAR = dt.timedelta(days=365)
NOT_WORK = (State.RECEIVED, State.DECLINED, State.MERGED, State.ERASED)
LEFT_OUT: dict[str, dict[str, str]] = tomllib.loads(
    (Path(__file__).parent / "workload.toml").read_text(encoding="utf-8")
)
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def with_cases(
    area: Area, rows: Sequence[SettlementRow], *, base: float = 1.0
) -> list[SettlementRow]:
    """The settlements with a workload of households times `base`, and one for each past case.

    A case of the last 365 days counts for the nearest settlement of its area; one whose point has
    been erased is shared by the settlements of its area, by their households.
    """
    load = np.array([row.households * base for row in rows], np.float64)
    if len(rows):
        load += _cases(area, rows)
    return [replace(row, workload=float(value)) for row, value in zip(rows, load, strict=True)]


def left_out(code: str, group: str, duty: str) -> str:
    """Why the cases of a service do not count; empty where they do."""
    return (
        LEFT_OUT["services"].get(code, "")
        or LEFT_OUT["groups"].get(group, "")
        or LEFT_OUT["duties"].get(duty, "")
    )


def _cases(area: Area, rows: Sequence[SettlementRow]) -> Floats:
    """Cases by settlement."""
    lon, lat = (np.array([getattr(row, name) for row in rows]) for name in ("lon", "lat"))
    people = np.array([row.households for row in rows], np.float64)
    sheet = Sheet.over(lon, lat)
    km = sheet.kilometres(np.column_stack([lon, lat]))
    found = np.zeros(len(rows))
    for level, code, points, without in _by_area(area):
        own = np.flatnonzero(areas.areas_at(lon, lat, level=level) == code)
        own = own if len(own) else np.arange(len(rows))
        if len(points):
            nearest = cKDTree(km[own]).query(sheet.kilometres(points))[1]
            found += np.bincount(own[nearest], minlength=len(rows))
        found[own] += without * people[own] / people[own].sum()
    return found


def _by_area(area: Area) -> Iterator[tuple[str, str, list[tuple[float, float]], int]]:
    """Level and code of each area with cases, the points of its cases, how many have none."""
    points: dict[tuple[str, str], list[tuple[float, float]]] = defaultdict(list)
    without: dict[tuple[str, str], int] = defaultdict(int)
    counted = Case.objects.filter(
        below(area.path, "area__"),
        public=True,
        triaged_at__isnull=False,
        received_at__gte=timezone.now() - YEAR,
        version_id__in=_versions(),
    ).exclude(state__in=NOT_WORK)
    columns: Any = counted.values_list("area__level__code", "area__code", "lon", "lat")
    for level, code, lon, lat in columns.iterator():
        if lon is None:
            without[level, code] += 1
        else:
            points[level, code].append((lon, lat))
    for key in sorted({*points, *without}):
        yield *key, points[key], without[key]


def _versions() -> list[int]:
    """Versions of services whose cases count."""
    rows = ServiceVersion.objects.select_related("service")
    return [
        row.pk
        for row in rows
        if not left_out(row.service.code, row.body.get("group", ""), row.body.get("duty", ""))
    ]
