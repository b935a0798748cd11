"""The ladder within a story: when unanswered work came to the eyes of the next post up."""

from dataclasses import dataclass

from linli.web.demo.steps import Contest, Step, Verb
from linli.web.demo.world import Ground, World


@dataclass
class Ladder:
    """Where a case stands on the ladder; `ground` None: it never climbs."""

    world: World
    ground: Ground | None
    duty: str
    owner: int
    due: int
    before: tuple[int, ...] = ()


def climbing(steps: list[Step], ladder: Ladder, now: int) -> list[Step]:
    """The steps with the climbs between them, each at the moment from which it was due."""
    grace, pace = ladder.world.grace, ladder.world.pace
    told: list[Step] = []
    due = ladder.due
    waiting: int | None = due + grace

    def climb(until: int) -> None:
        nonlocal waiting
        while waiting is not None and waiting < until:
            found = ladder.world.climb(
                ladder.owner, ladder.before, ladder.ground, ladder.duty, waiting
            )
            if found is None:
                told.append(Step(waiting, Verb.TOP))
                waiting = None
            else:
                told.append(Step(waiting, Verb.CLIMB, None, found))
                ladder.before = (*ladder.before, found[0])
                waiting += pace

    for step in steps:
        climb(step.at)
        told.append(step)
        if step.verb in (Verb.PAUSE, Verb.DECLINE, Verb.RESOLVE, Verb.MERGE):
            waiting = None
        elif step.verb is Verb.RESUME:
            waiting = max(due + grace, step.at)
        elif step.verb is Verb.ACCEPT:
            ladder.owner = step.what
        elif isinstance(step.what, Contest):
            due, ladder.owner = step.what.due, step.what.given.post
            waiting = due + grace
    climb(now)
    return told
