"""A plan keeps what it promises: connected parts, lines, locks; and it does not get worse."""

from dataclasses import replace
from itertools import combinations, product

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from linli.engines.partition import (
    Bounds,
    Contradiction,
    Rules,
    Weights,
    annealing,
    design,
    divide,
    mending,
)
from linli.engines.partition.beginning import carried, halved, in_one_piece
from linli.engines.partition.binding import contracted, not_across, together
from linli.engines.partition.ground import arranged, gabriel, ground, inside_lines
from linli.engines.partition.mending import prices
from linli.engines.partition.shares import enough, shares, spread

FEW = settings(max_examples=25, deadline=None)


@st.composite
def territories(draw, most=60):
    """Points in two or three lines with their workload, and how many parts each line has."""
    count = draw(st.integers(8, most))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    points = rng.random((count, 2)) * [6, 3]
    lines = draw(st.integers(1, 3))
    line = np.minimum((points[:, 0] / 6 * lines).astype(np.int64), lines - 1)
    line[:lines] = np.arange(lines)
    workload = rng.integers(1, 9, count).astype(float)
    inside = np.bincount(line, minlength=lines)
    parts = np.array([draw(st.integers(1, min(5, int(n)))) for n in inside])
    return points, workload, line, parts


def the_ground(points, workload, line):
    return ground(points, workload, inside_lines(gabriel(points), points, line)[0])


def pieces(base, labels):
    """How many connected pieces the parts are in, all together."""
    here = np.repeat(np.arange(len(base)), np.diff(base.start))
    same = labels[here] == labels[base.beside]
    ends = (here[same], base.beside[same])
    graph = coo_matrix((np.ones(same.sum()), ends), shape=(len(base), len(base)))
    return connected_components(graph, directed=False)[0]


@pytest.mark.slow
@FEW
@given(territories(), st.integers(0, 99))
def test_every_part_is_connected_used_and_inside_its_line(territory, seed):
    points, workload, line, parts = territory
    base = the_ground(points, workload, line)
    labels = design(base, line, parts, seed=seed, steps=30)
    first = np.concatenate([[0], np.cumsum(parts)])
    assert ((labels >= first[line]) & (labels < first[line + 1])).all()
    assert len(np.unique(labels)) == parts.sum() == pieces(base, labels)


@pytest.mark.slow
@FEW
@given(territories(), st.integers(0, 99))
def test_the_answer_does_not_depend_on_cores_and_hardly_on_luck(territory, seed):
    points, workload, line, parts = territory
    base = the_ground(points, workload, line)
    one = design(base, line, parts, seed=seed, steps=40, cores=1)
    two = design(base, line, parts, seed=seed, steps=40, cores=2)
    assert (one == two).all()


def cost(base, labels, line, parts, weights):
    """What a division costs, from its definition, point by point; and its worst load."""
    total, worst = 0.0, 0.0
    of_part = np.repeat(np.arange(len(parts)), parts)
    for part in range(int(parts.sum())):
        own = labels == part
        mean = base.workload[line == of_part[part]].sum() / parts[of_part[part]]
        load = base.workload[own].sum()
        there = base.embedded[own]
        middle = np.average(there, axis=0, weights=base.workload[own])
        inertia = (base.workload[own] * ((there - middle) ** 2).sum(axis=1)).sum()
        outline = sum(
            base.border[e]
            for i in np.flatnonzero(own)
            for e in range(base.edge[i], base.edge[i + 1])
            if not own[base.across[e]]
        )
        off = load / mean - 1
        worst = max(worst, abs(off))
        total += weights.distance * inertia
        total += weights.even * (max(0.0, abs(off) - weights.band * 2 / 3) + off**2)
        total += weights.shape * outline**2 / (4 * np.pi * base.area[own].sum())
    return total, worst


def kernel_state(base, line, parts, labels):
    sums = np.zeros((int(parts.sum()), annealing.COLUMNS))
    of_part = np.repeat(np.arange(len(parts)), parts)
    load = np.bincount(line, base.workload, len(parts))
    sums[:, annealing.TARGET] = (load / parts)[of_part]
    sums[:, annealing.SCALE] = 1.0
    cells = base.edge, base.across, base.border, base.area
    annealing.add_up(0, len(base), cells, base.embedded, base.workload, labels, sums)
    return sums, cells


