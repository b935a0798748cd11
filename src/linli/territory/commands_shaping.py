"""`linli grids` on a draft, from the shape of its grids to its publication, by the command line."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import click
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Missing
from linli.territory.actions import bindings, editing, plans, publishing
from linli.territory.commands_answering import (
    AS_JSON,
    NUMBER,
    REVISION,
    Day,
    answering,
    plan_of,
    say,
    titled,
    titles_of,
)
from linli.territory.models import Binding, BindingKind, Grid, Plan, Settlement, Step
from linli.territory.weights import Weights


@click.command()
@NUMBER
@click.argument("codes", nargs=-1, required=True)
@click.option("--to", "grid", required=True, help="Code of the grid that they come to.")
@AS_JSON
def move(number: int, codes: tuple[str, ...], grid: str, as_json: bool) -> None:
    """Move settlements of the draft NUMBER, by their CODES, to another grid of the same line."""
    with answering(as_json):
        plan = plan_of(number)
        step = editing.move(plan, _positions(plan, codes), _grid(plan, grid), by=None)
    _changed(plan, step, as_json=as_json)


@click.command()
@NUMBER
@click.argument("grid")
@AS_JSON
def split(number: int, grid: str, as_json: bool) -> None:
    """Split a GRID of the draft NUMBER into two of the same work."""
    with answering(as_json):
        plan = plan_of(number)
        step = editing.split(plan, _grid(plan, grid), by=None)
    _changed(plan, step, as_json=as_json)


@click.command()
@NUMBER
@click.argument("grids", nargs=-1, required=True)
@AS_JSON
def join(number: int, grids: tuple[str, ...], as_json: bool) -> None:
    """Join GRIDS of the draft NUMBER that lie in one line."""
    with answering(as_json):
        plan = plan_of(number)
        step = editing.join(plan, [_grid(plan, code) for code in grids], by=None)
    _changed(plan, step, as_json=as_json)


@click.command()
@NUMBER
@click.argument("grid")
@click.option("--zh", default="", help="Its name in Chinese.")
@click.option("--bo", default="", help="In Tibetan.")
@click.option("--en", default="", help="In English.")
@REVISION
@AS_JSON
def rename(number: int, grid: str, revision: int | None, as_json: bool, **names: str) -> None:
    """Give a GRID of the draft NUMBER its names; those that are not given again are gone."""
    with answering(as_json):
        plan = plan_of(number)
        step = editing.rename(plan, _grid(plan, grid), names, by=None, revision=revision)
    _changed(plan, step, as_json=as_json)


@click.command()
@NUMBER
@titled
@REVISION
@AS_JSON
def retitle(number: int, revision: int | None, as_json: bool, **said: str | None) -> None:
    """Call the plan NUMBER something else, or in more languages; the others stay."""
    with answering(as_json):
        plan = plan_of(number)
        titles = {**plan.titles, **titles_of(said)}
        plan = plans.retitle(plan, titles, by=None, revision=revision)
    say({"plan": number, "titles": plan.titles}, as_json=as_json)


@click.command()
@NUMBER
@click.option("--grids", "count", type=int, help="How many grids.")
@click.option("--from", "low", type=float, help="Or: the least load of a grid.")
@click.option("--to", "high", type=float, help="And the most.")
@click.option("--barriers/--no-barriers", default=None, help="Do rivers part grids?")
@click.option("--band", type=float, help="How far a load may be off the mean, as a share of it.")
@click.option("--distance", type=float, help="The weight of short ways.")
@click.option("--balance", type=float, help="The weight of equal loads.")
@click.option("--outline", type=float, help="The weight of round outlines.")
@click.option("--change", type=float, help="The weight of keeping what people have.")
@AS_JSON
def aims(number: int, as_json: bool, **said: Any) -> None:
    """Set what the draft NUMBER aims at, from the next calculation on; the rest stays."""
    with answering(as_json):
        plan = plan_of(number)
        weights = {name: said[name] for name in plan.weights if said.get(name) is not None}
        plan = plans.set_aims(
            plan, wanted=_wanted(plan, said), weights=Weights.of({**plan.weights, **weights}),
            by=None,
        )  # fmt: skip
    say({"plan": number, "wanted": plan.wanted, "weights": plan.weights}, as_json=as_json)


def _wanted(plan: Plan, said: Mapping[str, Any]) -> dict[str, Any]:
    """What was said of the number of grids or their loads, and of rivers; the rest as it was."""
    given = {"grids": said["count"], "from": said["low"], "to": said["high"]}
    found = {name: value for name, value in given.items() if value is not None}
    kept = {name: value for name, value in plan.wanted.items() if name != "barriers"}
    barriers = plan.wanted.get("barriers") if said["barriers"] is None else said["barriers"]
    return {**(found or kept), **({"barriers": True} if barriers else {})}


@click.command()
@NUMBER
@REVISION
@AS_JSON
def undo(number: int, revision: int | None, as_json: bool) -> None:
    """Take back the newest step of the draft NUMBER, whatever it is; says which it was."""
    with answering(as_json):
        plan = plan_of(number)
        step = editing.undo(plan, by=None, revision=revision)
    what, when = str(step.get_kind_display()), step.made_at.isoformat(timespec="seconds")
    _changed(plan, step, as_json=as_json, undone=what, made_at=when)


@click.command()
@NUMBER
@click.argument("kind", type=click.Choice(BindingKind.values))
@click.option("--reason", required=True, help="Published with the plan.")
@click.option("--grid", help="Code of the grid that is locked, or measured from a place.")
@click.option("--settlement", "codes", multiple=True, help="Code; for together and apart.")
@click.option("--lon", type=float, help="Of the place from which a grid is measured.")
@click.option("--lat", type=float)
@AS_JSON
def fix(
    number: int,
    kind: str,
    reason: str,
    grid: str | None,
    codes: tuple[str, ...],
    lon: float | None,
    lat: float | None,
    as_json: bool,
) -> None:
    """Fix something in the draft NUMBER before it is calculated: lock, together, apart, centre."""
    with answering(as_json):
        plan = plan_of(number)
        made = bindings.fix(
            plan, BindingKind(kind), reason=reason, positions=_positions(plan, codes),
            grid=_grid(plan, grid).number if grid else None, lon=lon, lat=lat, by=None,
        )  # fmt: skip
    say({"plan": number, "binding": made.pk, "kind": kind}, as_json=as_json)


@click.command()
@NUMBER
@click.argument("binding", type=int)
@AS_JSON
def release(number: int, binding: int, as_json: bool) -> None:
    """Release what was fixed in the draft NUMBER, by the number of the BINDING."""
    with answering(as_json):
        row = Binding.objects.select_related("plan__area").filter(plan=number, pk=binding).first()
        if row is None:
            raise Missing(
                "binding-missing",
                _("Nothing is fixed in the plan under this number."),
                fields={"binding": binding},
            )
        bindings.release(row, by=None)
    say({"plan": number, "released": binding}, as_json=as_json)


@click.command()
@NUMBER
@click.option("--until", type=Day, required=True, help="The last day for comments.")
@REVISION
@AS_JSON
def publish(number: int, until: dt.datetime, revision: int | None, as_json: bool) -> None:
    """Show the draft NUMBER to everybody and take comments through a day."""
    with answering(as_json):
        plan = publishing.publish(plan_of(number), until=until.date(), by=None, revision=revision)
    say({"plan": number, "state": plan.state, "until": until.date().isoformat()}, as_json=as_json)


@click.command()
@NUMBER
@AS_JSON
def recount(number: int, as_json: bool) -> None:
    """Count what the plan NUMBER changes against the plan that is in force now."""
    with answering(as_json):
        plan = plans.recount(plan_of(number), by=None)
    say({"plan": number, "before": plan.before_id}, as_json=as_json)


@click.command()
@NUMBER
@REVISION
@AS_JSON
def withdraw(number: int, revision: int | None, as_json: bool) -> None:
    """Give up the plan NUMBER before it is adopted."""
    with answering(as_json):
        plan = plans.withdraw(plan_of(number), by=None, revision=revision)
    say({"plan": number, "state": plan.state}, as_json=as_json)


ALL = (move, split, join, rename, retitle, aims, undo, fix, release, recount, publish, withdraw)


def _changed(plan: Plan, step: Step, *, as_json: bool, **more: str) -> None:
    said = {
        "plan": plan.pk,
        "step": step.pk,
        "kind": step.kind,
        **more,
        "grids": plan.grids.count(),
        "groups_dropped": step.groups_dropped,
        "groups_restored": step.groups_restored,
    }
    say(said, as_json=as_json)


def _grid(plan: Plan, code: str) -> Grid:
    grid = plan.grids.filter(code=code).first()
    if grid is None:
        raise Missing(
            "no-such-grid", _("The plan has no grid of this code."), fields={"grid": code}
        )
    return grid


def _positions(plan: Plan, codes: Sequence[str]) -> list[int]:
    rows = Settlement.objects.filter(gazetteer=plan.gazetteer_id, code__in=codes)
    found = dict(rows.values_list("code", "position"))
    if missing := [code for code in codes if code not in found]:
        names = ", ".join(missing)
        raise Missing(
            "settlement-unknown", _("The plan has no such settlement."), fields={"code": names}
        )
    return [found[code] for code in codes]
