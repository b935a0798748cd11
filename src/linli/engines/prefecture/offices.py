"""Who answers in the prefecture: offices, teams, posts and the invented people who hold them.

Most duties are covered from the grid up to the prefecture. Some are not, on purpose: a few counties
lack a duty, a few posts are empty, some holders are away, and some cover too much, so that the
pages that look for such gaps have gaps to find.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .build import AreaRow, Prefecture
from .departments import DEPARTMENTS, OTHER, TOWNSHIP_DESKS, Department, Desk
from .names import NameMaker, Names

INSPECTION, SERVICE_CENTRE, NEIGHBOURHOOD = "inspection", "service-centre", "neighbourhood"
EMPTY_SHARE, ABSENT_SHARE, DEPUTY_SHARE, DOUBLE_SHARE = 0.015, 0.025, 0.55, 0.05
LIAISONS = 30

GOVERNMENT = Names("人民政府", "མི་དམངས་སྲིད་གཞུང", "Government")
HEAD = Names("办公室主任", "གཞུང་ལས་ཁང་གི་འགན་འཛིན", "Head of Office")
COMMITTEE = Names("村民委员会", "གྲོང་མིའི་ཨུ་ཡོན་ལྷན་ཁང", "Villagers' Committee")
VILLAGE_DESK = Names("村务岗", "གྲོང་ཚོའི་ལས་གནས", "Desk")
SERVICE_HALL = Names("便民服务中心", "ཞབས་ཞུ་ལྟེ་གནས", "Service Centre")
GRID_WORKER = Names("网格员岗", "དྲ་མིག་ལས་བྱེད་པའི་ལས་གནས", "Worker")
LIAISON = Names("联络户", "འབྲེལ་མཐུད་ཁྱིམ་ཚང", "Liaison")
DESK = Names("岗", "ལས་གནས", "Desk")
COUNTER = Names("一楼窗口", "ཐོག་དང་པོའི་སྒེའུ་ཁུང", "ground floor counter")
NUMBER = Names("队", "རུ་ཁག", "team")
TEAM_NAMES = {
    "response": Names("应急响应队", "གློ་བུར་ལས་རོགས་རུ་ཁག", "Response Team"),
    "patrol": Names("巡护队", "ལྟ་སྐོར་རུ་ཁག", "Patrol Team"),
}


@dataclass(frozen=True)
class DutyFacts:
    """A duty as `organisations` lists it: its code, its names and the levels where it sits."""

    code: str
    names: Names
    levels: tuple[str, ...]


@dataclass(frozen=True)
class OfficeRow:
    """An organisation; `parent` is the code of the one above, empty at the top."""

    code: str
    names: Names
    kind: str
    parent: str


@dataclass(frozen=True)
class TeamRow:
    """A response or patrol team with its head count; nobody is listed by name."""

    code: str
    names: Names
    organisation: str
    area: str
    kind: str
    size: int


@dataclass(frozen=True)
class PostRow:
    """A post, and the duties it answers for, each in one area."""

    code: str
    names: Names
    organisation: str
    kind: str
    answers: tuple[tuple[str, str], ...] = ()
    team: str = ""
    oversight: bool = False
    phone: str = ""
    counter: Names | None = None


@dataclass(frozen=True)
class HoldingRow:
    """Somebody, by their place in `Offices.people`, holds a post; `absent` is true of today."""

    post: str
    person: int
    deputy: bool = False
    absent: bool = False


@dataclass
class Offices:
    """Everything about who answers; organisations and posts in an order that can be inserted."""

    organisations: list[OfficeRow] = field(default_factory=list)
    teams: list[TeamRow] = field(default_factory=list)
    posts: list[PostRow] = field(default_factory=list)
    holdings: list[HoldingRow] = field(default_factory=list)
    people: list[Names] = field(default_factory=list)


def staff(prefecture: Prefecture, duties: Sequence[DutyFacts]) -> Offices:
    """Offices, teams, posts and holders for this prefecture; the same for the same seed."""
    rng = np.random.default_rng([prefecture.seed, 41])
    return _Staffing(prefecture, duties, rng).offices


class _Staffing:
    """Builds the offices from the top down."""

    def __init__(
        self, prefecture: Prefecture, duties: Sequence[DutyFacts], rng: np.random.Generator
    ) -> None:
        self._prefecture, self._rng = prefecture, rng
        self._duties = {duty.code: duty for duty in duties}
        self._makers = NameMaker(rng)
        self.offices = Offices()
        top = prefecture.areas[0]
        self._county_level(top, "prefecture", "")
        counties = prefecture.level("county")
        for number, county in enumerate(counties):
            lacking = {"gas", "communications"} if number == len(counties) - 1 else set()
            self._county_level(county, "county", f"gov-{top.code}", lacking)
        for township in prefecture.level("township"):
            self._township(township)
        for village in prefecture.level("village"):
            self._village(village)
        self._grids()
        self._teams()
        self._liaisons()
        self._hold()

    def _county_level(
        self, area: AreaRow, level: str, parent: str, lacking: set[str] | None = None
    ) -> None:
        """The government of a county or the prefecture, its departments and its service centre."""
        government = f"gov-{area.code}"
        self._organisation(government, _of(area, GOVERNMENT), "government", parent)
        self._post(f"head-{area.code}", _of(area, HEAD), government, "chief")
        wanted = [d for d in self._duties.values() if level in d.levels]
        for department in (*DEPARTMENTS, OTHER):
            mine = [d for d in wanted if department.has(d.code) and d.code not in (lacking or ())]
            if not mine:
                continue
            office = f"{department.code}-{area.code}"
            self._organisation(office, _of(area, department.names), department.kind, government)
            for duty in mine:
                self._duty_post(duty, area, office, department)

    def _duty_post(self, duty: DutyFacts, area: AreaRow, office: str, home: Department) -> None:
        code, names = f"{duty.code}-{area.code}", _of(area, duty.names)
        self._post(
            code,
            names.with_kind(DESK),
            office,
            "service-centre" if duty.code == SERVICE_CENTRE else "handler",
            answers=((duty.code, area.code),),
            oversight=duty.code == INSPECTION,
            counter=_of(area, home.names).with_kind(COUNTER),
        )

    def _township(self, area: AreaRow) -> None:
        office = f"gov-{area.code}"
        self._organisation(office, _of(area, GOVERNMENT), "government", f"gov-{area.parent}")
        self._post(f"head-{area.code}", _of(area, HEAD), office, "chief")
        for desk in TOWNSHIP_DESKS:
            answers = self._answers(desk, area, "township")
            if answers:
                kind = "service-centre" if desk.code == SERVICE_CENTRE else "handler"
                counter = _of(area, SERVICE_HALL).with_kind(COUNTER)
                self._post(
                    f"{desk.code}-{area.code}",
                    _of(area, desk.names),
                    office,
                    kind,
                    answers=answers,
                    counter=counter,
                )

    def _village(self, area: AreaRow) -> None:
        office = f"committee-{area.code}"
        self._organisation(office, _of(area, COMMITTEE), "committee", f"gov-{area.parent}")
        answers = tuple(
            (duty.code, area.code)
            for duty in self._duties.values()
            if "village" in duty.levels and duty.code not in (INSPECTION, SERVICE_CENTRE)
        )
        self._post(f"village-{area.code}", _of(area, VILLAGE_DESK), office, "handler", answers)

    def _answers(self, desk: Desk, area: AreaRow, level: str) -> tuple[tuple[str, str], ...]:
        return tuple(
            (duty.code, area.code)
            for duty in self._duties.values()
            if level in duty.levels and desk.has(duty.code)
        )

    def _grids(self) -> None:
        if NEIGHBOURHOOD not in self._duties:
            return
        for grid in self._prefecture.level("grid"):
            office = f"committee-{grid.parent}"
            answers = ((NEIGHBOURHOOD, grid.code),)
            self._post(f"grid-{grid.code}", _of(grid, GRID_WORKER), office, "grid", answers)

    def _teams(self) -> None:
        """Exactly the size's teams and members, spread over counties and their townships."""
        size = self._prefecture.size
        weights = self._rng.uniform(0.6, 1.6, size.teams)
        members = np.floor(weights / weights.sum() * (size.team_members - 6 * size.teams)) + 6
        members[: int(size.team_members - members.sum())] += 1
        townships = self._prefecture.level("township")
        picked = self._rng.choice(len(townships), size.teams, replace=size.teams > len(townships))
        for number in range(size.teams):
            kind = "patrol" if number < size.road_posts or number % 3 == 0 else "response"
            area = townships[picked[number]]
            names = _of(area, TEAM_NAMES[kind]).numbered(NUMBER, number + 1)
            code, office = f"team-{number + 1:03d}", f"gov-{area.code}"
            self.offices.teams.append(
                TeamRow(code, names, office, area.code, kind, int(members[number]))
            )
        self._road_posts()

    def _road_posts(self) -> None:
        """The posts of those who keep the roads open; they record the road, never who passed."""
        places = [p for p in self._prefecture.places if p.kind == "road-post"]
        for number, place in enumerate(places[: len(self.offices.teams)]):
            office = f"transport-{place.village[:6]}"
            if any(row.code == office for row in self.offices.organisations):
                team = self.offices.teams[number].code
                self._post(f"{place.code}", place.names, office, "handler", team=team)

    def _liaisons(self) -> None:
        for group in self._prefecture.level("group")[:LIAISONS]:
            office = f"committee-{group.code[:12]}"
            self._post(f"liaison-{group.code}", _of(group, LIAISON), office, "liaison")

    def _hold(self) -> None:
        """A holder for nearly every post; some have a deputy, some are away, some hold two."""
        last: dict[str, int] = {}
        for post in self.offices.posts:
            draw = self._rng.random(4)
            if draw[0] < EMPTY_SHARE:
                continue
            shares = draw[3] < DOUBLE_SHARE and post.organisation in last
            person = last[post.organisation] if shares else self._person()
            last[post.organisation] = person
            absent = bool(draw[1] < ABSENT_SHARE)
            self.offices.holdings.append(HoldingRow(post.code, person, absent=absent))
            deputised = post.kind in ("service-centre", "chief") or post.code.count("-") == 1
            if draw[2] < DEPUTY_SHARE and deputised and post.kind not in ("grid", "liaison"):
                self.offices.holdings.append(HoldingRow(post.code, self._person(), deputy=True))

    def _person(self) -> int:
        self.offices.people.append(self._makers.person())
        return len(self.offices.people) - 1

    def _organisation(self, code: str, names: Names, kind: str, parent: str) -> None:
        self.offices.organisations.append(OfficeRow(code, names, kind, parent))

    def _post(
        self,
        code: str,
        names: Names,
        office: str,
        kind: str,
        answers: tuple[tuple[str, str], ...] = (),
        *,
        team: str = "",
        oversight: bool = False,
        counter: Names | None = None,
    ) -> None:
        phone = f"0000-555{len(self.offices.posts):04d}" if counter else ""
        self.offices.posts.append(
            PostRow(code, names, office, kind, answers, team, oversight, phone, counter)
        )


def _of(area: AreaRow, names: Names) -> Names:
    """What belongs to an area: “玉隆县” and “公路养护” make “玉隆县公路养护”."""
    bo = names.bo.rstrip("།་ ")
    return area.names.with_kind(Names(names.zh, bo, names.en))
