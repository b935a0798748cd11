"""`valley`: households of a sparse mountain prefecture, drawn by lot; and a year on.

Rivers run down from the upper edge and branch twice; settlements lie along them, sizes lognormal;
a few towns on the trunks take a fifth of all households, six in a hundred live scattered. Density
is that of 150,000 households on 320 by 260 km, whatever their number.
"""

from dataclasses import dataclass
from math import cos, exp, log, radians, sin, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FULL = 150_000
WIDE, HIGH = 320.0, 260.0  # kilometres, for that many
GRIDS = 1015
STEP = 2.0  # kilometres from vertex to vertex of a stream
TURNS = 8.0  # degrees by which a stream's heading changes with a step
BRANCHES = ((2, 25.0, 40.0), (1, 12.0, 12.0))  # order, mean gap, median length in kilometres


@dataclass(frozen=True)
class Valley:
    """Households in kilometres, with workload and the number of their township."""

    points: Floats
    workload: Floats
    township: Ints

    @property
    def grids(self) -> int:
        """How many grids a territory of this size has."""
        return max(2, round(len(self.points) * GRIDS / FULL))


def valley(count: int, seed: int = 7) -> Valley:
    """`count` households; the same for the same seed."""
    rng = np.random.default_rng(seed)
    scale = sqrt(count / FULL)
    order, vertices = _rivers(rng, scale)
    places = _settled(rng, count, order, vertices)
    points = np.vstack([place.points for place in places])
    chance = order / order.sum()
    lone = rng.choice(len(vertices), count - len(points), p=chance)
    alone = vertices[lone, :2] + rng.normal(0, 2, size=(len(lone), 2))
    points = np.vstack([points, alone])
    points = points + rng.normal(0, 1e-4, points.shape)
    persons = 1 + rng.poisson(3.67, count)
    workload = persons * (1 + 2 * (rng.random(count) < 0.08))
    centres = np.array([place.centre for place in places])
    weight = np.sqrt([float(len(place.points)) for place in places])
    townships = min(max(1, round(count / 680)), len(centres))
    seats = rng.choice(len(centres), townships, replace=False, p=weight / weight.sum())
    township = cKDTree(centres[seats]).query(points)[1]
    return Valley(points, workload.astype(np.float64), township.astype(np.int64))


@dataclass(frozen=True)
class _Place:
    centre: Floats
    points: Floats


def hills(points: Floats) -> Floats:
    """Invented heights in metres: waves of 24 and 9 kilometres, up to 1,100 metres from end to end.

    They know nothing of the streams; only how a plan answers to heights is seen by them.
    """
    x, y = points.T * 2 * np.pi
    long = np.sin(x / 24 + np.cos(y / 24)) * np.cos(y / 24)
    short = np.sin(x / 9 + 1) * np.sin(y / 9 + x / 40)
    return np.asarray(3800 + 400 * long + 150 * short)


def _rivers(rng: np.random.Generator, scale: float) -> tuple[Floats, Floats]:
    """The order of each vertex of all streams, and its place and heading (m, 3)."""
    wide, high = WIDE * scale, HIGH * scale
    streams: list[tuple[int, list[tuple[float, float, float]]]] = []
    for _trunk in range(max(1, round(6 * scale))):
        start = rng.uniform(0.05 * wide, 0.95 * wide), high
        heading = -90 + rng.normal(0, 15)
        streams.append((3, _stream(rng, start, heading, 1.5 * high, (wide, high))))
    for order, gap, median in BRANCHES:
        parents = [line for o, line in streams if o == order + 1 or (order == 1 and o == 3)]
        for line in parents:
            along = rng.exponential(gap)
            while along < STEP * len(line):
                x, y, heading = line[min(int(along / STEP), len(line) - 1)]
                side = 1 if rng.random() < 0.5 else -1
                length = exp(rng.normal(log(median), 0.5)) * max(sqrt(scale), 0.25)
                turned = heading + side * (60 + rng.normal(0, 15))
                streams.append((order, _stream(rng, (x, y), turned, length, (wide, high))))
                along += rng.exponential(gap)
    orders = np.array([float(order) for order, line in streams for _vertex in line])
    return orders, np.array([vertex for _order, line in streams for vertex in line])


