"""Asking the raster: by table where a cell is clear, by counting edges where it is not.

From the cell's corner, whose answer is known, the way goes along the bottom of the cell and then up
to the point. Each edge that it crosses changes between outside and inside. The way keeps a shade to
the right of the point (and a much smaller shade above it), as the corner does; where a crossing is
as far as the whole numbers say exactly on the way, those shades decide. Points that lie on an edge
are found before, and belong to its polygon.

With 1e-7 degree as the unit and edges of at most half a turn, each product stays below 2 ** 62.
"""

from typing import Any

import numpy as np

from linli.engines.locate.raster import NOWHERE, compiled
from linli.engines.locate.rings import UNITS


@compiled  # type: ignore[untyped-decorator]
def _covers(
    x: int, y: int, left: int, bottom: int, inside: bool, corners: Any, edges: Any, reach: Any
) -> bool:
    """Does a polygon cover the point, given its answer at the corner and its edges `reach`?"""
    for n in range(reach[0], reach[1]):
        k = edges[n]
        ax, ay = np.int64(corners[k, 0]), np.int64(corners[k, 1])
        bx, by = np.int64(corners[k + 1, 0]), np.int64(corners[k + 1, 1])
        if ax > bx:
            ax, ay, bx, by = bx, by, ax, ay
        across, rise = bx - ax, by - ay
        low, high = min(ay, by), max(ay, by)
        if ax <= x <= bx and low <= y:
            # above 0: the point lies above the edge's line
            side = across * (y - ay) - rise * (x - ax)
            if side == 0 and y <= high:
                return True
            if x < bx and side > 0:
                under = across * (bottom - ay) - rise * (x - ax)
                if under < 0 or (under == 0 and rise > 0):
                    inside = not inside
        if low <= bottom < high:
            # where the edge meets the bottom: to the right of the corner, and not of the point?
            if rise > 0:
                corner_side = (left - ax) * rise - across * (bottom - ay)
                point_side = (x - ax) * rise - across * (bottom - ay)
            else:
                corner_side = across * (bottom - ay) - (left - ax) * rise
                point_side = across * (bottom - ay) - (x - ax) * rise
            if corner_side < 0 <= point_side:
                inside = not inside
    return inside


@compiled  # type: ignore[untyped-decorator]
def in_border_cell(
    x: int, y: int, q: int, shift: int, turn: Any, candidates: Any, reach: Any, edges: Any,
    corners: Any,
) -> int:  # fmt: skip
    """The lowest polygon that covers a point of the q-th cell with a border, or NOWHERE."""
    left, bottom = (x >> shift) << shift, (y >> shift) << shift
    for t in range(turn[q], turn[q + 1]):
        known: int = candidates[t]
        if _covers(x, y, left, bottom, (known & 1) == 1, corners, edges, (reach[t], reach[t + 1])):
            return known >> 1
    return NOWHERE


@compiled  # type: ignore[untyped-decorator]
def many(
    lons: Any, lats: Any, west: float, south: float, size: tuple[int, int], shift: int,
    cells: Any, turn: Any, candidates: Any, reach: Any, edges: Any, corners: Any, found: Any,
) -> None:  # fmt: skip
    """Fill `found` for points in degrees; `west` and `south` are units, `size` columns and rows.

    Two passes over blocks: the first only looks up, so that it never waits for a decision.
    """
    columns, rows = size
    block = 4096
    waiting = np.empty(block, dtype=np.int64)
    xs, ys = np.empty(block, dtype=np.int64), np.empty(block, dtype=np.int64)
    wide, high = float(columns << shift), float(rows << shift)
    for start in range(0, len(lons), block):
        end = min(start + block, len(lons))
        count = 0
        for n in range(start, end):
            fx, fy = np.rint(lons[n] * UNITS) - west, np.rint(lats[n] * UNITS) - south
            state = np.int32(NOWHERE)
            if 0.0 <= fx < wide and 0.0 <= fy < high:
                x, y = np.int64(fx), np.int64(fy)
                state = cells[(y >> shift) * columns + (x >> shift)]
                waiting[count], xs[count], ys[count] = n, x, y
                count += state < NOWHERE
            found[n] = state
        for m in range(count):
            n = waiting[m]
            found[n] = in_border_cell(
                xs[m], ys[m], -2 - found[n], shift, turn, candidates, reach, edges, corners
            )
