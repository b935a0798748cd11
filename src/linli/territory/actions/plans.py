"""Beginning plans, taking stock of the grids of today, and giving a draft up."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas import queries as areas
from linli.areas.models import Area, Level
from linli.areas.names import cleaned
from linli.engines.partition import divide
from linli.engines.partition.binding import together
from linli.kernel.actions import action, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import aims, rules
from linli.territory.actions import aside, row
from linli.territory.events import (
    AimsSet,
    PlanBegun,
    PlanRecounted,
    PlanRetitled,
    PlanWithdrawn,
)
from linli.territory.labels import packed, unpacked
from linli.territory.models import Gazetteer, Plan, PlanState, StepKind
from linli.territory.preparing import Ints, filled, lines_of
from linli.territory.queries import in_force, is_outdated
from linli.territory.queries.settlements import Places, Texts, codes_in, places
from linli.territory.tying import at_one_place
from linli.territory.weights import Weights

GRID = "grid"
Named = Mapping[int, Mapping[str, Any]]


def begin(
    area: Area,
    gazetteer: Gazetteer,
    *,
    titles: Mapping[str, str],
    lines: Level,
    wanted: Mapping[str, Any],
    weights: Weights | None = None,
    like: Plan | None = None,
    seed: int = 1,
    by: Account | None,
) -> Plan:
    """A draft for an area, whole from the start.

    It begins with the grids of `like`, which keep their codes, or else with plain halves inside
    lines. What it changes is counted against the plan in force. `titles` are by language, in one of
    them at least. Raises Invalid: aims-not-usable, settlement-on-no-line, title-missing,
    gazetteer-of-another-area, name-not-usable, grids-too-few, grids-more-than-settlements.
    """
    require(rules.may_plan(by, area))
    called = _titles(titles)
    _check(area, gazetteer, like)
    here = places(gazetteer)
    line, codes = lines_of(here, lines)
    asked = aims.wanted(wanted)
    named: Named = {}
    if like is None:
        labels = _halves(here, line, codes, asked, seed)
    else:
        labels, named = _as_in(like, gazetteer, here, line)
    plan = Plan(
        area=area, gazetteer=gazetteer, titles=called, before=in_force(area), lines=lines,
        wanted=asked, weights=(weights or Weights()).as_data(), seed=seed,
    )  # fmt: skip
    return _write(plan, labels, np.array(codes, object)[line], named, by=by)


def take_stock(
    area: Area, gazetteer: Gazetteer, *, titles: Mapping[str, str], by: Account | None
) -> Plan:
    """The grids that areas have today, as the plan that is in force.

    A settlement in no grid belongs to the nearest one. Raises Invalid: no-grids-today,
    grids-without-line, gazetteer-of-another-area, title-missing, name-not-usable; Conflict
    `plan-in-force`.
    """
    require(rules.may_plan(by, area))
    called = _titles(titles)
    _check(area, gazetteer, None)
    here = places(gazetteer)
    found = areas.areas_at(here.lon, here.lat, level=GRID)
    names = sorted({code for code in found if code})
    rows = Area.objects.current().filter(code__in=names).select_related("parent__level")
    grids = {grid.code: grid for grid in rows}
    levels = {grid.parent.level for grid in grids.values() if grid.parent}
    if not grids:
        raise Invalid("no-grids-today", _("No settlement lies in a grid of today."))
    if len(levels) != 1:
        raise Invalid("grids-without-line", _("The grids of today lie in areas of several levels."))
    number = {code: n for n, code in enumerate(names)}
    labels = np.array([number.get(code, -1) for code in found], np.int64)
    lines = levels.pop()
    line, codes = lines_of(here, lines)
    named = {number[code]: {"code": code, "names": grids[code].names} for code in names}
    labels = filled(_inside(labels, here, line), here, line)
    plan = Plan(
        area=area, gazetteer=gazetteer, titles=called, lines=lines,
        wanted={"grids": int(labels.max()) + 1}, weights=Weights().as_data(),
        since=max(grid.since for grid in grids.values()),
    )  # fmt: skip
    return _write(
        plan, labels, np.array(codes, object)[line], named, state=PlanState.IN_FORCE, by=by
    )


@action
def set_aims(
    plan: Plan,
    *,
    wanted: Mapping[str, Any],
    weights: Weights,
    by: Account | None,
    revision: int | None = None,
) -> Plan:
    """What a draft is to have and what it is judged by, from the next calculation on.

    Conflict: plan-not-draft, plan-calculating, plan-changed as `row.held`. Invalid:
    aims-not-usable.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    row.draft(plan)
    row.at_rest(plan)
    plan.wanted, plan.weights = aims.wanted(wanted), weights.as_data()
    plan.revision += 1
    plan.save(update_fields=["wanted", "weights", "revision"])
    record(AimsSet(plan=plan.pk), by=by)
    return plan


