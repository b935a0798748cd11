"""The ladder within a story: when unanswered work came to the eyes of the next post up."""

from dataclasses import dataclass

from linli.web.demo.steps import Contest, Corrected, Step, Verb
from linli.web.demo.world import Ground, World

STOPS = {Verb.PAUSE, Verb.DECLINE, Verb.RESOLVE, Verb.MERGE, Verb.ACCUSE, Verb.LAPSE}


@dataclass
class Ladder:
    """Where a case stands on the ladder; `ground` None: it never climbs."""

    world: World
    ground: Ground | None
    duty: str
    owner: int
    due: int
    before: tuple[int, ...] = ()

    def climbing(self, steps: list[Step], now: int) -> list[Step]:
        """The steps with the climbs between them, each at the moment from which it was due."""
        self._told: list[Step] = []
        self._waiting: int | None = self.due + self.world.grace
        for step in steps:
            self._climb(step.at)
            self._told.append(step)
            if step.verb in STOPS:
                self._waiting = None
            elif step.verb is Verb.RESUME:
                self._waiting = max(self.due + self.world.grace, step.at)
            elif step.verb is Verb.ACCEPT:
                self.owner = step.what
            elif step.verb is Verb.CORRECT:
                self._correct(step.what, step.at)
            elif step.verb is Verb.CONTEST:
                self._contest(step.what)
        self._climb(now)
        return self._told

    def _climb(self, until: int) -> None:
        while self._waiting is not None and self._waiting < until:
            at = self._waiting
            found = self.world.climb(self.owner, self.before, self.ground, self.duty, at)
            if found is None:
                self._told.append(Step(at, Verb.TOP))
                self._waiting = None
            else:
                self._told.append(Step(at, Verb.CLIMB, None, found))
                self.before = (*self.before, found[0])
                self._waiting = at + self.world.pace

    def _correct(self, what: Corrected, at: int) -> None:
        self.owner, self.duty = what.given.post, what.terms.definition.duty
        if what.due < self.due:
            self.due = what.due
            if self._waiting is not None:
                self._waiting = max(min(self._waiting, self.due + self.world.grace), at)

    def _contest(self, what: Contest) -> None:
        self.due, self.owner = what.due, what.given.post
        self._waiting = self.due + self.world.grace
