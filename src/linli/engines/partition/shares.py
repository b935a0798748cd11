"""How many parts each township gets: whole numbers, the heaviest part as light as it can be."""

import heapq
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def shares(
    workload: Floats, parts: int, least: Ints | None = None, most: Ints | None = None
) -> Ints:
    """`parts` divided among places by their workload (n,), from `least` (1) to `most` each.

    Each further part goes where the parts are heaviest. No other division inside these bounds has
    a lighter heaviest part: who would undercut it had to give each place at least as many. Raises
    ValueError when the bounds leave no such division.
    """
    count = len(workload)
    given = np.ones(count, np.int64) if least is None else np.asarray(least, np.int64).copy()
    top = np.full(count, parts) if most is None else np.asarray(most, np.int64)
    if (given < 1).any() or (top < given).any():
        n = int(np.flatnonzero((given < 1) | (top < given))[0])
        raise ValueError(f"place {n} is to have from {given[n]} to {top[n]} parts")
    if not given.sum() <= parts <= top.sum():
        raise ValueError(f"{parts} parts for {count} places: from {given.sum()} to {top.sum()} fit")
    heaviest = [(-float(workload[n]) / given[n], n) for n in range(count) if given[n] < top[n]]
    heapq.heapify(heaviest)
    for _part in range(parts - int(given.sum())):
        _load, n = heapq.heappop(heaviest)
        given[n] += 1
        if given[n] < top[n]:
            heapq.heappush(heaviest, (-float(workload[n]) / given[n], n))
    return given


@dataclass(frozen=True)
class Spread:
    """How unequal the mean load of a part is from place to place, whatever plan is made there.

    `heaviest` and `lightest` are over the mean of all parts.
    """

    heaviest: float
    lightest: float


def spread(workload: Floats, parts: Ints) -> Spread:
    """The spread of the means of places with `parts` (n,) parts each."""
    over = workload / parts / (workload.sum() / parts.sum())
    return Spread(float(over.max()), float(over.min()))


def enough(workload: Floats, low: float, high: float) -> tuple[Ints, Ints]:
    """As many parts as each place needs for loads from `low` to `high`, and the places that miss.

    As few as keep the mean of the place at or below `high`; where that mean is then below `low`,
    no whole number fits, and the place is among those that are returned.
    """
    if not 0 < low <= high:
        raise ValueError("a band goes from above zero to as much or more")
    parts = np.maximum(1, np.ceil(np.asarray(workload) / high - 1e-12)).astype(np.int64)
    return parts, np.flatnonzero(workload / parts < low)
