"""Kinds of places, and the levels of the tree that come with Linli: data in `data/`."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import Any

Names = Mapping[str, str]


def toml_of(name: str) -> dict[str, Any]:
    """One of this room's own data files."""
    text = resources.files("linli.areas").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def place_kinds() -> Mapping[str, Names]:
    """Every kind of place that may be stored, with its names; none is a place of worship."""
    return MappingProxyType({code: kind["names"] for code, kind in toml_of("kinds.toml").items()})


@cache
def known_levels() -> Mapping[str, tuple[int, Names]]:
    """Depth and names of the levels that need no mapping file."""
    rows = toml_of("levels.toml").items()
    return MappingProxyType({code: (row["depth"], row["names"]) for code, row in rows})


@cache
def _aliases() -> Mapping[str, str]:
    own = {code.replace("-", "_"): code for code in place_kinds()}
    return own | {
        word: code for code, kind in toml_of("kinds.toml").items() for word in kind["from"]
    }


def kind_from(word: str) -> str | None:
    """Our kind for a word of somebody else's file (`marketplace`), or None."""
    return _aliases().get(word.strip().lower().replace("-", "_"))
