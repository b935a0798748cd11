"""`linli grids groups|ungroup`: the neighbour groups of a draft, from the command line."""

from pathlib import Path

import click

from linli.areas.commands import FILE, counting
from linli.territory import exports
from linli.territory.actions import grouping
from linli.territory.commands_answering import AS_JSON, NUMBER, answering, plan_of, say
from linli.territory.groups import groups_in


@click.command()
@click.argument("file", type=FILE)
@click.option("--plan", "number", type=int, required=True, help="Inside the grids of this draft.")
@click.option(
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Also write all groups of the draft, as GeoJSON.",
)
@click.option("--seed", type=int, default=1, show_default=True)
@AS_JSON
def groups(file: Path, number: int, output: Path | None, seed: int, as_json: bool) -> None:
    """Draw neighbour groups of ten to twenty households in a draft, to be adopted with it.

    FILE has lon and lat, nothing else; nothing of it is stored. The groups take the place of those
    of today in their grids, and go when a grid gets another outline; undoing the step brings them
    back.
    """
    with answering(as_json), counting(as_json) as progress:
        plan = plan_of(number)
        found = groups_in(plan, file, seed=seed, progress=progress)
        count = grouping.draw(plan, found, by=None)
        if output is not None:
            output.write_bytes(exports.groups(plan))
    say(
        {
            "plan": number,
            "groups": count,
            "outside": found.outside,
            "grids_with_few": found.few,
            "larger": found.larger,
        },
        as_json=as_json,
    )


@click.command()
@NUMBER
@AS_JSON
def ungroup(number: int, as_json: bool) -> None:
    """Drop the neighbour groups of the draft NUMBER for good: those of today go on."""
    with answering(as_json):
        count = grouping.drop(plan_of(number), by=None)
    say({"plan": number, "dropped": count}, as_json=as_json)
