"""Which column of a file means what: a small TOML file.

    level = "county"                          # the same for every row; or { column = "level" }
    code = { column = "gb", strip = "156" }   # strip: take this away in front; prefix: put in front
    parent = { value = "6230" }               # or { column = "parent" }
    names = { zh = "name", en = "name_en" }   # language = column
    axes = "lat-lon"                          # only if the file has latitude first
    crs = "EPSG:4490"                         # only if the file does not say it
    layer = "counties"                        # of a GeoPackage with several
    precedence = ["9", "19"]                  # in overlaps these answer first, in order

    [levels.district]                         # levels that Linli does not know
    depth = 2
    names = { en = "Council district" }

    [[areas]]                                 # areas that the file takes for granted
    code = "6230"
    level = "prefecture"
    names = { zh = "…" }

Places have `kind` too; rivers, roads and settlements `rank`, settlements `households`. Tables of
places have `lon` and `lat`. What is left out is looked for under its own name.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.utils.translation import gettext_lazy as _

from linli.areas.rows import AreaRow, LevelRow
from linli.areas.worship import is_tag
from linli.kernel.errors import Invalid

COLUMNS = ("level", "code", "parent", "kind", "rank", "households", "lon", "lat")
OTHERS = ("names", "axes", "crs", "layer", "precedence", "levels", "areas")
USUAL_NAMES = {"zh": ("name_zh", "name:zh", "name"), "bo": ("name_bo", "name:bo"),
               "en": ("name_en", "name:en")}  # fmt: skip


@dataclass(frozen=True)
class Column:
    """Where a value comes from: a column, or the same `value` for every row."""

    column: str = ""
    value: str | None = None
    strip: str = ""
    prefix: str = ""
    named: bool = False  # by the mapping, so that the file must have it

    def of(self, row: Mapping[str, Any]) -> str:
        """The value for one row; empty where it has none."""
        if self.value is not None:
            return self.value
        text = as_text(row.get(self.column)).removeprefix(self.strip)
        return self.prefix + text if text else ""


@dataclass(frozen=True)
class Names:
    """Columns of names by language: the first that has a value counts."""

    columns: Mapping[str, tuple[str, ...]]

    def of(self, row: Mapping[str, Any]) -> dict[str, str]:
        """The names of one row."""
        found = {
            language: next((text for c in columns if (text := as_text(row.get(c)))), "")
            for language, columns in self.columns.items()
        }
        return {language: name for language, name in found.items() if name}


@dataclass(frozen=True)
class FileMapping:
    """How to read a file."""

    columns: Mapping[str, Column]
    names: Names
    swapped: bool = False
    crs: str = ""
    layer: str = ""
    precedence: Mapping[str, int] = field(default_factory=dict)
    levels: tuple[LevelRow, ...] = ()
    areas: tuple[AreaRow, ...] = ()

    def of(self, field_name: str, row: Mapping[str, Any]) -> str:
        """The value of one of our fields in a row of the file."""
        return self.columns[field_name].of(row)

    def needed(self) -> set[str]:
        """Columns that the mapping names and the file must have."""
        return {c.column for c in self.columns.values() if c.named and c.value is None}


def as_text(value: Any) -> str:
    """A cell as text; 12.0 from a spreadsheet is the code 12."""
    if value is None or value != value:  # NaN is not itself
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).strip()


def read_mapping(path: Path | None, *, level: str | None = None) -> FileMapping:
    """The mapping in a file, or the usual one; `level` is for rows whose file does not say.

    Raises Invalid: mapping-not-usable, mapping-tag-refused.
    """
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8")) if path else {}
        return mapping_of(data, level=level)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, TypeError, KeyError, AttributeError) as e:
        raise Invalid(
            "mapping-not-usable", _("The mapping file cannot be used."), fields={"mapping": str(e)}
        ) from e


def mapping_of(data: Mapping[str, Any], *, level: str | None = None) -> FileMapping:
    """The mapping in a parsed file."""
    if unknown := sorted(set(data) - {*COLUMNS, *OTHERS}):
        raise KeyError(", ".join(unknown))
    columns = {name: _column(name, data.get(name)) for name in COLUMNS}
    if level is not None:
        columns["level"] = Column(value=level)
    names = {
        language: (data["names"][language],) if "names" in data else usual
        for language, usual in USUAL_NAMES.items()
        if "names" not in data or language in data["names"]
    }
    _refuse_tags([c.column for c in columns.values()] + [c for cs in names.values() for c in cs])
    order = list(data.get("precedence", ()))
    return FileMapping(
        columns=columns,
        names=Names(names),
        swapped=data.get("axes", "lon-lat") == "lat-lon",
        crs=data.get("crs", ""),
        layer=data.get("layer", ""),
        precedence={code: place - len(order) for place, code in enumerate(order)},
        levels=tuple(
            LevelRow(code, row["depth"], row["names"])
            for code, row in data.get("levels", {}).items()
        ),
        areas=tuple(
            AreaRow(row["code"], row["level"], row.get("parent"), row["names"])
            for row in data.get("areas", ())
        ),
    )


def _column(name: str, said: Any) -> Column:
    if said is None:
        return Column(column=name)
    if isinstance(said, str):
        return Column(value=said) if name == "level" else Column(column=said, named=True)
    return Column(named="value" not in said, **said)


def _refuse_tags(columns: list[str]) -> None:
    if refused := [column for column in columns if is_tag(column)]:
        raise Invalid(
            "mapping-tag-refused",
            _("A column about religion or ethnicity cannot be mapped."),
            fields={"columns": refused},
        )
