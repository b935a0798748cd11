"""Which polygon covers a point: exact, the same answer every time, from many threads at once."""

from linli.engines.locate.locator import Locator
from linli.engines.locate.raster import NOWHERE
from linli.engines.locate.rings import Refused

__all__ = ["NOWHERE", "Locator", "Refused"]
