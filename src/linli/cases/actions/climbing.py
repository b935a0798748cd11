"""The ladder: unanswered work comes to the eyes of the next post up."""

from django.utils import timezone

from linli.cases import events, ladder, rulebook
from linli.cases.actions.row import change, held, in_state
from linli.cases.errors import conflict
from linli.cases.models import Case, Climb, State
from linli.kernel.actions import action, require
from linli.kernel.events import Code
from linli.kernel.journal import record


@action
def climb(case: Case, *, by: None = None) -> Climb | None:
    """Let a case that nobody answered in time climb one step; None where it is at the top.

    It stays with its owner: the higher post sees its number, service and age, nothing else
    (`queries.ladder.climbed_to`). Conflict `case-state` when it is not due to climb.
    """
    case = held(case)
    in_state(case, State.RECEIVED, State.OPEN)
    at = timezone.now()
    require(case.next_climb_at is not None and case.next_climb_at <= at, conflict("case-state"))
    found = ladder.step_up(case, at)
    if found is None:
        change(case, next_climb_at=None)
        return None
    post, level = found
    rung = case.rung + 1
    row = Climb.objects.create(
        case=case, rung=rung, level=level, post=post, ladder=rulebook.ladder(at).code, at=at
    )
    record(
        events.CaseClimbed(case=case.pk, post=post.pk, rung=rung, level=Code(level)), by=by, at=at
    )
    change(case, rung=rung, next_climb_at=ladder.next_climb(at))
    return row
