"""What goes into a gazetteer, before it is rows of the database."""

from dataclasses import dataclass


@dataclass(frozen=True)
class SettlementRow:
    """A settlement by code: a point inside, degrees, and its outline as WKB where it has one."""

    code: str
    lon: float
    lat: float
    households: int
    workload: float
    wkb: bytes = b""
