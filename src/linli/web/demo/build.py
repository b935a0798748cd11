"""`linli demo`: the whole demonstration into an empty database, once."""

import datetime as dt

import click
from django.utils import timezone

from linli.areas.models import Area
from linli.engines.prefecture import Prefecture, staff
from linli.engines.prefecture import build as build_prefecture
from linli.kernel import sealer
from linli.kernel.models import Account
from linli.kernel.reactions import skip_to_end
from linli.opendata.jobs import after_bulk_load
from linli.web import installation
from linli.web.demo.cases import load_cases
from linli.web.demo.clock import standing_at
from linli.web.demo.desk import open_desk
from linli.web.demo.grids import open_studio, settlements
from linli.web.demo.half import loading
from linli.web.demo.samples import accounts_text, folder, open_administrator, open_samples, samples
from linli.web.demo.staffing import duty_facts, load_offices
from linli.web.demo.territory import load_territory

__all__ = ["accounts_text", "build", "built", "settle_in"]

BEFORE = dt.timedelta(days=380)
SEAL_AT_ONCE = 5000


def built() -> bool:
    """Is the demonstration in this database and this folder?"""
    return (folder() / "complete").exists() and Area.objects.exists()


def build(*, cases: int = 20_000, seed: int = 7, scale: float = 1.0) -> None:
    """Generate everything, or nothing if it is there already; says on the terminal how it goes."""
    if built():
        return
    if Area.objects.exists():
        raise click.ClickException("The database holds other areas. `make demo-reset` starts over.")
    with loading():
        _build(cases, seed, scale)
        (folder() / "complete").touch()


def _build(cases: int, seed: int, scale: float) -> None:
    now = timezone.now().replace(microsecond=0)
    with _said("The land, its rivers, roads and 10,462 areas" if scale == 1 else "The land"):
        prefecture = build_prefecture(seed=seed, scale=scale)
    with _said("Areas, offices and posts into the database"):
        administrator = settle_in(prefecture, now)
    wanted, homes = samples(prefecture), settlements(prefecture)
    del prefecture  # its memory is for the cases now
    _seal()
    with click.progressbar(length=cases, label=f"A year of {cases:,} cases") as bar:
        load_cases(
            cases, seed=seed, now=now, truth=folder() / "duplicates.csv", progress=bar.update
        )
    open_samples(wanted, by=administrator)
    with _said("Service grids: last year's plan, and a proposal"):
        open_studio(homes, seed=seed)
    _seal()
    skip_to_end()
    with _said("Figures for everybody, and proofs of the log"):
        after_bulk_load()
        open_desk(seed)  # not before: the worker's reactions answer these, and nothing of the year
        _seal()
        sealer.sign_head()


def settle_in(prefecture: Prefecture, now: dt.datetime) -> Account:
    """Territory, offices and the administrator, as if they had been there for a year."""
    with standing_at(now - BEFORE):
        installation.install()
        administrator = open_administrator()
        load_territory(prefecture)
        load_offices(staff(prefecture, duty_facts()), by=administrator, today=now)
    return administrator


def _seal() -> None:
    while sealer.seal(SEAL_AT_ONCE):
        pass


class _said:  # noqa: N801 - reads like a word in a with statement
    """Says what begins, and how long it took when it is done."""

    def __init__(self, what: str) -> None:
        self._what = what

    def __enter__(self) -> None:
        self._began = timezone.now()
        click.echo(f"{self._what} … ", nl=False)

    def __exit__(self, kind: object, *rest: object) -> None:
        seconds = (timezone.now() - self._began).total_seconds()
        click.echo("stopped" if kind else f"{seconds:.1f} s")