@FEW
@given(territories(), st.integers(1, 2**40), st.booleans())
def test_sums_kept_move_by_move_are_the_sums_worked_out_anew(territory, seed, high):
    points, workload, line, parts = territory
    line, parts = np.zeros_like(line), np.array([min(4, len(points))])
    base = the_ground(points, workload, line)
    if high:
        base = replace(base, heights=np.random.default_rng(seed).random(len(base)) * 3)
    labels = in_one_piece(base, halved(base, line, parts), int(parts[0]))
    sums, cells = kernel_state(base, line, parts, labels)
    weights = Weights(shape=0.5, band=0.03)
    before = cost(base, labels, line, parts, weights)
    prices = weights.prices()
    none = np.full(len(base), -1)

    def standing():
        return annealing.standing(
            0, len(base), 0, int(parts[0]), base.workload, labels, none, sums, prices
        )

    start = standing()
    made = annealing.walk(
        300, 5.0, 1.0, 1.0, np.arange(len(base)), (base.start, base.beside), cells, base.embedded,
        base.workload, labels, none, np.zeros(len(base), np.bool_),
        (np.zeros(len(base) + 1, np.int64), np.zeros(0, np.int64)), sums, prices,
        tuple(np.zeros((4, len(base) + 1), np.int64)), np.array([seed | 1, 0], np.uint64),
    )  # fmt: skip
    assert made > 0 or parts[0] == 1
    anew = sums.copy()
    annealing.add_up(0, len(base), cells, base.embedded, base.workload, labels, anew)
    assert np.allclose(sums, anew, atol=1e-7)
    after = cost(base, labels, line, parts, weights)
    end = standing()
    assert end[0] == pytest.approx(after[1])
    assert end[1] - start[1] == pytest.approx(after[0] - before[0], rel=1e-6, abs=1e-6)


@pytest.mark.slow
@FEW
@given(st.integers(0, 999), st.booleans())
def test_a_part_with_a_fixed_centre_costs_its_points_squared_ways_to_it(seed, high):
    rng = np.random.default_rng(seed)
    points, workload = rng.random((20, 2)), rng.random(20) + 0.5
    base = ground(points, workload, None, rng.random(20) if high else None)
    line, parts = np.zeros(20, np.int64), np.array([2])
    centre = rng.random(3) * (1.0, 1.0, high)
    weights = Weights(even=0.0, shape=0.0).prices()
    found, expected = [], []
    for labels in rng.integers(0, 2, (2, 20)):
        labels[:2] = 0, 1
        sums, _cells = kernel_state(base, line, parts, labels)
        sums[0, annealing.FIXED :] = 1.0, *centre
        none = np.full(20, -1)
        found.append(annealing.standing(0, 20, 0, 2, workload, labels, none, sums, weights)[1])
        there, own = base.embedded, labels == 0
        middle = np.average(there[~own], axis=0, weights=workload[~own])
        to = np.where(own[:, None], centre[: there.shape[1]], middle)
        expected.append((workload * ((there - to) ** 2).sum(axis=1)).sum())
    assert found[0] - found[1] == pytest.approx(expected[0] - expected[1])


@FEW
@given(territories())
def test_a_plan_is_never_worse_than_its_start(territory):
    points, workload, line, parts = territory
    base = the_ground(points, workload, line)
    begin = in_one_piece(base, halved(base, line, parts), int(parts.sum()))
    labels = design(base, line, parts, steps=20, begin=begin)
    for n in range(len(parts)):
        own, first = line == n, parts[:n].sum()
        inside = np.arange(len(base))[own]
        mean = workload[own].sum() / parts[n]
        off = [
            max(abs(np.bincount(plan[inside] - first, workload[inside], parts[n]) / mean - 1))
            for plan in (labels, begin)
        ]
        assert max(off[0], 0.03) <= max(off[1], 0.03) + 1e-12


@pytest.mark.slow
@FEW
@given(territories(), st.integers(0, 99))
def test_locked_parts_keep_their_points_and_nobody_joins(territory, seed):
    points, workload, line, parts = territory
    plan = divide(points, workload, line, parts, seed=seed, steps=20)
    chosen = plan.labels[0]
    locked = np.where(plan.labels == chosen, chosen, -1)
    again = divide(
        points, workload, line, parts, seed=seed + 1, steps=20, bounds=Bounds(locked=locked)
    )
    assert ((again.labels == chosen) == (locked >= 0)).all()
    assert len(np.unique(again.labels)) == parts.sum()
    mean = workload[line == line[0]].sum() / parts[line[0]]
    assert again.locked_worst[line[0]] == pytest.approx(workload[locked >= 0].sum() / mean)


