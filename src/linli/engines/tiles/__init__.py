"""Vector tiles: shapes in, the bytes of a Mapbox Vector Tile out (specification 2.1)."""

from linli.engines.tiles.encode import EXTENT, encode_layer
from linli.engines.tiles.mercator import tile_window, to_world, world_window

__all__ = ["EXTENT", "encode_layer", "tile_window", "to_world", "world_window"]
