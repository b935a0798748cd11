"""What happened to the territory."""

import datetime as dt

from linli.kernel.events import Code, Event


class AreasImported(Event):
    """A set of areas took effect; `versions` of them are new, `closed` ended the day before."""

    edition: int
    versions: int
    closed: int
    since: dt.date


class AreasTakenBack(Event):
    """Before its day a set of areas was taken back; `reopened` go on as if nothing had been."""

    edition: int
    versions: int
    reopened: int
    since: dt.date


class PlaceAdded(Event):
    """A place was added to the map."""

    place: int
    kind: Code


class PlacesImported(Event):
    """Many places were added at once."""

    edition: int
    count: int


class PlacesRehomed(Event):
    """Places lie in another area, or in a new version of theirs, since boundaries changed."""

    edition: int
    count: int


class PlaceRetired(Event):
    """A place exists no longer from this day on."""

    place: int
    until: dt.date


class FeaturesImported(Event):
    """One layer of the map was replaced."""

    edition: int
    layer: Code
    count: int
