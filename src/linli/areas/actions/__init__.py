"""The only writers of the territory."""

from linli.areas.actions.areas import Adopted, adopt, load, take_back
from linli.areas.actions.features import replace_features
from linli.areas.actions.places import add_place, import_places, rehome_places, retire_place

__all__ = [
    "Adopted",
    "add_place",
    "adopt",
    "import_places",
    "load",
    "rehome_places",
    "replace_features",
    "retire_place",
    "take_back",
]
