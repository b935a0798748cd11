"""Rivers as lines, from the drainage of the terrain."""

from dataclasses import dataclass

import numpy as np

from .terrain import Floats, Ints, Terrain

SOURCE_KM2 = 45.0
CURVE_STEPS = 4


@dataclass(frozen=True)
class River:
    """One watercourse from its source to its mouth; `flow_km2` is what it drains at the mouth."""

    points: Floats
    flow_km2: float


def wander(count: int, cell_km: float, rng: np.random.Generator) -> Floats:
    """A fixed offset in each cell, so that lines from cell to cell do not run on a grid."""
    return rng.uniform(-0.42, 0.42, (count, 2)) * cell_km


def trace_rivers(terrain: Terrain, rng: np.random.Generator) -> list[River]:
    """Every river that drains more than `SOURCE_KM2`, the longest first."""
    threshold = max(SOURCE_KM2, 12 * terrain.cell_km**2)
    cells = np.arange(len(terrain.height))
    points = terrain.centre(cells) + wander(len(cells), terrain.cell_km, rng)
    receivers, area = terrain.down.tolist(), terrain.area.tolist()
    is_river = terrain.area >= threshold
    fed = np.zeros(len(cells), dtype=bool)
    fed[terrain.down[is_river & (terrain.down >= 0)]] = True
    sources = cells[is_river & ~fed]
    sources = sources[np.argsort(-_length_to_mouth(terrain)[sources], kind="stable")]
    seen: set[int] = set()
    rivers = []
    for source in sources.tolist():
        path = [source]
        while path[-1] not in seen and receivers[path[-1]] >= 0:
            seen.add(path[-1])
            path.append(receivers[path[-1]])
        if len(path) > 2:
            rivers.append(River(curve(points[path]), area[path[-2]]))
    return rivers


def _length_to_mouth(terrain: Terrain) -> Ints:
    """How many cells lie between each cell and the rim."""
    length = [0] * len(terrain.down)
    receivers = terrain.down.tolist()
    for cell in terrain.order.tolist():
        if receivers[cell] >= 0:
            length[cell] = length[receivers[cell]] + 1
    return np.array(length)


def curve(points: Floats) -> Floats:
    """A Catmull-Rom curve through the points: it keeps them all, so that junctions still meet."""
    if len(points) < 3:
        return points
    padded = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    before, start, end, after = padded[:-3], padded[1:-2], padded[2:-1], padded[3:]
    t = (np.arange(CURVE_STEPS) / CURVE_STEPS)[None, :, None]
    a, b, c, d = before[:, None], start[:, None], end[:, None], after[:, None]
    blended = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    return np.vstack([blended.reshape(-1, 2), points[-1:]])
