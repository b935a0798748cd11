"""Who answers: a walk up the tree of areas, over plain data, that explains every step.

Nothing here asks the database; `queries` fills the `Roster` for one area or for all of them.
"""

import enum
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from linli.organisations.duties import SERVICE_CENTRE


class Why(enum.Enum):
    """What the walk found at one step."""

    NOBODY = "nobody"  # no post answers for this duty in this area
    EMPTY = "empty"  # the post has no holder
    ABSENT = "absent"  # the holder is away and no deputy is there
    DEPUTY = "deputy"  # the holder is away, a deputy acts
    HOLDER = "holder"  # the holder is there
    INVOLVED = "involved"  # had the matter before, or its holder had
    OWN_CHAIN = "own-chain"  # belongs to the office that the matter is about
    LAST_RESORT = "last-resort"  # nobody is there at all; the post keeps it until somebody is


CHOSEN = (Why.HOLDER, Why.DEPUTY, Why.LAST_RESORT)


class Step(NamedTuple):
    """One step: area and duty by code, the post looked at (or none), and what was found."""

    area: str
    duty: str
    post: str | None
    why: Why

    def codes(self) -> list[str]:
        """The step as a list of codes, as a case keeps it."""
        return [self.area, self.duty, self.post or "", self.why.value]


class Seat(NamedTuple):
    """A post that answers for a duty in an area, and who would act in it now.

    `holders` are all who hold it, present or not, deputies included.
    """

    post: int
    code: str
    organisation: int
    acting: int | None
    deputy: bool
    holders: frozenset[int]


Roster = Mapping[tuple[str, str], Sequence[Seat]]  # (area code, duty code) → seats, by post code


@dataclass(frozen=True)
class Found:
    """The seat that a walk ended at, the area it answers for, and the steps that led there."""

    seat: Seat
    area: str
    steps: tuple[Step, ...]

    @property
    def why(self) -> Why:
        """What the last step found: the holder, a deputy, or the last resort."""
        return self.steps[-1].why


@dataclass(frozen=True)
class Barred:
    """Posts, holders and organisations that a walk passes by."""

    posts: Container[int] = ()
    holders: frozenset[int] = frozenset()
    organisations: Container[int] = ()

    def why(self, seat: Seat) -> Why | None:
        """Why the walk passes this seat by; None if it need not."""
        if seat.organisation in self.organisations:
            return Why.OWN_CHAIN
        if seat.post in self.posts or (seat.acting in self.holders):
            return Why.INVOLVED
        return None


NO_ONE = Barred()


def answer(
    path: Sequence[str], duties: Sequence[str], roster: Roster, barred: Barred = NO_ONE
) -> Found | None:
    """Walk `path` (area codes, largest first) from its end upwards, for one duty after the other.

    The first post with somebody there answers. If nobody is there for any of the duties, the
    nearest post of the last duty keeps the matter, then of the one before. None only when no post
    at all answers, or all that do are barred.
    """
    steps: list[Step] = []
    for duty in duties:
        for step, seat in _steps(path, duty, roster, barred):
            steps.append(step)
            if seat is not None and step.why in CHOSEN:
                return Found(seat, step.area, tuple(steps))
    for duty in reversed(duties):
        for step, seat in _steps(path, duty, roster, barred):
            if seat is not None and step.why in (Why.EMPTY, Why.ABSENT):
                last = Step(step.area, duty, seat.code, Why.LAST_RESORT)
                return Found(seat, step.area, (*steps, last))
    return None


def with_fallback(duty: str) -> tuple[str, ...]:
    """The duty, then the service centre."""
    return (duty,) if duty == SERVICE_CENTRE else (duty, SERVICE_CENTRE)


def _steps(
    path: Sequence[str], duty: str, roster: Roster, barred: Barred
) -> Iterator[tuple[Step, Seat | None]]:
    for area in reversed(path):
        seats = roster.get((area, duty), ())
        if not seats:
            yield Step(area, duty, None, Why.NOBODY), None
        for seat in seats:
            yield Step(area, duty, seat.code, barred.why(seat) or _state(seat)), seat


def _state(seat: Seat) -> Why:
    if seat.acting is not None:
        return Why.DEPUTY if seat.deputy else Why.HOLDER
    return Why.ABSENT if seat.holders else Why.EMPTY
