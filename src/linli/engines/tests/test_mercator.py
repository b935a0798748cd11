import numpy as np

from linli.engines.mercator import tile_window, to_world


def test_the_world_is_a_square_and_tiles_divide_it():
    corners = to_world(np.array([[-180, 85.051128779806604], [180, -85.051128779806604], [0, 0]]))
    assert np.allclose(corners, [[0, 0], [1, 1], [0.5, 0.5]])
    assert tile_window(1, 1, 0, 0) == (0.5, 0, 1, 0.5)
