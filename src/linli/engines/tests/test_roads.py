"""Roads as a net: against every way through all their corners, and against roads drawn by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from linli.engines.partition import ways
from linli.engines.partition.roads import Net, along


def flat(*roads):
    """Roads as corners and where each starts."""
    sizes = [len(road) for road in roads]
    return np.array([c for road in roads for c in road], float), np.concatenate(
        [[0], np.cumsum(sizes)]
    )


def found(points, *roads):
    return along(np.array(points, float), *flat(*roads))


def shortest(made, points, start):
    return dijkstra(made.net.matrix(len(points)), directed=False, indices=start)[: len(points)]


def streets(seed, size=5, points=12):
    """A town of straight streets, some of them missing, and points beside them."""
    rng = np.random.default_rng(seed)
    corners = np.stack(np.meshgrid(np.arange(size), np.arange(size)), axis=-1).reshape(-1, 2)
    at = corners + rng.uniform(-0.3, 0.3, corners.shape)
    pairs = [(n, n + 1) for n in range(size * size) if n % size < size - 1]
    pairs += [(n, n + size) for n in range(size * (size - 1))]
    kept = [pairs[n] for n in np.flatnonzero(rng.random(len(pairs)) < 0.75)]
    roads = [at[list(pair)] for pair in kept] or [at[[0, 1]]]
    return rng.uniform(-0.5, size - 0.5, (points, 2)), roads


def brute(points, roads, step=0.005):
    """Kilometres between points along roads that are laid out as small steps, off by two of them
    for each side.
    """
    nodes, links = [], []
    for road in roads:
        first, last = road
        count = max(int(np.hypot(*(last - first)) / step), 1)
        base = len(nodes)
        nodes += list(first + np.linspace(0, 1, count + 1)[:, None] * (last - first))
        links += [(base + n, base + n + 1) for n in range(count)]
    nodes = np.array(nodes)
    _places, same = np.unique(np.round(nodes, 6), axis=0, return_inverse=True)
    same = same.ravel()
    links = same[np.array(links)]
    away = np.hypot(*(points[:, None] - _places[None]).transpose(2, 0, 1))
    feet = away.argmin(axis=1)
    count = len(_places) + len(points)
    links = np.vstack([links, np.column_stack([len(_places) + np.arange(len(points)), feet])])
    ends = np.vstack([_places, points])
    km = np.hypot(*(ends[links[:, 0]] - ends[links[:, 1]]).T)
    graph = coo_matrix((km, links.T), shape=(count, count)).tocsr()
    return dijkstra(graph, directed=False, indices=len(_places) + np.arange(len(points)))[
        :, len(_places) :
    ]


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_ways_along_the_net_are_those_along_all_corners(seed):
    points, roads = streets(seed)
    made = along(points, *flat(*roads))
    ours = dijkstra(made.net.matrix(len(points)), directed=False, indices=np.arange(len(points)))
    assert np.allclose(ours[:, : len(points)], brute(points, roads), atol=0.05)


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_neighbours_hang_together_as_the_roads_do_and_the_nearest_is_one(seed):
    points, roads = streets(seed)
    made = along(points, *flat(*roads))
    count = len(points)
    km = made.net.matrix(count)
    piece = connected_components(km, directed=False)[1][:count]
    pairs = coo_matrix((np.ones(len(made.pairs)), made.pairs.T), shape=(count, count))
    own = connected_components(pairs, directed=False)[1]
    assert len(set(zip(piece, own, strict=True))) == len(set(piece)) == len(set(own))
    away = dijkstra(km, directed=False, indices=np.arange(count))[:, :count]
    away -= made.leg + made.leg[:, None]  # from foot to foot
    np.fill_diagonal(away, np.inf)
    named = {tuple(pair) for pair in made.pairs.tolist()}
    for one in range(count):
        near = away[one].min()
        if np.isfinite(near):
            two = np.flatnonzero(away[one] <= near + 1e-6).tolist()
            assert named & {(min(one, n), max(one, n)) for n in two}


@given(seed=st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_the_net_holds_points_and_branches_only(seed):
    points, roads = streets(seed)
    net = along(points, *flat(*roads)).net
    ends = np.bincount(net.links.ravel())
    assert (ends[len(points) :] >= 3).all()
    assert (net.links[:, 0] != net.links[:, 1]).all()
    assert len({tuple(sorted(pair)) for pair in net.links.tolist()}) == len(net.links)


def test_on_one_road_each_is_beside_the_next():
    made = found([(5, 0.5), (1, 0), (9, -1)], [(0, 0), (4, 0), (10, 0)])
    assert made.pairs.tolist() == [[0, 1], [0, 2]]
    assert made.leg.tolist() == [0.5, 0, 1]
    assert shortest(made, [0] * 3, 1) == pytest.approx([4.5, 0, 9])


def test_who_lies_off_the_road_is_not_on_the_way_of_others():
    made = found([(0, 0), (5, 3), (10, 0)], [(0, 0), (10, 0)])
    assert made.pairs.tolist() == [[0, 1], [1, 2]]
    assert shortest(made, [0] * 3, 0) == pytest.approx([0, 8, 10])


def test_roads_meet_in_corners_and_not_where_they_cross():
    over = [(0, 0), (10, 0)], [(5, -5), (5, 5)]
    assert np.isinf(shortest(found([(0, 0), (5, 5)], *over), [0] * 2, 0)[1])
    meet = [(0, 0), (5, 0), (10, 0)], [(5, -5), (5, 0), (5, 5)]
    assert shortest(found([(0, 0), (5, 5)], *meet), [0] * 2, 0) == pytest.approx([0, 10])


def test_one_walks_where_it_is_no_further_than_to_the_roads():
    road, far = [[(0, 0), (10, 0)]], np.array([(1, 3), (2, 3), (9, 3)], float)
    paths = np.array([(1, 0), (1, 2)])
    made = along(far, *flat(*road), paths)
    assert shortest(made, [0] * 3, 0) == pytest.approx([0, 1, 14])
    assert made.pairs.tolist() == [[0, 1], [1, 2]]
    near = far * [1, 0.1]
    assert shortest(along(near, *flat(*road), paths), [0] * 3, 0)[1] == pytest.approx(1.6)


def test_two_at_one_place_and_a_road_of_one_corner():
    made = found([(1, 0), (1, 0), (4, 0)], [(0, 0), (5, 0)], [(9, 9)])
    assert made.pairs.tolist() in ([[0, 1], [1, 2]], [[0, 1], [0, 2]])
    assert shortest(made, [0] * 3, 0) == pytest.approx([0, 0, 3], abs=1e-6)


def test_without_a_road_nothing_is_found():
    with pytest.raises(ValueError, match="no road"):
        found([(0, 0)], [(1, 1)])


def test_ways_of_parts_follow_roads_and_climb_to_their_ends():
    made = found([(0, 0), (4, 0), (4, 4)], [(0, 0), (4, 0), (4, 4)])
    points, work, labels = np.array([(0, 0), (4, 0), (4, 4.0)]), np.ones(3), np.zeros(3, int)
    centres = np.array([[0.0, 0.0]])
    level = ways(points, work, labels, 1, made.net, centres=centres)
    assert level.km == pytest.approx([0, 4, 8])
    steep = ways(points, work, labels, 1, made.net, centres=centres, heights=[0, 0, 600.0])
    assert steep.km == pytest.approx([0, 4, 8 + 2.5])
    assert isinstance(made.net, Net)
