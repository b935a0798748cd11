"""`linli grids compare` and `linli grids export`: two plans side by side, a plan as a file."""

from collections.abc import Callable
from pathlib import Path

import click
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Unavailable
from linli.territory import exports
from linli.territory.commands_answering import AS_JSON, NUMBER, answering, plan_of, say
from linli.territory.comparing import Comparison
from linli.territory.comparing import compare as compared
from linli.territory.models import Plan

FORMATS: dict[str, Callable[[Plan, str], bytes]] = {
    "geojson": lambda plan, _address: exports.geojson(plan),
    "atlas": lambda plan, address: exports.atlas(plan, address=address),
    "sheets": lambda plan, address: exports.sheets(plan, address=address),
}
GEOPACKAGE = "gpkg"
SHOWN = 20  # settlements that move, and grids that differ, for people


@click.command()
@click.argument("first", type=int)
@click.argument("second", type=int)
@AS_JSON
def compare(first: int, second: int, as_json: bool) -> None:
    """Compare the plans FIRST and SECOND: figures, grid by grid, and who gets another grid."""
    with answering(as_json):
        found = compared(plan_of(first), plan_of(second))
        if as_json:
            say(found.as_json(), as_json=True)
        else:
            _say(found)


def _say(found: Comparison) -> None:
    for pair in found.figures():
        click.echo(f"{pair.first.name}: {pair.first.value} → {pair.second.value}  {pair.words}")
    click.echo(found.words)
    changed = [pair for pair in found.grids if pair.changed]
    for grid in changed[:SHOWN]:
        one, two = ("–" if load is None else f"{load:.1f}" for load in grid.load)
        click.echo(f"  {grid.code}: {one} → {two}  (+{grid.joining} −{grid.leaving})")
    _rest(len(changed))
    for moving in found.moving[:SHOWN]:
        who = f"{moving.code} ({moving.households})"
        click.echo(f"  {who}: {moving.before} → {moving.after}")
    _rest(len(found.moving))


def _rest(count: int) -> None:
    if count > SHOWN:
        click.echo(f"  … (+{count - SHOWN})")


@click.command()
@NUMBER
@click.option(
    "--format", "kind", type=click.Choice([*FORMATS, GEOPACKAGE]), required=True,
    help="For maps: geojson, gpkg. PDF for print: atlas, sheets to write comments on.",
)  # fmt: skip
@click.option(
    "--output", type=click.Path(dir_okay=False, path_type=Path), required=True,
    help="The file to write; one that is there is replaced.",
)  # fmt: skip
@click.option("--address", default="", help="Public address of the plan, printed as a QR code.")
@AS_JSON
def export(number: int, kind: str, output: Path, address: str, as_json: bool) -> None:
    """Write the plan NUMBER as a file."""
    with answering(as_json):
        plan = plan_of(number)
        try:
            if kind == GEOPACKAGE:
                exports.geopackage(plan, output)
            else:
                output.write_bytes(FORMATS[kind](plan, address))
        except OSError as error:
            raise Unavailable(
                "not-written",
                _("The file cannot be written."),
                fields={str(output): error.strerror or str(error)},
            ) from None
    say({"plan": number, "format": kind, "file": str(output)}, as_json=as_json)
