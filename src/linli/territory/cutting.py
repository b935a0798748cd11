"""What becomes of the outlines of today's neighbour groups when grids get new ones. Pure.

A group ends at the border of the grid that it goes to, so that no point lies in two groups, nor in
one of another grid. Where its ground is cut, only settlements tell where its people live: a group
goes on with what holds one of them; one that a border cuts, and of which nobody knows that, ends.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.engines.coverage import rounded

EDGE = 2e-7  # degrees, two centimetres: what rounding could put on the other side of a border
SLIVER = 1e-3  # of a group's ground: so little is nobody's dwelling
Shapes = NDArray[Any]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Cut:
    """How groups go on: by their order, (n,).

    `outlines` are those that groups have from then on, None where it stays as it is; `ends` tells
    which end, `smaller` which go on with a part of their ground, and `beyond` are the groups and
    grids (m, 2) where ground of a group lies in a grid that it does not go to.
    """

    outlines: Shapes
    ends: Flags
    smaller: Flags
    beyond: Ints


def cut(groups: Shapes, home: Ints, grids: Shapes, spots: Shapes, of_spot: Ints) -> Cut:
    """Cut polygons of groups to those of their grids, `home[i]` that of group i.

    `spots` are the points of settlements that lie in their group, `of_spot`, and in its grid.
    """
    shapely.prepare(grids)
    crossing = np.flatnonzero(~shapely.covered_by(groups, grids[home]))
    within = shapely.intersection(groups[crossing], grids[home[crossing]])
    outlines: Shapes = np.full(len(groups), None, dtype=object)
    outlines[crossing] = [_stored(one) for one in within]
    left = np.ones(len(groups))
    left[crossing] = shapely.area(within) / shapely.area(groups[crossing])
    known = shapely.intersects(outlines[of_spot], spots)
    held = np.bincount(of_spot[known], minlength=len(groups)) > 0
    less = left < 1 - SLIVER
    return Cut(outlines, less & ~held, less & held, _outside(groups, home, grids, crossing))


def _stored(shape: Any) -> Any:
    """The outline of what is left of a group: inside it, however it is rounded, without slivers."""
    inner = shapely.buffer(shape, -EDGE, join_style="mitre")
    parts = shapely.get_parts(rounded(np.array([inner]))[0])
    return shapely.union_all(parts[shapely.area(parts) > SLIVER * shapely.area(shape)])


def _outside(groups: Shapes, home: Ints, grids: Shapes, crossing: Ints) -> Ints:
    """Groups and grids (m, 2) that are not theirs, but hold some of their ground."""
    some, grid = shapely.STRtree(grids).query(groups[crossing], predicate="intersects")
    group = crossing[some]
    share = shapely.area(shapely.intersection(groups[group], grids[grid]))
    beside = (share > SLIVER * shapely.area(groups[group])) & (home[group] != grid)
    return np.column_stack([group[beside], grid[beside]]).astype(np.int64)
