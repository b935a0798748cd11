"""The figures of grids, from arrays: what `Grid` stores and what two plans are compared by."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse.csgraph import connected_components

from linli.engines.partition import inside_lines
from linli.engines.partition.ground import matrix

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Figures:
    """One row for each grid, by its number; a number without settlements has zeros.

    `load` is its workload and `over` that load over the mean of the grids of its line. `centre`
    (k, 2) in kilometres is the middle of its workload, or the place that was fixed for it.
    `distance` is the mean way of a household to it, kilometres in a straight line.
    """

    settlements: Ints
    households: Ints
    load: Floats
    over: Floats
    distance: Floats
    centre: Floats


def of(
    points_km: Floats,
    workload: Floats,
    households: Ints,
    labels: Ints,
    line: Ints,
    *,
    parts: int | None = None,
    centres: Floats | None = None,
) -> Figures:
    """The figures of the grids `labels` (n,) of settlements at `points_km` (n, 2).

    `line` (n,) numbers the township, or whatever else no grid crosses; all settlements of a grid
    have the same. `centres` (parts, 2) are fixed places, NaN where none is.
    """
    count = (int(labels.max()) + 1 if len(labels) else 0) if parts is None else parts
    settlements = np.bincount(labels, minlength=count)
    people = np.bincount(labels, households, count)
    load = np.bincount(labels, workload, count).astype(np.float64)
    middle = np.column_stack(
        [np.bincount(labels, workload * points_km[:, axis], count) for axis in (0, 1)]
    ) / _not_zero(load[:, None])
    if centres is not None:
        middle = np.where(np.isnan(centres), middle, centres)
    way = np.hypot(*(points_km - middle[labels]).T)
    distance = np.bincount(labels, households * way, count) / _not_zero(people)
    return Figures(
        settlements.astype(np.int64), people.astype(np.int64), load,
        _over(load, settlements, labels, line), distance, middle,
    )  # fmt: skip


def _over(load: Floats, settlements: Ints, labels: Ints, line: Ints) -> Floats:
    """Each load over the mean load of the grids of the same line."""
    if not len(labels):
        return np.zeros_like(load)
    of_grid = np.zeros(len(load), np.int64)
    of_grid[labels] = line
    there = settlements > 0
    grids = np.bincount(of_grid[there], minlength=int(line.max()) + 1)
    mean = np.bincount(of_grid[there], load[there], len(grids)) / _not_zero(grids)
    return np.where(there, load / _not_zero(mean[of_grid]), 0.0)


def _not_zero(values: Any) -> Any:
    return np.where(values > 0, values, 1)


@dataclass(frozen=True)
class OnTheGround:
    """One row for each grid, by its number: how its households get to its centre.

    `way` is the mean way of those who have one, kilometres, NaN where nobody has; `cut_off` counts
    those who have none.
    """

    way: Floats
    cut_off: Ints


def on_the_ground(km: Floats, households: Ints, labels: Ints, parts: int) -> OnTheGround:
    """The figures of ways `km` (n,) from settlements, infinite where none leads, NaN unasked."""
    there = np.isfinite(km)
    people = np.bincount(labels[there], households[there], parts)
    total = np.bincount(labels[there], (households * km)[there], parts)
    lost = np.isposinf(km)
    cut_off = np.bincount(labels[lost], households[lost], parts)
    return OnTheGround(
        np.where(people > 0, total / _not_zero(people), np.nan), cut_off.astype(np.int64)
    )


def pieces(points_km: Floats, labels: Ints, line: Ints, pairs: Ints) -> Ints:
    """In how many pieces each grid lies, 0 for a number without settlements.

    `pairs` (m, 2) are what hangs together, as `joined` gives them; what the lines themselves cut
    off counts as joined, as for the engine.
    """
    count = int(labels.max()) + 1 if len(labels) else 0
    pairs, _links = inside_lines(pairs, points_km, line)
    inner = pairs[labels[pairs[:, 0]] == labels[pairs[:, 1]]]
    found = connected_components(matrix(len(labels), inner), directed=False)[1]
    _piece, first = np.unique(found, return_index=True)
    return np.bincount(labels[first], minlength=count).astype(np.int64)


def joined(points_km: Floats, pairs: Ints, patch: Ints) -> Ints:
    """What hangs together: neighbours, and settlements that the outline of their grid joins.

    `patch` (n,) numbers the polygons of outlines: that of its own grid in which a settlement lies,
    -1 for none. Where `pairs` (m, 2), neighbours, leave those of one polygon in pieces, the
    shortest links between them are added.
    """
    alone = int(patch.max(initial=-1)) + 1 + np.arange(len(patch))
    found, links = inside_lines(pairs, points_km, np.where(patch < 0, alone, patch))
    return np.asarray(np.vstack([pairs, found[len(found) - links :]]), np.int64)


def everywhere(points_km: Floats, pairs: Ints) -> Ints:
    """Pairs of settlements as pairs of all that lie at their places, and of those at one place.

    Places that two grids share are so joined to their neighbours by both.
    """
    places, at = np.unique(points_km, axis=0, return_inverse=True)
    at = at.ravel()
    own = np.arange(len(places))
    between = np.unique(np.sort(at[pairs].reshape(-1, 2), axis=1), axis=0)
    between = between[between[:, 0] < between[:, 1]]
    found = _at_all(np.vstack([between, np.column_stack([own, own])]), at)
    return np.asarray(found[found[:, 0] != found[:, 1]])


def _at_all(pairs: Ints, at: Ints) -> Ints:
    """Pairs of places as pairs of the settlements that lie there, each with each."""
    order = np.argsort(at, kind="stable")
    start = np.searchsorted(at[order], np.arange(int(at.max()) + 2))
    size = np.diff(start)
    ways = size[pairs[:, 0]] * size[pairs[:, 1]]
    row = np.repeat(np.arange(len(pairs)), ways)
    nth = np.arange(len(row)) - np.repeat(np.cumsum(ways) - ways, ways)
    one, two = pairs[row].T
    return np.column_stack(
        [order[start[one] + nth // size[two]], order[start[two] + nth % size[two]]]
    ).astype(np.int64)


@dataclass(frozen=True)
class Change:
    """What changes for households against grids of an earlier plan, by the grid's number.

    `joining` come from another grid, `leaving` go to another one, `changing` is how many of all
    households do so. Households of settlements that the earlier plan did not know are in none.
    """

    joining: Ints
    leaving: Ints
    changing: int


def change(households: Ints, labels: Ints, before: Ints, parts: int) -> Change:
    """Change against `before` (n,): the number of the same grid in this plan.

    -1 is a settlement that no grid had; `parts` and above are grids that this plan does not have.
    """
    moves = (before >= 0) & (before != labels)
    joining = np.bincount(labels[moves], households[moves], parts)
    left = moves & (before < parts)
    leaving = np.bincount(before[left], households[left], parts)
    return Change(joining.astype(np.int64), leaving.astype(np.int64), int(households[moves].sum()))


def roundness(square_km: Floats, around_km: Floats) -> Floats:
    """Polsby and Popper's 4π·area/perimeter²: 1 for a circle, 0 where nothing was drawn."""
    around = np.asarray(around_km, dtype=np.float64)
    return np.where(around > 0, 4 * np.pi * square_km / _not_zero(around) ** 2, 0.0)
