"""A year of cases into the database, a few at a time.

One process tells the cases and makes their rows, another writes them and seals their journal.
"""

import csv
import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection
from django.utils import timezone

from linli.cases import numbers
from linli.engines.prefecture.year import Year
from linli.kernel import calendars, sealer
from linli.kernel.actions import writing
from linli.web.demo.aside import made_aside
from linli.web.demo.bulk import STENCILS, Batch, CaseWriter
from linli.web.demo.hurry import hurried
from linli.web.demo.ledger import Ledger
from linli.web.demo.staffing import count_rows
from linli.web.demo.story import Teller
from linli.web.demo.world import World

Twins = list[tuple[str, str]]
Piece = tuple[int, Twins, Any]  # when its first case came, twins, and the fields of a `Batch`
YEAR = dt.timedelta(days=366)
AT_ONCE = 400  # cases in one piece
TOGETHER = 5000  # cases in one transaction


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
    world = World(now, now - YEAR)
    year = year_of(world, count=count, seed=seed)
    writer, ledger = CaseWriter(world), Ledger(truth.parent, STENCILS)
    world.read_all()
    teller = Teller(world, int(now.timestamp()))
    tables = [table.name for table in (*writer.tables, *writer.figures.tables, *ledger.tables)]
    with _told(lambda: _pieces(year, teller, writer)) as pieces, hurried(tables):
        _write(pieces, writer, ledger, truth, progress)
    count_rows()
    sealer.sign_head()


def _told(make: Callable[[], Iterator[Piece]]) -> AbstractContextManager[Iterator[Piece]]:
    """Told by another process, unless this one holds a transaction that only it can see into."""
    return nullcontext(make()) if connection.in_atomic_block else made_aside(make)


def _pieces(year: Year, teller: Teller, writer: CaseWriter) -> Iterator[Piece]:
    for day in year.days():
        stories = teller.tell(day)
        while some := list(islice(stories, AT_ONCE)):
            twins = [(numbers.nth(s.number), numbers.nth(s.twin)) for s in some if s.twin >= 0]
            yield some[0].received, twins, tuple(writer.tell(some))


def _write(
    pieces: Iterator[Piece],
    writer: CaseWriter,
    ledger: Ledger,
    truth: Path,
    progress: Callable[[int], None],
) -> None:
    with truth.open("w", encoding="utf-8", newline="") as file:
        lines = csv.writer(file)
        lines.writerow(("number", "first"))
        while True:
            with writing():
                written = 0
                for start, twins, made in pieces:
                    batch = Batch(*made)
                    ledger.write_until(start)
                    ledger.keep(batch.journal)
                    writer.put(batch)
                    lines.writerows(twins)
                    progress(batch.cases)
                    written += batch.cases
                    if written >= TOGETHER:
                        break
                else:
                    break
    with writing():
        ledger.write_rest()
        writer.finish(ledger)


def _offset(now: dt.datetime) -> dt.timedelta:
    return timezone.localtime(now).utcoffset() or dt.timedelta(0)