@action
def retitle(
    plan: Plan, titles: Mapping[str, str], *, by: Account | None, revision: int | None = None
) -> Plan:
    """Call a plan something else, or in more languages, as long as it is not over.

    Conflict: plan-over, plan-changed as `row.held`, plan-calculating, as what is calculated is for
    the plan as it was. Invalid: title-missing, name-not-usable.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    if plan.state in (PlanState.ENDED, PlanState.WITHDRAWN):
        raise Conflict("plan-over", _("This plan is over; its title stays."))
    called = _titles(titles)
    if called == plan.titles:
        return plan
    row.at_rest(plan)
    plan.titles, plan.revision = called, plan.revision + 1
    plan.save(update_fields=["titles", "revision"])
    record(PlanRetitled(plan=plan.pk), by=by)
    return plan


@action
def look_at(plan: Plan, *, by: Account | None = None) -> None:
    """Work out the ways and pieces of grids that were made before these were counted."""
    require(by is None)
    plan = row.held(plan)
    if plan.grids.filter(pieces=None).exists():
        row.settle(plan, unpacked(plan.labels), grids={})


@action
def recount(plan: Plan, *, by: Account | None) -> Plan:
    """Count what a draft, or a published one, changes against the plan that is in force now.

    Its grids stay as they are. Conflict: plan-adopted, plan-calculating, and `nothing-to-do` where
    it is counted so already.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan)
    if plan.state not in (PlanState.DRAFT, PlanState.PUBLISHED):
        raise Conflict("plan-adopted", _("What this plan changes is counted for good."))
    row.at_rest(plan)
    if not is_outdated(plan):
        raise Conflict("nothing-to-do", _("Nothing would change."))
    plan.before = in_force(plan.area)
    plan.save(update_fields=["before"])
    row.settle(plan, unpacked(plan.labels), grids={})
    record(PlanRecounted(plan=plan.pk, before=plan.before_id), by=by)
    return plan


@action
def withdraw(plan: Plan, *, by: Account | None, revision: int | None = None) -> Plan:
    """Give up a draft or a published draft; what is calculated for it stops.

    Conflict `plan-adopted` for a plan that has a day, `plan-changed` as `row.held`.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    if plan.state not in (PlanState.DRAFT, PlanState.PUBLISHED):
        raise Conflict("plan-adopted", _("Only a draft can be given up."))
    plan.state, plan.revision = PlanState.WITHDRAWN, plan.revision + 1
    plan.save(update_fields=["state", "revision"])
    plan.runs.filter(finished_at=None).update(stop_asked=True)
    aside.forget(plan)
    record(PlanWithdrawn(plan=plan.pk), by=by)
    return plan


def _titles(titles: Mapping[str, str]) -> dict[str, str]:
    found = cleaned(titles)
    if not found:
        raise Invalid("title-missing", _("A plan needs a title."))
    return found


def _check(area: Area, gazetteer: Gazetteer, like: Plan | None) -> None:
    if gazetteer.area.code != area.code or (like and like.area.code != area.code):
        raise Invalid(
            "gazetteer-of-another-area", _("Settlements and plans have to be of the same area.")
        )


@action
def _write(
    plan: Plan,
    labels: Ints,
    lines: Texts,
    named: Named,
    *,
    state: PlanState = PlanState.DRAFT,
    by: Account | None,
) -> Plan:
    """Store a plan with its first step; one per area can be in force."""
    require(rules.may_plan(by, plan.area))
    if state == PlanState.IN_FORCE and in_force(plan.area):
        raise Conflict("plan-in-force", _("There is a plan in force for this area already."))
    plan.labels, plan.begun_at, plan.begun_by = packed([]), timezone.now(), by
    plan.save()
    before = plan.before_id
    begun = PlanBegun(
        plan=plan.pk, area=Code(plan.area.code), gazetteer=plan.gazetteer_id, before=before
    )
    record(begun, by=by)
    row.put(plan, labels, kind=StepKind.BEGUN, by=by, grids=named, lines=lines.tolist())
    if state != plan.state:
        plan.state = state
        plan.save(update_fields=["state"])
    return plan


def _halves(
    here: Places, line: Ints, codes: tuple[str, ...], asked: Mapping[str, Any], seed: int
) -> Ints:
    """Halves, again and again, inside each line: what the engine begins with."""
    count = len(codes)
    unit = together(len(here), at_one_place(here))
    units = np.unique(np.column_stack([line, unit]), axis=0)
    load = np.bincount(line, here.workload, count).astype(np.float64)
    most = np.bincount(units[:, 0], minlength=count).astype(np.int64)
    parts, _missed = aims.parts(asked, load, np.ones(count, np.int64), most, codes)
    return divide(
        here.km, here.workload, line, parts, seed=seed, steps=0, progress=lambda *_now: False
    ).labels


def _as_in(
    like: Plan, gazetteer: Gazetteer, here: Places, line: Ints
) -> tuple[Ints, dict[int, dict[str, Any]]]:
    """The grids of another plan, for these settlements inside these lines."""
    grids = {grid.code: grid for grid in like.grids.all()}
    number = {code: n for n, code in enumerate(sorted(grids))}
    found = codes_in(like, gazetteer.pk, here)
    labels = np.array([number.get(code, -1) for code in found], np.int64)
    labels = filled(_inside(labels, here, line), here, line)
    named = {n: {"code": code, "names": grids[code].names} for code, n in number.items()}
    return labels, named


def _inside(labels: Ints, here: Places, line: Ints) -> Ints:
    """Labels in which each grid keeps the settlements of one line, that of most of its workload."""
    labels = labels.copy()
    for number in np.unique(labels[labels >= 0]):
        own = np.flatnonzero(labels == number)
        main = np.bincount(line[own], here.workload[own]).argmax()
        labels[own[line[own] != main]] = -1
    return labels
