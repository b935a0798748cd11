"""A grid over polygons in which most cells know their answer, and the others a few edges.

A cell that lies inside one polygon holds that polygon. A cell with a border in it holds, for each
polygon that could be the answer there, lowest first: whether its own lower left corner is inside,
and the edges of that polygon which touch the cell. `asking.py` goes from the corner to the point
and counts the edges on its way.

The corner is taken a shade to the right of the true one and a much smaller shade above it. A line
through whole numbers never runs through such a point, so that its answer is never in doubt.
"""

from dataclasses import dataclass
from typing import Any

import numba
import numpy as np
from numpy.typing import NDArray

from linli.engines.locate.rings import Rings

MOST_CELLS = 1 << 22
FEWEST_CELLS = 1 << 12
CELLS_AN_EDGE = 32
NOWHERE = -1
SEVERAL = -2  # while building: the cell has candidates, and none of them covers all of it
SETTLED = -3  # while building: the last of its candidates covers all of it

Ints = NDArray[np.int32]
compiled: Any = numba.njit(cache=True, nogil=True)


@dataclass(frozen=True)
class Raster:
    """The index as plain arrays.

    `cells` row by row: a polygon, NOWHERE, or -2 - q for the q-th cell with a border. That one has
    the candidates `turn[q]:turn[q + 1]`; candidate t is polygon `candidates[t] >> 1`, the lowest
    bit says whether it covers the cell's corner, and its edges are `edges[reach[t]:reach[t + 1]]`,
    each the number of the corner where it starts. `corners` are relative to `origin`.
    """

    origin: NDArray[np.int64]
    shift: int
    columns: int
    cells: Ints
    turn: Ints
    candidates: Ints
    reach: Ints
    edges: Ints
    corners: NDArray[np.uint32]

    @property
    def nbytes(self) -> int:
        """What it takes in memory."""
        arrays = (self.cells, self.turn, self.candidates, self.reach, self.edges, self.corners)
        return sum(int(array.nbytes) for array in arrays)


def raster_of(rings: Rings) -> Raster:
    """Lay the grid: cells as wide as a power of two, about thirty for each edge."""
    if not len(rings.corners):
        none = np.zeros(0, np.int32)
        start = np.zeros(1, np.int32)
        origin = np.zeros(2, np.int64)
        nowhere = np.zeros((0, 2), np.uint32)
        return Raster(origin, 0, 0, none, start, none, start, none, nowhere)
    origin = rings.corners.min(axis=0)
    corners = rings.corners - origin
    wide, high = (int(n) for n in corners.max(axis=0))
    most = min(MOST_CELLS, max(FEWEST_CELLS, CELLS_AN_EDGE * len(corners)))
    shift = 0
    while ((wide >> shift) + 1) * ((high >> shift) + 1) > most:
        shift += 1
    columns, rows = (wide >> shift) + 1, (high >> shift) + 1
    cells = np.full(columns * rows, NOWHERE, dtype=np.int32)
    parts = _lay(corners, rings.joined, rings.first, shift, columns, cells)
    borders = np.flatnonzero(cells <= SEVERAL)
    cells[borders] = SEVERAL - np.arange(len(borders), dtype=np.int32)
    turn, candidates, reach, edges = _arrange(cells, len(borders), rings.first, *parts)
    kept = corners.astype(np.uint32)
    return Raster(origin, shift, columns, cells, turn, candidates, reach, edges, kept)


@compiled  # type: ignore[untyped-decorator]
def _columns_of(ax: int, ay: int, bx: int, by: int, row: int, shift: int) -> tuple[int, int]:
    """The first and last column that an edge touches in a row; one too many does no harm."""
    low, high = float(row << shift), float((row + 1) << shift)
    first, last = float(ax), float(bx)
    if ay != by:
        slope = (bx - ax) / (by - ay)
        bottom, top = max(low, float(min(ay, by))), min(high, float(max(ay, by)))
        first, last = ax + (bottom - ay) * slope, ax + (top - ay) * slope
    if first > last:
        first, last = last, first
    return (
        max(min(ax, bx), int(np.floor(first - 1))) >> shift,
        min(max(ax, bx), int(np.floor(last + 1))) >> shift,
    )


@compiled  # type: ignore[untyped-decorator]
def _touches(corners: Any, joined: Any, shift: int) -> int:
    """How often an edge touches a cell, all together."""
    total = 0
    for k in range(len(corners)):
        if not joined[k]:
            continue
        ax, ay = corners[k, 0], corners[k, 1]
        bx, by = corners[k + 1, 0], corners[k + 1, 1]
        for row in range(min(ay, by) >> shift, (max(ay, by) >> shift) + 1):
            first, last = _columns_of(ax, ay, bx, by, row, shift)
            total += last - first + 1
    return total


