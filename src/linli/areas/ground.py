"""The rivers of the territory and how to get over them, kept in this process for one edition."""

import threading

import numpy as np

from linli.areas import index
from linli.areas.models import MapFeature, Place
from linli.engines.ground import Ground

BRIDGE = "bridge"


class _Kept:
    """The ground of the newest edition that was asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: index.Stamp | None = None
        self._ground: Ground | None = None

    def now(self) -> Ground:
        stamp = index.stamp()
        with self._lock:
            if self._ground is None or stamp != self._stamp:
                self._stamp, self._ground = stamp, _read()
            return self._ground


_kept = _Kept()


def ground() -> Ground:
    """Rivers and roads as the map draws them, and bridges among the places that stand."""
    return _kept.now()


def _read() -> Ground:
    rivers, roads = (
        [bytes(wkb) for wkb in rows.order_by("code").values_list("wkb", flat=True)]
        for rows in (
            MapFeature.objects.filter(layer=MapFeature.Layer.RIVER),
            MapFeature.objects.filter(layer=MapFeature.Layer.ROAD),
        )
    )
    bridges = Place.objects.filter(kind=BRIDGE, until=None).order_by("code")
    points = np.array(list(bridges.values_list("lon", "lat")), dtype=np.float64).reshape(-1, 2)
    return Ground(rivers, roads, points)
