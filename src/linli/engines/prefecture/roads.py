"""Roads over the terrain: trunks between county seats, branches to townships and villages.

A road takes the cheapest way over the raster, where climbing is dear, and joins what is already
built; so roads follow valleys and cross passes, as they would.
"""

import heapq
from dataclasses import dataclass

import numpy as np

from .rivers import curve, wander
from .terrain import NEIGHBOURS, Floats, Ints, Terrain

CLIMB_KM_PER_KM = 45.0
TRUNK, COUNTY_ROAD, VILLAGE_ROAD = 1, 2, 3


@dataclass(frozen=True)
class Road:
    """A stretch between two junctions; `rank` 1 trunk, 2 county, 3 village."""

    points: Floats
    rank: int


@dataclass(frozen=True)
class Roads:
    """All stretches, and the raster cells that a road passes with its best rank there."""

    stretches: list[Road]
    rank_of_cell: dict[int, int]


def build_roads(
    terrain: Terrain, seats: tuple[Floats, Floats, Floats], rng: np.random.Generator
) -> Roads:
    """Roads that reach every county seat, township seat and village seat, given in that order."""
    counties, townships, villages = (np.unique(terrain.cell_at(s)) for s in seats)
    step = _steps(terrain)
    rank: dict[tuple[int, int], int] = {}
    network = {int(counties[0])}
    for _ in range(2):  # the second time round closes loops between neighbouring counties
        for seat in counties[1:].tolist():
            came = _cheapest(step, network - {seat} if seat not in network else {seat})
            _trace(came, _far_end(seat, network, counties, came), TRUNK, rank, network)
    for seeks, level in ((townships, COUNTY_ROAD), (villages, VILLAGE_ROAD)):
        came = _cheapest(step, network)
        for seat in seeks.tolist():
            _trace(came, seat, level, rank, network)
    points = terrain.centre(np.arange(len(terrain.height)))
    points = points + wander(len(points), terrain.cell_km, rng)
    for places in reversed(seats):
        points[terrain.cell_at(places)] = places
    return Roads(_stretches(rank, points), _rank_of_cell(rank))


def _far_end(seat: int, network: set[int], counties: Ints, came: dict[int, int]) -> int:
    """Where to trace from: the seat itself, or, once it is linked, its nearest other seat."""
    if seat not in network:
        return seat
    hops: dict[int, int] = {}
    for other in map(int, counties):
        cell, count = other, 0
        while cell in came:
            cell, count = came[cell], count + 1
        if other != seat:
            hops[other] = count
    return min(hops, key=lambda other: (hops[other], other))


def _steps(terrain: Terrain) -> list[list[tuple[int, float]]]:
    """For each cell, its neighbours and what the way there costs in kilometres."""
    steps: list[list[tuple[int, float]]] = []
    height = (terrain.height / 1000).tolist()
    for cell in range(len(height)):
        row, column = divmod(cell, terrain.columns)
        ways = []
        for down, right in NEIGHBOURS:
            r, c = row + down, column + right
            if 0 <= r < terrain.rows and 0 <= c < terrain.columns:
                near = r * terrain.columns + c
                flat = terrain.cell_km * (1.4142 if down and right else 1.0)
                ways.append((near, flat + CLIMB_KM_PER_KM * abs(height[near] - height[cell])))
        steps.append(ways)
    return steps


def _cheapest(steps: list[list[tuple[int, float]]], sources: set[int]) -> dict[int, int]:
    """For every cell, the next one on the cheapest way to any of the sources."""
    came: dict[int, int] = {}
    best = dict.fromkeys(sources, 0.0)
    heap = [(0.0, cell) for cell in sorted(sources)]
    done = set()
    while heap:
        cost, cell = heapq.heappop(heap)
        if cell in done:
            continue
        done.add(cell)
        for near, step in steps[cell]:
            total = cost + step
            if total < best.get(near, np.inf):
                best[near] = total
                came[near] = cell
                heapq.heappush(heap, (total, near))
    return came


def _trace(
    came: dict[int, int],
    start: int,
    level: int,
    rank: dict[tuple[int, int], int],
    network: set[int],
) -> None:
    """Build the way from `start` to the network; what is built already keeps its better rank."""
    cell = start
    network.add(cell)
    while cell in came:
        ahead = came[cell]
        edge = (min(cell, ahead), max(cell, ahead))
        rank[edge] = min(level, rank.get(edge, level))
        network.add(ahead)
        cell = ahead


def _rank_of_cell(rank: dict[tuple[int, int], int]) -> dict[int, int]:
    found: dict[int, int] = {}
    for edge, level in rank.items():
        for cell in edge:
            found[cell] = min(level, found.get(cell, level))
    return found


def _stretches(rank: dict[tuple[int, int], int], points: Floats) -> list[Road]:
    """Chains of edges of one rank, cut where three or more meet or the rank changes."""
    beside: dict[int, list[int]] = {}
    for a, b in sorted(rank):
        beside.setdefault(a, []).append(b)
        beside.setdefault(b, []).append(a)

    def is_end(cell: int) -> bool:
        ranks = {rank[min(cell, n), max(cell, n)] for n in beside[cell]}
        return len(beside[cell]) != 2 or len(ranks) > 1

    left = set(rank)
    stretches = []
    for start in [*filter(is_end, sorted(beside)), *sorted(beside)]:
        for first in beside[start]:
            edge = (min(start, first), max(start, first))
            if edge not in left:
                continue
            chain, level = [start, first], rank[edge]
            left.discard(edge)
            while not is_end(chain[-1]) and chain[-1] != start:
                ahead = next(n for n in beside[chain[-1]] if n != chain[-2])
                left.discard((min(chain[-1], ahead), max(chain[-1], ahead)))
                chain.append(ahead)
            stretches.append(Road(curve(points[chain]), level))
    return stretches