@compiled  # type: ignore[untyped-decorator]
def _flip(corners: Any, joined: Any, start: int, end: int, shift: int, window: Any) -> None:
    """Mark in a polygon's window where the corners of a row change between outside and inside.

    `window` has one row for each row of cells; its first entries are the row's offset.
    """
    flips, left, bottom = window
    side = 1 << shift
    for k in range(start, end):
        if not joined[k]:
            continue
        ax, ay = corners[k, 0], corners[k, 1]
        bx, by = corners[k + 1, 0], corners[k + 1, 1]
        if ay > by:
            ax, ay, bx, by = bx, by, ax, ay
        for row in range((ay + side - 1) >> shift, (by + side - 1) >> shift):
            # the row's line runs from where the edge starts to where it ends, the end left out
            across, rise = (bx - ax) * ((row << shift) - ay), by - ay
            meets = ax - (-across // rise)  # rounded up
            column = ((meets + side - 1) >> shift) - left
            if column < flips.shape[1]:
                flips[row - bottom, column] ^= True


@compiled  # type: ignore[untyped-decorator]
def _mark(
    corners: Any, joined: Any, start: int, end: int, shift: int, columns: int, i: int, touched: Any
) -> None:
    for k in range(start, end):
        if not joined[k]:
            continue
        ax, ay = corners[k, 0], corners[k, 1]
        bx, by = corners[k + 1, 0], corners[k + 1, 1]
        for row in range(min(ay, by) >> shift, (max(ay, by) >> shift) + 1):
            first, last = _columns_of(ax, ay, bx, by, row, shift)
            for column in range(first, last + 1):
                touched[row * columns + column] = i


@compiled  # type: ignore[untyped-decorator]
def _gather(
    corners: Any, joined: Any, start: int, end: int, shift: int, columns: int, i: int, marks: Any
) -> int:
    """Note the edges of every cell that still waits for polygon `i`; returns how many by now."""
    count: int
    touched, edge_cells, edges, count = marks
    for k in range(start, end):
        if not joined[k]:
            continue
        ax, ay = corners[k, 0], corners[k, 1]
        bx, by = corners[k + 1, 0], corners[k + 1, 1]
        for row in range(min(ay, by) >> shift, (max(ay, by) >> shift) + 1):
            first, last = _columns_of(ax, ay, bx, by, row, shift)
            for column in range(first, last + 1):
                cell = row * columns + column
                if touched[cell] == i:
                    edge_cells[count] = cell
                    edges[count] = k
                    count += 1
    return count


@compiled  # type: ignore[untyped-decorator]
def _lay(
    corners: Any, joined: Any, first: Any, shift: int, columns: int, cells: Any
) -> tuple[Any, Any, Any, Any]:
    """Polygon by polygon: settle the cells that it covers, note it and its edges in the others."""
    most = _touches(corners, joined, shift)
    touched = np.full(len(cells), -1, dtype=np.int32)
    entry_cells, entries = np.empty(2 * most, np.int32), np.empty(2 * most, np.int32)
    edge_cells, edges = np.empty(most, np.int32), np.empty(most, np.int32)
    noted = gathered = 0
    for i in range(len(first) - 1):
        start, end = first[i], first[i + 1]
        own = corners[start:end]
        left, right = own[:, 0].min() >> shift, own[:, 0].max() >> shift
        bottom, top = own[:, 1].min() >> shift, own[:, 1].max() >> shift
        flips = np.zeros((top - bottom + 1, right - left + 1), dtype=np.bool_)
        _flip(corners, joined, start, end, shift, (flips, left, bottom))
        _mark(corners, joined, start, end, shift, columns, i, touched)
        for row in range(bottom, top + 1):
            inside = False
            for column in range(left, right + 1):
                inside ^= flips[row - bottom, column - left]
                cell = row * columns + column
                state = cells[cell]
                if state >= 0 or state == SETTLED:
                    touched[cell] = -1
                elif touched[cell] == i or (inside and state == SEVERAL):
                    entry_cells[noted] = cell
                    entries[noted] = 2 * i + inside
                    noted += 1
                    cells[cell] = SEVERAL if touched[cell] == i else SETTLED
                elif inside:
                    cells[cell] = i
        gathered = _gather(
            corners, joined, start, end, shift, columns, i, (touched, edge_cells, edges, gathered)
        )
    return entry_cells[:noted], entries[:noted], edge_cells[:gathered], edges[:gathered]


@compiled  # type: ignore[untyped-decorator]
def _by_cell(cells: Any, borders: int, where: Any, what: Any) -> tuple[Any, Any]:
    """`what` sorted by the cells `where` it belongs, and where each cell begins.

    What came first within a cell stays first.
    """
    start = np.zeros(borders + 1, dtype=np.int32)
    for cell in where:
        start[SEVERAL - cells[cell] + 1] += 1
    start = np.cumsum(start).astype(np.int32)
    free = start[:-1].copy()
    placed = np.empty(len(what), dtype=np.int32)
    for n in range(len(what)):
        q = SEVERAL - cells[where[n]]
        placed[free[q]] = what[n]
        free[q] += 1
    return start, placed


@compiled  # type: ignore[untyped-decorator]
def _arrange(
    cells: Any, borders: int, first: Any, entry_cells: Any, entries: Any, edge_cells: Any, ends: Any
) -> tuple[Any, Any, Any, Any]:
    """The candidates of each cell with a border, lowest first, and the edges of each candidate."""
    turn, candidates = _by_cell(cells, borders, entry_cells, entries)
    of_cell, edges = _by_cell(cells, borders, edge_cells, ends)
    reach = np.empty(len(candidates) + 1, dtype=np.int32)
    for q in range(borders):
        edge = of_cell[q]
        for t in range(turn[q], turn[q + 1]):
            reach[t] = edge
            beyond = first[(candidates[t] >> 1) + 1]
            while edge < of_cell[q + 1] and edges[edge] < beyond:
                edge += 1
    reach[len(candidates)] = len(edges)
    return turn, candidates, reach, edges
