"""Codes of areas: 6 digits for the county, 3 township, 3 village, 3 grid, and 2 for the group.

The county prefix 9930 is not allocated in GB/T 2260: no real place has it. Within a parent, areas
are numbered west to east in bands from north to south. Towns begin at 100, other townships at 200;
neighbourhood communities at 001, villages at 200.
"""

import numpy as np

from .terrain import Floats, Ints

PREFECTURE_CODE = "993000"
COUNTY_BASE, TOWN_BASE, TOWNSHIP_BASE, COMMUNITY_BASE, VILLAGE_BASE = 21, 100, 200, 1, 200


def reading_order(points: Floats) -> Ints:
    """The indices of the points, row by row from the north, each row from the west."""
    bands = max(1, round(len(points) ** 0.5))
    from_north = np.argsort(-points[:, 1], kind="stable")
    rows = [
        row[np.argsort(points[row, 0], kind="stable")] for row in np.array_split(from_north, bands)
    ]
    return np.concatenate(rows)


def numbered(parent: Ints, centres: Floats, first: Ints) -> Ints:
    """Each area's number within its parent, counted in reading order from its own `first`.

    Areas of one parent with the same `first` share one count.
    """
    number = np.empty(len(parent), dtype=np.int64)
    for one in np.unique(parent):
        for base in np.unique(first[parent == one]):
            chosen = np.flatnonzero((parent == one) & (first == base))
            number[chosen[reading_order(centres[chosen])]] = base + np.arange(len(chosen))
    return number
