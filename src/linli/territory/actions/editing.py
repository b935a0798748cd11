"""Changing a draft by hand: moving settlements, splitting and joining grids, undoing, names."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas.names import cleaned
from linli.engines.partition import Bounds, divide
from linli.kernel.actions import action, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import rules
from linli.territory.actions.row import at_rest, draft, held, put, undone
from linli.territory.events import PlanChanged, StepUndone
from linli.territory.labels import packed, unpacked
from linli.territory.models import BindingKind, Grid, Plan, Step, StepKind
from linli.territory.preparing import grounds
from linli.territory.queries.settlements import Ints, Places, places


@action
def move(
    plan: Plan,
    positions: Sequence[int],
    to: Grid,
    *,
    by: Account | None,
    revision: int | None = None,
) -> Step:
    """Settlements, by their positions, go to another grid of the same line.

    Whole settlements only. A grid that loses its last one is gone. Conflict and Invalid as `put`;
    Invalid `nothing-to-do` where all are there already, `settlement-unknown` for a position that
    the plan does not have.
    """
    plan = _draft_of(plan, by, revision)
    labels, grid = unpacked(plan.labels), _grid(plan, to)
    at = np.unique(np.asarray(positions, dtype=np.int64))
    if len(at) and (at[0] < 0 or at[-1] >= len(labels)):
        raise Invalid("settlement-unknown", _("The plan has no such settlement."))
    if not len(at) or (labels[at] == grid.number).all():
        raise Invalid("nothing-to-do", _("Nothing would change."))
    labels[at] = grid.number
    return put(plan, labels, kind=StepKind.MOVED, by=by)


@action
def split(plan: Plan, grid: Grid, *, by: Account | None, revision: int | None = None) -> Step:
    """A grid becomes two of the same work, each in one piece.

    The one with more households keeps code and name. Invalid `grid-too-small` for a single
    settlement, or where what is fixed leaves no way; Conflict as `put`.
    """
    plan = _draft_of(plan, by, revision)
    grid = _grid(plan, grid)
    labels = unpacked(plan.labels)
    at = np.flatnonzero(labels == grid.number)
    here = places(plan.gazetteer)
    try:
        halves = divide(
            here.km[at], here.workload[at], np.zeros(len(at), np.int64), np.array([2]),
            bounds=_bounds_within(plan, here, labels, at), seed=plan.seed, cores=1,
        ).labels  # fmt: skip
    except ValueError as error:
        raise Invalid("grid-too-small", _("This grid cannot be split.")) from error
    people = np.bincount(halves, here.households[at], 2)
    labels[at[halves != people.argmax()]] = plan.grids_made
    return put(plan, labels, kind=StepKind.SPLIT, by=by)


@action
def join(
    plan: Plan, grids: Sequence[Grid], *, by: Account | None, revision: int | None = None
) -> Step:
    """Grids of one line become one; the one with most households gives code and name.

    Invalid `nothing-to-do` for fewer than two; Conflict and Invalid as `put`.
    """
    plan = _draft_of(plan, by, revision)
    rows = list(plan.grids.filter(number__in=[_grid(plan, grid).number for grid in grids]))
    if len(rows) < 2:
        raise Invalid("nothing-to-do", _("Nothing would change."))
    labels = unpacked(plan.labels)
    stays = min(rows, key=lambda grid: (-grid.households, grid.code))
    labels[np.isin(labels, [grid.number for grid in rows])] = stays.number
    return put(plan, labels, kind=StepKind.JOINED, by=by)


@action
def rename(
    plan: Plan,
    grid: Grid,
    names: Mapping[str, str],
    *,
    by: Account | None,
    revision: int | None = None,
) -> Step:
    """Give a grid its names, by language; Invalid where there is none, or one is not usable."""
    plan = _draft_of(plan, by, revision)
    at_rest(plan)
    grid = _grid(plan, grid)
    wanted = cleaned(names)
    if not wanted or wanted == grid.names:
        raise Invalid("nothing-to-do", _("Nothing would change."))
    step = Step.objects.create(
        plan=plan, kind=StepKind.RENAMED, moved=packed(np.zeros((0, 3))),
        grids={"names": {str(grid.number): grid.names}}, made_at=timezone.now(), by=by,
    )  # fmt: skip
    grid.names = wanted
    grid.save(update_fields=["names"])
    plan.revision += 1
    plan.save(update_fields=["revision"])
    record(PlanChanged(plan=plan.pk, kind=StepKind.RENAMED, settlements=0), by=by)
    return step


@action
def undo(plan: Plan, *, by: Account | None, revision: int | None = None) -> Step:
    """Take back the newest step that stands, a calculation too; Conflict `nothing-to-undo`.

    The neighbour groups that it dropped come back: `Step.groups_restored` says how many. Those that
    were drawn since, for grids that change again, are gone: `Step.groups_dropped`.
    """
    plan = _draft_of(plan, by, revision)
    at_rest(plan)
    step = last_step(plan)
    if step is None:
        raise Conflict("nothing-to-undo", _("There is no step left to undo."))
    undone(plan, step)
    step.undone_at = timezone.now()
    step.save(update_fields=["undone_at", "grids"])
    record(StepUndone(plan=plan.pk, step=step.pk), by=by)
    return step


def last_step(plan: Plan) -> Step | None:
    """The step that `undo` would take back; how a plan was begun stays."""
    standing = plan.steps.filter(undone_at=None).exclude(kind=StepKind.BEGUN)
    return standing.order_by("-pk").first()


def groups_at_stake(plan: Plan, step: Step) -> int:
    """How many neighbour groups undoing a step drops: drawn since, in grids that it changed."""
    return plan.groups.filter(grid__in=step.grids.get("redrawn", [])).count()


def _draft_of(plan: Plan, by: Account | None, revision: int | None) -> Plan:
    require(rules.may_plan(by, plan.area))
    plan = held(plan, revision)
    draft(plan)
    return plan


def _grid(plan: Plan, grid: Grid) -> Grid:
    """The grid as it is now; Conflict `grid-gone` where the plan has none of its number."""
    found = plan.grids.filter(number=grid.number).first()
    if found is None or grid.plan_id != plan.pk:
        raise Conflict("grid-gone", _("This grid is no longer there. Please look at the plan."))
    return found


def _bounds_within(plan: Plan, here: Places, labels: Ints, at: Ints) -> Bounds:
    """The ground of the settlements at these positions, and what is fixed among them, numbered by
    their place there."""
    place = {int(position): n for n, position in enumerate(at)}
    groups, pairs = [], []
    for binding in plan.bindings.all():
        inside = [place[position] for position in binding.positions if position in place]
        if binding.kind == BindingKind.TOGETHER and len(inside) > 1:
            groups.append(np.array(inside, np.int64))
        elif binding.kind == BindingKind.APART:
            pairs += [(a, b) for n, a in enumerate(inside) for b in inside[n + 1 :]]
    ground = grounds(plan, here, labels, at)
    return replace(ground, together=groups, apart=np.array(pairs, np.int64).reshape(-1, 2))
