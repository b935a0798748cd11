"""A load that was interrupted: how it is known, and how the next run starts over.

From before the first row until the last one a mark lies in the demonstration's folder, locked for
as long as somebody loads. A mark without a lock means half a demonstration, which is good for
nothing: the next run removes it, and no server shows it.
"""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import click
from django.conf import settings
from django.db import connection, connections

from linli.kernel.models import Account
from linli.web.demo.samples import folder

OURS = "ours"  # the database was empty before, so it may go as a whole


@contextmanager
def loading() -> Iterator[None]:
    """What is written within counts only when all of it is."""
    folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    with _mark().open("a+", encoding="utf-8") as mark:
        _hold(mark)
        mark.write("" if Account.objects.exists() else OURS)
        mark.flush()
        yield
        _mark().unlink()


def start_over() -> None:
    """Remove half a demonstration, if there is one: its database, files, tiles and folder.

    Raises where somebody is loading at this moment, and where the database is not only ours.
    """
    if not _mark().exists():
        return
    with _mark().open(encoding="utf-8") as mark:
        _hold(mark)
        if connection.vendor != "sqlite" or mark.read() != OURS:
            raise click.ClickException(
                "The last run was interrupted. Empty the database: `make demo-reset` starts over."
            )
        click.echo("The last run was interrupted; this one starts over.")
        connections.close_all()
        database = Path(settings.DATABASES["default"]["NAME"])
        for ending in ("", "-wal", "-shm", "-journal"):
            database.with_name(database.name + ending).unlink(missing_ok=True)
        for name in ("files", "tiles", "demo"):
            shutil.rmtree(Path(settings.VAR) / name, ignore_errors=True)


def refuse() -> None:
    """Raises where the database holds half a demonstration."""
    if _mark().exists():
        raise click.ClickException("The demonstration is not whole yet: `linli demo` makes it.")


def _hold(mark: IO[str]) -> None:
    try:
        fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise click.ClickException("Another run is making the demonstration just now.") from None


def _mark() -> Path:
    return folder() / "loading"
