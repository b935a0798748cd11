"""Service grids: ours beside METIS, k-means-constrained, spopt and a power diagram, on `valley`.

All are judged on the Gabriel graph of all households by the same yardstick, in CPU seconds. `make
bench` runs a tenth of the full size with all of them; `python -m benchmarks.grids 150000` the full
size with those that finish there; more households than that are one line, and ours alone.
"""

import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components
from scipy.spatial import Voronoi, cKDTree

from benchmarks.valley import FULL, Valley, a_year_on, hills, valley
from linli.engines.partition import (
    Bounds,
    Ground,
    Weights,
    divide,
    gabriel,
    ground,
    inside_lines,
    neighbours,
    shares,
    ways,
)

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
GROUPS_A_GRID = 8636 / 1015
SLOW = 20_000  # households above which only METIS is asked
Solver = Callable[[Ground, int], Ints]


def metis(here: Ground, parts: int) -> Ints:
    """METIS k-way, told to keep parts connected; long edges are cut before short ones."""
    import pymetis

    row = np.repeat(np.arange(len(here)), np.diff(here.start))
    length = np.hypot(*(here.points[row] - here.points[here.beside]).T)
    middle = np.median(length)
    near = np.maximum(1, np.round(100 * middle / np.maximum(length, middle / 10))).astype(int)
    found = pymetis.part_graph(
        parts, pymetis.CSRAdjacency(here.start.tolist(), here.beside.tolist()),
        eweights=near.tolist(),
        vweights=here.workload.astype(int).tolist(), recursive=False,
        options=pymetis.Options(contig=1, ufactor=30, seed=1),
    )  # fmt: skip
    return np.asarray(found.vertex_part, np.int64)


def k_means_constrained(here: Ground, parts: int) -> Ints:
    """k-means with bounds on the number of households; it knows no workload."""
    from k_means_constrained import KMeansConstrained

    mean = len(here) / parts
    bounds = {"size_min": int(0.97 * mean), "size_max": int(np.ceil(1.03 * mean))}
    found = KMeansConstrained(parts, **bounds, n_init=1, max_iter=30, random_state=0)
    return np.asarray(found.fit_predict(here.points), np.int64)


