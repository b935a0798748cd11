"""How many parts each township gets: whole numbers, the heaviest part as light as it can be."""

import heapq

import numpy as np
from numpy.typing import NDArray


def shares(workload: NDArray[np.float64], parts: int) -> NDArray[np.int64]:
    """`parts` divided among places by their workload (n,), at least one each.

    Each further part goes where the parts are heaviest. No other division has a lighter heaviest
    part: who would undercut it had to give each place at least as many. Raises ValueError when
    there are fewer parts than places.
    """
    count = len(workload)
    if parts < count:
        raise ValueError(f"{parts} parts for {count} places: each needs one")
    given = np.ones(count, dtype=np.int64)
    heaviest = [(-float(load), n) for n, load in enumerate(workload)]
    heapq.heapify(heaviest)
    for _part in range(parts - count):
        _load, n = heapq.heappop(heaviest)
        given[n] += 1
        heapq.heappush(heaviest, (-float(workload[n]) / given[n], n))
    return given
