"""What invented people write, composed from `texts.toml`."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

KEYS = {"zh-hans": "zh", "bo": "bo", "en": "en"}


@cache
def _texts() -> dict[str, Any]:
    path = Path(__file__).with_name("texts.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def report(service: str, language: str, place: str, wording: int) -> str:
    """What somebody reports, near a place of this name; `wording` chooses among the wordings."""
    texts, lang = _texts(), KEYS[language]
    wheres, wishes = texts["where"][lang], texts["wish"][lang]
    whats = texts["services"].get(service, texts["services"]["other"])[lang]
    where = wheres[wording % len(wheres)].format(place) if place else ""
    wording //= len(wheres)
    what, wording = whats[wording % len(whats)], wording // len(whats)
    space = " " if lang != "zh" else ""
    return f"{where}{what}{space}{wishes[wording % len(wishes)]}".strip()


def say(kind: str, language: str, wording: int) -> str:
    """What staff write when something becomes of a case: resolved, paused, progress, note …"""
    wordings: list[str] = _texts()[kind][KEYS[language]]
    return wordings[wording % len(wordings)]


def whereabouts(language: str, place: str, wording: int) -> str:
    """Words about a place that has no point on the map."""
    wheres = _texts()["where"][KEYS[language]]
    return str(wheres[wording % len(wheres)]).format(place).rstrip("，: ")
