"""The texts of messages, as data, and how one is filled."""

import string
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from linli.kernel.errors import Invalid

FILE = Path(__file__).with_name("texts.toml")
SLOTS = frozenset({"number", "link", "due", "until", "office"})
LATER = "link"  # filled in by a gateway when the message leaves
KEYS = {"zh-hans": "zh", "bo": "bo", "en": "en"}


def slots(text: str) -> set[str]:
    """The names between braces in a text."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@cache
def read(path: Path = FILE) -> Mapping[str, Mapping[str, str]]:
    """All templates by code and language.

    Raises:
        Invalid: `bad-texts`, when a language is missing, the languages use different slots, or a
            slot is not one of `SLOTS`.
    """
    table = tomllib.loads(path.read_text(encoding="utf-8"))
    for code, texts in table.items():
        used = [slots(texts.get(lang, "")) for lang in KEYS.values()]
        complete = all(texts.get(lang) for lang in KEYS.values())
        if not complete or any(u != used[0] for u in used) or used[0] - SLOTS:
            raise Invalid("bad-texts", fields={"template": code})
    return table


def needed(template: str) -> set[str]:
    """The codes that a template wants, without the secret link; Invalid for no such template."""
    if template not in read():
        raise Invalid("no-such-text", fields={"template": template})
    return slots(read()[template]["zh"]) - {LATER}


def fill(template: str, language: str, values: Mapping[str, str]) -> str:
    """The text of a message in a language; the slots of `values` that it does not use are left."""
    text = read()[template][KEYS.get(language, "zh")]
    return text.format_map({name: values.get(name, "…") for name in SLOTS})
