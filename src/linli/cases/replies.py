"""Reply templates: sentences that staff begin with, in the reporter's language."""

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from linli.kernel import languages

FILE = Path(__file__).with_name("replies.toml")


@dataclass(frozen=True)
class Reply:
    """One template: what it is for, in the reader's language, and the words for the reporter."""

    code: str
    name: str
    words: str


@cache
def _all() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def replies(language: str) -> list[Reply]:
    """All templates, with their words in the language of the reporter."""
    return [
        Reply(code, languages.pick(row["name"]), languages.pick(row["words"], language))
        for code, row in _all().items()
    ]
