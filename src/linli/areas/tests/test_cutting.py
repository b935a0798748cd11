"""One tile, read back as a map would read it."""

import gzip

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.areas.tiles.cut import EXTENT, cut
from linli.areas.tiles.drawing import Layer

WORLD = (0, 0, 0)


def layer(name, shapes, tags=None):
    """Shapes given in units of the one tile that shows the world."""
    inside = shapely.transform(np.array(shapes, dtype=object), lambda xy: xy / EXTENT)
    return Layer(name, inside, tags or [{"code": "A"}] * len(shapes), shapely.STRtree(inside))


def read(*layers, at=WORLD):
    """What a reader of the tile sees, y downwards as it was written."""
    tile = cut(layers, at)
    options = {"y_coord_down": True, "geojson": False}
    return mapbox_vector_tile.decode(gzip.decompress(tile), default_options=options) if tile else {}


def test_shapes_and_attributes_come_back():
    square = shapely.box(10, 20, 110, 220).difference(shapely.box(30, 40, 50, 60))
    line = shapely.LineString([(0, 0), (5, 5), (5, 5.2), (4096, 7)])
    tile = read(
        layer("areas", [square], [{"code": "A", "name_zh": "第一村", "rank": 300}]),
        layer("roads", [line, shapely.Point(7, 9)], [{"code": "R"}, {"code": "P"}]),
    )
    area = tile["areas"]["features"][0]
    assert area["properties"] == {"code": "A", "name_zh": "第一村", "rank": 300}
    assert tile["areas"]["extent"] == EXTENT
    rings = area["geometry"]["coordinates"]
    assert shapely.equals(shapely.Polygon(rings[0], rings[1:]), square)
    road, point = tile["roads"]["features"]
    assert [list(xy) for xy in road["geometry"]["coordinates"]] == [[0, 0], [5, 5], [4096, 7]]
    assert point["geometry"]["coordinates"] == [7, 9]


@pytest.mark.parametrize(
    "shape", [shapely.box(9.1, 9.1, 9.2, 9.2), shapely.LineString([(9, 9), (9.1, 9.1)])]
)
def test_what_vanishes_in_the_rounding_is_left_out(shape):
    assert [f for drawn in read(layer("areas", [shape])).values() for f in drawn["features"]] == []


def test_what_only_touches_the_tile_is_left_out():
    edge = EXTENT / 2 + 32  # the margin of the western half, at the next zoom
    beside = shapely.box(edge, 0, edge + 500, 500)
    reaching = shapely.union_all([beside, shapely.box(100, 100, edge + 10, 200)])
    shown = read(layer("areas", [beside, reaching], [{"code": "A"}, {"code": "B"}]), at=(1, 0, 0))
    assert [f["properties"]["code"] for f in shown["areas"]["features"]] == ["B"]


@given(st.lists(st.tuples(st.integers(0, 4096), st.integers(0, 4096)), min_size=3))
def test_any_ring_comes_back_clockwise_on_the_screen(corners):
    hull = shapely.MultiPoint(corners).convex_hull
    if hull.geom_type != "Polygon":
        return
    ring = read(layer("areas", [hull]))["areas"]["features"][0]["geometry"]["coordinates"][0]
    assert shapely.equals_exact(shapely.Polygon(ring).normalize(), hull.normalize(), 0)
    x, y = np.array(ring).T
    assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0
