"""Vector tiles, read back with somebody else's decoder."""

import mapbox_vector_tile
import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.tiles import encode_layer, tile_window, to_world, world_window


def decoded(*layers: bytes):
    """What a reader of the tile sees, y downwards as it was written."""
    return mapbox_vector_tile.decode(
        b"".join(layers), default_options={"y_coord_down": True, "geojson": False}
    )


def test_shapes_and_attributes_come_back():
    square = shapely.box(10, 20, 110, 220).difference(shapely.box(30, 40, 50, 60))
    line = shapely.LineString([(0, 0), (5, 5), (5, 5.2), (4096, -7)])
    tile = decoded(
        encode_layer("areas", [square], [{"code": "A", "name_zh": "第一村", "rank": 300}]),
        encode_layer("roads", [line, shapely.Point(7, 9)], [{"code": "R"}, {"code": "P"}]),
    )
    area = tile["areas"]["features"][0]
    assert area["properties"] == {"code": "A", "name_zh": "第一村", "rank": 300}
    assert tile["areas"]["extent"] == 4096
    assert shapely.equals(
        shapely.Polygon(area["geometry"]["coordinates"][0], area["geometry"]["coordinates"][1:]),
        square,
    )
    road, point = tile["roads"]["features"]
    assert [list(xy) for xy in road["geometry"]["coordinates"]] == [[0, 0], [5, 5], [4096, -7]]
    assert point["geometry"]["coordinates"] == [7, 9]


@pytest.mark.parametrize(
    "shape",
    [
        shapely.Polygon(),
        shapely.box(0.1, 0.1, 0.2, 0.2),
        shapely.LineString([(1, 1), (1.1, 1.1)]),
        shapely.GeometryCollection(),
    ],
)
def test_what_vanishes_in_the_rounding_is_left_out(shape):
    assert encode_layer("areas", [shape], [{"code": "A"}]) == b""


@given(st.lists(st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000)), min_size=3))
def test_any_ring_comes_back_clockwise_on_the_screen(corners):
    hull = shapely.MultiPoint(corners).convex_hull
    layer = encode_layer("areas", [hull], [{"code": "A"}])
    if hull.geom_type != "Polygon":
        return
    ring = decoded(layer)["areas"]["features"][0]["geometry"]["coordinates"][0]
    assert shapely.equals(shapely.Polygon(ring), hull)
    x, y = np.array(ring).T
    assert (x[:-1] * y[1:] - x[1:] * y[:-1]).sum() > 0


def test_the_world_is_a_square_and_tiles_divide_it():
    corners = to_world(np.array([[-180, 85.051128779806604], [180, -85.051128779806604], [0, 0]]))
    assert np.allclose(corners, [[0, 0], [1, 1], [0.5, 0.5]])
    assert tile_window(1, 1, 0, 0) == (0.5, 0, 1, 0.5)
    assert world_window(np.array([shapely.box(-90, 0, 0, 66.5)]))[0] == 0.25
