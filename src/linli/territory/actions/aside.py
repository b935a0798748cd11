"""Neighbour groups of grids that get another outline: kept by the step, back when it is undone.

They are drawn from a file that is not stored, so nobody could draw them again. Once a plan is no
draft any more, no step is undone, and nothing is kept.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping

from django.db.models import QuerySet

from linli.territory import codes
from linli.territory.models import Group, Plan, Step

BATCH = 500
LEVEL = "group"


def keep(plan: Plan, step: Step, before: Mapping[str, bytes]) -> None:
    """Give the groups of these grids, by code with the outline that they tiled, to a new step."""
    marks: dict[str, str] = {}
    count = 0
    for rows in _of(plan, before):
        grids = set(rows.order_by().values_list("grid", flat=True))
        marks |= {code: _mark(before[code]) for code in grids}
        count += rows.update(plan=None, step=step)
    if count:
        step.grids = {**step.grids, "groups_dropped": count, "outlines": marks}
        step.save(update_fields=["grids"])


def bring_back(plan: Plan, step: Step, changed: Iterable[str]) -> None:
    """Give a plan back what a step has kept, where grids have the outline of that time again.

    `changed` are codes of grids that undoing the step gave another outline: groups that were drawn
    for them since are gone. What a grid with a third outline had, as areas were changed, is gone
    too. `step.grids` says how many went and came; it is for the caller to save.
    """
    dropped = drop(plan, changed)
    marks = step.grids.get("outlines", {})
    now = plan.grids.filter(code__in=step.groups.values("grid")).values_list("code", "wkb")
    same = [code for code, wkb in now if _mark(bytes(wkb)) == marks[code]]
    step.groups.exclude(grid__in=same).delete()
    _give_new_codes(plan, step)
    restored = step.groups.update(plan=plan, step=None)
    step.grids = {**step.grids, "groups_dropped": dropped, "groups_restored": restored}


def drop(plan: Plan, grids: Iterable[str]) -> int:
    """Forget the neighbour groups of these grids, by code; returns how many there were."""
    return sum(rows.delete()[0] for rows in _of(plan, grids))


def forget(plan: Plan) -> None:
    """Forget what steps have kept: none of them is undone any more, or nobody wants it."""
    Group.objects.filter(step__plan=plan).delete()


def _of(plan: Plan, grids: Iterable[str]) -> Iterator[QuerySet[Group]]:
    wanted = list(grids)
    for start in range(0, len(wanted), BATCH):
        yield plan.groups.filter(grid__in=wanted[start : start + BATCH])


def _mark(wkb: bytes) -> str:
    return hashlib.sha256(wkb).hexdigest()


def _give_new_codes(plan: Plan, step: Step) -> None:
    """A group of today that goes on in another grid by now keeps its code there."""
    for row in step.groups.filter(code__in=plan.groups.values("code")):
        grid = plan.grids.get(code=row.grid)
        row.code = next(codes.new_codes(grid.code, frozenset(codes.taken_groups(grid.code))))
        beside = codes.named_today([grid.code], LEVEL)[grid.code]
        row.names = codes.names(grid.names, grid.code, row.code, beside, LEVEL)
        row.save(update_fields=["code", "names"])
