"""Fixing something in a draft, for a reason that is published; and letting it go again."""

import math
from collections.abc import Sequence

import numpy as np
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas import coordinates
from linli.cases.forms.cleaning import clean
from linli.kernel.actions import action, require
from linli.kernel.errors import Invalid, Text
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import rules, tying
from linli.territory.actions import row
from linli.territory.events import BindingMade, BindingRemoved
from linli.territory.labels import unpacked
from linli.territory.models import Binding, BindingKind, Plan
from linli.territory.preparing import lines_of
from linli.territory.queries.settlements import places

LONGEST = 500  # characters of a reason


@action
def fix(
    plan: Plan,
    kind: BindingKind,
    *,
    reason: str,
    grid: int | None = None,
    positions: Sequence[int] = (),
    lon: float | None = None,
    lat: float | None = None,
    by: Account | None,
    revision: int | None = None,
) -> Binding:
    """Fix something in a draft.

    A lock names the number of a `grid`; together and apart name two settlements or more by their
    `positions`; a centre is a point in degrees. Raises Invalid: reason-missing,
    binding-not-usable, what `coordinates.check` and `tying.tied` raise. Conflict: plan-not-draft,
    plan-calculating, plan-changed as `row.held`.
    """
    require(rules.may_plan(by, plan.area))
    plan = row.held(plan, revision)
    row.draft(plan)
    row.at_rest(plan)
    words = clean(reason)
    if not words or len(words) > LONGEST:
        raise Invalid("reason-missing", _("Say why, in at most 500 characters; it is published."))
    made = Binding(
        plan=plan,
        kind=kind,
        grid=grid if kind == BindingKind.LOCK else None,
        positions=sorted({int(n) for n in positions}) if kind in LISTS else [],
        lon=lon if kind == BindingKind.CENTRE else None,
        lat=lat if kind == BindingKind.CENTRE else None,
        reason=words,
        made_at=timezone.now(),
        by=by,
    )
    _check(plan, made)
    made.save()
    _count(plan)
    record(BindingMade(plan=plan.pk, binding=made.pk, kind=kind), by=by)
    return made


@action
def release(binding: Binding, *, by: Account | None, revision: int | None = None) -> None:
    """Let go what was fixed in a draft.

    Conflict: plan-not-draft, plan-calculating, plan-changed as `row.held`.
    """
    require(rules.may_plan(by, binding.plan.area))
    plan = row.held(binding.plan, revision)
    row.draft(plan)
    row.at_rest(plan)
    key = binding.pk
    if not plan.bindings.filter(pk=key).delete()[0]:
        return  # somebody else let it go
    _count(plan)
    record(BindingRemoved(plan=plan.pk, binding=key), by=by)


LISTS = (BindingKind.TOGETHER, BindingKind.APART)


def _check(plan: Plan, made: Binding) -> None:
    labels = unpacked(plan.labels)
    if made.kind == BindingKind.LOCK and (made.grid is None or made.grid not in labels):
        _refuse(_("The plan has no such grid."))
    if made.kind in LISTS:
        own = made.positions
        if len(own) < 2 or min(own) < 0 or max(own) >= len(labels):
            _refuse(_("Name at least two settlements of the plan."))
    if made.kind == BindingKind.CENTRE:
        if made.lon is None or made.lat is None or not math.isfinite(made.lon + made.lat):
            _refuse(_("A centre needs a place."))
        else:
            coordinates.check(made.lon, made.lat)
    here = places(plan.gazetteer)
    line, _codes = lines_of(here, plan.lines)
    tying.tied([*plan.bindings.all(), made], here, np.asarray(labels), line)


def _refuse(message: Text) -> None:
    raise Invalid("binding-not-usable", message)


def _count(plan: Plan) -> None:
    plan.revision += 1
    plan.save(update_fields=["revision"])
