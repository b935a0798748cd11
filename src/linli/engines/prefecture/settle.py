"""Where people live: towns and settlements along the rivers, and neighbour groups around them.

Sizes follow the valley prefecture of our sketches: a fifth of the households in towns whose sizes
fall as a power of their rank, most of the rest in settlements of log-normal size strung along the
water, and the last part on open pasture, where a neighbour group covers a wide area and has no
settlement at all.
"""

from dataclasses import dataclass

import numpy as np

from .rivers import River
from .size import Size
from .terrain import Floats, Ints, Terrain

HOUSEHOLDS_PER_GROUP = 17
TOWN_SHARE, PASTURE_SHARE = 0.2, 0.2
SMALLEST_SETTLEMENT = 11
CLOSEST_KM = 0.05


@dataclass(frozen=True)
class Homes:
    """Seeds of neighbour groups in kilometres, and the settlement each belongs to (-1: pasture).

    Settlements are numbered with the towns first; `centre[k]` is the index of the group seed on
    which settlement `k` stands.
    """

    seeds: Floats
    settlement: Ints
    households: Ints
    centre: Ints
    towns: int


class Outline:
    """A rounded, irregular rim of the prefecture, in kilometres from its middle."""

    def __init__(self, size: Size, rng: np.random.Generator) -> None:
        self._width, self._height = size.half_width_km, size.half_height_km
        waves = np.arange(2, 9)
        self._waves = waves
        self._phase = rng.uniform(0, 2 * np.pi, len(waves))
        self._amplitude = rng.uniform(0.3, 1.0, len(waves)) * 0.18 / np.sqrt(waves)

    def depth(self, points: Floats) -> Floats:
        """1 in the middle, 0 on the rim, negative outside."""
        x, y = points[:, 0] / self._width, points[:, 1] / self._height
        angle = np.arctan2(y, x)[:, None]
        rim = 0.84 + (self._amplitude * np.sin(self._waves * angle + self._phase)).sum(axis=1)
        depth: Floats = 1 - np.hypot(x, y) / rim
        return depth

    def scattered(self, count: int, rng: np.random.Generator) -> Floats:
        """`count` points anywhere inside, none of them near the rim."""
        found = np.empty((0, 2))
        while len(found) < count:
            points = rng.uniform(-1, 1, (4 * count, 2)) * [self._width, self._height]
            found = np.vstack([found, points[self.depth(points) > 0.05]])
        return found[:count]


def settle(
    size: Size, terrain: Terrain, rivers: list[River], outline: Outline, rng: np.random.Generator
) -> Homes:
    """Exactly `size.groups` seeds, none closer to another than `CLOSEST_KM`."""
    in_towns = int(size.groups * TOWN_SHARE)
    on_pasture = int(size.groups * PASTURE_SHARE)
    spots = _river_spots(terrain, rivers, outline, rng)
    rank = 1 / np.arange(1, size.towns + 1) ** 0.8
    town_groups = np.maximum(2, np.floor(rank / rank.sum() * in_towns)).astype(int)
    centres = _towns(spots, size, rng)
    in_villages = size.groups - on_pasture - int(town_groups.sum())
    village_groups = _settlement_sizes(in_villages, rng)
    centres = np.vstack([centres, _villages(spots, len(village_groups), rng)])
    counts = np.concatenate([town_groups, village_groups])
    seeds, settlement = _around(centres, counts, rng)
    pasture = _pasture(seeds, size.groups - len(seeds), size, outline, rng)
    seeds = _apart(np.vstack([seeds, pasture]), rng)
    settlement = np.concatenate([settlement, np.full(len(pasture), -1)])
    households = rng.integers(SMALLEST_SETTLEMENT + 1, 23, len(seeds))
    centre = np.concatenate([[0], np.cumsum(counts)[:-1]])
    return Homes(seeds, settlement, households, centre, size.towns)


def _river_spots(
    terrain: Terrain, rivers: list[River], outline: Outline, rng: np.random.Generator
) -> Floats:
    """Candidate places beside rivers, more of them on the larger and the lower ones."""
    points = np.vstack([river.points for river in rivers])
    flow = np.concatenate([np.full(len(r.points), r.flow_km2) for r in rivers])
    height = terrain.height[terrain.cell_at(points)]
    weight = np.log(flow) * np.exp(-(height - height.min()) / 900.0)
    weight = np.where(outline.depth(points) > 0.05, weight, 0)
    if not weight.any():  # a land so small that its rivers run along the rim only
        points = outline.scattered(len(points), rng)
        weight = np.ones(len(points))
    chosen = rng.choice(len(points), 12000, p=weight / weight.sum())
    angle = rng.uniform(0, 2 * np.pi, len(chosen))
    away = rng.gamma(2.0, 0.45, len(chosen)) + 0.15
    spots = points[chosen] + np.column_stack([np.cos(angle), np.sin(angle)]) * away[:, None]
    inside: Floats = spots[outline.depth(spots) > 0.05]
    return inside


