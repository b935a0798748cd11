"""The tree of areas over the cells: county, township, village, grid.

Each level cuts its parent with `partition.grow`. Steps cost more uphill and downhill, so that
county and township borders settle on ridges; grids follow households, as the work does.
"""

from dataclasses import dataclass

import numpy as np

from .cells import Cells
from .partition import Graph, grow, share, spread_seeds
from .settle import Homes
from .size import Size
from .terrain import Floats, Ints, Terrain

LEVELS = ("county", "township", "village", "grid")
CLIMB_PER_KM = 22.0
# How much a larger seat draws a larger area around it: counties differ, grids are alike.
VARIETY = {"county": 0.25, "township": 0.5, "village": 0.2, "grid": 0.0}


@dataclass(frozen=True)
class Divisions:
    """For each level the area of every cell, numbered from 0; `parent[level]` maps to the above."""

    of_cell: dict[str, Ints]
    parent: dict[str, Ints]


def divide(size: Size, homes: Homes, cells: Cells, terrain: Terrain, area: Floats) -> Divisions:
    """Exactly the number of areas in `size` at each level, each one connected.

    `area` is the ground of each cell in km².
    """
    cost = _step_cost(homes.seeds, cells, terrain)
    graph = Graph.of(cells.pairs, cost, homes.seeds)
    appeal = _appeal(homes)
    ground = np.sqrt(area / area.mean()) + 0.4
    people = homes.households / homes.households.mean()
    count = {
        "county": size.counties,
        "township": size.townships,
        "village": size.villages,
        "grid": size.grids,
    }
    weight = {
        "county": ground,
        "township": 0.5 * ground + 0.5 * people,
        "village": 0.3 * ground + 0.7 * people,
        "grid": 0.15 * ground + 0.85 * people,
    }
    above = np.zeros(len(homes.seeds), dtype=np.int64)
    of_cell, parent = {}, {}
    for depth, level in enumerate(LEVELS):
        below = [count[later] for later in LEVELS[depth:]]
        above, parent[level] = _cut(graph, above, below, weight[level], appeal, level)
        of_cell[level] = above
    return Divisions(of_cell, parent)


def _step_cost(seeds: Floats, cells: Cells, terrain: Terrain) -> Floats:
    """Kilometres between neighbours, longer where the ground between them rises or falls."""
    a, b = seeds[cells.pairs[:, 0]], seeds[cells.pairs[:, 1]]
    distance = np.hypot(*(a - b).T)
    heights = [terrain.height[terrain.cell_at(p)] for p in (a, (a + b) / 2, b)]
    climb = np.abs(heights[1] - heights[0]) + np.abs(heights[2] - heights[1])
    cost: Floats = distance + CLIMB_PER_KM * climb / 1000
    return cost


def _appeal(homes: Homes) -> Floats:
    """How likely a cell is to be a seat: by the size of the settlement that stands on it."""
    size = np.bincount(homes.settlement[homes.settlement >= 0], minlength=len(homes.centre))
    appeal = np.full(len(homes.seeds), 0.02)
    appeal[homes.centre] = 0.4 + np.sqrt(size) ** 0.6
    return appeal


def _cut(
    graph: Graph, above: Ints, below: list[int], weight: Floats, appeal: Floats, level: str
) -> tuple[Ints, Ints]:
    """Cut every area of `above` into parts; `below` counts this level and those under it.

    A part keeps cells enough for every level that is still to come.
    """
    load = np.bincount(above, weight).astype(np.float64)
    cells = np.bincount(above)
    most = _most_parts(cells, below)
    parts = share(below[0], load, np.ones(len(load), dtype=np.int64), most)
    region = np.empty(len(above), dtype=np.int64)
    parent = np.repeat(np.arange(len(parts)), parts)
    first = np.cumsum(parts) - parts
    order = np.argsort(above, kind="stable")
    members_of = np.split(order, np.cumsum(cells)[:-1])
    for parent_area, members in enumerate(members_of):
        count = int(parts[parent_area])
        picked = spread_seeds(graph.points[members], appeal[members], count)
        seeds = members[picked].tolist()
        target = appeal[members[picked]] ** VARIETY[level]
        found = grow(graph, members.tolist(), seeds, weight, target, evenly=level != "county")
        for cell, part in found.items():
            region[cell] = first[parent_area] + part
    return region, parent


def _most_parts(cells: Ints, below: list[int]) -> Ints:
    """The most parts an area can have and still give each part cells for the levels below."""
    per_part = max(1, int(cells.sum() / below[0] / 3))
    return np.maximum(1, cells // per_part).astype(np.int64)
