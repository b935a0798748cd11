"""Neighbour groups of ten to twenty households: how many, and where their outlines run.

Households are points of a file that is read once, kept in memory while their groups are calculated,
and never stored: what comes out are outlines of groups, without a household or a count of them.
Borders run halfway between spots that stand for several households each (`gathering.py`). A group
of fewer than ten would be a dwelling or two, so it is joined to one beside it, where the ground
round spots cannot be put together otherwise (`regrouping.py`): few groups have more than twenty.
"""

from array import array
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.areas.imports.mapping import as_text
from linli.areas.imports.sources import Row, Source, in_degrees
from linli.areas.shapes import from_wkb, to_wkb
from linli.areas.worship import plain
from linli.engines.locate import Locator
from linli.engines.partition import Weights, dissolved, divide, outlines
from linli.kernel.errors import Invalid
from linli.territory.as_areas import GROUP, Drawn
from linli.territory.gathering import gathered
from linli.territory.imports import COLUMNS, Progress
from linli.territory.models import Plan
from linli.territory.problems import Problems
from linli.territory.projecting import Sheet
from linli.territory.regrouping import Regrouping
from linli.territory.touching import bordering

LEAST, USUAL, MOST = 10, 15, 20  # households of a neighbour group
LON, LAT = ({plain(name) for name in COLUMNS[axis]} for axis in ("lon", "lat"))
DECIMALS = 7  # of a degree
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Outline:
    """A group inside a grid, by code; `before` is today's group that it goes on as, or empty."""

    grid: str
    shape: Any
    before: str


@dataclass(frozen=True)
class Groups:
    """Outlines of groups, grid by grid; and what could not be grouped.

    `outside` are points in no grid, `few` grids with fewer than ten households, which keep the
    groups that they have; `larger` are groups of more than twenty, as where many households share
    one point. `revision` is that of the plan for whose grids they were drawn.
    """

    outlines: list[Outline]
    outside: int
    few: int
    larger: int
    revision: int


def groups_of(households: int) -> list[int]:
    """The sizes of the neighbour groups of a settlement, the larger ones first.

    Each has ten to twenty households, as near to fifteen as whole numbers allow; fewer than ten
    are one group.
    """
    count = number_of(households)
    size, more = divmod(households, count) if count else (0, 0)
    return [size + 1] * more + [size] * (count - more)


