"""Which polygon covers a point: exact, the same answer every time, from many threads at once."""

from linli.engines.locate.polygons import Locator

__all__ = ["Locator"]
