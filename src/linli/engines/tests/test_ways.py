"""What people really go: never less than straight, round rivers, over bridges, up and down."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.partition import NAISMITH, Bounds, climbed, divide, neighbours, ways
from linli.engines.partition.binding import contracted, together
from linli.engines.partition.ground import arranged, gabriel, ground

FEW = settings(max_examples=25, deadline=None)
NONE = np.zeros((0, 2), np.int64)
RIVER = [shapely.LineString([(3, -1), (3, 4)])]
WIDE = np.array([6.0, 3.0])


@st.composite
def labelled(draw, most=40):
    """Points, some of them at one place, their workload, labels of some parts, and heights."""
    count = draw(st.integers(2, most))
    rng = np.random.default_rng(draw(st.integers(0, 10_000)))
    points = rng.random((count, 2)) * WIDE
    points[rng.integers(count)] = points[0]
    parts = draw(st.integers(1, 5))
    heights = rng.random(count) * 2000 + 3000
    return (
        points,
        rng.integers(1, 9, count).astype(float),
        rng.integers(0, parts, count),
        parts,
        heights,
    )


def straight(points, labels, found):
    return np.hypot(*(points - points[found.middle[labels]]).T)


def every_way(points, pairs, up):
    """Kilometres from each point to each, tried over every point between (Floyd 1962)."""
    km = np.full((len(points), len(points)), np.inf)
    np.fill_diagonal(km, 0.0)
    for one, two in pairs:
        way = np.hypot(*(points[one] - points[two])) + abs(up[one] - up[two])
        km[one, two] = km[two, one] = min(km[one, two], way)
    for over in range(len(points)):
        km = np.minimum(km, km[:, over, None] + km[over])
    return km


@FEW
@given(labelled(), st.booleans())
def test_the_shortest_way_is_found_also_through_other_parts(place, cut):
    points, workload, labels, parts, heights = place
    pairs = neighbours(points, Bounds(barriers=RIVER if cut else ()))
    found = ways(points, workload, labels, parts, pairs, heights=heights)
    up = heights * NAISMITH / 2
    expected = every_way(points, pairs, up)[np.arange(len(points)), found.middle[labels]]
    assert found.km == pytest.approx(expected, abs=1e-6)
    for part in np.unique(labels):
        own = labels == part
        assert found.mean[part] == pytest.approx(np.average(expected[own], weights=workload[own]))


@FEW
@given(labelled())
def test_no_way_is_shorter_than_straight_and_climbing_adds_to_it(place):
    points, workload, labels, parts, heights = place
    pairs = neighbours(points)
    flat = ways(points, workload, labels, parts, pairs)
    assert np.isfinite(flat.km).all()
    assert (flat.km >= straight(points, labels, flat) - 1e-9).all()
    high = ways(points, workload, labels, parts, pairs, heights=heights)
    up = climbed(heights)
    assert (high.middle == flat.middle).all()
    assert (high.km >= flat.km - 1e-6).all()
    assert (high.km >= np.abs(up - up[high.middle[labels]]) - 1e-6).all()
    same = ways(points, workload, labels, parts, pairs, heights=np.full(len(points), 4100.0))
    assert (same.km == flat.km).all()


@FEW
@given(labelled(), st.floats(0, 3))
def test_a_river_lengthens_ways_and_a_bridge_shortens_them(place, y):
    points, workload, labels, parts, _heights = place
    bridge = np.array([[3.0, y, 1.0]])

    def gone(**bounds):
        return ways(points, workload, labels, parts, neighbours(points, Bounds(**bounds)))

    dry, cut, bridged = gone(), gone(barriers=RIVER), gone(barriers=RIVER, passes=bridge)
    assert (dry.km <= bridged.km + 1e-9).all()
    assert (bridged.km <= cut.km).all()
    east = points[:, 0] > 3
    over = east != east[cut.middle[labels]]
    assert np.isinf(cut.km[over]).all()
    assert np.isinf(cut.mean[labels[over]]).all()


@FEW
@given(labelled(), st.integers(0, 3))
def test_few_parts_are_as_among_all(place, part):
    points, workload, labels, parts, heights = place
    pairs = neighbours(points)
    whole = ways(points, workload, labels, parts, pairs, heights=heights)
    only = np.array([part % parts])
    few = ways(points, workload, labels, parts, pairs, heights=heights, only=only)
    own = labels == only[0]
    assert few.km[own] == pytest.approx(whole.km[own])
    assert few.mean[only] == pytest.approx(whole.mean[only], nan_ok=True)
    assert np.isnan(few.km[~own]).all()
    assert np.isnan(np.delete(few.mean, only)).all()


def test_heights_may_be_whole_numbers():
    assert climbed(np.array([4000, 4600])) == pytest.approx([0, 2.5])


def test_the_way_leads_over_the_bridge():
    points = np.array([[0.0, 0], [1, 0], [0, 1], [1, 1], [0, 2], [1, 2]])
    river = [shapely.LineString([(0.5, -1), (0.5, 3)])]
    bounds = Bounds(barriers=river, passes=np.array([[0.5, 2, 0.1]]))
    centre = np.array([[0.0, 0.0], [np.nan, np.nan]])
    labels = np.array([0, 0, 0, 0, 0, 0])
    found = ways(points, np.ones(6), labels, 2, neighbours(points, bounds), centres=centre)
    assert found.middle.tolist() == [0, -1]
    assert found.km == pytest.approx([0, 5, 1, 4, 2, 3])
    assert found.mean[0] == pytest.approx(15 / 6)
    assert np.isnan(found.mean[1])


def test_who_goes_there_and_back_climbs_once():
    points, pairs = np.array([[0.0, 0], [3, 0]]), np.array([[0, 1]])
    climb = np.array([4000.0, 4600])
    found = ways(points, np.ones(2), np.zeros(2, np.int64), 1, pairs, heights=climb)
    assert found.km.max() == pytest.approx(3 + 5 / 2)
    half = ways(
        points, np.ones(2), np.zeros(2, np.int64), 1, pairs, heights=climb, climb=NAISMITH / 2
    )
    assert half.km.max() == pytest.approx(3 + 5 / 4)


def test_the_middle_is_the_point_nearest_to_the_mean_of_the_workload():
    points = np.array([[0.0, 0], [1, 0], [2, 0], [9, 9]])
    pairs = np.array([[0, 1], [1, 2]])
    labels = np.array([0, 0, 0, 1])
    assert ways(points, np.ones(4), labels, 2, pairs).middle.tolist() == [1, 3]
    assert ways(points, np.array([9.0, 1, 1, 1]), labels, 2, pairs).middle.tolist() == [0, 3]


def test_a_long_way_round_is_found_too():
    """The river is so long that the way is many times the straight one."""
    x = np.arange(40.0)
    points = np.vstack([np.column_stack([x, 0 * x]), np.column_stack([x, 0 * x + 0.1])])
    pairs = np.vstack(
        [
            np.column_stack([range(39), range(1, 40)]),
            np.column_stack([range(40, 79), range(41, 80)]),
        ]
    )
    pairs = np.vstack([pairs, [[39, 79]]])
    labels = np.full(80, 1)
    labels[[0, 40]] = 0
    found = ways(points, np.ones(80), labels, 2, pairs)
    assert found.km[[0, 40]].max() == pytest.approx(78.1)


def test_a_map_without_ways_leads_nowhere_else():
    points = np.random.default_rng(1).random((5, 2))
    found = ways(points, np.ones(5), np.arange(5), 5, NONE)
    assert (found.km == 0).all()
    assert np.isinf(ways(points, np.ones(5), np.zeros(5, np.int64), 1, NONE).km).sum() == 4


@pytest.mark.slow
@FEW
@given(labelled(), st.integers(0, 99), st.floats(0, 5000))
def test_flat_heights_change_nothing(place, seed, height):
    points, workload, _labels, _parts, _heights = place
    line, parts = np.zeros(len(points), np.int64), np.array([min(4, len(points) - 1)])
    centre = Bounds(centres=points[-1:])
    flat = Bounds(centres=points[-1:], heights=np.full(len(points), height))
    plain = divide(points, workload, line, parts, seed=seed, steps=30, bounds=centre)
    again = divide(points, workload, line, parts, seed=seed, steps=30, bounds=flat)
    assert (plain.labels == again.labels).all()


def two_halves(seed):
    """Twice as long as wide: on the flat two parts are cut across. Which points are in the east."""
    rng = np.random.default_rng(seed)
    points = rng.random((300, 2)) * [1.4, 6]
    points[150:, 0] += 1.6
    return points, np.arange(300) >= 150, rng


def mixed(points, east, bounds=None):
    """Of two parts the share of that half which has less of it, in the worse part."""
    line, parts = np.zeros(300, np.int64), np.array([2])
    plan = divide(points, np.ones(300), line, parts, steps=100, bounds=bounds or Bounds())
    share = np.bincount(plan.labels, east, 2) / np.bincount(plan.labels)
    return np.minimum(share, 1 - share).max()


@pytest.mark.parametrize("seed", range(3))
def test_parts_follow_the_edge_of_a_plateau(seed):
    points, east, rng = two_halves(seed)
    heights = np.where(east, 4500.0, 3300.0) + rng.normal(0, 20, 300)
    assert mixed(points, east) > 0.3
    assert mixed(points, east, Bounds(heights=heights)) <= 0.03
    assert mixed(points, east, Bounds(heights=heights, climb=0.0)) == mixed(points, east)


@pytest.mark.parametrize("seed", range(3))
def test_parts_follow_a_ridge_and_ways_lead_over_its_saddle(seed):
    """Both halves are as high: only the line of the ridge tells that they are apart."""
    points, east, _rng = two_halves(seed)
    ridge = [shapely.LineString([(1.5, -1), (1.5, 7)])]
    saddle = np.array([[1.5, 6.0, 0.4]])
    bounds = Bounds(barriers=ridge, passes=saddle)
    assert mixed(points, east, bounds) <= 0.03
    across = (points[:, 1] > 3).astype(np.int64)
    there, over = (
        ways(points, np.ones(300), across, 2, neighbours(points, b)) for b in (Bounds(), bounds)
    )
    assert over.mean[0] > there.mean[0] + 1  # the southern of two parts that were cut across


def test_units_and_other_orders_keep_their_heights():
    rng = np.random.default_rng(8)
    points, heights = rng.random((30, 2)), rng.random(30)
    base = ground(points, np.arange(1.0, 31), gabriel(points), heights)
    order = rng.permutation(30)
    assert (arranged(base, order).heights == heights[order]).all()
    units = contracted(base, together(30, [np.array([3, 5])]))
    assert units.heights[3] == pytest.approx((4 * heights[3] + 6 * heights[5]) / 10)
    assert units.embedded.shape == (29, 3)


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"heights": np.array([1.0, np.nan, 2, 3])}, "height of point 1 is not known"),
        ({"heights": np.ones(3)}, "3 heights for 4 points"),
        ({"heights": np.ones(4), "climb": -1.0}, "cannot make a way shorter"),
    ],
)
def test_bad_heights_are_named(bounds, message):
    points = np.array([[0.0, 0], [1, 0], [1, 1], [2, 1]])
    with pytest.raises(ValueError, match=message):
        divide(points, np.ones(4), np.zeros(4, np.int64), np.array([2]), bounds=Bounds(**bounds))


def test_a_price_below_zero_is_refused_for_ways_too():
    with pytest.raises(ValueError, match="cannot make a way shorter"):
        ways(np.zeros((1, 2)), np.ones(1), np.zeros(1, np.int64), 1, NONE, climb=-1)
