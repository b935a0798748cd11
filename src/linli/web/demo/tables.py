"""Rows into tables many at once, on both engines, without an object for each."""

from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache, lru_cache
from typing import Any

from django.core.management.color import no_style
from django.db import connection, models

MICROSECONDS = ".000000+00:00"
_TWO = [f"{number:02d}" for number in range(60)]


def maybe(seconds: int | None) -> str | None:
    """`moment`, or nothing where nothing happened."""
    return None if seconds is None else moment(seconds)


@lru_cache(maxsize=4096)
def _date(day: int) -> str:
    return (date(1970, 1, 1) + timedelta(days=day)).isoformat()


def _written(seconds: int, between: str) -> str:
    """Date and time in UTC; millions of them, so without an object for each."""
    day, second = divmod(seconds, 86400)
    minute, second = divmod(second, 60)
    return f"{_date(day)}{between}{_TWO[minute // 60]}:{_TWO[minute % 60]}:{_TWO[second]}"


@cache
def _zone() -> str:
    return "+00:00" if connection.vendor == "postgresql" else ""


def stamp(seconds: int) -> str:
    """A moment (seconds since 1970) in the journal's form: UTC with microseconds."""
    return _written(seconds, "T") + MICROSECONDS


def moment(seconds: int) -> str:
    """A moment as the database keeps it; the zone is written only where the engine keeps one."""
    return _written(seconds, " ") + _zone()


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
        self.model, self._columns = model, columns
        self._rows: list[tuple[Any, ...]] = []
        newest = model._base_manager.order_by("-pk").values_list("pk", flat=True).first()
        self.next_pk = (newest or 0) + 1

    def new_pk(self) -> int:
        """The primary key of the next row."""
        self.next_pk += 1
        return self.next_pk - 1

    def add(self, *row: Any) -> None:
        """Put a row in line."""
        self._rows.append(row)

    def write(self) -> None:
        """Write what waits; inside the caller's transaction."""
        if not self._rows:
            return
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                names = ", ".join(f'"{name}"' for name in self._columns)
                with cursor.copy(f'COPY "{self.model._meta.db_table}" ({names}) FROM STDIN') as to:
                    for row in self._rows:
                        to.write_row(row)
            else:
                cursor.executemany(self._insert(), self._rows)
        self._rows.clear()

    def _insert(self) -> str:
        names = ", ".join(f'"{name}"' for name in self._columns)
        marks = ", ".join(["%s"] * len(self._columns))
        return f'INSERT INTO "{self.model._meta.db_table}" ({names}) VALUES ({marks})'  # noqa: S608


def reset_sequences(tables: Sequence[Table]) -> None:
    """Let the engine count on from the keys that were given by hand."""
    statements = connection.ops.sequence_reset_sql(no_style(), [table.model for table in tables])
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
