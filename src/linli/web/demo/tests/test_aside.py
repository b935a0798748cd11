"""Telling in a second process, and what is left out in a hurry."""

import os

import pytest
from django.db import connection
from django.db.backends.sqlite3.base import DatabaseWrapper

from linli.web.demo import hurry
from linli.web.demo.aside import Stopped, made_aside


def test_pieces_come_in_their_order_from_another_process() -> None:
    def make():
        for number in range(50):
            yield number, os.getpid(), [b"\x00", "文", None, 1.5, True]

    with made_aside(make) as pieces:
        found = list(pieces)
    assert [piece[0] for piece in found] == list(range(50))
    assert {piece[1] for piece in found}.isdisjoint({os.getpid()})
    assert found[0][2] == [b"\x00", "文", None, 1.5, True]


def test_one_that_fails_is_not_taken_for_the_end() -> None:
    def make():
        yield (1,)
        raise ValueError("no more")

    with made_aside(make) as pieces:
        assert next(pieces) == (1,)
        with pytest.raises(Stopped):
            next(pieces)


def read(connection, sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall()


@pytest.mark.django_db
def test_after_the_hurry_everything_is_as_before(tmp_path) -> None:
    options = {"init_command": "PRAGMA foreign_keys=ON; PRAGMA journal_mode=WAL;"}
    own = {**connection.settings_dict, "NAME": tmp_path / "own.sqlite3", "OPTIONS": options}
    file = DatabaseWrapper(own, "own")
    read(file, "CREATE TABLE a (x int, y int UNIQUE)")
    read(file, "CREATE INDEX of_a ON a (x) WHERE x > 1")
    read(file, "CREATE TABLE b (x int)")
    read(file, "CREATE INDEX of_b ON b (x)")
    every = "SELECT name, sql FROM sqlite_master ORDER BY name"
    before = read(file, every)
    with hurry.hurried(["a"], file):
        within = read(file, every)
        read(file, "INSERT INTO a VALUES (2, 3)")
    assert {name for name, _ in before} - {name for name, _ in within} == {"of_a"}
    assert read(file, every) == before
    assert read(file, "PRAGMA foreign_keys") == [(1,)]
    assert read(file, "PRAGMA journal_mode") == [("wal",)]
    assert read(file, "SELECT * FROM a INDEXED BY of_a WHERE x > 1") == [(2, 3)]
    file.close()
