"""One case of the year, told as the steps that actions would take, each with its time and actor.

Two readers perform the same stories: the bulk path writes them by the thousand
(`linli.web.demo.bulk`), and a test performs some through the actions, to prove that both agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from linli.areas.models import Place
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.models import DeclineReason, PauseReason, Refusal, Why
from linli.engines import worktime
from linli.engines.prefecture.life import CONFIRMED, CONTESTED
from linli.engines.prefecture.year import CHANNELS, LANGUAGES, WAYS, Day
from linli.web.demo import phrases
from linli.web.demo.climbs import Ladder, climbing
from linli.web.demo.steps import Contest, Said, Step, Verb
from linli.web.demo.world import Calendar, Given, Ground, World

PAUSES, DECLINES, REFUSALS = list(PauseReason), list(DeclineReason), list(Refusal)
DAY = 86400


@dataclass
class Story:
    """A case from its receipt on; `number` counts from 0 through the year."""

    number: int
    received: int
    captured: int
    version: int
    service: int
    definition: ServiceDefinition
    code: str | None
    calendar: Calendar
    hours: worktime.Calendar
    due: int
    text: str
    answers: dict[str, str]
    lon: float | None
    lat: float | None
    place: Place | None
    asked_area: Ground | None
    words: str
    area: Ground | None
    office: int | None
    channel: str
    language: str
    contact: str | None
    by: int | None
    given: Given
    twin: int
    followed: bool
    steps: list[Step] = field(default_factory=list)
    # filled in by the bulk path: the case's row, and what its reporter was told
    case: int = 0
    told: list[tuple[tuple[int, int], str, dict[str, str]]] = field(default_factory=list)

    def worked(self, since: int, until: int) -> int:
        """Working seconds between two moments by the calendar of the service."""
        start, end = (datetime.fromtimestamp(at, UTC) for at in (since, until))
        return round(self.hours.worked(start, end).total_seconds())

    @property
    def ended(self) -> int | None:
        """When it was closed or declined; None while it runs or follows another."""
        last = next((s for s in reversed(self.steps) if s.verb in ENDS), None)
        return last.at if last else None

    def first(self, *verbs: Verb) -> int | None:
        """When the first step of one of these kinds was."""
        return next((step.at for step in self.steps if step.verb in verbs), None)


ENDS = (Verb.CONFIRM, Verb.CLOSE, Verb.DECLINE)


class Teller:
    """Turns the columns of a day into stories."""

    def __init__(self, world: World, now: int) -> None:
        self._world, self._now = world, now
        self._followed: dict[int, Story] = {}

    def tell(self, day: Day) -> Iterator[Story]:
        """The stories of a day, in the order of receipt."""
        self._forget(day)
        codes = self._world.areas_of(day.lon, day.lat)
        columns = {name: getattr(day, name).tolist() for name in COLUMNS}
        lives = {name: column.tolist() for name, column in vars(day.lives).items()}
        for i, code in enumerate(codes):
            row = {name: column[i] for name, column in columns.items()}
            story = self._opened(day.first + i, row, code)
            life = {name: column[i] for name, column in lives.items()}
            story.steps = _Chapters(self._world, story, life, self._now, self._followed).steps()
            if story.followed:
                self._followed[story.number] = story
            yield story

    def _forget(self, day: Day) -> None:
        """Stories that nobody follows any more: a twin comes within 60 days."""
        old = [n for n, s in self._followed.items() if s.received < int(day.received[0]) - 60 * DAY]
        for number in old:
            del self._followed[number]

    def _opened(self, number: int, row: dict[str, Any], code: str | None) -> Story:
        world, service = self._world, row["service"]
        definition, language = world.definitions[service], LANGUAGES[row["language"]]
        ground = world.grounds[code] if code else None
        village = _village(world, ground)
        name = _name_near(village or world.root, language)
        way = _way(definition.where, WAYS[row["way"]], village)
        place = _place(world, village, row["wording"]) if way == "place" else None
        way = "point" if way == "place" and place is None else way
        pointed, asked = way == "point", village if way == "area" else None
        area = ground if pointed else asked or world.grounds[place.area.code]  # type: ignore
        at, channel = row["received"], CHANNELS[row["channel"]]
        office = _office(world, area) if definition.outside_chain else None
        given = world.outside_chain(office, area or world.root, at) if office else None
        operator = world.operator(area, at)
        words = phrases.whereabouts(language, name, row["wording"])
        return Story(
            number=number,
            received=at,
            captured=row["captured"],
            version=world.versions[service].pk,
            service=service,
            definition=definition,
            code=world.codes[service],
            calendar=world.clocks[service],
            hours=world.facts[service].calendar,
            due=row["due"],
            text=phrases.report(definition.code, language, name, row["wording"]),
            answers=_answers(definition.questions, row["wording"]),
            lon=row["lon"] if pointed else None,
            lat=row["lat"] if pointed else None,
            place=place,
            asked_area=asked,
            words=words if asked and definition.where != "area" else "",
            area=area,
            office=office,
            channel=channel if operator else "web",
            language=language,
            contact=_contact(row),
            by=operator if channel != "web" else None,
            given=given or world.route(area, definition.duty, at),
            twin=row["twin"],
            followed=row["followed"],
        )


COLUMNS = (
    "received",
    "captured",
    "service",
    "lon",
    "lat",
    "way",
    "channel",
    "language",
    "contact",
    "wording",
    "due",
    "twin",
    "followed",
)


def _contact(row: dict[str, Any]) -> str | None:
    """A number that no telephone has."""
    return f"000{row['wording'] % 10**8:08d}" if row["contact"] else None


def _village(world: World, ground: Ground | None) -> Ground | None:
    path = ground.path.split("/") if ground else []
    return world.grounds[path[3]] if len(path) > 3 else None


def _name_near(ground: Ground, language: str) -> str:
    name = ground.names[phrases.KEYS[language]]
    for ending in ("村", "社区", "་གྲོང་ཚོ", "་སྡེ་ཁུལ", " Village", " Community"):
        name = name.removesuffix(ending)
    return name


def _way(needs: str, way: str, village: Ground | None) -> str:
    if village is None or (needs == "exact" and way == "area"):
        return "point"
    return "area" if needs == "area" else way


def _place(world: World, village: Ground | None, wording: int) -> Place | None:
    places = world.places.get(village.code, []) if village else []
    return places[wording % len(places)] if places else None


def _office(world: World, area: Ground | None) -> int | None:
    path = area.path.split("/") if area else []
    return world.offices.get(f"gov-{path[2]}") if len(path) > 2 else None


def _answers(questions: Any, wording: int) -> dict[str, str]:
    lists = [q for q in questions if q.datatype == "singlevaluelist"]
    return {q.code: q.values[wording % len(q.values)].code for q in lists}


class _Chapters:
    """The steps of one case: what the generator planned, done by whoever sat there."""

    def __init__(
        self, world: World, story: Story, life: dict[str, Any], now: int, others: dict[int, Story]
    ) -> None:
        self._world, self._story, self._life, self._now = world, story, life, now
        self._others = others
        self._owner = story.given.post
        self._had = [story.given.post]
        self._steps: list[Step] = []
        self._seed = story.number * 7919

    def steps(self) -> list[Step]:
        """Everything that happened until now, in order."""
        stopped = not self._read() or self._merged()
        if not stopped:
            self._work()
        story = self._story
        ladder = Ladder(
            world=self._world,
            ground=None if story.office else story.area,
            duty=story.definition.duty,
            owner=story.given.post,
            due=story.due,
        )
        return climbing(self._steps, ladder, self._now)

    def _say(self, kind: str) -> str:
        self._seed += 1
        return phrases.say(kind, self._story.language, self._seed)

    def _add(self, at: int, verb: Verb, by: int | None = None, what: Any = None) -> None:
        self._steps.append(Step(at, verb, by, what))

    def _read(self) -> bool:
        """Somebody of the service centre reads it first, where somebody is there."""
        story, at = self._story, self._life["triaged"]
        world = self._world
        by = world.acting(self._owner, at) if story.office else world.operator(story.area, at)
        if at and by:
            published = self._life["published"]
            self._add(at, Verb.TRIAGE, by, (published, story.text if published else ""))
        return bool(at and by)

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

    def _work(self) -> None:
        self._note_and_offer()
        self._pause_and_tell()
        by = self._world.acting(self._owner, self._life["resolved"] or self._now)
        if by is None:
            return
        if at := self._life["declined"]:
            reason = DECLINES[self._life["decline_reason"]]
            self._add(at, Verb.DECLINE, by, (reason.value, self._say("declined")))
        elif at := self._life["resolved"]:
            self._add(at, Verb.RESOLVE, by, self._say("resolved"))
            self._answered()

    def _note_and_offer(self) -> None:
        life, world = self._life, self._world
        if (at := life["noted"]) and (by := world.acting(self._owner, at)):
            self._add(at, Verb.NOTE, by, self._say("note"))
        at, story = life["offered"], self._story
        by = world.acting(self._owner, at) if at else None
        if not by or story.area is None or story.office:
            return
        duty = story.definition.duty
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
        within = self._world.facts[self._story.service]
        moment = datetime.fromtimestamp(at, UTC)
        due = within.calendar.due(moment, hours=within.hours, days=within.days)
        said = self._said()._replace(words=self._say("contested"))
        what = Contest(said, given, int(due.timestamp()))
        self._add(at, Verb.CONTEST, self._by_staff(at), what)
        self._owner = given.post
        again = self._life["reworked"]
        by = self._world.acting(self._owner, again) if again else None
        if not by:
            return
        self._had.append(self._owner)
        self._add(again, Verb.RESOLVE, by, self._say("resolved"))
        if closed := self._life["second_answered"]:
            if self._life["second_answer"] == CONFIRMED:
                self._add(closed, Verb.CONFIRM, None, self._said())
            else:
                self._add(closed, Verb.CLOSE)

    def _verifier(self, at: int) -> Given:
        """As `cases.actions.closing.verifier`."""
        story, world = self._story, self._world
        ground, duty = story.area or world.root, story.definition.duty
        found = world.above(self._owner, ground, duty, at, tuple(sorted(set(self._had))))
        if found is None or (story.office and not world.fits(story.office, found[0])):
            return Given(self._owner, Why.CONTESTED.value, "[]")
        return Given.of(found[0], Why.CONTESTED, found[2])

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
        worked = world.organisation_of[self._owner]
        return None if worked == world.organisation_of[found[0]] else found[1]
