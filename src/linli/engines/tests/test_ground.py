"""Ways over the ground: straight, over a crossing, or none."""

import numpy as np
import pytest
import shapely

from linli.engines.ground import EARTH, Ground, metres

METRE = np.degrees(1 / EARTH)  # of latitude
NONE = np.zeros((0, 2))


def line(*points):
    """WKB of a line; points in metres east and north of 0, 0, where a degree is a degree."""
    return shapely.to_wkb(shapely.LineString(np.array(points) * METRE))


RIVER = line((50, -5000), (50, 5000))


def way(ground, start, *ends):
    lon, lat = np.array(start) * METRE
    lons, lats = np.array(ends).T * METRE
    return ground.ways(lon, lat, lons, lats)


def test_one_degree_of_latitude_on_the_mean_sphere():
    assert metres(102, 34, np.array([102.0]), np.array([35.0])) == pytest.approx(111_195, rel=1e-4)


def test_where_no_river_is_known_the_way_is_straight():
    rng = np.random.default_rng(5)
    ends = rng.uniform(-900, 900, (50, 2))
    found = way(Ground([], [], NONE), (0, 0), *ends)
    assert found == pytest.approx(np.hypot(*ends.T), rel=1e-5)


def test_nobody_to_go_to():
    assert Ground([RIVER], [], NONE).ways(0.0, 0.0, np.zeros(0), np.zeros(0)).size == 0


def test_a_river_without_a_crossing_cannot_be_passed():
    found = way(Ground([RIVER], [], NONE), (0, 0), (40, 0), (100, 0))
    assert found[0] == pytest.approx(40, abs=0.1)
    assert np.isinf(found[1])


@pytest.mark.parametrize("far", [0, 300, 1200])
def test_the_way_leads_over_the_nearest_crossing(far):
    expected = pytest.approx(2 * np.hypot(50, far), rel=1e-4)
    road = line((-500, far), (500, far))
    assert way(Ground([RIVER], [road], NONE), (0, 0), (100, 0)) == expected
    bridge = np.array([[50.0, far]]) * METRE
    assert way(Ground([RIVER], [], bridge), (0, 0), (100, 0)) == expected
    further = np.array([[50.0, far + 700]]) * METRE
    assert way(Ground([RIVER], [road], further), (0, 0), (100, 0)) == expected


def test_a_bridge_of_another_river_does_not_help():
    other = line((400, -5000), (400, 5000))
    bridge = np.array([[400.0, 0.0]]) * METRE
    found = way(Ground([RIVER, other], [], bridge), (0, 0), (100, 0), (420, 0))
    assert np.isinf(found).all()
    assert way(Ground([other], [], bridge), (380, 0), (420, 0)) == pytest.approx(40, abs=0.1)


def test_a_bend_between_two_points_of_one_bank_parts_nobody():
    bend = line((10, 500), (10, 1), (30, -10), (50, 1), (50, 500))
    found = way(Ground([bend], [], NONE), (0, 0), (60, 0), (30, 0))
    assert found[0] == pytest.approx(60, abs=0.1)
    assert np.isinf(found[1])


def test_a_way_is_never_shorter_than_the_straight_line_and_the_same_back():
    rng = np.random.default_rng(11)
    ends = rng.uniform(-800, 800, (60, 2))
    road = line((-2000, 100), (2000, 130))
    ground = Ground([RIVER, line((-900, -300), (0, -250), (900, -400))], [road], NONE)
    there = way(ground, (0, 0), *ends)
    back = np.array([way(ground, end, (0, 0))[0] for end in ends])
    assert (there >= np.hypot(*ends.T) * 0.9999).all()
    assert there == pytest.approx(back, rel=1e-4)
    assert np.isinf(there).any()
