"""Finding areas, settlements and places by a part of their name or code, in any language.

A plain look through every name, kept in memory by edition: in Chinese two characters are a whole
word, and no index of words finds them. The reference prefecture has 17,000 names.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass

from linli.areas import index, queries
from linli.areas.conditions import holds
from linli.areas.kinds import place_kinds
from linli.areas.models import Area, MapFeature, Place
from linli.areas.names import searchable
from linli.areas.rows import Names
from linli.areas.shapes import centres, from_wkb
from linli.areas.worship import plain

LONGEST = 60  # characters of a question; more is not a name
MOST = 50
# Among equal matches: areas by depth (10, 20 …), settlements after villages, then places.
SETTLEMENTS, PLACES = 41, 55


@dataclass(frozen=True)
class Found:
    """Something with a name: `kind` is area, place or settlement; `what` its level or kind."""

    kind: str
    code: str
    what: str
    names: Names
    lon: float | None
    lat: float | None
    area: str  # code of the area itself, or of the one it lies in
    above: tuple[Names, ...]  # names of the areas above, nearest first
    text: str
    sort: str  # what kind of place it is, in every language
    around: str
    order: int

    @property
    def value(self) -> str:
        """As a form sends it: `area:CODE`, `place:CODE`."""
        return f"{self.kind}:{self.code}"


def search(text: str, *, limit: int = 20, kinds: tuple[str, ...] = ()) -> list[Found]:
    """What has `text` in its name or is it by code; the best first, at most `limit`.

    Several words must all be there, the first in the thing's own name or in that of its kind
    (“school”), the others there or in the names of areas above it. Empty or over-long text finds
    nothing.
    """
    words = plain(text[: LONGEST + 1]).split()
    if not words or len(text) > LONGEST:
        return []
    found = [
        entry
        for entry in _entries.all()
        if (words[0] in entry.text or words[0] in entry.sort)
        and (not kinds or entry.kind in kinds)
        and all(word in entry.text or word in entry.around for word in words[1:])
    ]
    found.sort(key=lambda entry: (_distance(entry, words[0]), entry.order, entry.code))
    return found[: min(limit, MOST)]


def _distance(entry: Found, word: str) -> int:
    names = entry.text.split("\n")
    if word in names:
        return 0
    if any(name.startswith(word) for name in names):
        return 1
    return 2 if word in entry.text else 3


class _Entries:
    """Every name of one edition."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._stamp: index.Stamp | None = None
        self._all: list[Found] = []

    def all(self) -> list[Found]:
        now = index.stamp()
        with self._lock:
            if now != self._stamp:
                self._all = list(_read())
                self._stamp = now
            return self._all


_entries = _Entries()


def _read() -> Iterator[Found]:
    tree = _Tree()
    for path, area in tree.areas.items():
        where = _Where(area.centre_lon, area.centre_lat, area.code, path.rpartition("/")[0])
        thing = ("area", area.code, area.level.code)
        yield tree.found(thing, area.names, where, area.level.depth * 10)
    for place in Place.objects.filter(holds()).select_related("area"):
        home = place.area.code if place.area else ""
        where = _Where(place.lon, place.lat, home, tree.paths.get(home, ""))
        yield tree.found(("place", place.code, place.kind), place.names, where, PLACES)
    rows = list(MapFeature.objects.filter(layer=MapFeature.Layer.SETTLEMENT).exclude(names={}))
    points = centres(from_wkb([row.wkb for row in rows]))
    homes = queries.areas_at(points[:, 0], points[:, 1])
    for row, (lon, lat), home in zip(rows, points, homes, strict=True):
        where = _Where(float(lon), float(lat), home or "", tree.paths.get(home, ""))
        thing = ("settlement", row.code, "settlement")
        yield tree.found(thing, row.names, where, SETTLEMENTS + row.rank)


@dataclass(frozen=True)
class _Where:
    lon: float | None
    lat: float | None
    area: str
    inside: str  # path of the area around it


class _Tree:
    """The areas of today by path, and what is above each of them, worked out once."""

    def __init__(self) -> None:
        rows = Area.objects.current().select_related("level")
        self.areas: dict[str, Area] = {area.path: area for area in rows}
        self.paths = {area.code: path for path, area in self.areas.items()}
        self._above: dict[str, tuple[tuple[Names, ...], str]] = {"": ((), "")}

    def above(self, path: str) -> tuple[tuple[Names, ...], str]:
        """Names of the area at a path and of those above it, and the same as text to look in."""
        if path not in self._above:
            names, text = self.above(path.rpartition("/")[0])
            area = self.areas.get(path)
            if area is not None:
                names, text = (area.names, *names), f"{searchable(area.names, '')}\n{text}"
            self._above[path] = names, text
        return self._above[path]

    def found(self, thing: tuple[str, str, str], names: Names, where: _Where, order: int) -> Found:
        """One thing with a name, as it is kept for looking."""
        kind, code, what = thing
        above, around = self.above(where.inside)
        return Found(
            kind=kind,
            code=code,
            what=what,
            names=names,
            lon=where.lon,
            lat=where.lat,
            area=where.area,
            above=above,
            text=searchable(names, code),
            sort=searchable(place_kinds().get(what, {}), "") if kind == "place" else "",
            around=around,
            order=order,
        )
