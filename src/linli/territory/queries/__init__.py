"""What can be asked about a plan: its figures with what they mean, and its map."""

from linli.territory.queries.force import in_force, is_outdated
from linli.territory.queries.maps import map_features, settlement_features
from linli.territory.queries.overall import Figure, Overall, overall

__all__ = [
    "Figure",
    "Overall",
    "in_force",
    "is_outdated",
    "map_features",
    "overall",
    "settlement_features",
]
