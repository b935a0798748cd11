"""What the year needs to know of the database, read once: areas, services, posts and who acts.

Answers are kept, because a million cases ask the same few thousand questions.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas import queries as areas
from linli.areas.models import Area, MapFeature, Place
from linli.cases import clock, pinned, rulebook
from linli.cases.catalogue import queries as catalogue
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.models import Why
from linli.engines.prefecture.year import ServiceFacts, Spots
from linli.kernel import calendars
from linli.kernel.models import WorkingCalendar
from linli.organisations import queries as organisations
from linli.organisations.duties import INSPECTION, SERVICE_CENTRE
from linli.organisations.models import Absence, Organisation, Post
from linli.organisations.walk import Barred, Roster, answer, with_fallback
from linli.web.demo.kept import Kept

Reasons = list[list[str]]
PACES = (0.72, 1.25)  # of counties: some are quicker than others


@dataclass(frozen=True)
class Ground:
    """An area as cases refer to it."""

    pk: int
    code: str
    path: str
    names: dict[str, str]


@dataclass(frozen=True)
class Given:
    """Whom a case comes to: the post, why, and the steps that led there as JSON."""

    post: int
    why: str
    reasons: str

    @classmethod
    def of(cls, post: int, why: Why, reasons: Reasons) -> "Given":
        """With the reasons written out once."""
        return cls(post, why.value, json.dumps(reasons))


@dataclass(frozen=True)
class Calendar:
    """A working calendar: its code and stamp as promises keep them."""

    code: str
    edition: int


@dataclass(frozen=True)
class Terms:
    """A version of a service as cases are handled by it; `code` is what the journal calls it."""

    version: int
    definition: ServiceDefinition
    code: str | None
    calendar: Calendar
    facts: ServiceFacts

    @property
    def call_back(self) -> bool:
        """Is it help asked for another: a number to call, kept for hours unless they agree?"""
        return self.definition.about == "call-back"

    def worked(self, since: int, until: int) -> int:
        """Working seconds between two moments."""
        start, end = (dt.datetime.fromtimestamp(at, dt.UTC) for at in (since, until))
        return round(self.facts.calendar.worked(start, end).total_seconds())

    def due(self, since: int) -> int:
        """When a promise that starts then is due."""
        start = dt.datetime.fromtimestamp(since, dt.UTC)
        due = self.facts.calendar.due(start, hours=self.facts.hours, days=self.facts.days)
        return int(due.timestamp())


class World:
    """The database as it stands, seen from a year in which nothing of it changed but absences."""

    def __init__(self, now: dt.datetime, year_ago: dt.datetime) -> None:
        self.now = now
        absences = Absence.objects.order_by("since").values_list("since", flat=True)
        self._absent_from = (absences.first() or now).timestamp()
        self._moments = (year_ago, now)
        self._rosters = [organisations.roster(at) for at in self._moments]
        self.versions = list(catalogue.current_versions(year_ago))
        times, rule = rulebook.times(year_ago), rulebook.ladder(year_ago)
        self.contact_kept = int(times.contact.total_seconds())
        self.silence = int(times.silence.total_seconds())
        self.agreement = int(times.agreement.total_seconds())
        self.rule = rule
        self.grace, self.pace = (int(x.total_seconds()) for x in (rule.grace, rule.step))
        self.grounds = {
            area.code: Ground(area.pk, area.code, area.path, area.names)
            for area in Area.objects.current(now.date())
        }
        self.root = min(self.grounds.values(), key=lambda ground: len(ground.path))
        self._given: Kept[tuple[str, str, bool], Given] = Kept()
        self._outside: Kept[tuple[int, str, bool], Given | None] = Kept()
        self._operators: Kept[tuple[str, bool], int | None] = Kept()
        self._chains: dict[int, set[int]] = {}
        self._above: Kept[object, tuple[int, str, Reasons] | None] = Kept()

    @cached_property
    def terms(self) -> list[Terms]:
        """The services of the year, each with the calendar of its promise."""
        stamps = dict(WorkingCalendar.objects.values_list("code", "stamp"))
        rows = []
        for version in self.versions:
            # Reading a definition from its version costs more than all the rest of a case.
            definition = version.definition
            code = clock.CALENDARS[definition.within.calendar]
            calendar = Calendar(code, stamps[code])
            shown = pinned.shown_code(version)
            rows.append(Terms(version.pk, definition, shown, calendar, _facts(definition)))
        return rows

    @cached_property
    def mistaken(self) -> dict[str, list[Terms]]:
        """What each service may be mistaken for: others of its group, as private or public."""
        kinds = defaultdict(list)
        for terms in self.terms:
            service = terms.definition
            if not (service.outside_chain or terms.call_back):
                kinds[service.group, service.public, service.where].append(terms)
        return {
            terms.definition.code: [other for other in alike if other is not terms]
            for alike in kinds.values()
            for terms in alike
        }

    @cached_property
    def facts(self) -> list[ServiceFacts]:
        """The services as the generator sees them."""
        return [terms.facts for terms in self.terms]

    @cached_property
    def spots(self) -> Spots:
        """Settlements, bends of roads and rivers, and open pasture, with a pace by county."""
        rng = np.random.default_rng(len(self.grounds))
        points, kinds, weights = [], [], []
        for feature in MapFeature.objects.order_by("layer", "code"):
            shape = shapely.get_coordinates(shapely.from_wkb(bytes(feature.wkb)))[::3]
            kind = {"settlement": "home", "road": "road", "river": "river"}[feature.layer]
            points.append(shape)
            kinds.append(np.full(len(shape), Spots.KINDS.index(kind)))
            weights.append(np.full(len(shape), (feature.households or 12 / feature.rank) ** 0.9))
        centres = Area.objects.current(self.now.date()).filter(level__code="group")
        pasture = np.array(list(centres.order_by("code").values_list("centre_lon", "centre_lat")))
        points.append(pasture)
        kinds.append(np.full(len(pasture), Spots.KINDS.index("pasture")))
        weights.append(np.ones(len(pasture)))
        lon, lat = np.vstack(points).T
        codes = self._finder(lon, lat)
        paces = {code: rng.uniform(*PACES) for code in sorted({str(c or "")[:6] for c in codes})}
        pace = np.array([paces[str(code or "")[:6]] for code in codes])
        return Spots(lon, lat, np.concatenate(kinds), np.concatenate(weights), pace)

    @cached_property
    def _finder(self) -> Callable[..., NDArray[np.object_]]:
        return areas.finder(self.now)

    @cached_property
    def post_codes(self) -> dict[int, str]:
        """The codes of posts, as messages name them."""
        return dict(Post.objects.values_list("pk", "code"))

    def read_all(self) -> None:
        """Ask the database everything now; afterwards nothing is asked any more."""
        for name, value in vars(type(self)).items():
            if isinstance(value, cached_property):
                getattr(self, name)
        for code, pk in self.offices.items():
            if code.startswith("gov-"):
                self._chain(pk)

    @cached_property
    def places(self) -> dict[str, list[Place]]:
        """Places by the code of their village."""
        found: dict[str, list[Place]] = defaultdict(list)
        for place in Place.objects.select_related("area").order_by("code"):
            if place.area is not None:
                found[place.area.code].append(place)
        return found

    @cached_property
    def offices(self) -> dict[str, int]:
        """Organisations by code."""
        return dict(Organisation.objects.values_list("code", "pk"))

    @cached_property
    def code_of(self) -> dict[int, str]:
        """The code of each post."""
        return dict(Post.objects.values_list("pk", "code"))

    @cached_property
    def organisation_of(self) -> dict[int, int]:
        """The organisation of each post."""
        return dict(Post.objects.values_list("pk", "organisation"))

    @cached_property
    def _answers_in(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = defaultdict(set)
        for (area, _), seats in self._rosters[0].items():
            for seat in seats:
                found[seat.post].add(area)
        return found

    @cached_property
    def _acting(self) -> list[dict[int, int | None]]:
        return [
            {seat.post: seat.acting for seats in roster.values() for seat in seats}
            for roster in self._rosters
        ]

    @cached_property
    def _holders(self) -> list[dict[int, frozenset[int]]]:
        return [
            {seat.post: seat.holders for seats in roster.values() for seat in seats}
            for roster in self._rosters
        ]

    def _late(self, at: int) -> bool:
        return at >= self._absent_from

    def roster(self, at: int) -> Roster:
        """Who sat where at a moment (seconds since 1970)."""
        return self._rosters[self._late(at)]

    def acting(self, post: int, at: int) -> int | None:
        """The account that acts in a post; None where nobody is there."""
        return self._acting[self._late(at)].get(post)

    def areas_of(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str | None]:
        """The codes of the areas under many points."""
        return list(self._finder(lon, lat))

    def route(self, ground: Ground | None, duty: str, at: int) -> Given:
        """As `cases.routing.route` for a matter in this area; None: outside the territory."""
        key = (ground.path if ground else "", duty, self._late(at))
        if key not in self._given:
            self._given[key] = self._route(ground, duty, at)
        return self._given[key]

    def _route(self, ground: Ground | None, duty: str, at: int) -> Given:
        wanted = duty if ground else SERVICE_CENTRE
        path = (ground or self.root).path.split("/")
        found = answer(path, with_fallback(wanted), self.roster(at))
        if found is None:
            raise RuntimeError(f"nobody answers for {wanted}")
        last, first = found.steps[-1], found.steps[0]
        fallback = found.why.name == "LAST_RESORT" or last.duty != first.duty
        why = Why.NO_DUTY_HOLDER if fallback else Why.DUTY
        why = why if ground else Why.OUTSIDE
        return Given.of(found.seat.post, why, [step.codes() for step in found.steps])

    def outside_chain(self, office: int, ground: Ground, at: int) -> Given | None:
        """Whom a complaint about an office comes to, as `organisations.outside_chain`."""
        key = (office, ground.path, self._late(at))
        if key not in self._outside:
            barred = Barred(organisations=self._chain(office))
            path, duties = ground.path.split("/"), (INSPECTION, SERVICE_CENTRE)
            found = answer(path, duties, self.roster(at), barred)
            steps = [step.codes() for step in found.steps] if found else []
            given = Given.of(found.seat.post, Why.OFFICE, steps) if found else None
            self._outside[key] = given
        return self._outside[key]

    def _chain(self, office: int) -> set[int]:
        if office not in self._chains:
            self._chains[office] = organisations.chain(Organisation.objects.get(pk=office))
        return self._chains[office]

    def fits(self, office: int, post: int) -> bool:
        """May this post have a case about that office? Not if it belongs to the office's chain."""
        return self.organisation_of[post] not in self._chain(office)

    def operator(self, ground: Ground | None, at: int) -> int | None:
        """Who acts in the service centre of an area."""
        key = (ground.path if ground else "", at >= self._absent_from)
        if key not in self._operators:
            self._operators[key] = self._operator(ground, at)
        return self._operators[key]

    def _operator(self, ground: Ground | None, at: int) -> int | None:
        path = (ground or self.root).path.split("/")
        for code in reversed(path if ground else path[:1]):
            for seat in self.roster(at).get((code, SERVICE_CENTRE), ()):
                if seat.acting is not None:
                    return seat.acting
        return None

    def centre_of_county(self, ground: Ground, at: int) -> tuple[int, int] | None:
        """Post and acting account of the county's service centre."""
        path = ground.path.split("/")
        for seat in self.roster(at).get((path[1], SERVICE_CENTRE), ()) if path[1:] else ():
            if seat.acting is not None:
                return seat.post, seat.acting
        return None

    def above(
        self,
        post: int,
        ground: Ground,
        duty: str,
        at: int,
        involved: tuple[int, ...],
        people: frozenset[int] = frozenset(),
    ) -> tuple[int, str, Reasons] | None:
        """`organisations.next_post_up`: the post, the code of its area, and the steps."""
        path = ground.path.split("/")
        tops = [i for i, code in enumerate(path) if code in self._answers_in[post]]
        top = min(tops, default=len(path))
        # What lies below the post's own area matters only where nothing lies above it.
        known = ground.path if top in (0, len(path)) else path[top]
        held = self._holders[self._late(at)]
        others = people.difference(*(held.get(pk, ()) for pk in (post, *involved)))
        key = (post, involved, others, duty, known, self._late(at))
        if key not in self._above:
            self._above[key] = self._find_above(path, top, duty, at, {post, *involved}, others)
        return self._above[key]

    def _find_above(
        self,
        path: list[str],
        top: int,
        duty: str,
        at: int,
        posts: set[int],
        people: frozenset[int],
    ) -> tuple[int, str, Reasons] | None:
        late, seats = self._late(at), self.roster(at)
        duties = (*with_fallback(duty), INSPECTION)
        held = people.union(*(self._holders[late].get(pk, frozenset()) for pk in posts))
        barred = Barred(posts=posts, holders=held)
        found = answer(path[:top], duties, seats, barred) or answer(path, duties, seats, barred)
        if found is None:
            return None
        return found.seat.post, found.area, [step.codes() for step in found.steps]

    def climb(
        self, owner: int, before: tuple[int, ...], ground: Ground | None, duty: str, at: int
    ) -> tuple[int, str] | None:
        """`cases.ladder.step_up`: the post above and its level; None at the top."""
        if ground is None:
            return None
        last = before[-1] if before else owner
        found = self.above(last, ground, duty, at, (owner, *before))
        if found is None:
            return None
        path = ground.path.split("/")
        here = [i for i, code in enumerate(path) if code in self._answers_in[last]]
        if path.index(found[1]) >= min(here, default=len(path)):
            return None
        level = LEVELS[path.index(found[1])]
        return (found[0], level) if level in self.rule.levels else None


def _facts(service: ServiceDefinition) -> ServiceFacts:
    near, within = service.duplicates, service.within
    return ServiceFacts(
        code=service.code,
        public=service.public,
        where=service.where,
        calendar=calendars.calendar(clock.CALENDARS[within.calendar]),
        twins=(near.metres, near.days) if near else None,
        **{within.unit: within.amount},
    )


LEVELS = ("prefecture", "county", "township", "village", "grid", "group")