@FEW
@given(territories(), st.integers(0, 99))
def test_some_stay_together_and_some_apart(territory, seed):
    points, workload, _line, _parts = territory
    line, parts = np.zeros(len(points), np.int64), np.array([3])
    near = np.argsort(((points - points[0]) ** 2).sum(axis=1))
    group, pair = near[:3], near[[0, 4]]
    bounds = Bounds(together=[group], apart=pair[None, :])
    plan = divide(points, workload, line, parts, seed=seed, steps=30, bounds=bounds)
    assert len(np.unique(plan.labels[group])) == 1
    assert plan.labels[pair[0]] != plan.labels[pair[1]]


def test_what_is_to_be_together_and_apart_is_refused_by_name():
    points = np.random.default_rng(1).random((20, 2))
    bounds = Bounds(together=[np.array([3, 5])], apart=np.array([[5, 3]]))
    with pytest.raises(Contradiction, match="together and apart") as found:
        divide(points, np.ones(20), np.zeros(20, np.int64), np.array([2]), bounds=bounds)
    assert sorted(found.value.points) == [3, 5]


def test_three_neighbours_cannot_be_apart_in_two_parts():
    points = np.random.default_rng(1).random((20, 2))
    bounds = Bounds(apart=np.array([[0, 1], [1, 2], [0, 2]]))
    with pytest.raises(Contradiction, match="cannot be kept apart") as found:
        divide(points, np.ones(20), np.zeros(20, np.int64), np.array([2]), bounds=bounds)
    assert len(found.value.points) == 2
    assert set(found.value.points) <= {0, 1, 2}


@FEW
@given(territories(), st.integers(0, 99))
def test_who_cannot_be_kept_apart_is_named_by_place_in_the_list(territory, seed):
    points, workload, line, parts = territory
    n = seed % len(parts)
    own = np.flatnonzero(line == n)
    crowd = np.random.default_rng(seed).permutation(own)[: parts[n] + 1]
    if len(crowd) <= parts[n]:
        return  # as many parts as points
    bounds = Bounds(apart=np.array(list(combinations(crowd.tolist(), 2))))
    with pytest.raises(Contradiction) as found:
        divide(points, workload, line, parts, steps=1, bounds=bounds)
    assert set(found.value.points) <= set(crowd.tolist())


def test_what_leaves_too_few_for_the_parts_is_named():
    points, line = np.random.default_rng(1).random((6, 2)), np.array([0, 0, 0, 1, 1, 1])
    bounds = Bounds(together=[np.array([3, 4])])
    with pytest.raises(Contradiction, match="too few") as found:
        divide(points, np.ones(6), line, np.array([1, 3]), bounds=bounds)
    assert found.value.points == (3, 4, 5)


def test_a_part_is_measured_from_its_fixed_centre():
    rng = np.random.default_rng(4)
    points = rng.random((300, 2)) * 10
    line, parts = np.zeros(300, np.int64), np.array([6])
    centre = np.array([[0.5, 0.5]])
    free = divide(points, np.ones(300), line, parts, steps=100)
    fixed = divide(points, np.ones(300), line, parts, steps=100, bounds=Bounds(centres=centre))

    def mean_way(plan):
        nearest = int(((points - centre) ** 2).sum(axis=1).argmin())
        own = plan.labels == plan.labels[nearest]
        return np.hypot(*(points[own] - centre[0]).T).mean()

    assert mean_way(fixed) <= mean_way(free) + 1e-9
    assert fixed.worst.max() <= 1.03 + 1e-9


def test_nobody_crosses_the_river_except_by_the_bridge():
    rng = np.random.default_rng(9)
    points = rng.random((400, 2)) * 4
    river = shapely.LineString([(2, -1), (2, 5)])
    pairs = gabriel(points)
    none = np.zeros((0, 3))
    west = points[:, 0] < 2
    dry = not_across(pairs, points, [river], none)
    assert len(dry) < len(pairs)
    assert (west[dry[:, 0]] == west[dry[:, 1]]).all()
    bridged = not_across(pairs, points, [river], np.array([[2.0, 2.0, 0.3]]))
    over = bridged[west[bridged[:, 0]] != west[bridged[:, 1]]]
    assert 0 < len(over) < len(pairs) - len(dry)
    ways = shapely.linestrings(points[over])
    assert (shapely.distance(ways, shapely.Point(2, 2)) <= 0.3).all()
    assert (not_across(pairs, points, [], none) == pairs).all()