def number_of(households: int) -> int:
    """How many groups so many households make."""
    most = max(1, households // LEAST)
    least = -(-households // MOST)
    return min(max(round(households / USUAL), least, 1), most) if households else 0


def groups_in(
    plan: Plan,
    path: Path,
    *,
    seed: int = 1,
    most: int | None = None,
    progress: Progress | None = None,
) -> Groups:
    """Divide the households of a file among groups inside the grids of a plan.

    The file has lon and lat, or points, and no other column. Raises `problems.Refused`, Invalid
    `file-unreadable`, `outlines-missing` where the grids are not drawn, and `households-too-many`
    where there are more than `most`.
    """
    rows = list(plan.grids.exclude(wkb=b"").order_by("code").values_list("code", "wkb"))
    if len(rows) != plan.grids.count() or not rows:
        raise Invalid("outlines-missing", _("The grids of this plan have no outlines yet."))
    points = _points(path, progress)
    if most is not None and len(points) > most:
        raise Invalid(
            "households-too-many",
            _("So many households take a while. Do it on the server: linli grids groups."),
            fields={"most": most},
        )
    at = Locator([bytes(wkb) for _code, wkb in rows]).locate(points[:, 0], points[:, 1])
    count = np.bincount(at[at >= 0], minlength=len(rows))
    used = np.flatnonzero(count >= LEAST)
    own = np.isin(at, used)
    found, sizes = _inside(
        plan, [rows[n] for n in used], points[own], at[own].astype(np.int64), seed
    )
    return Groups(
        found,
        outside=int((at < 0).sum()),
        few=int(((count > 0) & (count < LEAST)).sum()),
        larger=int((sizes > MOST).sum()),
        revision=plan.revision,
    )


def _inside(
    plan: Plan, grids: list[tuple[str, Any]], points: Floats, at: Ints, seed: int
) -> tuple[list[Outline], Ints]:
    """The groups of these grids, of which each has ten of the points, and their households.

    `at` numbers the grids in their order, with gaps.
    """
    if not grids:
        return [], np.zeros(0, np.int64)
    line = np.unique(at, return_inverse=True)[1].ravel()
    shapes = from_wkb([wkb for _code, wkb in grids])
    drawn, of_grid, labels = _divided(points, line, list(shapes), seed)
    codes = [grids[n][0] for n in of_grid.tolist()]
    before = _going_on(plan, points, labels, set(codes))
    found = [
        Outline(code, shape, before.get(n, ""))
        for n, (code, shape) in enumerate(zip(codes, drawn, strict=True))
    ]
    return found, np.bincount(labels, minlength=len(drawn))


def _divided(
    points: Floats, line: Ints, parents: list[Any], seed: int
) -> tuple[list[Any], Ints, Ints]:
    """Outlines of groups, the index of the grid of each, and the group of each point.

    A group is made of cells, the ground round a spot each. A point belongs to the group in whose
    outline it lies, as `area_at` will find it.
    """
    spots, home, of_point = gathered(points, line, parents)
    places: Any = shapely.points(spots)
    cells = _array(outlines(list(places), np.arange(len(spots)), parents, home))
    at = Locator(to_wkb(cells)).locate(points[:, 0], points[:, 1])
    cell = np.where(at >= 0, at, of_point)
    households = np.bincount(cell, minlength=len(spots))
    count = np.bincount(line, minlength=len(parents))
    most = np.bincount(home, minlength=len(parents))
    parts = np.minimum([number_of(int(n)) for n in count], most).astype(np.int64)
    km = Sheet.over(spots[:, 0], spots[:, 1]).kilometres(spots)
    band = (MOST - USUAL) / USUAL
    workload = np.maximum(households, 1).astype(np.float64)  # in a cell nobody may live
    found = divide(km, workload, home, parts, weights=Weights(band=band), seed=seed)
    pairs = bordering(cells)
    pairs = pairs[home[pairs[:, 0]] == home[pairs[:, 1]]]
    groups = Regrouping(households, km, pairs, least=LEAST, most=MOST).of(found.labels)
    group = np.empty(len(spots), np.int64)
    for n, some in enumerate(groups):
        group[list(some)] = n
    of_grid = np.array([home[min(some)] for some in groups], np.int64)
    return dissolved(list(cells), group, len(groups)), of_grid, group[cell]


def _array(shapes: list[Any]) -> Any:
    return np.array([*shapes, None], dtype=object)[:-1]


def _going_on(plan: Plan, points: Floats, labels: Ints, grids: set[str]) -> dict[int, str]:
    """For each group the one of today that it goes on as, one for one, by their households.

    Only groups of today that come to one of these grids: the others stay what they are.
    """
    homes = {code for code, (_before, home) in Drawn(plan).groups.items() if home in grids}
    today = areas.areas_at(points[:, 0], points[:, 1], level=GROUP)
    shared = Counter(
        (n, code) for n, code in zip(labels.tolist(), today, strict=True) if code in homes
    )
    found: dict[int, str] = {}
    for (n, code), _households in sorted(shared.items(), key=lambda one: (-one[1], one[0])):
        if n not in found and code not in found.values():
            found[n] = code
    return found


def _points(path: Path, progress: Progress | None) -> Floats:
    """Longitude and latitude of every row; sixteen bytes each."""
    problems, flat = Problems(), array("d")
    file = Source(path)
    for number, point in enumerate(_read(file, problems), 1):
        flat.extend(point)
        if progress and number % 1000 == 0:
            progress(number)
    if not in_degrees(file.crs):
        problems.note("coordinates-projected", file.crs[:80])
    problems.refuse()
    return np.round(np.array(flat).reshape(-1, 2), DECIMALS)


def _read(file: Source, problems: Problems) -> Iterator[tuple[float, float]]:
    seen: tuple[str, ...] | None = None
    for row in file.rows():
        keys = tuple(map(str, row.values))
        if keys != seen:
            seen = keys
            _refuse_columns(keys, file.spatial, problems)
        point = _point(row, file.spatial)
        if point is None:
            problems.note("place-missing", f"#{row.number}")
        elif abs(point[0]) > 180 or abs(point[1]) > 90:
            swapped = abs(point[0]) <= 90 and abs(point[1]) <= 180
            problems.note(
                "coordinates-swapped" if swapped else "coordinates-projected", f"#{row.number}"
            )
        else:
            yield point


def _refuse_columns(keys: tuple[str, ...], spatial: bool, problems: Problems) -> None:
    allowed: set[str] = set() if spatial else LON | LAT
    refused = [key[:80] or "“”" for key in keys if plain(key) not in allowed]
    problems.note("column-refused", *refused)
    if not spatial:
        for name, known in (("lon", LON), ("lat", LAT)):
            found = [key for key in keys if plain(key) in known]
            if not found:
                problems.note("column-missing", name)
            elif len(found) > 1:
                problems.note("columns-alike", ", ".join(found))
    problems.refuse()


def _point(row: Row, spatial: bool) -> tuple[float, float] | None:
    if spatial:
        kind = None if row.shape is None or row.shape.is_empty else row.shape.geom_type
        return (float(row.shape.x), float(row.shape.y)) if kind == "Point" else None
    by_name = {plain(str(key)): value for key, value in row.values.items()}
    try:
        lon, lat = (
            float(as_text(next(by_name[name] for name in names if name in by_name)))
            for names in (sorted(LON), sorted(LAT))
        )
    except ValueError:
        return None
    return (lon, lat) if np.isfinite(lon) and np.isfinite(lat) else None
