"""`linli grids`: importing settlements, proposing grids, and asking, from the command line.

Exit codes: 0 all is well; 1 something is wrong, and it was said; 2 the call cannot be understood.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from django.utils.translation import gettext_lazy

from linli.areas.commands import FILE, counting
from linli.areas.models import Area, Level
from linli.kernel import languages
from linli.kernel.errors import Missing
from linli.kernel.languages import pick
from linli.territory import (
    commands_adopting,
    commands_comments,
    commands_files,
    commands_grouping,
    commands_shaping,
    running,
)
from linli.territory.actions import plans, runs
from linli.territory.commands_answering import (
    AS_JSON,
    NUMBER,
    answering,
    area_of,
    plan_of,
    say,
    titled,
    titles_of,
)
from linli.territory.imports import Workload, import_file
from linli.territory.models import Gazetteer, Plan, Run, RunState
from linli.territory.queries import in_force
from linli.territory.reasons import reason
from linli.territory.weights import Weights

AREA = click.option("--area", "area_code", required=True, help="The code of the area.")


@click.group()
def grids() -> None:
    """Service grids: import settlements, propose grids, compare, adopt."""


grids.add_command(commands_adopting.adopt)
grids.add_command(commands_adopting.take_back)
grids.add_command(commands_files.compare)
grids.add_command(commands_files.export)
grids.add_command(commands_grouping.groups)
grids.add_command(commands_grouping.ungroup)
grids.add_command(commands_comments.comments)
grids.add_command(commands_comments.comment)
for shaping in commands_shaping.ALL:
    grids.add_command(shaping)


@grids.command("import")
@click.argument("file", type=FILE)
@AREA
@click.option("--workload", "source", type=click.Choice([w.value for w in Workload]),
              default=Workload.FILE.value, show_default=True,
              help="From the file, from households alone, or with a year of cases.")  # fmt: skip
@click.option("--base", type=float, default=1.0, show_default=True,
              help="With --workload cases: the workload of one household.")  # fmt: skip
@click.option("--layer", default="", help="Of a GeoPackage with several.")
@click.option("--neighbours", type=FILE, help="Roads as lines: GeoJSON, GeoPackage. Or a "
              "CSV, from and to: codes of settlements between which one can go.")  # fmt: skip
@AS_JSON
def import_command(
    file: Path,
    area_code: str,
    source: str,
    base: float,
    layer: str,
    neighbours: Path | None,
    as_json: bool,
) -> None:
    """Import the settlements of an area: code, place, households, workload, and nothing else.

    A height is the third coordinate of the place, in metres: GeoJSON, GeoPackage, or WKT in a CSV.
    """
    with answering(as_json), counting(as_json) as progress:
        made = import_file(
            file, area_of(area_code), source=Workload(source), base=base, layer=layer,
            neighbours=neighbours, progress=progress, by=None,
        )  # fmt: skip
        say(_gazetteer(made), as_json=as_json)


@grids.command("take-stock")
@AREA
@titled
@AS_JSON
def take_stock_command(area_code: str, as_json: bool, **said: str | None) -> None:
    """Record the grids that the area has today as the plan in force."""
    with answering(as_json):
        area = area_of(area_code)
        made = plans.take_stock(area, newest(area), titles=_titles(area, said), by=None)
        say(_plan(made), as_json=as_json)


@grids.command()
@AREA
@click.option("--plan", "number", type=int, help="Calculate this draft, instead of a new one.")
@click.option("--lines", default="township", show_default=True, help="What no grid crosses.")
@click.option("--grids", "count", type=int, help="How many grids.")
@click.option("--from", "low", type=float, help="Or: the least load of a grid.")
@click.option("--to", "high", type=float, help="And the most.")
@titled
@click.option("--fresh", is_flag=True, help="Begin from nothing, not from the grids of today.")
@click.option("--band", type=float, help="How far a load may be off the mean, as a share of it.")
@click.option("--change", type=float, help="The weight of keeping what people have.")
@click.option("--barriers", is_flag=True, help="Rivers part grids, but at bridges and roads.")
@click.option("--steps", type=int, help="Moves tried for each settlement.")
@click.option("--seed", type=int, default=1, show_default=True)
@AS_JSON
def propose(area_code: str, as_json: bool, **asked: Any) -> None:
    """Propose grids for an area, or calculate a draft anew; Ctrl-C keeps the best so far."""
    with answering(as_json):
        area = area_of(area_code)
        plan = plan_of(asked["number"]) if asked["number"] else _begin(area, asked)
        run = runs.ask(
            plan, fresh=asked["fresh"], steps=asked["steps"], seed=asked["seed"], here=True,
            by=None,
        )  # fmt: skip
        with bar(as_json) as progress:
            ended = running.direct(run, progress)
        plan.refresh_from_db()
        say({**_plan(plan), **_run(ended)}, as_json=as_json)
        if ended.state == RunState.FAILED:
            sys.exit(1)


@grids.command("list")
@click.option("--area", "area_code", default="", help="Only of this area.")
@AS_JSON
def list_command(area_code: str, as_json: bool) -> None:
    """Every plan, the newest first."""
    with answering(as_json):
        rows = Plan.objects.select_related("area", "lines")
        rows = rows.filter(area__code=area_code) if area_code else rows
        if as_json:
            say({"plans": [_plan(row) for row in rows]}, as_json=True)
            return
        for row in rows:
            count, waits = row.grids.count(), str(gettext_lazy("waits")) if row.waits_since else ""
            click.echo(
                f"{row.pk}  {row.area.code}  {row.get_state_display()}  {count}  {pick(row.titles)}"
                + (f"  {waits}" if waits else "")
            )


@grids.command()
@NUMBER
@AS_JSON
def stop(number: int, as_json: bool) -> None:
    """Stop the calculation of plan NUMBER; the best that it has found stays."""
    with answering(as_json):
        run = plan_of(number).runs.filter(state__in=runs.OPEN).first()
        if run is None:
            raise Missing("run-missing", gettext_lazy("Nothing is calculated for this plan."))
        runs.ask_to_stop(run, by=None)
        say({"run": run.pk, "stop_asked": True}, as_json=as_json)


# ------------------------------------------------------------------ what commands share


def newest(area: Area) -> Gazetteer:
    """The newest settlements of an area; Missing `gazetteer-missing`."""
    found = Gazetteer.objects.select_related("area").filter(area__code=area.code).first()
    if found is None:
        raise Missing(
            "gazetteer-missing", gettext_lazy("Import the settlements of this area first.")
        )
    return found


@contextmanager
def bar(as_json: bool) -> Iterator[Callable[[int, int], object] | None]:
    """How far a calculation is, on the terminal's error line; nothing where no terminal looks."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    with click.progressbar(length=1000, file=sys.stderr) as drawn:

        def told(done: int, every: int) -> None:
            drawn.update(1000 * done // max(1, every) - drawn.pos)

        yield told


def _begin(area: Area, asked: dict[str, Any]) -> Plan:
    lines = Level.objects.filter(code=asked["lines"]).first()
    if lines is None:
        raise Missing("level-missing", gettext_lazy("There is no such level."))
    wanted = {"grids": asked["count"], "from": asked["low"], "to": asked["high"]}
    wanted = {name: value for name, value in wanted.items() if value is not None}
    if asked["barriers"]:
        wanted["barriers"] = True
    weights = {name: asked[name] for name in ("band", "change") if asked[name] is not None}
    return plans.begin(
        area, newest(area), titles=_titles(area, asked), lines=lines, wanted=wanted,
        weights=Weights.of(weights), like=in_force(area), seed=asked["seed"], by=None,
    )  # fmt: skip


def _titles(area: Area, said: Mapping[str, Any]) -> Mapping[str, str]:
    return titles_of(said) or area.names or {languages.key(): area.code}


def _gazetteer(made: Gazetteer) -> dict[str, Any]:
    names = ("settlements", "households", "workload", "left_out")
    return {"gazetteer": made.pk, **{name: getattr(made, name) for name in names}}


def _plan(plan: Plan) -> dict[str, Any]:
    return {
        "plan": plan.pk,
        "area": plan.area.code,
        "state": plan.state,
        "revision": plan.revision,
        "titles": plan.titles,
        "lines": plan.lines.code,
        "grids": plan.grids.count(),
        "since": plan.since,
        **(
            {"waits_since": plan.waits_since, "waits_for": plan.waits_for}
            if plan.waits_since
            else {}
        ),
    }


def _run(run: Run) -> dict[str, Any]:
    kept = {name: value for name, value in run.values.items() if name not in ("revision", "tries")}
    return {
        "run": run.pk,
        "ended": run.state,
        "worst": run.worst,
        "distance": run.distance,
        **({"error": run.error, "reason": str(reason(run))} if run.error else {}),
        **kept,
    }
