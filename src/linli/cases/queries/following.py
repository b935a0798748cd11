"""What the reporter sees behind the secret link."""

from dataclasses import dataclass

from linli.cases import follow, merging
from linli.cases.models import (
    ENDED,
    Answer,
    Case,
    Climb,
    Note,
    Pause,
    Photo,
    Promise,
    State,
    Update,
)
from linli.cases.queries.reading import (
    Look,
    Written,
    looks_at,
    notes_of,
    pauses_of,
    photos_of,
    updates_of,
)


@dataclass(frozen=True)
class Followed:
    """A case as its reporter sees it.

    `leading` is the case it was merged into, or itself: state, owner, promises and updates are
    those. Notes of staff can be read once the case has ended. Photos of other reporters only once
    they are cleared. Of an erased case there is nothing but `case` with `closing` and `authority`.
    """

    case: Case
    leading: Case
    promises: list[Promise]
    updates: list[Written[Update]]
    pauses: list[Written[Pause]]
    climbs: list[Climb]
    notes: list[Written[Note]]
    photos: list[Photo]
    answers: list[Answer]
    looks: list[Look]

    @property
    def erased(self) -> bool:
        """Nothing is left but the number and how it ended."""
        return self.case.state == State.ERASED

    @property
    def may_answer(self) -> bool:
        """Somebody said it is done, and this reporter has not answered yet."""
        if self.leading.state != State.RESOLVED:
            return False
        return all(answer.round != self.leading.reworks for answer in self.answers)


def followed(token: str) -> Followed:
    """The case that a secret token follows; Missing for any other text."""
    case = follow.case_for(token)
    leading = merging.leading(case)
    ended = leading.state in ENDED
    return Followed(
        case=case,
        leading=leading,
        promises=list(merging.promises(leading).select_related("version__service")),
        updates=updates_of(leading),
        pauses=pauses_of(leading),
        climbs=list(leading.climbs.select_related("post__organisation")),
        notes=notes_of(case) if ended else [],
        photos=[p for p in photos_of(leading) if p.case_id == case.pk or p.cleared_at],
        answers=list(Answer.objects.filter(case=leading, source=case)),
        looks=looks_at(case),
    )
