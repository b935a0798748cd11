"""A plan while an action holds it: locked, changed by a step, its grids and figures kept right."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.kernel.actions import locked
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import codes, drawing, figures, keeping, travel
from linli.territory.actions import aside
from linli.territory.events import PlanChanged
from linli.territory.labels import moves, packed, unpacked
from linli.territory.models import BindingKind, Grid, Plan, PlanState, RunState, Step, StepKind
from linli.territory.queries.settlements import (
    Floats,
    Ints,
    Places,
    Texts,
    by_number,
    codes_before,
    each,
    places,
)

BATCH = 500
FIGURES = (
    "settlements", "households", "load", "over", "distance", "joining", "leaving",
    "centre_lon", "centre_lat", "wkb", "roundness", "way", "cut_off", "pieces",
)  # fmt: skip


@dataclass(frozen=True)
class Settled:
    """What changed with the labels: grids that went, as data, numbers of those that began, and the
    outlines that grids had, by code, which went, began or have another one now."""

    gone: list[dict[str, Any]]
    made: list[int]
    before: dict[str, bytes]


def held(plan: Plan, revision: int | None = None) -> Plan:
    """The plan, read again and locked.

    With `revision`, the one of the page on which somebody acted: Conflict `plan-changed` when the
    plan has changed since.
    """
    fresh = locked(plan)
    if revision is not None and fresh.revision != revision:
        raise Conflict(
            "plan-changed",
            _("Somebody has changed the plan in the meantime. Please look at it again."),
        )
    return fresh


def draft(plan: Plan) -> None:
    """Go on only with a draft; Conflict `plan-not-draft` otherwise."""
    if plan.state != PlanState.DRAFT:
        raise Conflict("plan-not-draft", _("Only a draft can be changed. Begin a new one from it."))


def at_rest(plan: Plan) -> None:
    """Go on only where nothing is calculated that would be lost; Conflict `plan-calculating`."""
    if plan.runs.filter(state__in=[RunState.WAITING, RunState.RUNNING]).exists():
        raise Conflict(
            "plan-calculating", _("The plan is being calculated. Wait for it, or stop it first.")
        )


def put(
    plan: Plan,
    labels: Ints,
    *,
    kind: StepKind,
    by: Account | None,
    grids: Mapping[int, Mapping[str, Any]] | None = None,
    lines: Sequence[str] | None = None,
) -> Step:
    """Give the plan these labels (n,), as a step that can be undone; `plan` is held.

    A number that no grid has begins a grid: with the `code` and `names` in `grids` where its number
    is there, else with the next free code of its line. A grid without settlements is taken away.
    Figures and outlines follow; neighbour groups go with the outline of their grid, and
    `Step.groups_dropped` says how many. `lines` are the codes of the lines of the settlements, for
    a plan that has no grids yet. Conflict: plan-not-draft, plan-calculating, binding-broken.
    Invalid: labels-not-of-plan, grid-crosses-line.
    """
    draft(plan)
    if kind != StepKind.RUN:
        at_rest(plan)
    old, new = unpacked(plan.labels), np.asarray(labels, dtype=np.int64)
    if kind not in (StepKind.RUN, StepKind.BEGUN):
        keeping.refuse_breach(plan, old, new)
    done = settle(plan, new, grids=grids or {}, lines=lines)
    changed = np.flatnonzero(old != new) if len(old) == len(new) else np.arange(len(new))
    if len(old) != len(new):
        old = np.full(len(new), -1)
    step = Step.objects.create(
        plan=plan,
        kind=kind,
        moved=packed(np.column_stack([changed, old[changed], new[changed]])),
        grids={"gone": done.gone, "made": done.made, "redrawn": sorted(done.before)},
        made_at=timezone.now(),
        by=by,
    )
    aside.keep(plan, step, done.before)
    record(PlanChanged(plan=plan.pk, kind=kind, settlements=len(changed)), by=by)
    return step


def settle(
    plan: Plan,
    labels: Ints,
    *,
    grids: Mapping[int, Mapping[str, Any]],
    lines: Sequence[str] | None = None,
) -> Settled:
    """Write labels, and make grids, figures and outlines agree with them."""
    here, rows, old = places(plan.gazetteer), by_number(plan), unpacked(plan.labels)
    if len(labels) != len(here) or (len(labels) and labels.min() < 0):
        raise Invalid("labels-not-of-plan", _("These are not the settlements of the plan."))
    line = np.array(lines, dtype=object) if lines is not None else _lines(old, rows)
    line_of = _line_of_grids(labels, line, rows)
    used = {int(n) for n in np.unique(labels)}
    gone = [rows.pop(n) for n in sorted(set(rows) - used)]
    plan.grids.filter(pk__in=[grid.pk for grid in gone]).delete()
    made = _made(plan, {n: line_of[n] for n in sorted(used - set(rows))}, grids)
    rows |= {grid.number: grid for grid in made}
    outlines = {grid.code: bytes(grid.wkb) for grid in (*gone, *rows.values())}
    known = len(old) == len(labels)
    touched = set(line[labels != old].tolist()) if known else set(line.tolist())
    _refresh(plan, here, rows, labels, line, touched | {grid.line for grid in made})
    plan.labels = packed(labels)
    plan.grids_made = max(plan.grids_made, 1 + max(used, default=-1))
    plan.revision += 1
    plan.save(update_fields=["labels", "grids_made", "revision"])
    now = {grid.code: bytes(grid.wkb) for grid in rows.values()}
    return Settled(
        [as_data(grid) for grid in gone],
        [grid.number for grid in made],
        {code: wkb for code, wkb in outlines.items() if wkb != now.get(code)},
    )


def as_data(grid: Grid) -> dict[str, Any]:
    """What a step keeps of a grid."""
    return {
        "number": grid.number, "code": grid.code, "line": grid.line, "names": grid.names
    }  # fmt: skip


def _lines(labels: Ints, rows: Mapping[int, Grid]) -> Texts:
    """The line of each settlement: that of the grid in which it is."""
    return each(labels, {number: grid.line for number, grid in rows.items()})


def _line_of_grids(labels: Ints, line: Texts, rows: Mapping[int, Grid]) -> dict[int, str]:
    """The line of each grid; Invalid where one has settlements of two, or of another one."""
    numbers, first = np.unique(labels, return_index=True)
    line_of = {int(n): str(line[at]) for n, at in zip(numbers, first, strict=True)}
    own = each(labels, line_of)
    torn = np.flatnonzero(own != line)
    moved = [n for n, code in line_of.items() if n in rows and rows[n].line != code]
    if len(torn) or moved:
        number = int(labels[torn[0]]) if len(torn) else moved[0]
        code = rows[number].code if number in rows else ""
        raise Invalid(
            "grid-crosses-line",
            _("A grid would cross the line of a township or village."),
            fields={"grid": code},
        )
    return line_of


def _made(
    plan: Plan, lines: Mapping[int, str], given: Mapping[int, Mapping[str, Any]]
) -> list[Grid]:
    """New grids by number, with their lines; codes and names as given, else the next free ones.

    They are written with their figures, by `_refresh`.
    """
    used = {line: codes.taken(line) for line in set(lines.values())}
    for number, line in lines.items():
        if "code" in given.get(number, {}):
            used[line].add(given[number]["code"])
    free = {line: codes.new_codes(line, frozenset(found)) for line, found in used.items()}
    named = {area.code: area.names for area in Area.objects.current().filter(code__in=set(used))}
    beside = codes.named_today(used)
    rows = []
    for number, line in lines.items():
        data = given.get(number, {})
        code = data.get("code") or next(free[line])
        names = data.get("names") or codes.names(named.get(line, {}), line, code, beside[line])
        rows.append(Grid(plan=plan, number=number, code=code, line=line, names=names))
    return rows


def _refresh(
    plan: Plan, here: Places, rows: Mapping[int, Grid], labels: Ints, line: Texts, touched: set[str]
) -> None:
    """Figures of all grids; outlines, pieces and ways of those of touched lines, and of those whose
    centre was fixed or let go; what changed is written."""
    parts = 1 + max(rows, default=-1)
    before = {number: _values(grid) for number, grid in rows.items()}
    index = np.unique(line.astype(str), return_inverse=True)[1] if len(line) else labels
    fixed = _fixed_centres(plan, here, labels, parts)
    found = figures.of(
        here.km, here.workload, here.households, labels, index, parts=parts, centres=fixed
    )
    change = figures.change(here.households, labels, _earlier(plan, here, rows, parts), parts)
    middle = here.sheet.degrees(found.centre)
    for number, grid in rows.items():
        grid.settlements = int(found.settlements[number])
        grid.households = int(found.households[number])
        grid.load, grid.over = float(found.load[number]), float(found.over[number])
        grid.distance = float(found.distance[number])
        grid.centre_lon, grid.centre_lat = middle[number].tolist()
        grid.joining, grid.leaving = int(change.joining[number]), int(change.leaving[number])
    _draw(plan, here, rows, labels, touched)
    lines = touched | _moved(rows, before)
    _travel(plan, here, rows, labels, line, (found.centre, fixed), lines)
    changed = [g for n, g in rows.items() if g.pk and _values(g) != before[n]]
    Grid.objects.bulk_update(changed, FIGURES, batch_size=BATCH)
    Grid.objects.bulk_create([grid for grid in rows.values() if not grid.pk], batch_size=BATCH)


def _values(grid: Grid) -> tuple[Any, ...]:
    return tuple(bytes(grid.wkb) if name == "wkb" else getattr(grid, name) for name in FIGURES)


def _earlier(plan: Plan, here: Places, rows: Mapping[int, Grid], parts: int) -> Ints:
    """The number of the grid with the code that each settlement had before, as `figures.change`."""
    numbers = {grid.code: number for number, grid in rows.items()}
    earlier = codes_before(plan, here)
    return np.array([numbers.get(code, parts) if code else -1 for code in earlier], np.int64)


def _fixed_centres(plan: Plan, here: Places, labels: Ints, parts: int) -> Floats:
    """Places from which grids are measured, kilometres; that of the nearest settlement's grid."""
    fixed = np.full((parts, 2), np.nan)
    for binding in plan.bindings.filter(kind=BindingKind.CENTRE).exclude(lon=None):
        at = here.sheet.kilometres([[binding.lon, binding.lat]])[0]
        if len(labels):
            nearest = int(((here.km - at) ** 2).sum(axis=1).argmin())
            fixed[labels[nearest]] = at
    return fixed