def _towns(spots: Floats, size: Size, rng: np.random.Generator) -> Floats:
    """Towns far from each other: each is the best of the spots by distance to those before it."""
    pool = spots[: 40 * size.towns]
    reach = np.abs(pool / [size.half_width_km, size.half_height_km]).max(axis=1)
    pool = pool[reach < 0.72] if (reach < 0.72).sum() >= size.towns else pool
    chosen = [int(rng.integers(len(pool)))]
    nearest = np.full(len(pool), np.inf)
    for _ in range(size.towns - 1):
        nearest = np.minimum(nearest, np.hypot(*(pool - pool[chosen[-1]]).T))
        chosen.append(int(np.argmax(nearest * rng.uniform(0.8, 1.0, len(pool)))))
    towns: Floats = pool[chosen]
    return towns


def _villages(spots: Floats, count: int, rng: np.random.Generator) -> Floats:
    """`count` settlement sites, thinned so that settlements rarely run into each other."""
    spots = spots[rng.permutation(len(spots))]
    cells = np.floor(spots / 0.8).astype(np.int64)
    _, first = np.unique(cells, axis=0, return_index=True)
    apart = spots[np.sort(first)]
    rest = np.delete(spots, first, axis=0)
    return np.vstack([apart, rest])[:count] + rng.normal(0, 0.05, (count, 2))


def _settlement_sizes(groups: int, rng: np.random.Generator) -> Ints:
    """Groups in each settlement: log-normal households around 30, rounded to whole groups."""
    households = np.exp(rng.normal(np.log(26), 0.8, groups))
    counts = np.maximum(1, np.rint(households / HOUSEHOLDS_PER_GROUP)).astype(np.int64)
    taken = int(np.searchsorted(np.cumsum(counts), groups))
    counts = counts[: taken + 1]
    counts[-1] -= int(counts.sum()) - groups
    return np.sort(counts)[::-1]


def _around(centres: Floats, counts: Ints, rng: np.random.Generator) -> tuple[Floats, Ints]:
    """Group seeds around each centre; the first seed of each stands on the centre itself."""
    owner = np.repeat(np.arange(len(counts)), counts)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    spread = np.minimum(0.11 * np.sqrt(counts), 0.35 + 0.05 * np.sqrt(counts))[owner]
    offset = rng.normal(0, 1, (len(owner), 2)) * spread[:, None]
    offset[first] = 0
    return centres[owner] + offset, owner


def _pasture(
    seeds: Floats, count: int, size: Size, outline: Outline, rng: np.random.Generator
) -> Floats:
    """Seeds on open land: each is the candidate farthest from what is already there."""
    box = [size.half_width_km, size.half_height_km]
    found: list[Floats] = []
    settled = _thin(seeds, 2.5)
    while sum(len(batch) for batch in found) < count:
        candidates = rng.uniform(-1, 1, (4 * count, 2)) * box
        candidates = candidates[outline.depth(candidates) > 0]
        radius = 0.62 * np.sqrt(4 * box[0] * box[1] * 0.6 / count) * 0.85 ** len(found)
        found.append(_spaced(candidates, np.vstack([settled, *found]), radius))
    return np.vstack(found)[:count]


def _thin(points: Floats, cell_km: float) -> Floats:
    """One point of each square of the given side."""
    _, first = np.unique(np.floor(points / cell_km), axis=0, return_index=True)
    return points[np.sort(first)]


def _spaced(candidates: Floats, taken: Floats, radius: float) -> Floats:
    """The candidates, in order, that keep `radius` from the taken points and from each other."""
    near: dict[tuple[int, int], list[tuple[float, float]]] = {}
    for x, y in taken.tolist():
        near.setdefault((int(x // radius), int(y // radius)), []).append((x, y))
    kept = []
    for x, y in candidates.tolist():
        column, row = int(x // radius), int(y // radius)
        around = (
            other
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            for other in near.get((i, j), ())
        )
        if all((x - a) ** 2 + (y - b) ** 2 >= radius**2 for a, b in around):
            near.setdefault((column, row), []).append((x, y))
            kept.append((x, y))
    return np.array(kept).reshape(-1, 2)


def _apart(seeds: Floats, rng: np.random.Generator) -> Floats:
    """Seeds pushed off each other until no two share a square of `CLOSEST_KM`."""
    seeds = seeds.copy()
    while True:
        clash = np.zeros(len(seeds), dtype=bool)
        for shift in ((0, 0), (0.5, 0), (0, 0.5), (0.5, 0.5)):
            square = np.floor(seeds / CLOSEST_KM + shift)
            _, first = np.unique(square, axis=0, return_index=True)
            later = np.ones(len(seeds), dtype=bool)
            later[first] = False
            clash |= later
        if not clash.any():
            return seeds
        seeds[clash] += rng.normal(0, 3 * CLOSEST_KM, (int(clash.sum()), 2))


def rim_seeds(seeds: Floats, size: Size, outline: Outline, rng: np.random.Generator) -> Floats:
    """Seeds all around the prefecture, as dense as its pasture, so that its border is natural."""
    box = np.array([size.half_width_km, size.half_height_km]) * 1.5
    spacing = 0.62 * np.sqrt(4 * size.half_width_km * size.half_height_km / (size.groups * 0.2))
    steps = (2 * box / spacing).astype(int) + 1
    x, y = np.meshgrid(*(np.linspace(-b, b, n) for b, n in zip(box, steps, strict=True)))
    candidates = np.column_stack([x.ravel(), y.ravel()])
    candidates = candidates + rng.uniform(-0.35, 0.35, candidates.shape) * spacing
    candidates = candidates[outline.depth(candidates) < 0]
    return _spaced(candidates, seeds, 0.75 * spacing)
