"""The one judge of service definitions (refusal 2): every door calls `check`."""

import tomllib
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from linli.cases.catalogue import reading, refused, structure
from linli.cases.catalogue.problems import Problem
from linli.cases.catalogue.reading import LANGUAGES, Raw, ServiceDefinition

FILE_BYTES = 64_000
FREE_TEXTS = 2
DEPTH = 8
HOURS_72_IN_DAYS = 3


def check(
    source: bytes | Raw | ServiceDefinition,
    *,
    translated: bool = False,
    duties: Collection[str] = (),
) -> list[Problem]:
    """Everything wrong with a definition, by whatever form it comes; empty if it may be used.

    `source` is the bytes of a file, a parsed table or a definition. `translated` also asks for all
    three languages, as what ships must have; `duties` are codes of a county's own. The answer
    never depends on who asks.
    """
    if isinstance(source, ServiceDefinition):
        source = source.raw
    if isinstance(source, bytes):
        if len(source) > FILE_BYTES:
            return [Problem("too-big", "", {"limit": FILE_BYTES})]
        try:
            source = reading.parse(source)
        except reading.Unreadable as error:
            return [Problem(error.code, "", {"detail": error.line})]
    shape = list(structure.SERVICE(source, ""))
    found = [*shape, *_refused_words(source)]
    if not shape:
        found += _rules(source, duty_codes() | set(duties))
        found += _translations(source) if translated else []
    return found


# -- rules between fields ------------------------------------------------------------------------


def _rules(raw: Raw, duties: Collection[str]) -> Iterator[Problem]:
    if raw["duty"] not in duties:
        yield Problem("unknown-duty", "duty", {"found": raw["duty"]})
    yield from _promise(raw)
    yield from _kind(raw)
    yield from _call_back(raw)
    questions = raw.get("questions", [])
    if sum(row["datatype"] in ("string", "text") for row in questions) > FREE_TEXTS:
        yield Problem("too-many-free-texts", "questions", {"limit": FREE_TEXTS})
    for index, row in enumerate(questions):
        yield from _question(row, f"questions[{index + 1}]", public=raw["visibility"] == "public")


def _promise(raw: Raw) -> Iterator[Problem]:
    if ("hours" in raw["within"]) == ("days" in raw["within"]):
        yield Problem("one-promise", "within")
    if "hazard" in raw and raw["hazard"] not in structure.HAZARDS:
        facts = {"found": raw["hazard"], "expected": ", ".join(structure.HAZARDS)}
        yield Problem("hazard-not-listed", "hazard", facts)


def _kind(raw: Raw) -> Iterator[Problem]:
    public = raw["visibility"] == "public"
    if public and raw["about"] in ("self", "call-back", "office"):
        yield Problem("must-be-private", "visibility")
    if not public and "duplicates" in raw:
        yield Problem("private-compared", "duplicates")
    if raw.get("outside_chain", False) != (raw["about"] == "office"):
        yield Problem("outside-chain", "outside_chain")


def _call_back(raw: Raw) -> Iterator[Problem]:
    """Refusal 3: help asked for another is a call to the one who asks, and soon forgotten."""
    if raw["about"] != "call-back":
        return
    if raw["where"] != "area":
        yield Problem("call-back", "where")
    kept = {**reading.RETENTION, **raw.get("retention", {})}
    for what, days in kept.items():
        if days > HOURS_72_IN_DAYS:
            yield Problem("call-back", f"retention.{what}")
    for index, row in enumerate(raw.get("questions", [])):
        if row["privacy"]["personal"] or row["datatype"] in ("string", "text"):
            yield Problem("call-back", f"questions[{index + 1}]")


def _question(row: Raw, path: str, *, public: bool) -> Iterator[Problem]:
    listed = row["datatype"].endswith("list")
    if listed and "values" not in row:
        yield Problem("missing", f"{path}.values")
    if not listed and "values" in row:
        yield Problem("values-not-allowed", f"{path}.values")
    if public:
        for language, text in row["text"].items():
            if found := refused.addresses(text):
                yield Problem("asks-the-reporter", f"{path}.text.{language}", {"found": found})
    privacy = row["privacy"]
    register = {"purpose", "readers", "erasure"}
    if privacy["personal"]:
        if public:
            yield Problem("personal-in-public", f"{path}.privacy")
        if not register <= privacy.keys() or "why" in privacy:
            yield Problem("personal-incomplete", f"{path}.privacy")
    elif "why" not in privacy or register & privacy.keys():
        yield Problem("not-personal-why", f"{path}.privacy")


def _translations(raw: Raw) -> Iterator[Problem]:
    texts: list[tuple[str, Raw]] = [(key, raw[key]) for key in ("name", "description", "keywords")]
    for index, row in enumerate(raw.get("questions", [])):
        path = f"questions[{index + 1}]"
        texts.append((f"{path}.text", row["text"]))
        for number, value in enumerate(row.get("values", [])):
            texts.append((f"{path}.values[{number + 1}].name", value["name"]))
    for path, text in texts:
        for language in LANGUAGES:
            if language not in text:
                yield Problem("translation-missing", path, {"language": language})


@cache
def duty_codes() -> frozenset[str]:
    """Codes of the duties that ship with Linli."""
    file = resources.files("linli.organisations") / "duties.toml"
    return frozenset(row["code"] for row in tomllib.loads(file.read_text("utf-8"))["duties"])


# -- words ---------------------------------------------------------------------------------------


def _refused_words(raw: Any) -> Iterator[Problem]:
    """Every text and key of the table, wherever it stands, and each question read as a whole."""
    seen: set[tuple[str, str]] = set()
    for path, text, question in _texts(raw, "", question=False, depth=0):
        for code, found in refused.find(text, question=question):
            if (code, path) not in seen:
                seen.add((code, path))
                yield Problem(code, path, {"found": found})


def _texts(value: Any, path: str, *, question: bool, depth: int) -> Iterator[tuple[str, str, bool]]:
    if depth > DEPTH:
        return
    if isinstance(value, str):
        yield path, value[:2000], question
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            below = f"{path}.{key}" if path else str(key)
            yield below, str(key)[:200], question
            asks = question or key == "questions"
            yield from _texts(inner, below, question=asks, depth=depth + 1)
        if "text" in value or "values" in value:
            yield from _wholes(value, path)
    elif isinstance(value, list | tuple):
        for index, row in enumerate(value[:100]):
            yield from _texts(row, f"{path}[{index + 1}]", question=question, depth=depth + 1)


def _wholes(row: Raw, path: str) -> Iterator[tuple[str, str, bool]]:
    """A question with its values, per language: a refused word may be cut in two between them."""
    text, values = row.get("text"), row.get("values")
    for language in LANGUAGES:
        parts = [text.get(language, "")] if isinstance(text, Mapping) else []
        for value in values if isinstance(values, list | tuple) else ():
            name = value.get("name") if isinstance(value, Mapping) else None
            parts.append(name.get(language, "") if isinstance(name, Mapping) else "")
        yield path, " ".join(part for part in parts if isinstance(part, str))[:4000], True