def test_a_river_divides_parts():
    rng = np.random.default_rng(9)
    points = rng.random((200, 2)) * 4
    points[:100, 0] = points[:100, 0] / 4 * 1.9
    points[100:, 0] = 2.1 + points[100:, 0] / 4 * 1.9
    river = shapely.LineString([(2, -1), (2, 5)])
    plan = divide(
        points, np.ones(200), np.zeros(200, np.int64), np.array([4]), steps=100,
        bounds=Bounds(barriers=[river]),
    )  # fmt: skip
    assert plan.links == 1  # both banks are one line: they must hang together somewhere
    assert len(np.unique(plan.labels[:100])) + len(np.unique(plan.labels[100:])) <= 5


def test_roads_take_the_place_of_nearness():
    points = np.array([[x, y] for x, y in product(range(6), range(2))], float)
    points += np.random.default_rng(1).normal(0, 0.01, points.shape)
    along = np.array([[i, i + 2] for i in range(10)] + [[10, 11]])  # two roads, joined at the end
    plan = divide(
        points, np.ones(12), np.zeros(12, np.int64), np.array([2]), steps=200,
        bounds=Bounds(roads=along),
    )  # fmt: skip
    base = ground(points, np.ones(12), along)
    assert pieces(base, plan.labels) == 2
    assert plan.worst[0] == 1.0


def test_points_at_one_place_share_a_part():
    rng = np.random.default_rng(3)
    points = np.repeat(rng.random((15, 2)), 3, axis=0)
    plan = divide(points, np.ones(45), np.zeros(45, np.int64), np.array([4]), steps=50)
    assert (plan.labels.reshape(15, 3) == plan.labels[::3, None]).all()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"workload": np.array([1.0, 0, 1, 1])}, "point 1 has no workload"),
        ({"workload": np.array([1.0, 1, 1, -2])}, "point 3 has no workload"),
        ({"parts": np.array([5])}, "line 0 has 4 points"),
        ({"points": np.array([[0, 0], [1, np.nan], [1, 1], [2, 1]])}, "point 1 lies nowhere"),
        ({"bounds": Bounds(locked=np.array([7, -1, -1, -1]))}, "locked into another"),
        ({"bounds": Bounds(locked=np.array([0, 1, -1, -1]))}, "all parts of a line are locked"),
    ],
)
def test_bad_input_is_named(change, message):
    good = {
        "points": np.array([[0.0, 0], [1, 0], [1, 1], [2, 1]]),
        "workload": np.ones(4),
        "line": np.zeros(4, np.int64),
        "parts": np.array([2]),
    }
    bounds = {"bounds": change["bounds"]} if "bounds" in change else {}
    arguments = {**good, **{key: change[key] for key in change if key != "bounds"}}
    with pytest.raises(ValueError, match=message):
        divide(*arguments.values(), **bounds)


def test_points_on_one_line_are_divided_too():
    points = np.column_stack([np.arange(9.0), np.zeros(9)])
    plan = divide(points, np.ones(9), np.zeros(9, np.int64), np.array([3]), steps=50)
    assert np.bincount(plan.labels).tolist() == [3, 3, 3]
    assert (np.diff(plan.labels) != 0).sum() == 2


def test_a_run_tells_how_far_it_is_and_stops_when_told():
    rng = np.random.default_rng(5)
    points, line = rng.random((200, 2)), np.repeat([0, 1], 100)
    base, parts = the_ground(points, np.ones(200), line), np.array([4, 4])
    told = []

    def progress(done, total, labels):
        told.append((done, total))
        assert pieces(base, labels) == 8
        return False

    labels = design(base, line, parts, steps=100, progress=progress, cores=1)
    assert told == [(10_000, 20_000)]
    assert pieces(base, labels) == 8


def test_change_has_its_price():
    rng = np.random.default_rng(6)
    points, line, parts = rng.random((400, 2)), np.zeros(400, np.int64), np.array([8])
    plan = divide(points, np.ones(400), line, parts, steps=100)
    workload = np.where(plan.labels == 3, 1.3, 1.0)
    mean = workload.sum() / 8
    free = divide(points, workload, line, parts, steps=100, seed=2)
    kept = divide(
        points, workload, line, parts, steps=100, before=plan.labels, weights=Weights(change=1.0)
    )
    floor = max(0, workload[plan.labels == 3].sum() - 1.03 * mean)
    moved = workload[kept.labels != plan.labels].sum()
    assert kept.worst[0] <= 1.03 + 1e-9
    assert floor <= moved < workload[free.labels != plan.labels].sum() / 3


