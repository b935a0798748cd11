"""Overlaps and gaps, with sizes; mending."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.engines import coverage


def array(*shapes):
    return np.array([*shapes, None], dtype=object)[:-1]


def test_the_earth_has_the_size_of_the_ellipsoid():
    assert coverage.square_metres(array(shapely.box(-180, -90, 180, 90)))[0] == pytest.approx(
        5.10065622e14, rel=1e-8
    )


def test_a_degree_at_the_equator():
    size = coverage.square_metres(array(shapely.box(0, 0, 1, 1)))[0]
    assert size == pytest.approx(111_319.49 * 110_574.4, rel=1e-4)


def test_a_strip_is_as_wide_as_it_is():
    strip = shapely.box(100, 30, 101, 30.0001)
    assert coverage.widths(array(strip))[0] == pytest.approx(11.1, rel=0.01)


def test_neighbours_neither_overlap_nor_gape():
    tiles = array(shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1))
    assert coverage.overlaps(tiles) == []
    assert coverage.gaps(tiles) == []
    assert coverage.gaps(tiles, shapely.box(0, 0, 2, 1)) == []
    (gap,) = coverage.gaps(tiles, shapely.box(0, 0, 3, 1))
    assert gap.around == (1,)


def test_a_centimetre_is_rounding_and_no_overlap():
    tiles = array(shapely.box(0, 0, 1, 1), shapely.box(1 - 1e-7, 0, 2, 1))
    assert coverage.overlaps(tiles) == []


@pytest.mark.parametrize("empty", [array(), array(shapely.box(0, 0, 1, 1))])
def test_nothing_and_one_have_no_faults(empty):
    assert coverage.overlaps(empty) == []
    assert coverage.gaps(empty) == []


boxes = st.lists(
    st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4), st.integers(1, 4)),
    min_size=2,
    max_size=6,
)


@given(boxes)
def test_after_mending_no_ground_is_covered_twice_and_none_is_lost(corners):
    shapes = array(*(shapely.box(x, y, x + w, y + h) for x, y, w, h in corners))
    mended = coverage.without_overlaps(shapes, coverage.overlaps(shapes))
    assert coverage.overlaps(mended) == []
    assert shapely.union_all(mended).area == pytest.approx(shapely.union_all(shapes).area)
    assert shapely.equals(mended[0], shapes[0])
    kept = [k for k in range(len(shapes)) if mended[k] is shapes[k]]
    touched = {overlap.second for overlap in coverage.overlaps(shapes)}
    assert set(kept) == set(range(len(shapes))) - touched


@given(boxes)
def test_sizes_of_overlaps_are_those_of_common_ground(corners):
    shapes = array(*(shapely.box(x, y, x + w, y + h) for x, y, w, h in corners))
    found = {(o.first, o.second): o.square_metres for o in coverage.overlaps(shapes)}
    for i in range(len(shapes)):
        for j in range(i + 1, len(shapes)):
            common = shapely.intersection(shapes[i], shapes[j])
            size = coverage.square_metres(array(common))[0] if common.area else 0
            assert found.get((i, j), 0) == pytest.approx(size)


def test_a_gap_goes_to_the_neighbour_with_the_longest_edge():
    hole = shapely.box(4, 4, 6, 4.5)
    left, right = shapely.box(0, 0, 4.2, 10), shapely.box(4.2, 0, 10, 10)
    shapes = array(left.difference(hole), right.difference(hole))
    mended = coverage.without_gaps(shapes, coverage.gaps(shapes))
    assert mended[0] is shapes[0]
    assert shapely.union_all(mended).area == pytest.approx(100)


@pytest.mark.parametrize(
    "crossed",
    [
        shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)]),
        shapely.Polygon([(0, 0), (2, 0), (2, 2), (1, 0), (0, 2)]),
        shapely.MultiPolygon([shapely.box(0, 0, 2, 2), shapely.box(1, 1, 3, 3)]),
        shapely.Polygon(
            shapely.box(0, 0, 4, 4).exterior, [shapely.box(1, 1, 9, 3).exterior.coords]
        ),
    ],
)
def test_crossed_rings_become_an_area(crossed):
    assert not crossed.is_valid
    mended = coverage.uncrossed(crossed)
    assert mended.is_valid
    assert mended.geom_type in ("Polygon", "MultiPolygon")
    assert mended.area > 0


def test_nothing_is_left_of_a_line():
    assert coverage.uncrossed(shapely.Polygon([(0, 0), (1, 1), (0, 0)])).is_empty


def test_rounding_keeps_a_valid_polygon_valid():
    thin = shapely.Polygon([(0, 0), (1, 0), (1, 1), (0.5, 4e-8), (0, 1)])
    assert thin.is_valid
    rounded = coverage.rounded(array(thin, shapely.box(0, 0, 1 / 3, 1)))
    assert shapely.is_valid(rounded).all()
    assert shapely.bounds(rounded[1])[2] == 0.3333333
