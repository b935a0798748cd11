"""Each engine with the peer that a reader would otherwise take."""

from datetime import date
from hashlib import sha256
from typing import Any

import geopandas
import h3.api.basic_int as h3
import networkx
import numpy as np
import shapely

from benchmarks.tiling import ragged_tiling
from benchmarks.timing import Measured, compare
from linli.engines import merkle, worktime
from linli.engines.locate import Locator
from linli.engines.partition import along

SEED = 7
H3_LEVEL = 9  # cells of some 170 m: where the peer is at its best here
HOLIDAYS = [date(2026, 1, 1), date(2026, 2, 17), date(2026, 10, 1)]


def locating() -> Measured:
    """A million points in 1,015 polygons with 800 corners each; peer: geopandas.sjoin."""
    polygons = ragged_tiling(1015, 750)
    whole = shapely.transform(polygons, lambda xy: np.rint(xy * 1e7))  # as exact as ours
    lons, lats = _scattered(polygons, 1_000_000)
    locator = Locator(list(shapely.to_wkb(polygons)))
    areas = geopandas.GeoDataFrame(geometry=whole)

    def theirs() -> Any:
        x, y = np.rint(lons * 1e7), np.rint(lats * 1e7)
        points = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(x, y))
        joined = points.sjoin(areas, how="left", predicate="intersects")
        found = np.full(len(lons), len(polygons), dtype=np.int64)
        area = joined["index_right"].fillna(len(polygons)).to_numpy(np.int64)
        np.minimum.at(found, joined.index.to_numpy(), area)
        return np.where(found == len(polygons), -1, found)

    return compare("locate, a million points", "geopandas.sjoin",
                   lambda: locator.locate(lons, lats), theirs, np.array_equal)  # fmt: skip


def locating_in_hexagons() -> Measured:
    """The same million; peer: a table of the H3 cells that lie in one polygon, GEOS for the rest.

    The peer's table is made beforehand.
    """
    polygons = ragged_tiling(1015, 750)
    lons, lats = (column.round(7) for column in _scattered(polygons, 1_000_000))
    locator = Locator(list(shapely.to_wkb(polygons)))
    whole = shapely.transform(polygons, lambda xy: np.rint(xy * 1e7))
    tree = shapely.STRtree(whole)
    table = {
        cell: n
        for n, polygon in enumerate(polygons)
        for cell in h3.h3shape_to_cells_experimental(
            h3.geo_to_h3shape(polygon), H3_LEVEL, contain="full"
        )
    }

    def theirs() -> Any:
        points = zip(lats.tolist(), lons.tolist(), strict=True)
        cells = (h3.latlng_to_cell(lat, lon, H3_LEVEL) for lat, lon in points)
        found = np.fromiter((table.get(cell, -1) for cell in cells), np.int64, len(lons))
        rest = np.flatnonzero(found < 0)
        found[rest] = first_of(tree, lons[rest], lats[rest])
        return found

    return compare("locate, a million points", "H3 cells, GEOS at borders",
                   lambda: locator.locate(lons, lats), theirs, np.array_equal)  # fmt: skip


def first_of(tree: Any, lons: Any, lats: Any) -> Any:
    """The lowest polygon of a GEOS tree in whole numbers that covers each point, or -1."""
    points = shapely.points(np.rint(lons * 1e7), np.rint(lats * 1e7))
    found = np.full(len(lons), len(tree), dtype=np.int64)
    np.minimum.at(found, *tree.query(points, predicate="intersects"))
    return np.where(found == len(tree), -1, found)


def locating_one_by_one() -> Measured:
    """A thousand points one by one; peer: a bare STRtree asked for each of them."""
    polygons = ragged_tiling(1015, 750)
    lons, lats = (column.tolist() for column in _scattered(polygons, 1000))
    locator = Locator(list(shapely.to_wkb(polygons)))
    whole = shapely.transform(polygons, lambda xy: np.rint(xy * 1e7))
    tree = shapely.STRtree(whole)

    def ours() -> list[int]:
        return [locator.one(lon, lat) for lon, lat in zip(lons, lats, strict=True)]

    def theirs() -> list[int]:
        points = ((round(lon * 1e7), round(lat * 1e7)) for lon, lat in zip(lons, lats, strict=True))
        found = (tree.query(shapely.Point(*xy), predicate="intersects") for xy in points)
        return [int(hit.min()) if len(hit) else -1 for hit in found]

    return compare("locate, 1,000 points one by one", "shapely.STRtree", ours, theirs, list.__eq__)


def indexing() -> Measured:
    """Building the index of those polygons; peer: a tree of prepared ones, which answers slower."""
    wkb = list(shapely.to_wkb(ragged_tiling(1015, 750)))
    size = Locator(wkb).nbytes
    print(f"the index of 1,015 polygons takes {size / 1e6:.1f} MB")

    def theirs() -> int:
        polygons = shapely.from_wkb(wkb)
        shapely.prepare(polygons)
        return len(shapely.STRtree(polygons))

    return compare("locate, building", "shapely.STRtree, prepared",
                   lambda: len(Locator(wkb)), theirs, int.__eq__)  # fmt: skip


def _scattered(polygons: Any, count: int) -> tuple[Any, Any]:
    west, south, east, north = shapely.total_bounds(polygons)
    rng = np.random.default_rng(SEED)
    return rng.uniform(west, east, count), rng.uniform(south, north, count)


def meeting_by_road() -> Measured:
    """Which of 900 places lie beside which along 17,000 streets; peer: networkx.voronoi_cells.

    The peer is given the streets as a graph; ours takes them as lines, and lengths come with it.
    """
    side, rng = 110, np.random.default_rng(SEED)
    corners = np.stack(np.meshgrid(*[np.arange(side)] * 2), axis=-1).reshape(-1, 2)
    at = corners + rng.uniform(-0.3, 0.3, corners.shape)
    index = np.arange(side * side).reshape(side, side)
    east = np.column_stack([index[:, :-1].ravel(), index[:, 1:].ravel()])
    north = np.column_stack([index[:-1].ravel(), index[1:].ravel()])
    streets = np.vstack([east, north])
    streets = streets[rng.random(len(streets)) < 0.7]
    places = rng.choice(np.unique(streets), 900, replace=False)
    lines = at[streets].reshape(-1, 2)
    length = np.hypot(*(at[streets[:, 0]] - at[streets[:, 1]]).T)
    graph = networkx.Graph()
    graph.add_weighted_edges_from(
        zip(*streets.T.tolist(), length.tolist(), strict=True), weight="km"
    )

    def theirs() -> Any:
        cells = networkx.voronoi_cells(graph, places.tolist(), weight="km")
        cells.pop("unreachable", None)
        number = {place: n for n, place in enumerate(places.tolist())}
        owner = {node: number[place] for place, cell in cells.items() for node in cell}
        pairs = {
            (min(owner[a], owner[b]), max(owner[a], owner[b]))
            for a, b in graph.edges
            if a in owner and b in owner and owner[a] != owner[b]
        }
        return np.array(sorted(pairs))

    start = np.arange(0, len(lines) + 1, 2)

    def ours() -> Any:
        return along(at[places], lines, start).pairs

    return compare("neighbours by road", "networkx.voronoi_cells", ours, theirs, np.array_equal)


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


ALL = (
    locating, locating_in_hexagons, locating_one_by_one, indexing, meeting_by_road, promising,
    sealing,
)  # fmt: skip
