"""Boundaries changed: a running case goes to the post that answers for its place now."""

import datetime as dt

from django.utils import timezone

from linli.cases import redrawing
from linli.cases.actions.owner import give
from linli.cases.actions.row import change, held
from linli.cases.models import Case
from linli.cases.routing import Routed
from linli.kernel.actions import action


@action
def redraw(case: Case, *, begun_too: bool = False, by: None = None) -> bool:
    """Give a running case to the post that answers for its place now; True where it moved.

    It stays where `redrawing.redrawn` says so, and, without `begun_too`, where work has begun.
    Area, clock and promises are untouched; the reporter is told who has it now.
    """
    case = held(case)
    at = timezone.now()
    to = redrawing.redrawn(case, at)
    if to is None or (not begun_too and redrawing.standing(case).begun):
        return False
    _give(case, to, at, by)
    return True


@action
def catch_up(case: Case, *, by: None = None) -> bool:
    """Give a running case to the post that came to its area only after it; True where it moved.

    It stays where `redrawing.overtaken` says so, and where work has begun. The rest as `redraw`.
    """
    case = held(case)
    at = timezone.now()
    to = redrawing.overtaken(case, at)
    if to is None or redrawing.standing(case).begun:
        return False
    _give(case, to, at, by)
    return True


def _give(case: Case, to: Routed, at: dt.datetime, by: None) -> None:
    give(case, to, by=by, at=at)
    change(case, owner=to.post)
