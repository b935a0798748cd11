"""From a TOML file to a frozen `ServiceDefinition`, and back to its canonical form.

Nothing here judges: `validator.check` does, and `read` may only be given what it passed.
"""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
SHIPPED = HERE / "services"
LANGUAGES = ("zh", "bo", "en")

Names = Mapping[str, str]
Raw = Mapping[str, Any]

LAST = 999
# Erasure in days after closing, unless the service says otherwise.
RETENTION = {"texts": 730, "photos": 90, "points": 90}


class Unreadable(ValueError):
    """A file that is not TOML at all; `code` is the problem's code, `line` says where if known."""

    def __init__(self, code: str, line: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.line = line


@dataclass(frozen=True)
class Promise:
    """By when somebody answers: `amount` `unit`s ("hours" or "days") by `calendar`.

    `calendar` is "working" (working time of the place) or "always" (round the clock).
    """

    amount: int
    unit: str
    calendar: str = "working"


@dataclass(frozen=True)
class Duplicates:
    """How near, in metres and days, two public cases are likely to be one."""

    metres: int
    days: int


@dataclass(frozen=True)
class Retention:
    """Days after closing until texts, photos and exact points are erased."""

    texts: int
    photos: int
    points: int


@dataclass(frozen=True)
class Value:
    """One answer of a list question."""

    code: str
    name: Names


@dataclass(frozen=True)
class Privacy:
    """The question's line in the privacy register; codes of `words.toml`."""

    personal: bool
    why: str = ""
    purpose: str = ""
    readers: tuple[str, ...] = ()
    erasure: str = ""


@dataclass(frozen=True)
class Question:
    """One question; `datatype` is one of Open311's six."""

    code: str
    datatype: str
    required: bool
    text: Names
    privacy: Privacy
    values: tuple[Value, ...] = ()


@dataclass(frozen=True)
class ServiceDefinition:
    """One service as its file defines it.

    about       "place" (a place, thing or event), "self" (help for oneself), "call-back" (help for
                another: we call the one who asks), "office" (how an office or post acted) or
                "idea" (a question or suggestion)
    where       the least it needs to be found: "exact" (a point or a stored place; failing these an
                area together with words), "words" (an area or words are enough) or "area" (only an
                area, never a point or words)
    duty        code of the duty whose post answers (organisations/duties.toml)
    position    where it stands in its group; the most common first
    hazard      if set, the page says to call the emergency number first
    duplicates  None where cases are never compared (every private service)
    """

    code: str
    group: str
    position: int
    duty: str
    about: str
    public: bool
    where: str
    outside_chain: bool
    hazard: str
    within: Promise
    duplicates: Duplicates | None
    retention: Retention
    name: Names
    description: Names
    keywords: Mapping[str, tuple[str, ...]]
    questions: tuple[Question, ...]
    raw: Raw = field(repr=False, compare=False)

    def question(self, code: str) -> Question:
        """The question with this code; KeyError if it has none."""
        for question in self.questions:
            if question.code == code:
                return question
        raise KeyError(code)


def files(folder: Path = SHIPPED) -> dict[str, bytes]:
    """The service files of a folder, by name, in order; what ships by default."""
    return {path.name: path.read_bytes() for path in sorted(folder.glob("*.toml"))}


def parse(data: bytes) -> dict[str, Any]:
    """The table in a TOML file, unjudged. Raises `Unreadable`."""
    try:
        return tomllib.loads(data.decode("utf-8"))
    except UnicodeDecodeError:
        raise Unreadable("not-utf8") from None
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        # Python's own refusals of odd input (huge integers, deep nesting) are ValueErrors too.
        raise Unreadable("not-toml", str(error)[:120]) from None


def read(raw: Raw) -> ServiceDefinition:
    """The definition in a raw table that `validator.check` passed."""
    within = raw["within"]
    unit = "hours" if "hours" in within else "days"
    near = raw.get("duplicates")
    return ServiceDefinition(
        code=raw["code"],
        group=raw["group"],
        position=raw.get("position", LAST),
        duty=raw["duty"],
        about=raw["about"],
        public=raw["visibility"] == "public",
        where=raw["where"],
        outside_chain=raw.get("outside_chain", False),
        hazard=raw.get("hazard", ""),
        within=Promise(within[unit], unit, within.get("calendar", "working")),
        duplicates=Duplicates(**near) if near else None,
        retention=Retention(**{**RETENTION, **raw.get("retention", {})}),
        name=raw["name"],
        description=raw["description"],
        keywords={language: tuple(words) for language, words in raw["keywords"].items()},
        questions=tuple(_question(row) for row in raw.get("questions", [])),
        raw=raw,
    )


def _question(row: Raw) -> Question:
    privacy = {**row["privacy"], "readers": tuple(row["privacy"].get("readers", ()))}
    return Question(
        code=row["code"],
        datatype=row["datatype"],
        required=row.get("required", False),
        text=row["text"],
        privacy=Privacy(**privacy),
        values=tuple(Value(value["code"], value["name"]) for value in row.get("values", [])),
    )


def canonical(raw: Raw) -> str:
    """One text per meaning: keys sorted, no spaces. What is stored and digested."""
    return json.dumps(raw, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(raw: Raw) -> str:
    """SHA-256 of the canonical form, in hex."""
    return hashlib.sha256(canonical(raw).encode()).hexdigest()


@cache
def words() -> dict[str, dict[str, Names]]:
    """The closed lists of `words.toml`: list → code → names."""
    lists = tomllib.loads((HERE / "words.toml").read_text("utf-8"))
    return {title: {row["code"]: row["name"] for row in rows} for title, rows in lists.items()}