def _stream(
    rng: np.random.Generator,
    start: tuple[float, float],
    heading: float,
    length: float,
    box: tuple[float, float],
) -> list[tuple[float, float, float]]:
    x, y = start
    now, vertices = heading, []
    for _step in range(max(2, int(length / STEP))):
        vertices.append((x, y, now))
        now = heading + 0.97 * (now - heading) + rng.normal(0, TURNS)
        x += STEP * cos(radians(now))
        y += STEP * sin(radians(now))
        if not (0 <= x <= box[0] and 0 <= y <= box[1]):
            break
    return vertices


def _settled(rng: np.random.Generator, count: int, order: Floats, vertices: Floats) -> list[_Place]:
    """Towns on the trunks, then settlements along all streams."""
    towns = max(1, round(18 * count / FULL))
    in_towns = int(0.20 * count)
    in_villages = count - in_towns - int(0.06 * count)
    zipf = 1 / np.arange(1, towns + 1) ** 0.8
    town_sizes = np.maximum(1, np.round(zipf / zipf.sum() * in_towns)).astype(int)
    town_sizes[0] += in_towns - town_sizes.sum()
    trunks = np.flatnonzero(order == 3)
    seats = rng.choice(trunks, towns, replace=len(trunks) < towns)
    sizes: list[int] = []
    while (left := in_villages - sum(sizes)) > 0:
        sizes.append(min(left, max(1, round(exp(rng.normal(log(22), 0.9))))))
    at = rng.choice(len(vertices), len(sizes), p=order / order.sum())
    places = []
    for vertex, size in zip(seats, town_sizes, strict=True):
        spread = 0.6 * sqrt(size / 22)
        x, y, heading = vertices[vertex]
        places.append(_place(rng, (x, y), heading, int(size), 0.25 * spread, 0.12 * spread))
    for vertex, size in zip(at, sizes, strict=True):
        x, y, heading = vertices[vertex]
        along = rng.uniform(-1, 1)
        centre = x + along * cos(radians(heading)), y + along * sin(radians(heading))
        spread = sqrt(size / 22)
        places.append(_place(rng, centre, heading, size, 0.25 * spread, 0.08 * spread))
    return places


def _place(
    rng: np.random.Generator,
    centre: tuple[float, float],
    heading: float,
    size: int,
    long: float,
    short: float,
) -> _Place:
    """`size` households round a centre, stretched along the stream."""
    away = rng.normal(size=(size, 2)) * [long, short]
    east, north = cos(radians(heading)), sin(radians(heading))
    turned = away @ np.array([[east, north], [-north, east]])
    return _Place(np.array(centre), np.array(centre) + turned)


@dataclass(frozen=True)
class Year:
    """A territory a year on: the households that stayed come first; `stayed` are their old places.

    The new have no place in the old plan.
    """

    points: Floats
    workload: Floats
    stayed: Ints


def a_year_on(before: Valley, seed: int = 9) -> Year:
    """3 % leave, 3 % join near others, and round five households workload rises by a half."""
    rng = np.random.default_rng(seed)
    count = len(before.points)
    stayed = np.sort(rng.choice(count, int(0.97 * count), replace=False))
    beside = rng.choice(count, count - len(stayed))
    joined = before.points[beside] + rng.normal(0, 0.05, (len(beside), 2))
    points = np.vstack([before.points[stayed], joined])
    workload = np.concatenate([before.workload[stayed], before.workload[beside]])
    tree = cKDTree(points)
    for hot in rng.choice(count, 5, replace=False):
        workload[tree.query(before.points[hot], max(5, count // 200))[1]] *= 1.5
    return Year(points, workload, stayed.astype(np.int64))
