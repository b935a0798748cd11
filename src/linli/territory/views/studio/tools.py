"""What a planner can do with one grid: each tool with its form and the action that it calls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from linli.kernel.errors import Missing
from linli.kernel.models import Account
from linli.territory.actions import bindings, editing
from linli.territory.forms import studio as forms
from linli.territory.models import BindingKind, Grid, Plan, Settlement

Cleaned = Mapping[str, Any]


@dataclass(frozen=True)
class Verb:
    """One thing to do with a grid; `address` is the name of the URL that its form is sent to."""

    name: str
    address: str
    title: Promise
    form: type[forms.GridForm]
    do: Callable[[Plan, Grid, Cleaned, Account], object]
    icon: str = ""
    says: Promise | str = ""
    redraws: bool = False  # grids get another outline, and lose their neighbour groups


@dataclass(frozen=True)
class Tool:
    """A form on the page, folded until somebody opens it, with what was wrong."""

    name: str
    form: forms.PlanForm
    verb: Verb | None = None
    open: bool = False
    error: str = ""


def grid_of(plan: Plan, code: str) -> Grid:
    """A grid of the plan by its code; Missing where it has none."""
    found = plan.grids.filter(code=code).first()
    if found is None:
        raise Missing()
    return found


def _move(plan: Plan, grid: Grid, said: Cleaned, by: Account) -> object:  # noqa: ARG001
    to = grid_of(plan, said["to"])
    return editing.move(plan, said["at"], to, by=by, revision=said["revision"])


def _lock(plan: Plan, grid: Grid, said: Cleaned, by: Account) -> object:
    return bindings.fix(
        plan, BindingKind.LOCK, reason=said["reason"], grid=grid.number, by=by,
        revision=said["revision"],
    )  # fmt: skip


def _centre(plan: Plan, grid: Grid, said: Cleaned, by: Account) -> object:
    place = Settlement.objects.get(gazetteer=plan.gazetteer_id, position=said["place"])
    return bindings.fix(
        plan, BindingKind.CENTRE, reason=said["reason"], grid=grid.number,
        positions=[place.position], lon=place.lon, lat=place.lat, by=by, revision=said["revision"],
    )  # fmt: skip


def _join(plan: Plan, grid: Grid, said: Cleaned, by: Account) -> object:
    other = grid_of(plan, said["other"])
    return editing.join(plan, [grid, other], by=by, revision=said["revision"])


def _rename(plan: Plan, grid: Grid, said: Cleaned, by: Account) -> object:
    names = {key: said[key] for key in ("zh", "bo", "en") if said[key]}
    return editing.rename(plan, grid, names, by=by, revision=said["revision"])


VERBS = (
    Verb("move", "desk-move", _("Move settlements"), forms.MoveForm, _move, "swap", redraws=True),
    Verb(
        "lock", "desk-fix", _("Lock this grid"), forms.LockForm, _lock, "lock",
        _("A calculation leaves a locked grid as it is."),
    ),
    Verb(
        "split", "desk-split", _("Split in two"), forms.SplitForm,
        lambda plan, grid, said, by: editing.split(plan, grid, by=by, revision=said["revision"]),
        "plus", _("Linli divides the grid into two with about the same work. You can undo it."),
        redraws=True,
    ),
    Verb(
        "join", "desk-join", _("Join with a neighbour"), forms.JoinForm, _join, "link",
        redraws=True,
    ),
    Verb("rename", "desk-rename", _("Rename"), forms.RenameForm, _rename, "edit"),
    Verb(
        "centre", "desk-centre", _("Measure from a place"), forms.CentreForm, _centre, "pin",
        _("Ways are counted to this place, a school or an office for example."),
    ),
)  # fmt: skip
BY_NAME = {verb.name: verb for verb in VERBS}


def form_of(
    verb: Verb,
    plan: Plan,
    chosen: Grid,
    settlements: Sequence[Settlement],
    near: Sequence[Grid],
    **options: Any,
) -> forms.GridForm:
    """The form of a verb for a grid."""
    return verb.form(
        plan=plan, chosen=chosen, settlements=settlements, neighbours=near,
        auto_id=f"{verb.name}_%s", **options,
    )  # fmt: skip


def tools(
    plan: Plan,
    chosen: Grid,
    settlements: Sequence[Settlement],
    near: Sequence[Grid],
    pressed: int | None,
    opened: Tool | None,
) -> list[Tool]:
    """The tools for a grid; moving is open where a settlement was pressed on the map.

    A grid alone in its township has no neighbour, and one settlement cannot be divided.
    """
    found = []
    for verb in VERBS:
        alone = verb.name in ("move", "join") and not near
        if alone or (verb.name == "split" and len(settlements) < 2):
            continue
        if opened and opened.name == verb.name:
            found.append(opened)
            continue
        first = {"at": [pressed]} if verb.name == "move" and pressed is not None else None
        form = form_of(verb, plan, chosen, settlements, near, initial=first)
        found.append(Tool(verb.name, form, verb, open=first is not None))
    return found
