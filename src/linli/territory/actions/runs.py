"""Calculations: asked for on a page, done by the worker, applied as a step of the plan."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from linli.kernel.actions import action, locked, require
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import rules
from linli.territory.actions import row
from linli.territory.events import RunAsked, RunEnded
from linli.territory.labels import packed, unpacked
from linli.territory.models import Plan, PlanState, Run, RunState, StepKind
from linli.territory.preparing import prepared

Ints = NDArray[np.int64]
OPEN = (RunState.WAITING, RunState.RUNNING)
KEPT = (RunState.DONE, RunState.STOPPED)


@action
def ask(
    plan: Plan,
    *,
    fresh: bool = False,
    steps: int | None = None,
    seed: int | None = None,
    here: bool = False,
    by: Account | None,
    revision: int | None = None,
) -> Run:
    """Ask for a draft to be calculated; `fresh` begins anew instead of from what it has.

    `steps` are moves tried for each settlement, by default the engine's own. What cannot be
    calculated is refused at once, as by `preparing.prepared`. Whoever goes on with
    `running.direct` says `here`: the run never waits, so that no server begins it too. Conflict:
    plan-not-draft, plan-calculating, plan-changed as `row.held`.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    row.draft(plan)
    row.at_rest(plan)
    prepared(plan)
    now = timezone.now()
    run = Run.objects.create(
        plan=plan,
        state=RunState.RUNNING if here else RunState.WAITING,
        heard_at=now if here else None,
        fresh=fresh,
        seed=plan.seed if seed is None else seed,
        steps=steps,
        values={"revision": plan.revision},
        asked_at=now,
        asked_by=by,
    )
    record(RunAsked(plan=plan.pk, run=run.pk, seed=run.seed), by=by)
    return run


@action
def ask_to_stop(run: Run, *, by: Account | None) -> None:
    """Ask a calculation to stop soon; the best that it has found stays."""
    require(rules.may_plan(by, run.plan.area))
    Run.objects.filter(pk=run.pk, state__in=OPEN).update(stop_asked=True)


@action
def start(run: Run, *, by: Account | None = None) -> Run:
    """A calculation begins, or begins again after its process was lost; counts how often."""
    require(by is None)
    run = locked(run)
    if run.state in OPEN:
        run.state, run.heard_at = RunState.RUNNING, timezone.now()
        run.values = {**run.values, "tries": int(run.values.get("tries", 0)) + 1}
        run.save(update_fields=["state", "heard_at", "values"])
    return run


@action
def note(
    run: Run,
    *,
    done: int,
    all: int,
    labels: Ints | None,
    worst: float | None,
    distance: float | None,
    by: Account | None = None,
) -> None:
    """Note how far a calculation is and the best so far; None for what has not changed."""
    require(by is None)
    values: dict[str, Any] = {"done": done, "all": all, "heard_at": timezone.now()}
    if labels is not None:
        values |= {"labels": packed(labels), "worst": worst, "distance": distance}
    Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(**values)


@action
def finish(
    run: Run,
    *,
    state: RunState,
    labels: Ints | None,
    error: str = "",
    values: Mapping[str, Any] | None = None,
    by: Account | None = None,
) -> Run:
    """End a calculation. What it found becomes a step of its plan, unless it failed.

    The plan stays as it is when it is no draft any more, or was changed in the meantime: the run
    has then failed, with `plan-not-draft` or `plan-changed`.
    """
    require(by is None)
    plan = row.held(run.plan)
    run = locked(run)
    if run.state not in OPEN:
        return run
    if state in KEPT and labels is not None:
        state, error = _applied(plan, run, labels, state)
    run.state, run.error, run.finished_at = state, error, timezone.now()
    run.values = {**run.values, **(values or {})}
    if labels is not None:
        run.labels = packed(labels)
    run.save(update_fields=["state", "error", "finished_at", "values", "labels"])
    record(RunEnded(plan=plan.pk, run=run.pk, state=RunState(state)), by=run.asked_by)
    return run


def _applied(plan: Plan, run: Run, labels: Ints, state: RunState) -> tuple[RunState, str]:
    """How a run ended after its labels were given to its plan."""
    if plan.state != PlanState.DRAFT:
        return (state, "") if run.stop_asked else (RunState.FAILED, "plan-not-draft")
    if run.values.get("revision", plan.revision) != plan.revision:
        return RunState.FAILED, "plan-changed"
    if not np.array_equal(unpacked(plan.labels), labels):
        step = row.put(plan, labels, kind=StepKind.RUN, by=run.asked_by)
        run.values = {**run.values, "groups_dropped": step.groups_dropped}
    return state, ""