def _draw(
    plan: Plan, here: Places, rows: Mapping[int, Grid], labels: Ints, touched: set[str]
) -> None:
    for number, (wkb, roundness) in drawing.drawn(
        plan.gazetteer, here, rows, labels, touched
    ).items():
        rows[number].wkb, rows[number].roundness = wkb, roundness


def _moved(rows: Mapping[int, Grid], before: Mapping[int, tuple[Any, ...]]) -> set[str]:
    """Lines of grids with another centre than before, or never looked at."""
    at = FIGURES.index("centre_lon")
    return {
        grid.line for number, grid in rows.items()
        if grid.pieces is None or before[number][at : at + 2] != (grid.centre_lon, grid.centre_lat)
    }  # fmt: skip


def _travel(
    plan: Plan, here: Places, rows: Mapping[int, Grid], labels: Ints, line: Texts,
    centres: tuple[Floats, Floats], lines: set[str],
) -> None:  # fmt: skip
    """How people get to the centres of grids of these lines; in how many pieces the grids lie.

    `centres` are all of them, and those that are fixed.
    """
    only = {number: grid for number, grid in rows.items() if grid.line in lines}
    going, at = travel.of(plan.gazetteer), np.flatnonzero(np.isin(line, sorted(lines)))
    if not len(at):
        return
    pairs = going.within(here, at, drawing.patches(here, only, labels, at))
    of_line = np.unique(line[at].astype(str), return_inverse=True)[1]
    pieces = figures.pieces(here.km[at], labels[at], of_line, pairs)
    ground = going.on_the_ground(here, labels, *centres, np.array(sorted(only)))
    for number, grid in only.items():
        grid.pieces, grid.cut_off = int(pieces[number]), int(ground.cut_off[number])
        way = float(ground.way[number])
        grid.way = way if np.isfinite(way) else None


def undone(plan: Plan, step: Step) -> None:
    """Take back what a step did to labels, grids, names and neighbour groups; `plan` is held.

    `step` says from then on how many groups came back, and how many that were drawn since went.
    """
    before = unpacked(plan.labels)
    labels = before.copy()
    position, old, _new = moves(step.moved).T
    labels[position] = old
    keeping.refuse_breach(plan, before, labels)
    back = {row["number"]: row for row in step.grids.get("gone", [])}
    done = settle(plan, labels, grids=back)
    aside.bring_back(plan, step, done.before)
    for number, names in step.grids.get("names", {}).items():
        plan.grids.filter(number=int(number)).update(names=names)
