"""What goes into the territory, before it is rows of the database. None means: as it was."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Names = Mapping[str, str]


@dataclass(frozen=True)
class LevelRow:
    """A rung of the tree; `depth` 1 is the top."""

    code: str
    depth: int
    names: Names


@dataclass(frozen=True)
class AreaRow:
    """An area by code; `boundary` is WKB of a polygon or multipolygon, EPSG:4326, lon first."""

    code: str
    level: str | None = None
    parent: str | None = None
    names: Names = field(default_factory=dict)
    boundary: bytes | None = None
    precedence: int | None = None


@dataclass(frozen=True)
class PlaceRow:
    """A place by code; `area` is the code of its area, found from the point where it is None."""

    code: str
    kind: str
    names: Names
    lon: float
    lat: float
    area: str | None = None
    since: dt.date | None = None


@dataclass(frozen=True)
class FeatureRow:
    """A river, road or settlement; `wkb` is a line or, for a settlement, a point or polygon."""

    layer: str
    code: str
    names: Names
    wkb: bytes
    rank: int = 1
    households: int | None = None