def spopt(here: Ground, parts: int) -> Ints:
    """Regions from a spanning tree (SKATER), of at least half the mean number of households."""
    import geopandas
    from libpysal.weights import W
    from spopt.region import Skater

    rows = np.split(here.beside, here.start[1:-1])
    weights = W({i: row.tolist() for i, row in enumerate(rows)}, silence_warnings=True)
    frame = geopandas.GeoDataFrame(
        {"x": here.points[:, 0], "y": here.points[:, 1]},
        geometry=geopandas.points_from_xy(*here.points.T),
    )
    floor = max(1, len(here) // parts // 2)
    model = Skater(frame, weights, ["x", "y"], n_clusters=parts, floor=floor)
    model.solve()
    return np.unique(np.asarray(model.labels_), return_inverse=True)[1].astype(np.int64)


def power_diagram(here: Ground, parts: int) -> Ints:
    """Centres moved to the middle of what a min-cost flow of OR-tools gives them, eight times."""
    from ortools.graph.python import min_cost_flow

    load, count = here.workload.astype(np.int64), len(here)
    centres = here.points[np.random.default_rng(0).choice(count, parts, replace=False)]
    most, room = min(14, parts), int(1.01 * load.sum() / parts) + 1
    labels = np.zeros(count, np.int64)
    for _round in range(8):
        far, to = cKDTree(centres).query(here.points, list(range(1, most + 1)))
        flow = min_cost_flow.SimpleMinCostFlow()
        price = (1000 * far.ravel() ** 2 / np.median(far) ** 2).clip(0, 1e7).astype(np.int64)
        source, sink = np.repeat(np.arange(count), most), count + parts
        arcs = flow.add_arcs_with_capacity_and_unit_cost(
            source, count + to.ravel(), np.repeat(load, most), price
        )
        add = flow.add_arcs_with_capacity_and_unit_cost
        middle = np.arange(count, sink)
        add(middle, np.full(parts, sink), np.full(parts, room), np.zeros(parts, np.int64))
        dear = np.full(count, 5 * 10**7)
        add(np.arange(count), np.full(count, sink), load, dear)  # who finds no room
        flow.set_nodes_supplies(np.arange(count), load)
        flow.set_node_supply(sink, -int(load.sum()))
        flow.solve()
        labels = to[np.arange(count), flow.flows(arcs).reshape(count, most).argmax(axis=1)]
        centres = _middles(here.points, here.workload, labels, parts, centres)
    return np.asarray(labels, np.int64)


def _middles(points: Floats, workload: Floats, labels: Ints, parts: int, empty: Floats) -> Floats:
    load = np.bincount(labels, workload, parts)
    sums = [np.bincount(labels, workload * points[:, axis], parts) for axis in (0, 1)]
    return np.where(load[:, None] > 0, np.column_stack(sums) / np.maximum(load, 1)[:, None], empty)


def by_township(solver: Solver, here: Valley, inside: Ground, parts: Ints) -> Ints:
    """A solver that knows no lines, asked township by township."""
    labels = np.zeros(len(here.points), np.int64)
    first = np.concatenate([[0], np.cumsum(parts)])
    row = np.repeat(np.arange(len(inside)), np.diff(inside.start))
    place = np.zeros(len(inside), np.int64)
    for n in range(len(parts)):
        own = np.flatnonzero(here.township == n)
        place[own] = np.arange(len(own))
        edges = (here.township[row] == n) & (row < inside.beside)
        pairs = place[np.column_stack([row, inside.beside])[edges]]
        one = ground(here.points[own], here.workload[own], pairs)
        labels[own] = first[n] + (solver(one, int(parts[n])) if parts[n] > 1 else 0)
    return labels


def yardstick(here: Valley, whole: Ground, labels: Ints, parts: Ints) -> str:
    """Worst load over its township's mean, stray pieces, mean distance, mean Polsby-Popper."""
    count = int(parts.sum())
    of_part = np.repeat(np.arange(len(parts)), parts)
    load = np.bincount(labels, here.workload, count)
    mean = np.bincount(here.township, here.workload) / parts
    row = np.repeat(np.arange(len(whole)), np.diff(whole.start))
    same = labels[row] == labels[whole.beside]
    graph = coo_matrix((np.ones(same.sum()), (row[same], whole.beside[same])), (len(whole),) * 2)
    strays = connected_components(graph, directed=False)[0] - len(np.unique(labels))
    middle = _middles(here.points, here.workload, labels, count, np.zeros((count, 2)))
    away = np.hypot(*(here.points - middle[labels]).T)
    round_ = roundness(here.points, labels, count)
    return (
        f"{(load / mean[of_part]).max():>7.3f} {strays:>7} "
        f"{np.average(away, weights=here.workload):>9.3f} {round_.mean():>7.3f}"
    )


def roundness(points: Floats, labels: Ints, parts: int) -> Floats:
    """Polsby-Popper of each part: 4 pi area over its outline squared, from Voronoi cells.

    A ring of points 5 % outside closes the outermost cells; the border to it counts.
    """
    low, high = points.min(axis=0), points.max(axis=0)
    beyond = 0.05 * (high - low).max()
    box = shapely.box(*(low - beyond), *(high + beyond)).exterior
    ring = shapely.get_coordinates(shapely.segmentize(box, box.length / 800))[:-1]
    sites = np.vstack([points, ring])
    owner = np.concatenate([labels, np.full(len(ring), parts)])
    cells = Voronoi(sites)
    ends = np.asarray(cells.ridge_vertices)
    closed = (ends >= 0).all(axis=1)
    sides, ends = cells.ridge_points[closed], ends[closed]
    first, last = cells.vertices[ends[:, 0]], cells.vertices[ends[:, 1]]
    length = np.hypot(*(first - last).T)
    border = owner[sides[:, 0]] != owner[sides[:, 1]]
    area, outline = np.zeros(parts + 1), np.zeros(parts + 1)
    for side in (0, 1):
        a, b = first - sites[sides[:, side]], last - sites[sides[:, side]]
        triangle = np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0]) / 2
        area += np.bincount(owner[sides[:, side]], triangle, parts + 1)
        outline += np.bincount(owner[sides[border, side]], length[border], parts + 1)
    return np.asarray(4 * np.pi * area[:-1] / np.maximum(outline[:-1], 1e-9) ** 2)


def print_grids(count: int) -> None:
    """The table for `count` households."""
    here = valley(count)
    towns = int(here.township.max()) + 1
    by_town = np.bincount(here.township, here.workload, towns)
    parts = shares(by_town, max(towns, here.grids))
    whole = ground(here.points, here.workload)
    pairs, cut = inside_lines(gabriel(here.points), here.points, here.township)
    inside = whole.joined(pairs)
    divide(here.points[:50], np.ones(50), np.zeros(50, np.int64), np.array([3]))  # compiles
    print(f"\n{count} households, {towns} townships, {parts.sum()} grids; {cut} pieces by lines")
    print(f"{'grids':<22} {'worst':>7} {'strays':>7} {'mean km':>9} {'PP':>7} {'CPU s':>7}")
    peers: list[Solver] = [metis]
    if count <= SLOW:
        peers += [k_means_constrained, power_diagram, spopt]
    begun = time.process_time()
    plan = divide(here.points, here.workload, here.township, parts)
    taken = time.process_time() - begun
    _row("ours", taken, yardstick(here, whole, plan.labels, parts))
    begun = time.process_time()
    groups = shares(np.bincount(plan.labels).astype(float), round(parts.sum() * GROUPS_A_GRID))
    small = divide(
        here.points, np.ones(count), plan.labels, groups, steps=400, weights=Weights(band=0.08)
    )
    size = np.bincount(small.labels)
    taken = time.process_time() - begun
    print(f"{len(size)} neighbour groups of {size.min()}-{size.max()} households{taken:>26.1f}")
    for solver in peers:
        begun = time.process_time()
        labels = by_township(solver, here, inside, parts)
        taken = time.process_time() - begun
        _row(solver.__name__, taken, yardstick(here, whole, labels, parts))


