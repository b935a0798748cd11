"""The reference prefecture: a fictional high-pasture territory, generated from a seed.

    from linli.engines.prefecture import build
    prefecture = build(seed=7, scale=0.05)

Nothing in it describes a real place or a real person.
"""

from .build import AreaRow, FeatureRow, PlaceRow, Prefecture, build
from .names import Names
from .offices import DutyFacts, HoldingRow, OfficeRow, Offices, PostRow, TeamRow, staff
from .size import Size

__all__ = [
    "AreaRow",
    "DutyFacts",
    "FeatureRow",
    "HoldingRow",
    "Names",
    "OfficeRow",
    "Offices",
    "PlaceRow",
    "PostRow",
    "Prefecture",
    "Size",
    "TeamRow",
    "build",
    "staff",
]
