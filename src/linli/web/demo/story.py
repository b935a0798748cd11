"""One case of the year, told as the steps that actions would take, each with its time and actor.

Two readers perform the same stories: the bulk path writes them by the thousand
(`linli.web.demo.bulk`), and a test performs some through the actions, to prove that both agree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from linli.areas.models import Place
from linli.cases.photos import Picture
from linli.engines.prefecture.year import CHANNELS, LANGUAGES, WAYS, Day
from linli.web.demo import phrases, pictures
from linli.web.demo.chapters import DAY, Chapters
from linli.web.demo.steps import Step, Verb
from linli.web.demo.world import Given, Ground, Terms, World


@dataclass
class Story:
    """A case from its receipt on; `number` counts from 0 through the year."""

    number: int
    received: int
    captured: int
    terms: Terms
    due: int
    text: str
    answers: dict[str, str]
    photos: tuple[Picture, ...]
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
        rows = zip(*(getattr(day, name).tolist() for name in COLUMNS), strict=True)
        lives = zip(*(column.tolist() for column in vars(day.lives).values()), strict=True)
        names = tuple(vars(day.lives))
        for i, (code, values, living) in enumerate(zip(codes, rows, lives, strict=True)):
            row = dict(zip(COLUMNS, values, strict=True))
            life = dict(zip(names, living, strict=True))
            story = self._opened(day.first + i, row, code, life["photos"])
            story.steps = Chapters(self._world, story, life, self._now, self._followed).steps()
            if story.followed:
                self._followed[story.number] = story
            self._followed.pop(story.twin, None)  # each is followed once
            yield story

    def _forget(self, day: Day) -> None:
        """Stories that nobody followed after all: a twin comes within 60 days."""
        old = [n for n, s in self._followed.items() if s.received < int(day.received[0]) - 60 * DAY]
        for number in old:
            del self._followed[number]

    def _opened(self, number: int, row: dict[str, Any], code: str | None, photos: int) -> Story:
        world, terms = self._world, self._world.terms[row["service"]]
        definition, language = terms.definition, LANGUAGES[row["language"]]
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
        report = phrases.report(definition.code, language, name, row["wording"])
        words = phrases.whereabouts(language, name, row["wording"])
        return Story(
            number=number,
            received=at,
            captured=row["captured"],
            terms=terms,
            due=row["due"],
            text="" if terms.call_back else report,
            answers=_answers(definition.questions, row["wording"]),
            photos=pictures.sent(definition.code, photos, row["wording"]) if photos else (),
            lon=row["lon"] if pointed else None,
            lat=row["lat"] if pointed else None,
            place=place,
            asked_area=asked,
            words=words if asked and definition.where != "area" else "",
            area=area,
            office=office,
            channel=channel if operator else "web",
            language=language,
            contact=_contact(row, needed=terms.call_back),
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


def _contact(row: dict[str, Any], *, needed: bool) -> str | None:
    """A number that no telephone has."""
    return f"000{row['wording'] % 10**8:08d}" if row["contact"] or needed else None


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
