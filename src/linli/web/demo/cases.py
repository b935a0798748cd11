"""A year of cases into the database, a day at a time."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection
from django.utils import timezone

from linli.cases import numbers
from linli.engines.prefecture.year import Year
from linli.kernel import calendars, sealer
from linli.kernel.actions import writing
from linli.web.demo.bulk import CaseWriter
from linli.web.demo.ledger import Ledger
from linli.web.demo.staffing import count_rows
from linli.web.demo.story import Story, Teller
from linli.web.demo.world import World

Twins = list[tuple[str, str]]
YEAR = dt.timedelta(days=366)


def year_of(world: World, *, count: int, seed: int) -> Year:
    """The year that ends now on the clock of `world`."""
    return Year(
        world.facts,
        world.spots,
        count=count,
        now=int(world.now.timestamp()),
        office=calendars.calendar(),
        seed=seed,
        zone_seconds=int(_offset(world.now).total_seconds()),
    )


def load_cases(
    count: int,
    *,
    seed: int,
    now: dt.datetime,
    truth: Path,
    progress: Callable[[int], None] = lambda _: None,
) -> None:
    """Write `count` cases with everything that became of them, and their sealed journal.

    What the database must not know, which cases tell of the same thing, goes to the file `truth`:
    number, number of the first report, for measuring the search for duplicates.
    """
    with _hurried():
        _load(count, seed, now, truth, progress)
    count_rows()
    sealer.sign_head()


def _load(
    count: int, seed: int, now: dt.datetime, truth: Path, progress: Callable[[int], None]
) -> None:
    world = World(now, now - YEAR)
    teller = Teller(world, int(now.timestamp()))
    ledger = Ledger()
    writer = CaseWriter(world, ledger)
    with truth.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("number", "first"))
        for day in year_of(world, count=count, seed=seed).days():
            twins: Twins = []
            with writing():
                ledger.write_until(int(day.received[0]))
                writer.write(_noting(teller.tell(day), twins))
            lines.writerows(twins)
            progress(len(day.received))
    with writing():
        ledger.write_rest()
        writer.finish()


@contextmanager
def _hurried() -> Iterator[None]:
    """On SQLite: a larger cache, no look-up of every reference, no waiting for the disk.

    A crash within means `make demo-reset`; that every reference holds is what the tests check.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA foreign_keys=OFF")
        cursor.execute("PRAGMA cache_size=-131072")
    yield
    connection.close()  # the next connection has the settings' own ways again


def _noting(stories: Iterator[Story], twins: Twins) -> Iterator[Story]:
    """The stories as they come; those of twins are noted."""
    for story in stories:
        if story.twin >= 0:
            twins.append((numbers.nth(story.number), numbers.nth(story.twin)))
        yield story


def _offset(now: dt.datetime) -> dt.timedelta:
    return timezone.localtime(now).utcoffset() or dt.timedelta(0)
