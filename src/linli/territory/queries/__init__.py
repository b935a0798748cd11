"""What can be asked about a plan: its figures with what they mean, and its map."""

from linli.territory.queries.force import any_there, in_force, is_outdated, since_then
from linli.territory.queries.maps import map_features, settlement_features
from linli.territory.queries.overall import Figure, Overall, overall

__all__ = [
    "Figure",
    "Overall",
    "any_there",
    "in_force",
    "is_outdated",
    "map_features",
    "overall",
    "settlement_features",
    "since_then",
]