def print_ways(count: int) -> None:
    """What people go along neighbours in the plan of `count` households, and over invented hills.

    Kilometres to the point in the middle of the grid, by workload; with hills those that climbing
    counts for are among them, for the plan that knows no heights and for the one that does.
    """
    here = valley(count)
    towns = int(here.township.max()) + 1
    by_town = np.bincount(here.township, here.workload, towns)
    parts = shares(by_town, max(towns, here.grids))
    grids = int(parts.sum())
    pairs, heights = neighbours(here.points), hills(here.points)
    arguments = here.points, here.workload, here.township, parts
    print(f"\nways, {count} households, {grids} grids")
    for name, bounds in {"flat": Bounds(), "with heights": Bounds(heights=heights)}.items():
        begun = time.process_time()
        labels = divide(*arguments, bounds=bounds).labels
        made = time.process_time() - begun
        begun = time.process_time()
        plain = ways(here.points, here.workload, labels, grids, pairs)
        found = time.process_time() - begun
        over = ways(here.points, here.workload, labels, grids, pairs, heights=heights)
        away = np.hypot(*(here.points - here.points[plain.middle[labels]]).T)
        means = [np.average(km, weights=here.workload) for km in (away, plain.km, over.km)]
        print(
            f"planned {name:<14} straight {means[0]:.3f}, ways {means[1]:.3f}, over hills "
            f"{means[2]:.3f} km; planned in {made:.1f}, ways in {found:.2f} CPU s"
        )


def print_change(count: int) -> None:
    """What a new design changes a year on, without townships; by ours and by METIS from scratch."""
    here = valley(count)
    parts, line = np.array([here.grids]), np.zeros(count, np.int64)
    old = divide(here.points, here.workload, line, parts).labels
    year = a_year_on(here)
    kept = len(year.stayed)
    before = np.concatenate([old[year.stayed], np.full(count - kept, -1)])
    nearest = cKDTree(year.points[:kept]).query(year.points)[1]
    load = np.bincount(before[nearest], year.workload, here.grids)
    mean = year.workload.sum() / here.grids
    floor = np.maximum(0, load - 1.03 * mean).sum() / year.workload.sum()
    base = ground(year.points, year.workload)
    print(f"\na year on, {count} households, {here.grids} grids; floor of change {floor:.4f}")
    for name, solve in {
        "ours": lambda: (
            divide(
                year.points, year.workload, line, parts, before=before, weights=Weights(change=100)
            ).labels
        ),
        "metis": lambda: metis(base, here.grids),
    }.items():
        begun = time.process_time()
        labels = solve()
        taken = time.process_time() - begun
        overlap = np.zeros((here.grids, here.grids))
        np.add.at(overlap, (before[:kept], labels[:kept]), year.workload[:kept])
        moved = 1 - overlap[linear_sum_assignment(-overlap)].sum() / year.workload[:kept].sum()
        worst = np.bincount(labels, year.workload).max() / mean
        _row(name, taken, f"change {moved:.4f}, {moved / floor:.2f} floors, worst {worst:.3f}")


def print_large(count: int) -> None:
    """One line of `count` households: what it takes where nothing can be worked on side by side."""
    here = valley(count)
    begun, clock = time.process_time(), time.monotonic()
    plan = divide(
        here.points, here.workload, np.zeros(count, np.int64), np.array([count * 4700 // 700_000]),
        steps=300,
    )  # fmt: skip
    taken = time.process_time() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    took = time.monotonic() - clock
    _row("one line", taken, f"worst {plan.worst[0]:.3f}, {peak:.0f} MB at most, {took:.0f} s")


def _row(name: str, taken: float, text: Any) -> None:
    print(f"{name:<22} {text} {taken:>7.1f}", flush=True)


if __name__ == "__main__":
    size = int(sys.argv[1]) if len(sys.argv) > 1 else FULL // 10
    if size > FULL:
        print_large(size)
    else:
        print_grids(size)
        print_ways(size)
        print_change(min(size, 100_000))