@pytest.mark.slow
@FEW
@given(territories(), st.integers(0, 99))
def test_a_dear_change_keeps_what_is_in_its_band_and_mends_the_rest(territory, seed):
    points, workload, line, parts = territory
    base = the_ground(points, workload, line)
    plan = design(base, line, parts, seed=seed, steps=30)
    rng = np.random.default_rng(seed)
    base = the_ground(points, workload * rng.integers(1, 3, len(points)), line)
    mean = np.repeat(np.bincount(line, base.workload, len(parts)) / parts, parts)
    dear = Weights(change=30)
    told = design(base, line, parts, steps=30, before=plan, weights=dear, cores=1)
    assert (told == design(base, line, parts, steps=30, before=plan, weights=dear, cores=2)).all()
    assert len(np.unique(told)) == parts.sum() == pieces(base, told)
    before, after = (np.bincount(labels, base.workload) / mean for labels in (plan, told))
    for n in range(len(parts)):
        own = slice(parts[:n].sum(), parts[: n + 1].sum())
        assert max(after[own].max(), 1.03) <= max(before[own].max(), 1.03) + 1e-12
        if before[own].max() <= 1.03:
            assert (told[line == n] == plan[line == n]).all()


def test_the_new_join_their_neighbours_and_an_empty_part_gets_somebody():
    points = np.column_stack([np.arange(8.0), np.zeros(8)])
    base, line = ground(points, np.ones(8)), np.zeros(8, np.int64)
    before = np.array([0, 0, -1, 0, 1, 1, -1, 1])
    assert carried(base, line, np.array([2]), before).tolist() == [0, 0, 0, 0, 1, 1, 1, 1]
    three = carried(base, line, np.array([3]), before)
    assert sorted(np.unique(three).tolist()) == [0, 1, 2]
    assert pieces(base, three) == 3


@FEW
@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.integers(0, 5))
def test_no_division_of_parts_has_a_lighter_heaviest(workload, more):
    load = np.array(workload, float)
    parts = len(load) + more
    found = (load / shares(load, parts)).max()
    every = product(range(1, parts + 1), repeat=len(load))
    best = min((load / np.array(way)).max() for way in every if sum(way) == parts)
    assert found == pytest.approx(best)


def test_bounds_of_places_are_kept_or_refused():
    load = np.array([90.0, 10, 50])
    assert shares(load, 6, most=np.array([2, 9, 9])).tolist() == [2, 1, 3]
    assert shares(load, 6, least=np.array([1, 3, 1])).tolist() == [2, 3, 1]
    for least, most in (([1, 1, 1], [1, 1, 1]), ([3, 3, 3], [9, 9, 9]), ([2, 1, 1], [1, 9, 9])):
        with pytest.raises(ValueError, match="parts"):
            shares(load, 6, np.array(least), np.array(most))
    unequal = spread(load, np.array([2, 1, 3]))
    assert (unequal.heaviest, unequal.lightest) == pytest.approx((45 / 25, 10 / 25))


def test_as_many_parts_as_a_band_of_workload_needs():
    parts, missed = enough(np.array([100.0, 31, 7]), 10, 20)
    assert parts.tolist() == [5, 2, 1]
    assert missed.tolist() == [2]
    with pytest.raises(ValueError, match="band"):
        enough(np.ones(2), 5, 4)


def test_units_have_the_borders_and_areas_of_their_points():
    points = np.random.default_rng(8).random((80, 2)) * 3
    base = ground(points, np.arange(1.0, 81))
    unit = together(80, [np.array([0, 1, 2]), np.array([2, 9]), np.array([5, 7])])
    assert unit[[0, 1, 2, 9]].tolist() == [0, 0, 0, 0]
    assert unit[5] == unit[7] != 0
    units = contracted(base, unit)
    assert len(units) == unit.max() + 1 == 76
    assert units.workload.sum() == base.workload.sum()
    assert units.area.sum() == pytest.approx(base.area.sum())
    here = np.repeat(np.arange(80), np.diff(base.edge))
    inner = base.border[unit[here] == unit[base.across]].sum()
    assert units.border.sum() == pytest.approx(base.border.sum() - inner)


