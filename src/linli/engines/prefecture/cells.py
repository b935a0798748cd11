"""The finest cells: one polygon for each neighbour group, and borders that look like borders.

The cells are the Voronoi cells of the group seeds. Vertices are snapped once to integers of 1e-7
degree; then every border between two cells is bent once, and both cells take the same bent line.
A bent point stays inside the triangles that its border spans with the two seeds, and those
triangles do not overlap, so borders cannot cross. Everything above is a union of these cells, and
therefore tiles its parent exactly.
"""

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from .terrain import Floats, Ints

# Fictional ground: no county has its seat here, and the map below it is not this one.
MIDDLE_LONGITUDE, MIDDLE_LATITUDE = 89.4, 34.6
KM_PER_DEGREE_NORTH = 110.9
KM_PER_DEGREE_EAST = 111.32 * float(np.cos(np.radians(MIDDLE_LATITUDE)))
UNITS_PER_DEGREE = 10_000_000
STRAIGHT_KM = 0.35
DEEPEST_BEND = 0.34


@dataclass(frozen=True)
class Cells:
    """Polygons in degrees, in the order of the seeds, and the pairs that share a border."""

    polygons: NDArray[np.object_]
    pairs: Ints
    border_km: Floats


@dataclass(frozen=True)
class _Borders:
    """Each border once: its end vertices, and the cells on its two sides (-1: outside)."""

    start: Ints
    end: Ints
    left: Ints
    right: Ints
    rings: list[list[tuple[int, bool]]]


def to_units(points: Floats) -> Ints:
    """Kilometres from the prefecture's middle as integers of 1e-7 degree of longitude, latitude."""
    degrees = points / [KM_PER_DEGREE_EAST, KM_PER_DEGREE_NORTH]
    middle = np.array([MIDDLE_LONGITUDE, MIDDLE_LATITUDE])
    return np.asarray(np.rint((degrees + middle) * UNITS_PER_DEGREE), dtype=np.int64)


def to_degrees(points: Floats) -> Floats:
    """Kilometres from the middle as longitude and latitude on the 1e-7 degree grid."""
    return to_units(points) / UNITS_PER_DEGREE


def to_km(units: Ints) -> Floats:
    """The inverse of `to_units`, up to rounding."""
    degrees = units / UNITS_PER_DEGREE - [MIDDLE_LONGITUDE, MIDDLE_LATITUDE]
    km: Floats = degrees * [KM_PER_DEGREE_EAST, KM_PER_DEGREE_NORTH]
    return km


def tessellate(seeds: Floats, rim: Floats, rng: np.random.Generator) -> Cells:
    """The cells of `seeds`; `rim` holds seeds all around them whose cells are left outside."""
    everything = np.vstack([seeds, rim])
    vertices, borders = _borders(everything, len(seeds))
    lines = _bend(to_km(vertices), borders, everything, rng)
    bent = np.ones(len(lines), dtype=bool)
    while True:
        polygons = _assemble(vertices, borders, lines, bent)
        wrong = ~shapely.is_valid(polygons)
        if not wrong.any():
            break
        for cell in np.flatnonzero(wrong):
            bent[[border for border, _ in borders.rings[cell]]] = False
    inner = borders.right >= 0
    length = np.hypot(*(to_km(vertices)[borders.end] - to_km(vertices)[borders.start]).T)
    pairs = np.column_stack([borders.left, borders.right])[inner]
    return Cells(polygons, pairs, length[inner])


def _borders(seeds: Floats, inside: int) -> tuple[Ints, _Borders]:
    """The vertices of the Voronoi diagram as snapped integers, and its borders."""
    diagram = shapely.voronoi_polygons(shapely.MultiPoint(seeds), ordered=True)
    cells = shapely.get_parts(diagram)[:inside]
    points, owner = shapely.get_coordinates(cells, return_index=True)
    vertices, index = np.unique(to_units(points), axis=0, return_inverse=True)
    index = index.ravel()
    same_cell = owner[:-1] == owner[1:]
    step = same_cell & (index[:-1] != index[1:])
    start, end, cell = index[:-1][step], index[1:][step], owner[:-1][step]
    low, high = np.minimum(start, end), np.maximum(start, end)
    _, first, border = np.unique(low * len(vertices) + high, return_index=True, return_inverse=True)
    border = border.ravel()
    forward = start == low
    left, right = cell[first], np.full(len(first), -1, dtype=np.int64)
    other = np.ones(len(cell), dtype=bool)
    other[first] = False
    right[border[other]] = cell[other]
    rings: list[list[tuple[int, bool]]] = [[] for _ in range(inside)]
    for one, which, ahead in zip(cell.tolist(), border.tolist(), forward.tolist(), strict=True):
        rings[one].append((which, ahead))
    return vertices, _Borders(low[first], high[first], left, right, rings)


