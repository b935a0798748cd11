"""Asking which area points lie in, from the command line."""

import csv
import datetime as dt
import gzip
import json
import math
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas import queries
from linli.areas.coordinates import LAT_LIMIT, LON_LIMIT
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick


def locate_one(
    lon: float, lat: float, level: str | None, day: dt.date | None, *, as_json: bool
) -> None:
    """Print the area that covers a point, and those above it."""
    area = queries.area_at(lon, lat, day, level=level)
    chain = [area, *queries.ancestors(area, day)] if area else []
    if as_json:
        found = [{"code": a.code, "level": a.level.code, "names": a.names} for a in chain]
        covering = queries.areas_covering(lon, lat, day)
        click.echo(json.dumps({"areas": found, "covering": covering}, ensure_ascii=False))
        return
    for step in chain:
        click.echo(f"{step.code}  {step.level.code}  {pick(step.names)}")
    if not chain:
        click.echo(_("Outside."))
        if queries.looks_swapped(lon, lat, day):
            click.echo(_("With longitude and latitude exchanged it would lie inside."))


def locate_file(
    path: Path,
    columns: tuple[str, str],
    level: str | None,
    day: dt.date | None,
    *,
    as_json: bool,
) -> None:
    """Print one line for each row of a CSV file: its number and a code, empty where outside."""
    points = np.array(list(_points(path, columns)), dtype=np.float64).reshape(-1, 2)
    given = np.isfinite(points).all(axis=1)
    wrong = given & ~((np.abs(points) <= [LON_LIMIT, LAT_LIMIT]).all(axis=1))
    asked = given & ~wrong
    codes = np.full(len(points), None, dtype=object)
    codes[asked] = queries.areas_at(points[asked, 0], points[asked, 1], day, level=level)
    if as_json:
        counts = {
            "rows": len(points),
            "found": int((codes != None).sum()),  # noqa: E711 - by element
            "outside": int((codes[asked] == None).sum()),  # noqa: E711
            "without_coordinates": int((~given).sum()),
            "not_on_earth": int(wrong.sum()),
        }
        click.echo(json.dumps({**counts, "codes": codes.tolist()}, ensure_ascii=False))
        return
    click.echo("row,code")
    for number, code in enumerate(codes, 1):
        click.echo(f"{number},{code or ''}")


def _points(path: Path, columns: tuple[str, str]) -> Iterator[tuple[float, float]]:
    opened = gzip.open if path.suffix == ".gz" else open
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="") as file:
            rows = csv.DictReader(file)
            missing = [column for column in columns if column not in (rows.fieldnames or ())]
            if missing:
                raise Invalid("column-missing", NO_COLUMN, fields={"columns": missing})
            for row in rows:
                yield _number(row[columns[0]]), _number(row[columns[1]])
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise Invalid("file-unreadable", UNREADABLE, fields={"file": str(error)}) from error


NO_COLUMN = gettext_lazy("The file has no such column")
UNREADABLE = gettext_lazy("The file cannot be read")


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan
