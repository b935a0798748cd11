"""Boundaries changed: a running case goes to the post that answers for its place now."""

from django.utils import timezone

from linli.cases import redrawing
from linli.cases.actions.owner import give
from linli.cases.actions.row import change, held
from linli.cases.models import Case
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
    give(case, to, by=by, at=at)
    change(case, owner=to.post)
    return True