def test_cells_fill_the_box_and_their_borders_are_those_of_the_voronoi_diagram():
    points = np.random.default_rng(2).random((200, 2)) * [8, 3]
    base = ground(points, np.ones(200))
    low, high = points.min(axis=0), points.max(axis=0)
    cells = shapely.get_parts(
        shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=shapely.box(-9, -9, 18, 18))
    )
    cells = cells[shapely.STRtree(cells).query(shapely.points(points), predicate="within")[1]]
    inner = shapely.contains(shapely.box(*(low + 0.3), *(high - 0.3)), cells)
    assert inner.sum() > 60
    assert base.area[inner] == pytest.approx(shapely.area(cells[inner]))
    around = np.add.reduceat(base.border, base.edge[:-1])
    assert around[inner] == pytest.approx(shapely.length(cells[inner]))


def test_points_put_in_another_order_are_the_same_ground():
    points = np.random.default_rng(2).random((50, 2))
    base = ground(points, np.arange(1.0, 51))
    order = np.random.default_rng(3).permutation(50)
    other = arranged(base, order)
    again = arranged(other, np.argsort(order))
    for name in ("points", "workload", "start", "area", "edge"):
        assert (getattr(again, name) == getattr(base, name)).all()
    for i in range(50):
        old = base.beside[base.start[order[i]] : base.start[order[i] + 1]]
        new = order[other.beside[other.start[i] : other.start[i + 1]]]
        assert sorted(old) == sorted(new)


def test_held_points_stay():
    points = np.random.default_rng(2).random((60, 2))
    base, line, parts = ground(points, np.ones(60)), np.zeros(60, np.int64), np.array([4])
    begin = in_one_piece(base, halved(base, line, parts), 4)
    held = np.arange(60) % 3 == 0
    labels = design(base, line, parts, steps=50, begin=begin, rules=Rules(held=held))
    assert (labels[held] == begin[held]).all()
    assert (labels != begin).any()


@pytest.mark.slow
@FEW
@given(territories(), st.integers(0, 99))
def test_mending_keeps_what_is_bound_and_knows_its_borders(territory, seed):
    points, workload, line, parts = territory
    base = the_ground(points, workload, line)
    plan = in_one_piece(base, halved(base, line, parts), int(parts.sum()))
    rng = np.random.default_rng(seed)
    base = the_ground(points, workload * rng.integers(1, 3, len(points)), line)
    held = rng.random(len(points)) < 0.2
    before = np.where(rng.random(len(points)) < 0.1, -1, plan)
    pair = rng.choice(len(points), (1, 2), replace=False)
    apart = pair[plan[pair[:, 0]] != plan[pair[:, 1]]]
    run = mending.Mending.run

    def checked(one, done):
        run(one, done)
        border, place = np.zeros_like(one.who), np.zeros_like(one.place)
        count = mending.rim(one.who, one.line.graph, one.line.labels, border, place)
        assert set(one.border[: one.count]) == set(border[:count])
        assert (one.place[one.border[: one.count]] == np.arange(count)).all()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mending.Mending, "run", checked)
        told = design(
            base, line, parts, steps=30, begin=plan, before=before, cores=1,
            weights=Weights(change=30), rules=Rules(held, apart),
        )  # fmt: skip
    assert (told[held] == plan[held]).all()
    assert (told[apart[:, 0]] != told[apart[:, 1]]).all()
    assert pieces(base, told) == parts.sum()


@FEW
@given(st.integers(3, 7), st.integers(0, 99))
def test_a_price_is_what_a_higher_top_would_save(parts, seed):
    rng = np.random.default_rng(seed)
    over = rng.normal(-1, 3, parts)
    over[0] -= max(0.0, over.sum()) + 1  # room for all
    row = np.arange(parts - 1)
    ways = np.vstack([np.column_stack([row, row + 1]), np.column_stack([row + 1, row])])
    found = prices(ways, over)
    assert (found[over < -np.maximum(0, over).sum()] == 0).all()  # room to spare
    assert (np.abs(found[ways[:, 0]] - found[ways[:, 1]]) <= 1 + 1e-9).all()  # one hand, one price
    for part in np.flatnonzero(over > 0):
        assert found[part] >= 1 - 1e-9


def test_parts_that_are_too_heavy_in_sum_have_no_price():
    ways = np.array([[0, 1], [1, 0]])
    assert prices(ways, np.array([2.0, -1.0])) is None
    assert prices(ways[:0], np.array([2.0, -3.0])) is None
