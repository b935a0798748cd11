"""The chapters of a story: what the generator planned for a case, done by whoever sat there."""

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from linli.cases.models import Authority, DeclineReason, PauseReason, Refusal, Why
from linli.engines.prefecture.life import CONFIRMED, CONTESTED
from linli.web.demo import phrases, pictures
from linli.web.demo.climbs import Ladder
from linli.web.demo.steps import Contest, Corrected, Resolved, Said, Step, Verb
from linli.web.demo.world import Given, World

if TYPE_CHECKING:
    from linli.web.demo.story import Story

PAUSES, DECLINES, REFUSALS = list(PauseReason), list(DeclineReason), list(Refusal)
AUTHORITIES = list(Authority)
DAY = 86400
HELPERS = ("neighbourhood", "roads", "facilities", "environment")  # duties that help others


class Chapters:
    """The steps of one case: what the generator planned, done by whoever sat there."""

    def __init__(
        self,
        world: World,
        story: "Story",
        life: dict[str, Any],
        now: int,
        others: dict[int, "Story"],
    ) -> None:
        self._world, self._story, self._life, self._now = world, story, life, now
        self._others = others
        self._owner = story.given.post
        self._terms = story.terms
        self._had = [story.given.post]
        self._helper: int | None = None
        self._steps: list[Step] = []
        self._seed = story.number * 7919

    def steps(self) -> list[Step]:
        """Everything that happened until now, in order."""
        if not self._accusing() and self._read() and not self._merged():
            self._agreed()
            self._work()
        self._lapsed()
        story = self._story
        ladder = Ladder(
            world=self._world,
            ground=None if story.office else story.area,
            duty=story.terms.definition.duty,
            owner=story.given.post,
            due=story.due,
        )
        return ladder.climbing(self._steps, self._now)

    def _say(self, kind: str) -> str:
        self._seed += 1
        return phrases.say(kind, self._story.language, self._seed)

    def _add(self, at: int, verb: Verb, by: int | None = None, what: Any = None) -> None:
        self._steps.append(Step(at, verb, by, what))

    def _accusing(self) -> bool:
        """It tells of a private person, and whoever reads it first marks it."""
        story, at = self._story, self._life["triaged"]
        kind = self._terms
        apart = story.followed or story.twin >= 0 or kind.definition.outside_chain or kind.call_back
        by = self._world.operator(story.area, at)
        if not (self._life["accusing"] and at and by) or apart:
            return False
        authority = AUTHORITIES[story.number % len(AUTHORITIES)]
        self._add(at, Verb.ACCUSE, by, authority.value)
        return True

    def _read(self) -> bool:
        """Somebody of the service centre reads it first, where somebody is there."""
        story, at = self._story, self._life["triaged"]
        world = self._world
        by = world.acting(self._owner, at) if story.office else world.operator(story.area, at)
        if at and by:
            published = self._life["published"]
            self._add(at, Verb.TRIAGE, by, (published, story.text if published else ""))
            self._look_at_photos(at + 30, by)
        return bool(at and by)

    def _look_at_photos(self, at: int, by: int) -> None:
        """Most photos are looked at with the text; a few show a face and are erased."""
        if not self._life["looked_at"] or at > self._now:
            return
        for i in range(len(self._story.photos)):
            shows_somebody = (self._story.number + i) % 12 == 0
            self._add(at, Verb.REMOVE if shows_somebody else Verb.CLEAR, by, i)

    def _merged(self) -> bool:
        """About half of what was reported twice is put together, if the first still runs."""
        story = self._story
        other = self._others.get(story.twin)
        at = self._life["triaged"] + 60
        if other is None or story.number % 9 > 3 or at > self._now:
            return False
        done = other.first(Verb.RESOLVE, Verb.DECLINE, Verb.MERGE)
        by = self._world.operator(story.area, at)
        same = by is not None and by == self._world.operator(other.area, at)
        if not same or (done is not None and done <= at) or story.office or other.received >= at:
            return False
        self._add(at, Verb.MERGE, by, other)
        return True

    def _agreed(self) -> None:
        """Whoever was called back says that the other person agrees."""
        at, story = self._life["agreed"], self._story
        in_time = story.terms.call_back and 0 < at < story.received + self._world.agreement
        if in_time and (by := self._world.acting(self._owner, at)):
            self._add(at, Verb.AGREE, by)

    def _lapsed(self) -> None:
        """Help asked for another is erased after some days, however far it is, if they do not."""
        story = self._story
        if not story.terms.call_back or any(step.verb is Verb.AGREE for step in self._steps):
            return
        at = story.received + self._world.agreement
        self._steps = [step for step in self._steps if step.at < at]
        if at <= self._now:
            self._add(at, Verb.LAPSE)

    def _resolved(self, at: int, by: int) -> None:
        story, photo = self._story, None
        if self._life["shown"]:
            photo = pictures.result(self._terms.definition.code, story.number)
        self._add(at, Verb.RESOLVE, by, Resolved(self._say("resolved"), photo))

    def _corrected(self) -> None:
        """The one who read it corrects what it is about. Not where it was reported twice: the
        truth about that is measured within one service."""
        story, world, at = self._story, self._world, self._life["corrected"]
        alike = world.mistaken.get(self._terms.definition.code)
        if not at or not alike or story.followed or story.twin >= 0:
            return
        by = world.operator(story.area, at)
        if by is None:
            return
        self._terms = terms = alike[story.number % len(alike)]
        given = world.route(story.area, terms.definition.duty, at)
        if given.why == Why.DUTY.value:
            given = replace(given, why=Why.SERVICE_CHANGED.value)
        due = terms.due(story.received)
        self._add(at, Verb.CORRECT, by, Corrected(terms, due, given))
        if given.post != self._owner:
            self._owner = given.post
            self._had.append(given.post)

    def _work(self) -> None:
        self._corrected()
        self._note_and_offer()
        self._helped()
        self._pause_and_tell()
        by = self._world.acting(self._owner, self._life["resolved"] or self._now)
        if by is None:
            return
        if at := self._life["declined"]:
            reason = DECLINES[self._life["decline_reason"]]
            self._add(at, Verb.DECLINE, by, (reason.value, self._say("declined")))
        elif at := self._life["resolved"]:
            self._resolved(at, by)
            self._answered()

    def _note_and_offer(self) -> None:
        life, world = self._life, self._world
        if (at := life["noted"]) and (by := world.acting(self._owner, at)):
            self._add(at, Verb.NOTE, by, self._say("note"))
        at, story = life["offered"], self._story
        by = world.acting(self._owner, at) if at else None
        if not by or story.area is None or story.office:
            return
        duty = self._terms.definition.duty
        found = world.above(self._owner, story.area, duty, at, (self._owner,))
        if found is None or not (taker := world.acting(found[0], life["offer_answered"] or at)):
            return
        self._add(at, Verb.OFFER, by, (found[0], self._say("offer")))
        if not (answered := life["offer_answered"]):
            life.update(paused=0, told=0, resolved=0, declined=0)
        elif life["offer_accepted"]:
            self._add(answered, Verb.ACCEPT, taker, found[0])
            self._owner = found[0]
            self._had.append(found[0])
        else:
            self._add(answered, Verb.REFUSE, taker, REFUSALS[life["offer_refusal"]].value)

    def _helped(self) -> None:
        """Another unit helps with a task of its own."""
        at, story, world = self._life["supported"], self._story, self._world
        by = world.acting(self._owner, at) if at else None
        if not by or story.area is None or story.office:
            return
        duty = HELPERS[story.number % len(HELPERS)]
        helper = world.route(story.area, duty, at).post
        if helper == self._owner:
            return
        self._helper = helper
        self._add(at, Verb.SUPPORT, by, (helper, self._say("note")))
        done = self._life["support_done"]
        if done and (other := world.acting(helper, done)):
            self._add(done, Verb.HELPED, other)

    def _pause_and_tell(self) -> None:
        life, world = self._life, self._world
        if (at := life["paused"]) and (by := world.acting(self._owner, at)):
            reason = PAUSES[life["pause_reason"]].value
            until = (life["resumed"] or at + 6 * DAY) // 3600 * 3600 + 3600
            self._add(at, Verb.PAUSE, by, (reason, self._say("paused"), until))
            if (again := life["resumed"]) and (by := world.acting(self._owner, again)):
                self._add(again, Verb.RESUME, by)
            else:
                life.update(told=0, resolved=0, declined=0)
        if (at := life["told"]) and (by := world.acting(self._owner, at)):
            self._add(at, Verb.UPDATE, by, self._say("progress"))
        self._steps.sort(key=lambda step: step.at)

    def _answered(self) -> None:
        life, at = self._life, self._life["answered"]
        if not at:
            return
        if life["answer"] == CONFIRMED:
            self._add(at, Verb.CONFIRM, self._by_staff(at), self._said())
        elif life["answer"] == CONTESTED:
            self._contested(at)
        else:
            self._add(at, Verb.CLOSE)

    def _contested(self, at: int) -> None:
        given = self._verifier(at)
        said = self._said()._replace(words=self._say("contested"))
        what = Contest(said, given, self._terms.due(at))
        self._add(at, Verb.CONTEST, self._by_staff(at), what)
        self._owner = given.post
        again = self._life["reworked"]
        by = self._world.acting(self._owner, again) if again else None
        if not by or by in self._ended():  # `cases.rules.must_leave_it`
            return
        self._had.append(self._owner)
        self._add(again, Verb.RESOLVE, by, Resolved(self._say("resolved")))
        if closed := self._life["second_answered"]:
            if self._life["second_answer"] == CONFIRMED:
                self._add(closed, Verb.CONFIRM, None, self._said())
            else:
                self._add(closed, Verb.CLOSE)

    def _verifier(self, at: int) -> Given:
        """As `cases.actions.closing.verifier`."""
        story, world = self._story, self._world
        ground, duty = story.area or world.root, self._terms.definition.duty
        had = tuple(sorted(set(self._had)))
        found = world.above(self._owner, ground, duty, at, had, self._ended())
        if found is None or (story.office and not world.fits(story.office, found[0])):
            last = [ground.path.split("/")[-1], duty, world.code_of[self._owner], "last-resort"]
            return Given.of(self._owner, Why.CONTESTED, [last])
        return Given.of(found[0], Why.CONTESTED, found[2])

    def _ended(self) -> frozenset[int]:
        """Who said that it is done, or that nothing will be done."""
        ends = (Verb.RESOLVE, Verb.DECLINE)
        return frozenset(step.by for step in self._steps if step.by and step.verb in ends)

    def _said(self) -> Said:
        score = self._life["satisfaction"]
        return Said(score or None, self._life["theirs"] if score else None, "")

    def _by_staff(self, at: int) -> int | None:
        """The county's service centre enters it on the reporter's word, unless it did the work."""
        story, world = self._story, self._world
        if not self._life["by_staff"] or story.area is None or story.office:
            return None
        found = world.centre_of_county(story.area, at)
        if found is None:
            return None
        worked = {world.organisation_of[post] for post in (self._owner, self._helper) if post}
        return None if world.organisation_of[found[0]] in worked else found[1]
