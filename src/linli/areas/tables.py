"""Tables with a point in each row, read and written a piece at a time: CSV, and Parquet.

However long the file, what is in memory is a piece of it (of Parquet, what its writer put into one
row group at most).
"""

import csv
import gzip
import io
import math
import os
import secrets
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, Protocol, TypeVar

import numpy as np
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray

from linli.kernel.errors import Invalid

PIECE = 1 << 14  # rows of CSV: more are no faster
BATCH = 1 << 17  # rows of Parquet: a row group of what is written
T = TypeVar("T")
Floats = NDArray[np.float64]

NO_COLUMN = _("The file has no such column")
SAME_COLUMN = _("The file has a column of this name already")
UNREADABLE = _("The file cannot be read")
NO_NUMBERS = _("This column holds no numbers")
ROW_TOO_LONG = _("A row is longer than the head of the table")
OTHER_FORM = _("CSV is written from CSV, and Parquet from Parquet")
NO_PARQUET = _("For Parquet one more package is needed: python -m pip install pyarrow")


class Piece(NamedTuple):
    """Some rows: their degrees (not a number where there is none), and how much is read by now.

    `rows` are in the form of the file, for its own writer.
    """

    lons: Floats
    lats: Floats
    rows: Any
    done: int


Write = Callable[[Piece, Sequence[str | None]], None]


class Table(Protocol):
    """A table on the disk; `size` is what the last piece's `done` comes to."""

    size: int

    def pieces(self) -> Iterator[Piece]:
        """All rows, in their order; once."""

    def writer(self, path: Path, column: str, stack: ExitStack) -> Write:
        """Write pieces, each with its codes as one more column, until `stack` closes."""


@contextmanager
def table(path: Path, columns: tuple[str, str], *, whole: bool) -> Iterator[Table]:
    """The table in a file; without `whole` no more is read of it than the two `columns`.

    Raises Invalid: column-missing, column-no-numbers, file-unreadable, parquet-missing; the last
    two, and row-too-long, also from its pieces and its writer.
    """
    with ExitStack() as stack:
        yield (_Parquet if is_parquet(path) else _Csv)(path, columns, stack, whole)


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """Where to write instead, so that `path` holds all of it in the end, or what it held before."""
    part = path.with_name(f".{secrets.token_hex(8)}{''.join(path.suffixes[-2:])}")
    try:
        yield part
        os.replace(part, path)
    finally:
        part.unlink(missing_ok=True)


def is_parquet(path: Path) -> bool:
    """What the name says: Parquet, or else CSV (packed with gzip where it ends so)."""
    return path.suffix.lower() == ".parquet"


def _readable(items: Iterable[T]) -> Iterator[T]:
    try:
        yield from items
    except (OSError, EOFError, ValueError, csv.Error, zlib.error) as error:
        raise Invalid("file-unreadable", UNREADABLE, fields={"file": str(error)}) from error


def _all_there(columns: Sequence[str], names: Sequence[str]) -> None:
    missing = [column for column in columns if column not in names]
    if missing:
        raise Invalid("column-missing", NO_COLUMN, fields={"columns": missing})


def _new(column: str, names: Sequence[str]) -> None:
    if column in names:
        raise Invalid("column-exists", SAME_COLUMN, fields={"columns": [column]})


# ---------------------------------------------------------------- CSV


