"""The index gives what GEOS gives for the same whole numbers, on every edge and corner."""

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from linli.engines.locate import NOWHERE, Locator, Refused
from linli.engines.locate.rings import HALF_TURN, TURN, UNITS

law = settings(deadline=None, max_examples=80)
SIDE = 8  # of the lattice on which corners lie
BESIDE = np.array([(0, 0), (1, 0), (-1, 0), (0, 1), (0, -1)])


def in_degrees(whole):
    """WKB in degrees of shapes in units of 1e-7 degree."""
    return list(shapely.to_wkb(shapely.transform(np.array(whole), lambda xy: xy / UNITS)))


def as_geos_says(whole, points):
    """The first of the shapes that covers each point; everything in whole numbers."""
    found = np.full(len(points), NOWHERE)
    for index in reversed(range(len(whole))):
        found[shapely.intersects_xy(whole[index], *points.T.astype(float))] = index
    return found


def tricky(whole):
    """Every corner, the middle of every edge, and the points one unit beside them."""
    rings = shapely.get_rings(shapely.get_parts(np.array(whole)))
    corners = [shapely.get_coordinates(ring) for ring in rings]
    middles = [(c[1:] + c[:-1]) // 2 for c in corners]
    known = np.unique(np.vstack(corners + middles), axis=0).astype(np.int64)
    return (known[:, None] + BESIDE).reshape(-1, 2)


def assert_exact(whole, points, turn=0):
    locator = Locator(in_degrees(whole))
    points = np.vstack([tricky(whole), points])
    lons, lats = (points / UNITS).T
    wanted = as_geos_says(whole, points)
    assert locator.locate(lons, lats).tolist() == wanted.tolist()
    assert [locator.one(*point) for point in zip(lons, lats, strict=True)] == wanted.tolist()


corner = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
anywhere = arrays(np.int64, (40, 2), elements=st.integers(-1000, SIDE * 1_000_000))


@st.composite
def shapes(draw):
    """Triangles, boxes, frames and pairs of boxes: they overlap, touch, and leave gaps."""
    kind = draw(st.sampled_from(["triangle", "box", "frame", "two"]))
    if kind == "triangle":
        shape = shapely.Polygon(draw(st.lists(corner, min_size=3, max_size=3, unique=True)))
    elif kind == "two":
        x = draw(st.integers(0, SIDE - 4))
        shape = shapely.MultiPolygon([shapely.box(x, 0, x + 1, 3), shapely.box(x + 2, 1, x + 4, 2)])
    else:
        (x, y), wide = draw(corner), draw(st.integers(3, SIDE))
        shape = shapely.box(x, y, x + wide, y + wide)
        if kind == "frame":
            shape = shape.difference(shapely.box(x + 1, y + 1, x + 2, y + 2))
    return shape


@law
@given(
    st.lists(shapes().filter(lambda s: s.is_valid and s.area > 0), min_size=1, max_size=6),
    st.sampled_from([1, 7, 1000, 999_983]),
    anywhere,
)
def test_whatever_lies_there_the_first_that_covers_answers(found, unit, points):
    whole = [shapely.transform(shape, lambda xy: xy * unit) for shape in found]
    assert_exact(whole, points)


@st.composite
def tilings(draw):
    """Triangles over a jittered lattice: they tile it, and share edges and corners."""
    size = draw(st.integers(1, 5))
    jitter = draw(arrays(np.int64, (size + 1, size + 1, 2), elements=st.integers(-300, 300)))
    lattice = np.moveaxis(np.mgrid[: size + 1, : size + 1], 0, 2) * 1000 + jitter
    tiles = []
    for x in range(size):
        for y in range(size):
            a, b, c, d = (
                tuple(lattice[p]) for p in ((x, y), (x + 1, y), (x + 1, y + 1), (x, y + 1))
            )
            tiles += [shapely.Polygon([a, b, c]), shapely.Polygon([a, c, d])]
    return draw(st.permutations(tiles))


@pytest.mark.slow
@law
@given(tilings(), anywhere.map(lambda points: points % 6000))
def test_a_tiling_has_one_answer_everywhere(tiles, points):
    assert_exact(tiles, points)


@law
@given(tilings(), st.sampled_from([HALF_TURN, -HALF_TURN, HALF_TURN - 1500, 1500 - HALF_TURN]))
def test_across_the_antimeridian_it_is_the_same(tiles, shift):
    points = tricky(tiles)
    wanted = as_geos_says(tiles, points)
    moved = [shapely.transform(tile, lambda xy: xy + [shift, 0]) for tile in tiles]
    lons, lats = ((points + [shift, 0]) / UNITS).T
    lons = np.where(lons > 180, lons - 360, np.where(lons < -180, lons + 360, lons))

    def short_way(xy):
        """The same ring as GeoJSON of old wrote it, with a step from 180 to -180."""
        beyond = np.abs(xy[:, 0]) > HALF_TURN
        return np.column_stack([xy[:, 0] - beyond * np.sign(xy[:, 0]) * TURN, xy[:, 1]])

    for written in (moved, [shapely.transform(tile, short_way) for tile in moved]):
        assert Locator(in_degrees(written)).locate(lons, lats).tolist() == wanted.tolist()


def test_both_sides_of_the_antimeridian_are_one_line():
    east, west = shapely.box(179, 0, 180, 1), shapely.box(-180, 0, -179, 1)
    locator = Locator(shapely.to_wkb([east, west]))
    assert locator.locate([180.0, -180.0, 179.5, -179.5], [0.5] * 4).tolist() == [0, 0, 0, 1]
    assert locator.one(-180.0, 0.5) == 0


def test_a_hole_across_the_antimeridian_stays_in_its_polygon():
    ring = [(178, 0), (-178, 0), (-178, 4), (178, 4)]
    hole = [(-179.5, 1), (-179.5, 3), (-178.5, 3), (-178.5, 1)]
    locator = Locator([shapely.to_wkb(shapely.Polygon(ring, [hole]))])
    assert locator.locate([179, -179, -178.2], [2.0, 2, 2]).tolist() == [0, NOWHERE, 0]


BOWTIE = shapely.Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])