def _bend(
    vertices: Floats, borders: _Borders, seeds: Floats, rng: np.random.Generator
) -> list[Ints]:
    """The points between the ends of each border, as snapped integers."""
    start, end = vertices[borders.start], vertices[borders.end]
    length = np.hypot(*(end - start).T)
    depth = np.clip(np.ceil(np.log2(np.maximum(length, 1e-9) / STRAIGHT_KM)), 0, 4).astype(int)
    lines: list[Ints] = [np.empty((0, 2), dtype=np.int64)] * len(start)
    for level in range(1, 5):
        chosen = np.flatnonzero(depth == level)
        offset = _midpoint_noise(len(chosen), level, rng)
        t = np.arange(1, 2**level)[None, :, None] / 2**level
        a, b = start[chosen][:, None], end[chosen][:, None]
        straight = a + (b - a) * t
        left = seeds[borders.left[chosen]]
        right = _other_side(borders, chosen, seeds, left, start, end)
        reach = _distance_to_line(left, start[chosen], end[chosen])
        share = np.minimum(np.abs(offset) * (length[chosen] / reach)[:, None], DEEPEST_BEND)
        toward = np.where((offset > 0)[:, :, None], left[:, None], right[:, None])
        bent = straight + (toward - straight) * share[:, :, None]
        snapped = to_units(bent.reshape(-1, 2)).reshape(bent.shape)
        for border, line in zip(chosen.tolist(), snapped, strict=True):
            lines[border] = line
    return lines


def _other_side(
    borders: _Borders, chosen: Ints, seeds: Floats, left: Floats, start: Floats, end: Floats
) -> Floats:
    """The seed across each border; on the rim, the mirror image of the seed within."""
    a, along = start[chosen], end[chosen] - start[chosen]
    scale = ((left - a) * along).sum(axis=1) / (along**2).sum(axis=1)
    mirrored = 2 * (a + along * scale[:, None]) - left
    right = borders.right[chosen]
    seen: Floats = np.where((right >= 0)[:, None], seeds[right], mirrored)
    return seen


def _distance_to_line(points: Floats, start: Floats, end: Floats) -> Floats:
    """The distance of each point from the line through its border."""
    along, across = end - start, points - start
    cross = along[:, 0] * across[:, 1] - along[:, 1] * across[:, 0]
    distance: Floats = np.maximum(np.abs(cross) / np.hypot(*along.T), 1e-6)
    return distance


def _midpoint_noise(count: int, level: int, rng: np.random.Generator) -> Floats:
    """Midpoint displacement between two fixed ends, in units of the border's length.

    Wherever the sign changes, the next point is put back on the straight line, so that the line
    crosses over at a point of the border and never beside it.
    """
    profile = np.zeros((count, 2**level + 1))
    step, amplitude = 2**level, 0.17
    while step > 1:
        half = step // 2
        middle = (profile[:, :-1:step] + profile[:, step::step]) / 2
        profile[:, half::step] = middle + rng.normal(0, amplitude, middle.shape)
        step, amplitude = half, amplitude * 0.55
    for column in range(1, 2**level):
        crosses = profile[:, column - 1] * profile[:, column] < 0
        profile[crosses, column] = 0
    return profile[:, 1:-1]


def _assemble(
    vertices: Ints, borders: _Borders, lines: list[Ints], bent: NDArray[np.bool_]
) -> NDArray[np.object_]:
    """Each cell's polygon from its borders, walked the right way round."""
    starts, ends = borders.start.tolist(), borders.end.tolist()
    parts: list[Ints] = []
    owner: list[int] = []
    for cell, ring in enumerate(borders.rings):
        for border, ahead in ring:
            line = lines[border] if bent[border] else lines[border][:0]
            corner = vertices[[starts[border] if ahead else ends[border]]]
            parts += [corner, line if ahead else line[::-1]]
            owner += [cell] * (1 + len(line))
    coordinates = np.concatenate(parts) / UNITS_PER_DEGREE
    rings = shapely.linearrings(coordinates, indices=np.array(owner))
    return np.asarray(shapely.polygons(rings), dtype=object)
