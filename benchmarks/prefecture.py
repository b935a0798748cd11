"""The reference prefecture: `area_at` point by point, and an atlas of its 1,015 grids.

`python -m benchmarks.prefecture`; in CPU seconds. It is generated with few cases, for which neither
asks.
"""

import os
import resource
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from benchmarks.year import generated_year

SEED, POINTS, ROUNDS = 7, 1000, 15
CASES = 1000
MEGABYTE = 1024  # in kilobytes, in which memory is told


def print_prefecture() -> None:
    """Both, one after the other."""
    with generated_year(cases=CASES, scale=1.0):
        _print_area_at()
        _print_atlas()


def _print_area_at() -> None:
    """Microseconds for one point, warm: inside, between the borders' ends, far outside."""
    from linli.areas import queries

    west, south, east, north = queries.bounds() or (0.0, 0.0, 0.0, 0.0)
    rng = np.random.default_rng(SEED)
    lons, lats = rng.uniform([west, south], [east, north], (40 * POINTS, 2)).T
    inside = queries.areas_at(lons, lats) != np.array(None)
    far = lons - (east - west) - 1
    print("\narea_at, microseconds for one point, warm; least and most of the rounds")
    for name, x, y in (
        ("inside", lons[inside], lats[inside]),
        ("outside, between", lons[~inside], lats[~inside]),
        ("outside, far", far, lats),
    ):
        points = list(zip(x[:POINTS].tolist(), y[:POINTS].tolist(), strict=True))
        taken = [_each(queries.area_at, points) for _round in range(ROUNDS)]
        middle = statistics.median(taken[1:])
        print(f"{name:<22} {middle:>7.2f} {min(taken[1:]):>7.2f} {max(taken[1:]):>7.2f}")


def _each(ask: Callable[[float, float], Any], points: list[tuple[float, float]]) -> float:
    begun = time.process_time()
    for lon, lat in points:
        ask(lon, lat)
    return (time.process_time() - begun) / len(points) * 1e6


def _print_atlas() -> None:
    """An atlas in three languages: what this process does, and the one that sets the pages."""
    from linli.territory.exports import fonts
    from linli.territory.exports.atlas import atlas
    from linli.territory.models import Plan

    fonts.folder()  # made once on every server
    plan = Plan.objects.earliest("pk")
    before, own = os.times(), _memory(resource.RUSAGE_SELF)
    made = atlas(plan, address="https://linli.example/grids/1/")
    after = os.times()
    ours = after.user + after.system - before.user - before.system
    theirs = sum(after[2:4]) - sum(before[2:4])
    print(
        f"\natlas of {plan.grids.count()} grids, {len(made) / 1e6:.1f} MB: "
        f"pages described in {ours:.1f} CPU s, {_memory(resource.RUSAGE_SELF) - own} MB more; "
        f"set in {theirs:.1f} CPU s, {_memory(resource.RUSAGE_CHILDREN)} MB in a process of its own"
    )


def _memory(whose: int) -> int:
    """The most that was held at once, in MB."""
    return resource.getrusage(whose).ru_maxrss // MEGABYTE


if __name__ == "__main__":
    print_prefecture()
