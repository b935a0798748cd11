"""Rows into tables many at once, on both engines, without an object for each."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from itertools import chain
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

MICROSECONDS = ".000000+00:00"
DAY = 86400
TOGETHER = 12  # rows in one statement
CLOCK = [f"{s // 3600:02d}:{s // 60 % 60:02d}:{s % 60:02d}" for s in range(DAY)]


class _Dates(dict[int, str]):
    """Dates as they are written, by the number of days since 1970."""

    def __missing__(self, day: int) -> str:
        written = self[day] = (date(1970, 1, 1) + timedelta(days=day)).isoformat()
        return written


DATES = _Dates()


def maybe(seconds: int | None) -> str | None:
    """`moment`, or nothing where nothing happened."""
    return None if seconds is None else moment(seconds)


@cache
def zone() -> str:
    """What the engine wants behind a time: the zone, where it keeps one."""
    return "+00:00" if connection.vendor == "postgresql" else ""


def stamp(seconds: int) -> str:
    """A moment (seconds since 1970) in the journal's form: UTC with microseconds."""
    return f"{DATES[seconds // DAY]}T{CLOCK[seconds % DAY]}{MICROSECONDS}"


def spoken_time(seconds: int) -> str:
    """A moment as messages carry it: UTC, to the second."""
    return f"{DATES[seconds // DAY]}T{CLOCK[seconds % DAY]}+00:00"


def moment(seconds: int) -> str:
    """A moment as the database keeps it. Millions of them, so without an object for each."""
    return f"{DATES[seconds // DAY]} {CLOCK[seconds % DAY]}{zone()}"


class Table:
    """Rows of one model waiting to be written; `columns` are all its columns, in the rows' order.

    A column that the model has and the caller does not know is an error: the bulk path must not
    leave out what the actions write.
    """

    def __init__(self, model: type[models.Model], *columns: str) -> None:
        known = {str(field.column) for field in model._meta.local_concrete_fields}
        if known != set(columns):
            differ = sorted(known ^ set(columns))
            raise TypeError(f"{model.__name__}: the bulk path and the model differ in {differ}")
        self.model, self.name, self._columns = model, model._meta.db_table, columns
        self.rows: list[tuple[Any, ...]] = []
        newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        self.next_pk = (newest or 0) + 1

    def new_pk(self) -> int:
        """The primary key of the next row."""
        self.next_pk += 1
        return self.next_pk - 1

    def add(self, *row: Any) -> None:
        """Put a row in line."""
        self.rows.append(row)

    def drop(self, case: int) -> None:
        """Forget the rows in line that belong to the case (the second column) told last."""
        while self.rows and self.rows[-1][1] == case:
            self.rows.pop()

    def blank(self, case: int, columns: Sequence[str]) -> None:
        """Empty columns of the rows in line that belong to the case told last."""
        places = [self._columns.index(column) for column in columns]
        for i in range(len(self.rows) - 1, -1, -1):
            if self.rows[i][1] != case:
                return
            row = list(self.rows[i])
            for place in places:
                row[place] = None
            self.rows[i] = tuple(row)

    def taken(self) -> list[tuple[Any, ...]]:
        """The rows that wait, for whoever writes them; none wait afterwards."""
        rows, self.rows = self.rows, []
        return rows

    def write(self, rows: Sequence[tuple[Any, ...]]) -> None:
        """Write rows; inside the caller's transaction."""
        if not rows:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                names = ", ".join(f'"{name}"' for name in self._columns)
                with cursor.copy(f'COPY "{self.name}" ({names}) FROM STDIN') as to:
                    for row in rows:
                        to.write_row(row)
            else:
                # Several rows to a statement: starting one costs as much as a row.
                full = len(rows) - len(rows) % TOGETHER
                starts = range(0, full, TOGETHER)
                several = [tuple(chain(*rows[i : i + TOGETHER])) for i in starts]
                cursor.executemany(self._insert(TOGETHER), several)
                cursor.executemany(self._insert(1), rows[full:])

    def _insert(self, count: int) -> str:
        names = ", ".join(f'"{name}"' for name in self._columns)
        marks = ", ".join(["%s"] * len(self._columns))
        several = ", ".join([f"({marks})"] * count)
        return f'INSERT INTO "{self.name}" ({names}) VALUES {several}'  # noqa: S608


def reset_sequences(tables: Sequence[Table]) -> None:
    """Let the engine count on from the keys that were given by hand."""
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