@pytest.mark.parametrize(
    ("shape", "why"),
    [
        (shapely.Point(1, 1), "no polygon"),
        (shapely.Polygon(), "empty"),
        (BOWTIE, "Self-intersection"),
        (shapely.Polygon([(0, 0), (float("nan"), 1), (1, 0)]), "no number"),
        (shapely.box(400_000, 3_000_000, 500_000, 4_000_000), "degrees"),
        (shapely.box(0, 0, 1e-9, 1), "Too few points|Self-intersection|Invalid"),
        (shapely.Polygon([(0, 80), (120, 80), (-120, 80), (0, 80)]), "pole"),
    ],
)
def test_what_cannot_be_answered_for_is_refused_with_the_reason(shape, why):
    with pytest.raises(Refused, match=why) as refused:
        Locator(shapely.to_wkb([shapely.box(5, 5, 6, 6), shape]))
    assert [index for index, _why in refused.value.reasons] == [1]


def test_an_invalid_polygon_can_be_taken_by_the_even_odd_rule():
    locator = Locator([shapely.to_wkb(BOWTIE)], even_odd=True)
    assert locator.locate([0.5, 0.1, 0.9, 0.5], [0.2, 0.5, 0.5, 0.5]).tolist() == [-1, 0, 0, 0]


def test_nothing_covers_nothing():
    locator = Locator([])
    assert (len(locator), locator.one(1, 1), locator.locate([1.0], [1.0]).tolist()) == (0, -1, [-1])


def test_what_is_no_number_is_nowhere():
    locator = Locator([shapely.to_wkb(shapely.box(0, 0, 1, 1))])
    strange = np.array([np.nan, np.inf, -np.inf, 1e300, 0.5])
    assert locator.locate(strange, strange).tolist() == [-1, -1, -1, -1, 0]


def test_what_was_kept_gives_the_same_answers():
    cells = [shapely.box(x, y, x + 1.2, y + 1.2) for x in range(5) for y in range(5)]
    locator = Locator(shapely.to_wkb(cells))
    kept = {name: array.copy() for name, array in locator.arrays().items()}
    again = Locator.of(kept)
    lons, lats = np.random.default_rng(1).uniform(-1, 7, (2, 5000))
    assert again.locate(lons, lats).tolist() == locator.locate(lons, lats).tolist()
    assert len(again) == len(locator) == 25
    kept["numbers"][0] += 1
    with pytest.raises(ValueError, match="format"):
        Locator.of(kept)
