"""Asking which area points lie in, from the command line."""

import datetime as dt
import json
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TextIO

import click
import numpy as np
from django.utils.translation import gettext as _

from linli.areas import queries, tables
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


@dataclass
class Counts:
    """What became of the rows of a table."""

    rows: int = 0
    found: int = 0
    outside: int = 0
    without_coordinates: int = 0
    not_on_earth: int = 0


def locate_file(
    path: Path,
    columns: tuple[str, str],
    level: str | None,
    day: dt.date | None,
    *,
    as_json: bool,
    out: Path | None = None,
    column: str = "code",
) -> None:
    """Find the code of each row of a CSV or Parquet file: on the terminal, or as a table in `out`.

    `out` gets all that the file has, in its order, and the codes as one more `column`; without it
    one line is printed for each row: its number and a code, empty where outside.
    """
    if out is not None and tables.is_parquet(out) != tables.is_parquet(path):
        raise Invalid("file-form", tables.OTHER_FORM, fields={"file": out.name})
    counts, kept = Counts(), []
    find = queries.finder(day)
    with ExitStack() as stack:
        table = stack.enter_context(tables.table(path, columns, whole=out is not None))
        write = _to(table, out, column, stack)
        shown = not as_json and (out is not None or not _looks_on(sys.stdout))
        for piece in _watched(table, stack, shown=shown):
            codes = _codes(piece, find, level, counts)
            if write is not None:
                write(piece, codes)
            elif as_json:
                kept += codes
            else:
                _print(codes, counts.rows - len(codes))
    if as_json:
        answer = asdict(counts) | ({} if out else {"codes": kept})
        click.echo(json.dumps(answer, ensure_ascii=False))
    elif out is not None:
        for what, count in asdict(counts).items():
            click.echo(f"{what}: {count}")


def _to(
    table: tables.Table, out: Path | None, column: str, stack: ExitStack
) -> tables.Write | None:
    if out is None:
        return None
    part = stack.enter_context(tables.written_whole(out))
    return table.writer(part, column, stack)


def _watched(table: tables.Table, stack: ExitStack, *, shown: bool) -> Iterator[tables.Piece]:
    """The pieces of the table, with a bar on the error line where a terminal looks on."""
    if not (shown and _looks_on(sys.stderr)):
        yield from table.pieces()
        return
    bar = stack.enter_context(click.progressbar(length=table.size, file=sys.stderr))
    for piece in table.pieces():
        yield piece
        bar.update(piece.done - bar.pos)


def _looks_on(stream: TextIO) -> bool:
    return stream.isatty()


def _codes(
    piece: tables.Piece, find: queries.Finder, level: str | None, counts: Counts
) -> list[str | None]:
    given = np.isfinite(piece.lons) & np.isfinite(piece.lats)
    asked = given & (np.abs(piece.lons) <= LON_LIMIT) & (np.abs(piece.lats) <= LAT_LIMIT)
    codes = np.full(len(given), None, dtype=object)
    codes[asked] = find(piece.lons[asked], piece.lats[asked], level)
    answer: list[str | None] = codes.tolist()
    found = len(answer) - answer.count(None)
    counts.rows += len(answer)
    counts.found += found
    counts.outside += int(asked.sum()) - found
    counts.without_coordinates += int((~given).sum())
    counts.not_on_earth += int((given & ~asked).sum())
    return answer


def _print(codes: list[str | None], before: int) -> None:
    head = ["row,code"] if not before else []
    lines = (f"{number},{code or ''}" for number, code in enumerate(codes, before + 1))
    click.echo("\n".join([*head, *lines]))
