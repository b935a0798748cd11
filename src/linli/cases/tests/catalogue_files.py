"""Service definitions for tests: what ships, what is refused, and one that may be bent."""

import copy
import re
from pathlib import Path
from typing import Any

from linli.cases.catalogue import reading

HOSTILE = sorted((Path(__file__).parent / "hostile").glob("*.toml"))
SHIPPED = sorted(reading.SHIPPED.glob("*.toml"))
GOOD = reading.parse((reading.SHIPPED / "noise.toml").read_bytes())


def expected(path: Path) -> set[str]:
    """The problem codes that a hostile file's header names."""
    found = re.search(r"^# expect: (.+)$", path.read_text("utf-8"), re.M)
    assert found, path
    return set(found.group(1).split())


def good(**changes: Any) -> dict[str, Any]:
    """A definition that passes, with some fields changed; None takes a field away."""
    raw = {**copy.deepcopy(GOOD), **changes}
    return {key: value for key, value in raw.items() if value is not None}


def asking(
    zh: str, bo: str = "གང་ཆག་འདུག", en: str = "What is broken?", **more: Any
) -> dict[str, Any]:
    """A definition with one question of these words."""
    question = {
        "code": "what",
        "datatype": "string",
        "privacy": {"personal": False, "why": "thing"},
        "text": {"zh": zh, "bo": bo, "en": en},
    }
    return good(questions=[{**question, **more}])
