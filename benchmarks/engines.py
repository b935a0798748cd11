"""Each engine with the peer that a reader would otherwise take."""

from datetime import date
from hashlib import sha256
from typing import Any

import numpy as np
import shapely

from benchmarks.timing import Measured, compare
from linli.engines import merkle, worktime
from linli.engines.locate import Locator
from linli.engines.prefecture import build

SEED = 7
HOLIDAYS = [date(2026, 1, 1), date(2026, 2, 17), date(2026, 10, 1)]


def locating() -> Measured:
    """100,000 points in the neighbour groups of the small prefecture; peer: a bare STRtree."""
    wkb = [shapely.to_wkb(row.polygon) for row in build(SEED, 0.05).areas if row.level == "group"]
    polygons = shapely.from_wkb(wkb)
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(SEED)
    lons, lats = rng.uniform(west, east, 100_000), rng.uniform(south, north, 100_000)
    locator, tree = Locator(wkb), shapely.STRtree(polygons)

    def theirs() -> Any:
        point, polygon = tree.query(shapely.points(lons, lats), predicate="covered_by")
        found = np.full(len(lons), len(polygons))
        np.minimum.at(found, point, polygon)
        return np.where(found == len(polygons), -1, found)

    return compare("locate, 100,000 points", "shapely.STRtree",
                   lambda: locator.locate(lons, lats), theirs, np.array_equal)  # fmt: skip


def promising() -> Measured:
    """A million promises of five working days; peer: numpy.busday_offset (days only)."""
    calendar = worktime.Calendar(worktime.OFFICE, frozenset(HOLIDAYS))
    rng = np.random.default_rng(SEED)
    start = np.datetime64("2026-01-05T01:00:00", "s")
    starts = start + rng.integers(0, 300 * 86400, 1_000_000).astype("timedelta64[s]")
    local = starts + np.timedelta64(8, "h")
    holidays = np.array(HOLIDAYS, dtype="datetime64[D]")

    def theirs() -> Any:
        return np.busday_offset(local.astype("datetime64[D]"), 5, "backward", holidays=holidays)

    def same(ours: Any, busdays: Any) -> bool:
        return np.array_equal((ours + np.timedelta64(8, "h")).astype("datetime64[D]"), busdays)

    days = np.full(len(starts), 5)
    return compare("5 working days, a million times", "numpy.busday_offset",
                   lambda: calendar.due_many(starts, days=days), theirs, same)  # fmt: skip


def sealing() -> Measured:
    """The root of 32,768 leaves with a frontier; peer: level by level over all of them."""
    leaves = [merkle.leaf_hash(n.to_bytes(4, "big")) for n in range(1 << 15)]

    def theirs() -> bytes:
        level = leaves
        while len(level) > 1:
            pairs = zip(level[::2], level[1::2], strict=True)
            level = [sha256(b"\x01" + a + b).digest() for a, b in pairs]
        return level[0]

    return compare("Merkle root of 32,768 leaves", "level by level, hashlib",
                   lambda: merkle.root(leaves), theirs, bytes.__eq__)  # fmt: skip


ALL = (locating, promising, sealing)
