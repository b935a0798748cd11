"""The land before anybody settles it: heights carved by water, and the rivers that carved them.

A rough surface is eroded for a few rounds by the stream-power rule (a cell wears down with the
slope to its receiver and the square root of the area that drains through it), which gives ridges
and branching valleys at the price of a second or two.
"""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .size import Size

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

NEIGHBOURS = ((-1, 0), (0, -1), (0, 1), (1, 0), (-1, -1), (-1, 1), (1, -1), (1, 1))
EROSION_ROUNDS = 9
LOWEST_M, HIGHEST_M = 2900.0, 4900.0


@dataclass(frozen=True)
class Terrain:
    """A raster of heights in metres; `down` is the receiver (-1 at the rim), `area` in km²."""

    rows: int
    columns: int
    cell_km: float
    height: Floats
    down: Ints
    area: Floats
    order: Ints

    def centre(self, cell: Ints) -> Floats:
        """The middle of each cell in kilometres from the prefecture's middle, north positive."""
        row, column = np.divmod(cell, self.columns)
        x = (column - (self.columns - 1) / 2) * self.cell_km
        y = ((self.rows - 1) / 2 - row) * self.cell_km
        return np.column_stack([x, y]).astype(np.float64)

    def cell_at(self, points: Floats) -> Ints:
        """The cell under each point; points outside fall to the nearest cell of the rim."""
        column = np.rint(points[:, 0] / self.cell_km + (self.columns - 1) / 2)
        row = np.rint((self.rows - 1) / 2 - points[:, 1] / self.cell_km)
        row = np.clip(row, 0, self.rows - 1)
        column = np.clip(column, 0, self.columns - 1)
        return np.asarray(row * self.columns + column, dtype=np.int64)


def carve(size: Size, rng: np.random.Generator) -> Terrain:
    """Heights and drainage for a prefecture of this size."""
    margin = 1.16
    columns = int(2 * size.half_width_km * margin / size.cell_km) + 1
    rows = int(2 * size.half_height_km * margin / size.cell_km) + 1
    height = _rough_surface(rows, columns, size.cell_km, rng)
    for _ in range(EROSION_ROUNDS):
        height, down, order = _drain(height, rows, columns, rng)
        area = _accumulate(down, order, size.cell_km**2)
        height = _erode(height, down, order, area)
    height, down, order = _drain(height, rows, columns, rng)
    area = _accumulate(down, order, size.cell_km**2)
    low, high = height.min(), height.max()
    metres = LOWEST_M + (height - low) / (high - low) * (HIGHEST_M - LOWEST_M)
    return Terrain(rows, columns, size.cell_km, metres, down, area, order)


def _rough_surface(rows: int, columns: int, cell_km: float, rng: np.random.Generator) -> Floats:
    """Octaves of ridged noise on a plateau that falls to the east and the south."""
    y, x = np.mgrid[0:rows, 0:columns] * cell_km
    surface = 1.3 * (1 - x / x.max()) + 0.5 * (1 - y / y.max())
    wavelength, weight = 70.0, 0.7
    while wavelength > 2 * cell_km:
        noise = _noise(x / wavelength, y / wavelength, rng)
        surface = surface + weight * (1 - np.abs(noise))
        wavelength, weight = wavelength / 2, weight * 0.52
    flat: Floats = surface.ravel()
    return flat


def _noise(x: Floats, y: Floats, rng: np.random.Generator) -> Floats:
    """Smooth noise in about -1…1 with unit wavelength: random values blended with a smoothstep."""
    lattice = rng.uniform(-1, 1, (int(y.max()) + 2, int(x.max()) + 2))
    column, row = np.floor(x).astype(int), np.floor(y).astype(int)
    u, v = x - column, y - row
    u, v = u * u * (3 - 2 * u), v * v * (3 - 2 * v)
    top = lattice[row, column] * (1 - u) + lattice[row, column + 1] * u
    bottom = lattice[row + 1, column] * (1 - u) + lattice[row + 1, column + 1] * u
    blended: Floats = top * (1 - v) + bottom * v
    return blended


def _drain(
    height: Floats, rows: int, columns: int, rng: np.random.Generator
) -> tuple[Floats, Ints, Ints]:
    """The surface without hollows, each cell's receiver, and an order from the rim inwards.

    Flooding from the rim with a priority queue drains every hollow over its lowest sill; a filled
    hollow gets a little random slope, so that water wanders over it and does not run in stripes.
    """
    levels = height.tolist()
    slope = (rng.random(len(levels)) ** 2 * 0.012).tolist()
    down = [-2] * len(levels)
    heap: list[tuple[float, int]] = []
    for cell in range(len(levels)):
        row, column = divmod(cell, columns)
        if row in (0, rows - 1) or column in (0, columns - 1):
            down[cell] = -1
            heap.append((levels[cell], cell))
    heapq.heapify(heap)
    order = []
    while heap:
        level, cell = heapq.heappop(heap)
        order.append(cell)
        row, column = divmod(cell, columns)
        for step_row, step_column in NEIGHBOURS:
            r, c = row + step_row, column + step_column
            if 0 <= r < rows and 0 <= c < columns and down[r * columns + c] == -2:
                near = r * columns + c
                down[near] = cell
                levels[near] = max(level + slope[near], levels[near])
                heapq.heappush(heap, (levels[near], near))
    return np.array(levels), np.array(down), np.array(order)


def _accumulate(down: Ints, order: Ints, cell_area: float) -> Floats:
    """The area in km² that drains through each cell, its own included."""
    area = [cell_area] * len(down)
    receivers = down.tolist()
    for cell in reversed(order.tolist()):
        if receivers[cell] >= 0:
            area[receivers[cell]] += area[cell]
    return np.array(area)


def _erode(height: Floats, down: Ints, order: Ints, area: Floats) -> Floats:
    """One implicit step of the stream-power rule, from the rim upstream."""
    wear = (0.03 * np.sqrt(area)).tolist()
    worn = height.tolist()
    receivers = down.tolist()
    for cell in order.tolist():
        receiver = receivers[cell]
        if receiver >= 0:
            worn[cell] = (worn[cell] + wear[cell] * worn[receiver]) / (1 + wear[cell])
    return np.array(worn)
