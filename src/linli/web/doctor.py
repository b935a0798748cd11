"""`linli doctor`: what is wrong with this installation, and what to do about it."""

import json
import os
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

GIGABYTE = 1 << 30
FONTS = ("noto-sans-sc", "noto-serif-tibetan")


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `ok`, and otherwise what to do."""

    subject: str
    ok: bool
    says: str
    do: str = ""


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For scripts: one JSON list.")
def doctor(as_json: bool) -> None:
    """Look at settings, keys, database, disk, clock, calendars and fonts."""
    findings = [finding for check in CHECKS for finding in check()]
    if as_json:
        click.echo(json.dumps([asdict(f) for f in findings], indent=2))
    else:
        for f in findings:
            click.echo(f"{'ok  ' if f.ok else 'BAD '} {f.subject}: {f.says}")
            if not f.ok:
                click.echo(f"     {f.do}")
    sys.exit(0 if all(f.ok for f in findings) else 1)


def check_settings() -> Iterator[Finding]:
    """Is this safe to show to the world?"""
    yield Finding("debug", not settings.DEBUG, "off" if not settings.DEBUG else "on",
                  "Unset LINLI_DEBUG: error pages show what they should not.")  # fmt: skip
    local = set(settings.ALLOWED_HOSTS) <= {"localhost", "127.0.0.1", "[::1]"}
    safe = local or settings.HTTPS
    yield Finding("https", safe, "local only" if local else f"LINLI_HTTPS={int(settings.HTTPS)}",
                  "Put a TLS proxy in front and set LINLI_HTTPS=1.")  # fmt: skip


def check_keys() -> Iterator[Finding]:
    """Are the keys there, private, and outside the backups?"""
    folder = Path(settings.KEYS)
    for path in sorted(folder.glob("*")):
        mode = stat.S_IMODE(path.stat().st_mode)
        yield Finding(f"key {path.name}", mode == 0o600, f"mode {mode:04o}", f"chmod 600 {path}")
    if not any(folder.glob("master-*")):
        yield Finding("master key", _no_case_keys(), "none yet",
                      "Bring the key folder back: without it no contact can be read.")  # fmt: skip


def _no_case_keys() -> bool:
    from linli.kernel.models import CaseKey

    try:
        return not CaseKey.objects.filter(destroyed_at=None).exists()
    except DatabaseError:
        return True


def check_database() -> Iterator[Finding]:
    """Does it answer, and is it up to date?"""
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        yield Finding("database", False, f"{connection.vendor}: {type(error).__name__}",
                      "Check LINLI_DATABASE, and that the server runs.")  # fmt: skip
        return
    says = f"{connection.vendor}, " + ("up to date" if not plan else f"{len(plan)} steps behind")
    yield Finding("database", not plan, says, "Run `linli migrate`.")


def check_disk() -> Iterator[Finding]:
    """Is there room for photos and the next year?"""
    free = shutil.disk_usage(settings.VAR).free
    yield Finding("disk", free > 2 * GIGABYTE, f"{free / GIGABYTE:.1f} GB free in {settings.VAR}",
                  "Make room: below 2 GB backups and photos are at risk.")  # fmt: skip
    yield Finding("var", os.access(settings.VAR, os.W_OK), "writable", "Give the service its var.")


def check_clock() -> Iterator[Finding]:
    """Every promise is a time: a wrong clock breaks them all."""
    newest = max((p.stat().st_mtime for p in Path(settings.VAR).glob("*")), default=0.0)
    ahead = newest - time.time()
    yield Finding("clock", ahead < 120, f"{time.strftime('%Y-%m-%d %H:%M:%S %Z')}",
                  "Files from the future: set the clock, and keep it with NTP.")  # fmt: skip


def check_calendars() -> Iterator[Finding]:
    """Holidays are announced year by year; nobody can know the next in advance."""
    from linli.kernel.calendars import known_years

    today = timezone.localdate()
    try:
        known = known_years()
    except DatabaseError:
        return
    # The next year is announced in November; in December promises reach into it.
    for year in [today.year] + ([today.year + 1] if today.month == 12 else []):
        yield Finding(f"holidays {year}", year in known,
                      "known" if year in known else "not entered",
                      "Import that year's holidays on the page “Working calendar”.")  # fmt: skip


def check_fonts() -> Iterator[Finding]:
    """Are the fonts built? Tibetan needs ours: most devices have none that stacks correctly."""
    built = Path(__file__).parent.parent / "design" / "static" / "built"
    for font in FONTS:
        there = any(built.rglob(f"*{font}*.woff2"))
        yield Finding(f"font {font}", there, "built" if there else "missing",
                      "Run `make frontend`.")  # fmt: skip


CHECKS: list[Callable[[], Iterator[Finding]]] = [
    check_settings,
    check_keys,
    check_database,
    check_disk,
    check_clock,
    check_calendars,
    check_fonts,
]
