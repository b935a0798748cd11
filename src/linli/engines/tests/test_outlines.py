"""Polygons of parts tile their parent to the last unit, and hold their settlements."""

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from linli.engines.locate import Locator
from linli.engines.partition.outlines import dissolved, outlines

UNITS = 10**7
WIDE = 400_000
FEW = settings(max_examples=30, deadline=None)


def area2(shape):
    """Twice the area of a polygon in whole units, exactly."""
    total = 0
    for part in shapely.get_parts(shape):
        for ring in shapely.get_rings(part):
            xy = np.rint(shapely.get_coordinates(ring) * UNITS).astype(np.int64).astype(object)
            turned = (xy[:-1, 0] * xy[1:, 1] - xy[1:, 0] * xy[:-1, 1]).sum()
            total += abs(turned) if ring.equals(part.exterior) else -abs(turned)
    return total


def on_grid(shape):
    xy = shapely.get_coordinates(shape)
    return (np.rint(xy * UNITS) / UNITS == xy).all()


def in_units(shape):
    return shapely.transform(shape, lambda xy: np.rint(xy * UNITS))


def degrees(xy):
    return np.asarray(xy) / UNITS + [89, 34]


@st.composite
def lands(draw):
    """Two neighbours with ragged outlines, settlements (points and squares), parts, a river."""
    rng = np.random.default_rng(draw(st.integers(0, 100_000)))
    rim = draw(st.integers(0, 40))

    def ragged(a, b):
        t = np.arange(1, rim + 1)[:, None] / (rim + 1)
        return np.rint(a + (np.array(b) - a) * t + rng.normal(0, WIDE / 80, (rim, 2)))

    corners = [np.array(c, float) * WIDE for c in ((0, 0), (1, 0), (2, 0), (2, 1), (1, 1), (0, 1))]
    sides = {(a, b): ragged(corners[a], corners[b])
             for a, b in ((0, 1), (1, 2), (2, 3), (3, 4), (4, 5), (5, 0), (1, 4))}  # fmt: skip

    def ring(*way):
        xy = []
        for a, b in zip(way, way[1:], strict=False):
            xy += [corners[a][None], sides[a, b] if (a, b) in sides else sides[b, a][::-1]]
        return shapely.Polygon(degrees(np.vstack(xy)))

    parents = [ring(0, 1, 4, 5, 0), ring(1, 2, 3, 4, 1)]
    count, parts = draw(st.integers(4, 30)), draw(st.integers(2, 4))
    xy = rng.integers(WIDE // 10, WIDE - WIDE // 10, (2 * count, 2))
    xy[count:, 0] += WIDE
    centres = rng.integers(0, WIDE, (parts, 2))
    label = ((xy[:, None] - centres) ** 2).sum(axis=2).argmin(axis=1)
    label[count:] = ((xy[count:, None] - centres - [WIDE, 0]) ** 2).sum(axis=2).argmin(axis=1)
    label = np.unique(label + parts * (np.arange(2 * count) >= count), return_inverse=True)[1]
    line = np.zeros(label.max() + 1, np.int64)
    line[label[count:]] = 1
    far = ((xy[:, None] - xy) ** 2).sum(axis=2) + 10**12 * np.eye(2 * count)
    half = np.minimum(np.sqrt(far.min(axis=1)) / 4, WIDE / 100).astype(int)
    square = rng.random(2 * count) < draw(st.sampled_from([0, 0.5]))
    places = [
        shapely.box(*degrees(p - h), *degrees(p + h)) if s and h > 2 else shapely.Point(degrees(p))
        for p, h, s in zip(xy, half, square, strict=True)
    ]
    x = np.linspace(0, 2 * WIDE, 60)
    river = WIDE / 2 + rng.normal(0, WIDE / 20, len(x)).cumsum() / 4
    along = [shapely.LineString(degrees(np.column_stack([x, river])))] * draw(st.integers(0, 1))
    apart = len(np.unique(xy, axis=0)) == len(xy)
    return places, label, parents, line, along, apart


@FEW
@given(lands(), st.integers(0, 1000))
def test_parts_tile_their_parent_to_the_last_unit_and_hold_their_places(land, seed):
    places, label, parents, line, along, apart = land
    assume(apart and all(shape.is_valid for shape in parents))
    found = outlines(places, label, parents, line, along=along)
    assert shapely.is_valid(found).all()
    assert all(on_grid(shape) for shape in found)
    for n, parent in enumerate(parents):
        own = [found[p] for p in np.flatnonzero(line == n)]
        assert sum(map(area2, own)) == area2(parent)
        assert shapely.coverage_is_valid(in_units(np.array(own)))
        assert shapely.equals(shapely.coverage_union_all(in_units(np.array(own))), in_units(parent))
    for place, p in zip(places, label, strict=True):
        assert shapely.covers(in_units(found[p]), in_units(place))
    spots = shapely.get_coordinates(shapely.point_on_surface(places))
    codes = Locator(shapely.to_wkb(found)).locate(*spots.T)
    assert (codes == label).all()
    points = np.random.default_rng(seed).random((500, 2)) * 2 * WIDE / UNITS + [89, 34]
    points = np.rint(points * UNITS) / UNITS
    inside = Locator(shapely.to_wkb(parents)).locate(*points.T)
    part = Locator(shapely.to_wkb(found)).locate(*points.T)
    back = Locator(shapely.to_wkb(found[::-1])).locate(*points.T)
    back = np.where(back >= 0, len(found) - 1 - back, -1)
    assert ((part >= 0) == (inside >= 0)).all()
    two = part != back  # on a border: then, and only then, two cover it
    edges = shapely.boundary(in_units(np.array(found)))
    spots = shapely.points(np.rint(points * UNITS))
    assert (shapely.distance(spots[two], edges[part[two]]) == 0).all()


SQUARE = shapely.box(89, 34, 89.1, 34.1)


def two(places, labels, **more):
    return outlines(places, np.array(labels), [SQUARE], np.zeros(max(labels) + 1, np.int64), **more)


def test_a_border_follows_the_river_where_no_settlement_changes_sides():
    rng = np.random.default_rng(3)
    columns, rows = np.meshgrid(np.arange(8), np.arange(8))
    steps = np.column_stack([columns.ravel(), rows.ravel()]) * 125_000 + 62_500
    points = (steps + rng.integers(-20_000, 20_000, (64, 2))) / UNITS + [89, 34]
    labels = (points[:, 0] > 89.05).astype(int)
    north = np.linspace(34, 34.1, 50)
    river = shapely.LineString(np.column_stack([89.05 + 0.0015 * np.sin(north * 200), north]))

    def on_river(found):
        common = shapely.intersection(*found)
        return shapely.intersection(common, shapely.buffer(river, 3e-7)).length / common.length

    plain = two(shapely.points(points), labels)
    wet = two(shapely.points(points), labels, along=[river])
    assert on_river(plain) < 0.2 < 0.6 < on_river(wet)


def test_a_border_ends_where_no_edge_of_the_parent_is_bent():
    slanted = shapely.Polygon([(89, 34), (89.1, 34.0000004), (89.1, 34.1), (89, 34.1)])
    found = outlines(
        shapely.points([(89.02, 34.05), (89.08, 34.05)]), np.array([0, 1]), [slanted],
        np.zeros(2, np.int64),
    )  # fmt: skip
    new = set(map(tuple, shapely.get_coordinates(found))) - set(
        map(tuple, shapely.get_coordinates(slanted))
    )
    ring = in_units(slanted).exterior
    touching = [xy for xy in new if ring.distance(in_units(shapely.Point(xy))) == 0]
    assert len(touching) == 2  # on the upper edge half-way; below at one of three whole places
    assert sum(map(area2, found)) == area2(slanted)


@pytest.mark.parametrize(
    ("places", "labels", "message"),
    [
        ([shapely.Point(89.2, 34), shapely.Point(89.05, 34.05)], [0, 1], "place 0 lies outside"),
        ([shapely.Point(89.05, 34.05)] * 2, [0, 1], "places . and . meet"),
        ([shapely.box(89, 34, 89.06, 34.06), shapely.box(89.05, 34.05, 89.07, 34.07)], [0, 1],
         "places 0 and 1 overlap"),
        ([shapely.box(89, 34, 89.06, 34.06), shapely.Point(89.05, 34.05)], [0, 1], "meet"),
        ([shapely.Point(89.05, 34.05)], [1], "part 0 has no place"),
        ([shapely.Point(89.05, 34.05), shapely.Point(89.0500001, 34.05)], [0, 1], "too close"),
        ([shapely.Point(), shapely.Point(89.05, 34.05)], [0, 1], "place 0 has no shape"),
    ],
)  # fmt: skip
def test_bad_input_is_named(places, labels, message):
    with pytest.raises(ValueError, match=message):
        two(places, labels)


@pytest.mark.parametrize("step", [(1, 1), (2, 0), (2, 1), (3, 2), (-1, 5)])
def test_centimetres_apart_a_border_still_fits(step):
    here = np.array([500_000, 500_000])
    points = [shapely.Point((here + more) / UNITS + [89, 34]) for more in ((0, 0), step)]
    found = two(points, [0, 1])
    assert sum(map(area2, found)) == area2(SQUARE)
    for shape, point in zip(found, points, strict=True):
        assert shapely.contains_properly(in_units(shape), in_units(point))


def test_of_a_settlement_over_the_outline_the_piece_inside_counts():
    over = shapely.Polygon([(89.0512345, 34.05), (89.1300001, 34.06), (89.12, 34.02)])
    found = two([shapely.Point(89.01, 34.01), over], [0, 1])
    beyond = shapely.difference(shapely.intersection(over, SQUARE), found[1])
    assert beyond.area < 1e-7 * 0.1
    assert sum(map(area2, found)) == area2(SQUARE)


@FEW
@given(st.lists(st.integers(0, 3), min_size=16, max_size=16))
def test_smaller_areas_that_tile_are_joined_with_every_node(label):
    cells = [shapely.box(x / 10, y / 10, (x + 1) / 10, (y + 1) / 10)
             for x in range(4) for y in range(4)]  # fmt: skip
    label = np.unique(label, return_inverse=True)[1]
    parts = int(label.max()) + 1
    found = dissolved(cells, label, parts)
    assert sum(map(area2, found)) == sum(map(area2, cells))
    assert shapely.coverage_is_valid(in_units(np.array(found)))
    assert all(on_grid(shape) for shape in found)
    assert [area2(shape) for shape in found] == [
        sum(area2(cells[i]) for i in np.flatnonzero(label == p)) for p in range(parts)
    ]


def test_cells_that_overlap_are_named():
    cells = [shapely.box(0, 0, 1, 1), shapely.box(0.5, 0, 2, 1)]
    with pytest.raises(ValueError, match="cells 0 and 1 overlap"):
        dissolved(cells, np.array([0, 1]), 2)
