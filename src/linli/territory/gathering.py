"""Households near each other as one spot, so that no outline tells where one of them lives.

A border that ran halfway between two dwellings would give one away to whoever knows the other. So
outlines are drawn round spots: the middle of five to nine households that live near each other,
moved to a corner of a lattice that is the same for everybody. Whoever knew all of them but one
would still be off by five times the lattice for that one.
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
TOGETHER = 5  # households of a spot, at least
PITCH = 0.0005  # degrees between corners of the lattice: some fifty metres
NEAR = 3  # corners in each direction that a spot may be moved to, to lie in its grid


def gathered(points: Floats, line: Ints, parents: Sequence[Any]) -> tuple[Floats, Ints, Ints]:
    """Spots (m, 2) in degrees, the parent of each, and the spot (n,) of each household.

    `points` (n, 2) are degrees, `line[i]` the parent in which point i lies, and each parent, a
    polygon, has points. Every spot lies inside its parent and stands for five households or more,
    or for all of a parent that has fewer.
    """
    order = np.argsort(line, kind="stable")
    first = np.searchsorted(line[order], np.arange(len(parents) + 1))
    spots: list[Floats] = []
    homes: list[int] = []
    of_point = np.empty(len(points), np.int64)
    for n, parent in enumerate(parents):
        own = order[first[n] : first[n + 1]]
        some = list(_neighbours(points, own))
        found, at = _on_lattice(np.array([points[one].mean(axis=0) for one in some]), parent)
        for one, spot in zip(some, at.tolist(), strict=True):
            of_point[one] = len(homes) + spot
        spots.append(found)
        homes += [n] * len(found)
    return np.vstack(spots), np.array(homes, np.int64), of_point


def _neighbours(points: Floats, own: Ints) -> Iterator[Ints]:
    """Indices of five to nine points near each other: halved at the widest gap, again and again."""
    waiting = [own]
    while waiting:
        some = waiting.pop()
        if len(some) < 2 * TOGETHER:
            yield some
            continue
        here = points[some] * [np.cos(np.radians(points[some, 1].mean())), 1.0]
        axis = int(np.ptp(here, axis=0).argmax())
        order = some[np.argsort(here[:, axis], kind="stable")]
        gaps = np.diff(np.sort(here[:, axis]))[TOGETHER - 1 : len(some) - TOGETHER]
        # of gaps as wide as the widest the one nearest to the middle, so that halves are alike
        widest = np.flatnonzero(gaps >= gaps.max() * (1 - 1e-9))
        cut = TOGETHER + int(widest[np.abs(widest - len(gaps) // 2).argmin()])
        waiting += [order[cut:], order[:cut]]


def _on_lattice(middles: Floats, parent: Any) -> tuple[Floats, Ints]:
    """Different corners of the lattice inside the parent, and which of them each middle goes to."""
    shapely.prepare(parent)
    steps = np.arange(-NEAR, NEAR + 1)
    around = np.stack(np.meshgrid(steps, steps), axis=-1).reshape(-1, 2)
    corners = np.rint(middles / PITCH)[:, None] + around[None]
    inside = shapely.contains_xy(parent, *np.moveaxis(corners * PITCH, -1, 0))
    away = np.hypot(*np.moveaxis(corners * PITCH - middles[:, None], -1, 0))
    best = np.where(inside, away, np.inf).argmin(axis=1)
    rows = np.arange(len(middles))
    fits = inside[rows, best]
    if not fits.any():  # a sliver: one spot for all, which says nothing but where the parent is
        spot = shapely.get_coordinates(shapely.point_on_surface(parent))
        return spot, np.zeros(len(middles), np.int64)
    taken = corners[rows, best][fits]
    found, of_fitting = np.unique(taken, axis=0, return_inverse=True)
    spots = np.round(found * PITCH, 7)
    at = np.empty(len(middles), np.int64)
    at[fits] = of_fitting.ravel()
    for n in np.flatnonzero(~fits):
        at[n] = int(((spots - middles[n]) ** 2).sum(axis=1).argmin())
    return spots, at
