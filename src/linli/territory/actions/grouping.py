"""Neighbour groups of a draft: drawn for its grids, and dropped."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.areas.shapes import to_wkb
from linli.kernel.actions import action, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import codes, rules
from linli.territory.actions import aside
from linli.territory.actions.row import BATCH, at_rest, draft, held
from linli.territory.as_areas import GROUP
from linli.territory.events import GroupsDrawn, GroupsDropped
from linli.territory.groups import Groups, Outline
from linli.territory.models import Grid, Group, Plan


@action
def draw(plan: Plan, found: Groups, *, by: Account | None) -> int:
    """Let a draft bring these neighbour groups along; returns how many.

    They take the place of those that it had for their grids. A group that goes on as one of today
    keeps its code and names. Invalid `no-groups` where there are none; Conflict: plan-not-draft,
    plan-calculating, and plan-changed where the plan is not as it was when they were drawn.
    """
    require(rules.may_plan(by, plan.area))
    plan = held(plan, found.revision)
    draft(plan)
    at_rest(plan)
    if not found.outlines:
        raise Invalid("no-groups", _("No grid of this plan has ten households of the file."))
    grids = {grid.code: grid for grid in plan.grids.defer("wkb")}
    by_grid: dict[str, list[Outline]] = defaultdict(list)
    for outline in found.outlines:
        by_grid[outline.grid].append(outline)
    aside.drop(plan, by_grid)
    kept = _names_today([one.before for one in found.outlines if one.before])
    rows = [
        row
        for code, outlines in by_grid.items()
        for row in _rows(plan, grids[code], outlines, kept)
    ]
    Group.objects.bulk_create(rows, batch_size=BATCH)
    _changed(plan)
    record(GroupsDrawn(plan=plan.pk, groups=len(rows)), by=by)
    return len(rows)


@action
def drop(plan: Plan, *, by: Account | None, revision: int | None = None) -> int:
    """Let a draft bring no neighbour groups along; returns how many it had.

    Undoing a step brings none back either, from then on.
    Conflict: plan-not-draft, plan-calculating, plan-changed as `row.held`, and `nothing-to-do`
    where it has none.
    """
    require(rules.may_plan(by, plan.area))
    plan = held(plan, revision)
    draft(plan)
    at_rest(plan)
    count, _by_model = plan.groups.all().delete()
    if not count:
        raise Conflict("nothing-to-do", _("Nothing would change."))
    aside.forget(plan)
    _changed(plan)
    record(GroupsDropped(plan=plan.pk, groups=count), by=by)
    return count


def _changed(plan: Plan) -> None:
    plan.revision += 1
    plan.save(update_fields=["revision"])


def _names_today(wanted: list[str]) -> dict[str, dict[str, str]]:
    rows = Area.objects.current().filter(level__code=GROUP)
    names = dict(rows.values_list("code", "names"))
    return {code: names[code] for code in wanted if code in names}


def _rows(
    plan: Plan, grid: Grid, outlines: list[Outline], kept: dict[str, dict[str, str]]
) -> Iterator[Group]:
    """The groups of one grid, with codes and names."""
    used = codes.taken_groups(grid.code) | {one.before for one in outlines if one.before}
    free = codes.new_codes(grid.code, frozenset(used))
    beside = codes.named_today([grid.code], GROUP)[grid.code]
    for one in outlines:
        code = one.before or next(free)
        names = kept.get(code) or codes.names(grid.names, grid.code, code, beside, GROUP)
        wkb = to_wkb(np.array([one.shape]))[0]
        yield Group(plan=plan, grid=grid.code, code=code, names=names, wkb=wkb)
