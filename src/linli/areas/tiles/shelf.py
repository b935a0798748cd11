"""Tiles that are made already: in memory, on the disk, or made now.

All are keyed by the edition of the territory, so that nothing old is served after a change. The
edition is read from the database every few seconds, not for every tile.
"""

import os
import secrets
import shutil
import threading
import time
from collections import OrderedDict
from pathlib import Path

from django.conf import settings

from linli.areas import editions
from linli.areas.tiles import drawing
from linli.areas.tiles.cut import Address, addresses, cut, shown
from linli.areas.tiles.drawing import Layer

FORM = 2  # of what tiles hold; a new one leaves old files unused
FRESH = 5.0  # seconds for which an edition read from the database is believed
TILES_KEPT = 2_000  # in memory; one is a few kilobytes
ZOOMS_KEPT = 4


class Shelf:
    """Tiles and drawings of one edition."""

    def __init__(self, key: str, folder: Path) -> None:
        self.key = key
        self._folder = folder / key
        self._tiles: OrderedDict[Address, bytes] = OrderedDict()
        self._layers: OrderedDict[int, list[Layer]] = OrderedDict()
        self._lock = threading.Lock()
        self._drawing = threading.Lock()

    def tile(self, at: Address) -> bytes:
        """The tile, compressed with gzip; empty where nothing is drawn."""
        with self._lock:
            if at in self._tiles:
                self._tiles.move_to_end(at)
                return self._tiles[at]
        data = self._from_disk(at)
        with self._lock:
            self._tiles[at] = data
            while len(self._tiles) > TILES_KEPT:
                self._tiles.popitem(last=False)
        return data

    def _from_disk(self, at: Address) -> bytes:
        path = self._folder / "{}-{}-{}.mvt.gz".format(*at)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            layers = self.layers(at[0])
            if not shown(layers, at):
                return b""
            data = cut(layers, at)
            _write(path, data)
            return data

    def layers(self, zoom: int) -> list[Layer]:
        """What this zoom draws; made by the first who asks while the others wait."""
        with self._drawing:
            if zoom not in self._layers:
                self._layers[zoom] = drawing.layers(zoom)
                while len(self._layers) > ZOOMS_KEPT:
                    self._layers.popitem(last=False)
            return self._layers[zoom]


def _write(path: Path, data: bytes) -> None:
    """Whole or not at all: another thread never reads half a tile."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}")
    part.write_bytes(data)
    os.replace(part, path)


class _Current:
    """The shelf of the present edition."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._shelf: Shelf | None = None
        self._asked = 0.0

    def shelf(self) -> Shelf:
        with self._lock:
            if self._shelf is None or time.monotonic() - self._asked > FRESH:
                self._asked = time.monotonic()
                key = f"{FORM}-{editions.current():x}-{editions.last_change():%Y%m%d}"
                if self._shelf is None or self._shelf.key != key:
                    folder = settings.VAR / "tiles"
                    _forget_others(folder, key)
                    self._shelf = Shelf(key, folder)
            return self._shelf

    def forget(self) -> None:
        """Ask the database at the next call; after a change in this process."""
        with self._lock:
            self._asked = float("-inf")


def _forget_others(folder: Path, key: str) -> None:
    for old in folder.glob("*"):
        if old.name != key:
            shutil.rmtree(old, ignore_errors=True)


_current = _Current()


def current() -> Shelf:
    """The shelf of the present edition, at most a few seconds old."""
    return _current.shelf()


def renewed() -> None:
    """The territory has changed in this process: look again."""
    _current.forget()


def warm(zooms: range = range(drawing.EXACT)) -> int:
    """Draw what lower zooms show and cut their tiles; returns how many tiles there are.

    The first visitor then waits for nothing; nearer zooms are cut as they are asked for.
    """
    renewed()
    shelf = current()
    made = [bool(shelf.tile(at)) for zoom in zooms for at in addresses(shelf.layers(zoom), zoom)]
    return sum(made)