class _Csv:
    """Rows as lists of texts; empty lines are none."""

    def __init__(
        self, path: Path, columns: tuple[str, str], stack: ExitStack, _whole: bool
    ) -> None:
        self.size = path.stat().st_size
        self._raw = stack.enter_context(path.open("rb"))
        packed = path.suffix.lower() == ".gz"
        plain: Any = stack.enter_context(gzip.GzipFile(fileobj=self._raw)) if packed else self._raw
        text = io.TextIOWrapper(plain, encoding="utf-8-sig", newline="")
        lines = stack.enter_context(text)
        rows = filter(None, csv.reader(lines))
        self._names = next(_readable(rows), [])
        self._pieces = _readable(iter(lambda: list(islice(rows, PIECE)), []))
        _all_there(columns, self._names)
        self._lon, self._lat = (self._names.index(column) for column in columns)

    def pieces(self) -> Iterator[Piece]:
        for rows in self._pieces:
            lons, lats = _numbers(rows, self._lon), _numbers(rows, self._lat)
            yield Piece(lons, lats, rows, self._raw.tell())

    def writer(self, path: Path, column: str, stack: ExitStack) -> Write:
        _new(column, self._names)
        opened: Any = gzip.open if path.suffix.lower() == ".gz" else open
        file = stack.enter_context(opened(path, "wt", encoding="utf-8", newline=""))
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([*self._names, column])
        width, before = len(self._names), 1

        def write(piece: Piece, codes: Sequence[str | None]) -> None:
            nonlocal before
            for row, code in zip(piece.rows, codes, strict=True):
                before += 1
                if len(row) != width:
                    if len(row) > width:
                        raise Invalid("row-too-long", ROW_TOO_LONG, fields={"row": before - 1})
                    row.extend([""] * (width - len(row)))
                row.append(code)
            writer.writerows(piece.rows)

        return write


def _numbers(rows: list[list[str]], column: int) -> Floats:
    try:
        return np.fromiter((float(row[column]) for row in rows), np.float64, len(rows))
    except (ValueError, IndexError):
        return np.array([_number(row[column]) if len(row) > column else math.nan for row in rows])


def _number(text: str | None) -> float:
    try:
        return float(text or "nan")
    except ValueError:
        return math.nan


# ---------------------------------------------------------------- Parquet


class _Parquet:
    """Rows as batches of pyarrow, which is installed only where somebody needs it."""

    def __init__(self, path: Path, columns: tuple[str, str], stack: ExitStack, whole: bool) -> None:
        try:
            import pyarrow
            import pyarrow.parquet
        except ImportError as error:
            raise Invalid("parquet-missing", NO_PARQUET) from error
        self._arrow = pyarrow
        (self._file,) = _readable(pyarrow.parquet.ParquetFile(name) for name in [str(path)])
        stack.callback(self._file.close)
        self.size = self._file.metadata.num_rows
        _all_there(columns, self._file.schema_arrow.names)
        self._columns, self._whole = columns, whole

    def pieces(self) -> Iterator[Piece]:
        done = 0
        wanted = None if self._whole else list(dict.fromkeys(self._columns))
        for batch in _readable(self._file.iter_batches(BATCH, columns=wanted)):
            done += len(batch)
            lons, lats = (self._degrees(batch, column) for column in self._columns)
            yield Piece(lons, lats, batch, done)

    def _degrees(self, batch: Any, column: str) -> Floats:
        values = batch.column(column)
        if self._arrow.types.is_string(values.type) or self._arrow.types.is_large_string(
            values.type
        ):
            return np.array([_number(text) for text in values.to_pylist()], np.float64)
        try:
            floats = values.cast(self._arrow.float64(), safe=False)
        except (self._arrow.ArrowInvalid, self._arrow.ArrowNotImplementedError) as error:
            fields = {"columns": [column]}
            raise Invalid("column-no-numbers", NO_NUMBERS, fields=fields) from error
        degrees: Floats = floats.to_numpy(zero_copy_only=False)
        return degrees

    def writer(self, path: Path, column: str, stack: ExitStack) -> Write:
        schema = self._file.schema_arrow
        _new(column, schema.names)
        schema = schema.append(self._arrow.field(column, self._arrow.string()))
        to = stack.enter_context(self._arrow.parquet.ParquetWriter(str(path), schema))

        def write(piece: Piece, codes: Sequence[str | None]) -> None:
            found = self._arrow.array(codes, self._arrow.string())
            arrays = [*piece.rows.columns, found]
            to.write_batch(self._arrow.RecordBatch.from_arrays(arrays, schema=schema))

        return write
