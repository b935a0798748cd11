"""Loading in a hurry: what SQLite may leave out while nobody else uses the file.

A crash within leaves a file that is good for nothing: the next `linli demo` starts over.
Other engines load as they always do.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper

# No look-up of every reference (the tests check that all hold), no waiting for the disk, nothing
# kept to roll back with, one user only; and sorting on the disk, so that memory stays flat.
HURRIED = (
    "PRAGMA foreign_keys=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA journal_mode=OFF",
    "PRAGMA temp_store=FILE",
    "PRAGMA cache_size=-196608",
    "PRAGMA threads=2",
)

# An index is sorted in as much memory as the cache may take, for each thread once more.
SORTING = "PRAGMA cache_size=-32768"


@contextmanager
def hurried(tables: Sequence[str], on: BaseDatabaseWrapper | None = None) -> Iterator[None]:
    """On SQLite, outside of a transaction: hurry, and make the indexes of `tables` afterwards."""
    connection = on or connections["default"]
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        for pragma in HURRIED:
            cursor.execute(pragma)
        cursor.execute("SELECT name, sql, tbl_name FROM sqlite_master WHERE type='index'")
        # Those without a definition are part of their table.
        indexes = [(name, sql) for name, sql, of in cursor.fetchall() if sql and of in tables]
        for name, _ in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
    yield
    with connection.cursor() as cursor:
        cursor.execute(SORTING)
        for _, definition in indexes:
            cursor.execute(definition)
    connection.close()  # the next connection has the settings' own ways again
