"""The list of duties as data: `duties.toml`, or a county's own file in the same form."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linli.kernel.errors import Invalid

SHIPPED = Path(__file__).with_name("duties.toml")
SERVICE_CENTRE = "service-centre"
INSPECTION = "inspection"
NEIGHBOURHOOD = "neighbourhood"  # what a grid has first
PLANNING = "planning"  # draws service grids (the room `territory`)
LANGUAGES = ("zh", "bo", "en")


@dataclass(frozen=True)
class Line:
    """One duty: its code, its names, and the levels where its posts sit, nearest first."""

    code: str
    names: Mapping[str, str]
    sees_contacts: bool
    levels: tuple[str, ...]


def read(path: Path = SHIPPED) -> list[Line]:
    """The duties of a file, in its order.

    Raises:
        Invalid: `bad-duties`, when the file is not TOML, a name lacks a language or a code comes
            twice; `fields` names the duty.
    """
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["duties"]
        lines = [_line(row) for row in rows]
    except (tomllib.TOMLDecodeError, KeyError, TypeError, UnicodeDecodeError) as error:
        raise Invalid("bad-duties", fields={"file": path.name, "part": str(error)}) from error
    for line in lines:
        if [other.code for other in lines].count(line.code) > 1:
            raise Invalid("bad-duties", fields={line.code: "twice"})
        if missing := [lang for lang in LANGUAGES if not line.names.get(lang)]:
            raise Invalid("bad-duties", fields={line.code: ", ".join(missing)})
    return lines


def _line(row: Mapping[str, object]) -> Line:
    names, levels = row["name"], row["levels"]
    if not isinstance(names, dict) or not isinstance(levels, list):
        raise KeyError(str(row["code"]))
    return Line(str(row["code"]), names, row["contacts"] is True, tuple(levels))
