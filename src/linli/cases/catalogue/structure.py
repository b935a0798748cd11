"""The shape of a definition: which fields, of which kind, how long, how many."""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from linli.cases.catalogue import characters
from linli.cases.catalogue.problems import Problem
from linli.cases.catalogue.reading import LANGUAGES, words

Check = Callable[[Any, str], Iterator[Problem]]

CODE = re.compile(r"[a-z][a-z0-9-]{1,39}")
DATATYPES = ("string", "number", "datetime", "text", "singlevaluelist", "multivaluelist")
HAZARDS = ("flood", "landslide", "snow", "fire", "earthquake", "disease", "accident", "fraud")


def table(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """A table with these fields and no others."""
    fields = {**required, **(optional or {})}

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, Mapping):
            yield Problem("wrong-type", path, {"expected": "{…}"})
            return
        for key in value:
            if key not in fields:
                yield Problem("unknown-key", _join(path, str(key)), {"found": str(key)[:60]})
        for key, of in fields.items():
            if key in value:
                yield from of(value[key], _join(path, key))
            elif key in required:
                yield Problem("missing", _join(path, key))

    return check


def rows(of: Check, *, low: int, high: int) -> Check:
    """A list of `low` to `high` of these."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, list | tuple):
            yield Problem("wrong-type", path, {"expected": "[…]"})
            return
        if len(value) > high:
            yield Problem("too-many", path, {"limit": high})
        if len(value) < low:
            yield Problem("too-few", path, {"limit": low})
        for index, row in enumerate(value[:high]):
            yield from of(row, f"{path}[{index + 1}]")

    return check


def coded_rows(of: Check, *, low: int, high: int) -> Check:
    """`rows` whose codes differ."""
    plain = rows(of, low=low, high=high)

    def check(value: Any, path: str) -> Iterator[Problem]:
        yield from plain(value, path)
        seen: set[str] = set()
        for row in value if isinstance(value, list | tuple) else ():
            code = row.get("code") if isinstance(row, Mapping) else None
            if isinstance(code, str) and code in seen:
                yield Problem("duplicate-code", path, {"found": code[:60]})
            seen.add(str(code))

    return check


def one_of(choices: tuple[str, ...]) -> Check:
    """One of a closed list."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if value not in choices:
            yield Problem(
                "not-one-of", path, {"found": str(value)[:60], "expected": ", ".join(choices)}
            )

    return check


def whole(low: int, high: int) -> Check:
    """A whole number from `low` to `high`."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield Problem("wrong-type", path, {"expected": "123"})
        elif not low <= value <= high:
            yield Problem("out-of-range", path, {"low": low, "high": high})

    return check


def flag(value: Any, path: str) -> Iterator[Problem]:
    """True or false."""
    if not isinstance(value, bool):
        yield Problem("wrong-type", path, {"expected": "true / false"})


def code(value: Any, path: str) -> Iterator[Problem]:
    """A code of ours."""
    if not isinstance(value, str):
        yield Problem("wrong-type", path, {"expected": "“abc”"})
    elif not CODE.fullmatch(value):
        yield Problem("bad-code", path)


def text(limit: int, language: str) -> Check:
    """A text of at most `limit` characters, in the script of its language."""

    def check(value: Any, path: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield Problem("wrong-type", path, {"expected": "“…”"})
        elif not value.strip():
            yield Problem("text-empty", path)
        elif len(value) > limit:
            yield Problem("text-too-long", path, {"limit": limit})
        elif found := characters.hidden(value):
            yield Problem("hidden-character", path, {"found": found})
        elif found := characters.foreign(value, language):
            yield Problem("wrong-script", path, {"found": found})
        elif not characters.spoken(value, language):
            yield Problem("wrong-script", path, {"found": value[:20]})

    return check


def names(limit: int) -> Check:
    """The same text in Chinese, and in the other languages where there are translations."""
    zh, *others = ({language: text(limit, language)} for language in LANGUAGES)
    return table(zh, {key: check for other in others for key, check in other.items()})


def _words(language: str) -> Check:
    return rows(text(40, language), low=1, high=12)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key[:60]


def _listed(title: str) -> Check:
    return one_of(tuple(words()[title]))


PRIVACY = table(
    {"personal": flag},
    {
        "why": _listed("whys"),
        "purpose": _listed("purposes"),
        "readers": rows(_listed("readers"), low=1, high=2),
        "erasure": _listed("erasures"),
    },
)
VALUE = table({"code": code, "name": names(80)})
QUESTION = table(
    {"code": code, "datatype": one_of(DATATYPES), "text": names(160), "privacy": PRIVACY},
    {"required": flag, "values": coded_rows(VALUE, low=2, high=20)},
)
SERVICE = table(
    {
        "code": code,
        "group": _listed("groups"),
        "duty": code,
        "about": one_of(("place", "self", "call-back", "office", "idea")),
        "visibility": one_of(("public", "private")),
        "where": one_of(("exact", "words", "area")),
        "within": table(
            {},
            {
                "hours": whole(1, 240),
                "days": whole(1, 90),
                "calendar": one_of(("working", "always")),
            },
        ),
        "name": names(60),
        "description": names(600),
        "keywords": table({"zh": _words("zh")}, {"bo": _words("bo"), "en": _words("en")}),
    },
    {
        "position": whole(1, 999),
        "outside_chain": flag,
        "hazard": code,
        "duplicates": table({"metres": whole(1, 5000), "days": whole(1, 365)}),
        "retention": table(
            {},
            {"texts": whole(1, 1095), "photos": whole(1, 365), "points": whole(1, 365)},
        ),
        "questions": coded_rows(QUESTION, low=0, high=8),
    },
)
