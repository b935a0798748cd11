"""A year of cases as columns: what was reported where and when, and what became of it.

The year is made a day at a time, so that memory does not grow with the number of cases. Each day
has a random stream of its own. Reports of the same thing by somebody else follow an earlier report
by hours or days, a few metres away: their truth is in `twin`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from linli.engines.worktime import ALWAYS, Calendar

from .life import Flags, Lives, Work, live
from .seasons import HOURS, WEEKDAYS, habit
from .terrain import Floats, Ints

DAY = 86400
TWIN_SHARE = 0.07
METRE = 1 / 111_000
CHANNELS = ("web", "phone", "counter", "letter", "liaison")
CHANNEL_SHARES = (0.58, 0.22, 0.08, 0.01, 0.11)
LANGUAGES = ("zh-hans", "bo", "en")
LANGUAGE_SHARES = (0.62, 0.36, 0.02)
WAYS = ("point", "place", "area")


@dataclass(frozen=True)
class ServiceFacts:
    """What the year has to know of a service; exactly one of `hours` and `days` is given."""

    code: str
    public: bool
    where: str
    calendar: Calendar
    hours: int | None = None
    days: int | None = None
    twins: tuple[int, int] | None = None  # metres and days within which reports may be the same


@dataclass(frozen=True)
class Spots:
    """Where things happen: points with weights; `kind` indexes `KINDS`; `pace` 1 is on time."""

    lon: Floats
    lat: Floats
    kind: Ints
    weight: Floats
    pace: Floats

    KINDS = ("home", "road", "river", "pasture")


@dataclass
class Day:
    """The cases received on one day, in the order of their receipt.

    `first` is the number of the first of them in the year. `twin` is the number of the case that
    told of the same thing before, or -1; `followed` marks those that somebody will report again.
    """

    first: int
    received: Ints
    captured: Ints
    service: Ints
    spot: Ints
    lon: Floats
    lat: Floats
    way: Ints
    channel: Ints
    language: Ints
    contact: Flags
    wording: Ints
    due: Ints
    twin: Ints
    followed: Flags
    lives: Lives


@dataclass(frozen=True)
class _Twins:
    """Reports that will follow earlier ones."""

    at: Ints
    service: Ints
    spot: Ints
    lon: Floats
    lat: Floats
    twin: Ints

    def pick(self, which: Flags) -> "_Twins":
        return _Twins(
            self.at[which],
            self.service[which],
            self.spot[which],
            self.lon[which],
            self.lat[which],
            self.twin[which],
        )

    def plus(self, more: "_Twins") -> "_Twins":
        return _Twins(
            np.concatenate([self.at, more.at]),
            np.concatenate([self.service, more.service]),
            np.concatenate([self.spot, more.spot]),
            np.concatenate([self.lon, more.lon]),
            np.concatenate([self.lat, more.lat]),
            np.concatenate([self.twin, more.twin]),
        )


class Year:
    """A year that ends at `now` (seconds since 1970); `zone_seconds` is local time less UTC."""

    def __init__(
        self,
        services: Sequence[ServiceFacts],
        spots: Spots,
        *,
        count: int,
        now: int,
        office: Calendar,
        seed: int,
        zone_seconds: int = 8 * 3600,
        days: int = 365,
    ) -> None:
        if count < 0 or not services:
            raise ValueError("a year needs services and a number of cases")
        self._services, self._spots, self._office = services, spots, office
        self._now, self._zone, self._seed, self._count = now, zone_seconds, seed, count
        midnight = (now + zone_seconds) // DAY * DAY - zone_seconds
        self._midnights = midnight - DAY * np.arange(days - 1, -1, -1)
        self.end = now
        self._weights = self._weights_by_day()
        members = [np.flatnonzero(spots.kind == k) for k in range(len(Spots.KINDS))]
        everywhere = np.arange(len(spots.lon))
        self._by_kind = [found if len(found) else everywhere for found in members]
        self._kind_of = np.array([Spots.KINDS.index(habit(s.code).where) for s in services])
        self._budget = np.array([_working_seconds(s) for s in services])
        self._public = np.array([s.public for s in services])
        self._amounts = np.array([s.days or s.hours or 0 for s in services])
        clocks: dict[tuple[Calendar, str], list[int]] = {}
        for number, service in enumerate(services):
            unit = "hours" if service.days is None else "days"
            clocks.setdefault((service.calendar, unit), []).append(number)
        self._clocks = [(calendar, unit, numbers) for (calendar, unit), numbers in clocks.items()]

    def days(self) -> Iterator[Day]:
        """Every day of the year that has a case, the earliest first; `count` cases altogether."""
        first = 0
        waiting = _nothing()
        for index, count in enumerate(self._counts().tolist()):
            if count == 0:
                continue
            rng = np.random.default_rng([self._seed, 77, index])
            end = int(min(self._midnights[index] + DAY, self._now))
            today = (waiting.at >= self._midnights[index]) & (waiting.at < end)
            due_now = np.flatnonzero(today)[: -(-count // 3)]
            chosen = np.zeros(len(waiting.at), dtype=bool)
            chosen[due_now] = True
            day = self._day(index, count, first, waiting.pick(chosen), rng)
            waiting = waiting.pick(waiting.at >= end)
            waiting = waiting.plus(self._followers(day, rng))
            first += count
            yield day

    def _weights_by_day(self) -> Floats:
        """Expected reports by day and service, with storms: a few days on which much happens."""
        rng = np.random.default_rng([self._seed, 76])
        dates = [_local_date(int(m), self._zone) for m in self._midnights]
        weekday = WEEKDAYS[[d.weekday() for d in dates]]
        rows = []
        for service in self._services:
            use = habit(service.code)
            months = np.array(use.months, dtype=np.float64)
            season = (months / months.mean())[[d.month - 1 for d in dates]]
            storms = np.where(rng.random(len(dates)) < 0.05, rng.gamma(2, 7, len(dates)), 0)
            gust = (1 - use.burst) + use.burst * (0.3 + storms)
            rows.append(use.share * season * gust * rng.uniform(0.85, 1.15, len(dates)))
        passed = np.clip((self._now - self._midnights) / DAY, 0, 1)
        weights: Floats = np.array(rows).T * (weekday * passed)[:, None]
        return weights

    def _counts(self) -> Ints:
        """How many cases each day has; exactly as many as asked for altogether."""
        share = self._weights.sum(axis=1)
        reached = np.floor(np.cumsum(share) / share.sum() * self._count + 0.5)
        return np.asarray(np.diff(reached, prepend=0), dtype=np.int64)

    def _day(
        self, index: int, count: int, first: int, twins: _Twins, rng: np.random.Generator
    ) -> Day:
        new = count - len(twins.at)
        at, service, spot, lon, lat = self._reports(index, new, rng)
        received = np.concatenate([at, twins.at])
        order = np.argsort(received, kind="stable")
        received = received[order]
        service = np.concatenate([service, twins.service])[order]
        spot = np.concatenate([spot, twins.spot])[order]
        twin = np.concatenate([np.full(new, -1), twins.twin])[order]
        lon, lat = np.concatenate([lon, twins.lon])[order], np.concatenate([lat, twins.lat])[order]
        channel = rng.choice(len(CHANNELS), count, p=CHANNEL_SHARES)
        delay = np.where(channel == CHANNELS.index("liaison"), rng.gamma(1.5, 9000, count), 0)
        pace = self._spots.pace[spot]
        work = Work(self._budget[service], self._public[service], pace)
        return Day(
            first=first,
            received=received,
            captured=received - delay.astype(np.int64),
            service=service,
            spot=spot,
            lon=np.round(lon, 7),
            lat=np.round(lat, 7),
            way=rng.choice(len(WAYS), count, p=(0.84, 0.06, 0.1)),
            channel=channel,
            language=rng.choice(len(LANGUAGES), count, p=LANGUAGE_SHARES),
            contact=rng.random(count) < 0.46,
            wording=rng.integers(0, 1 << 30, count),
            due=self._due(received, service),
            twin=twin,
            followed=np.zeros(count, dtype=bool),
            lives=live(received, work, self._office, self._now, rng),
        )

    def _reports(
        self, index: int, count: int, rng: np.random.Generator
    ) -> tuple[Ints, Ints, Ints, Floats, Floats]:
        """New matters: when, what, and where."""
        weights = self._weights[index]
        service = rng.choice(len(self._services), count, p=weights / weights.sum())
        hour = rng.choice(24, count, p=HOURS / HOURS.sum())
        at = self._midnights[index] + hour * 3600 + rng.integers(0, 3600, count)
        last = self._now - 60
        late = at > last  # today is not over: what would come later came some time before
        span = max(last - int(self._midnights[index]), 1)
        at = np.where(late, last - rng.integers(0, span, count), at)
        spot = np.empty(count, dtype=np.int64)
        for kind, members in enumerate(self._by_kind):
            here = self._kind_of[service] == kind
            share = self._spots.weight[members]
            spot[here] = members[rng.choice(len(members), int(here.sum()), p=share / share.sum())]
        away = rng.normal(0, 120 * METRE, (2, count))
        return at, service, spot, self._spots.lon[spot] + away[0], self._spots.lat[spot] + away[1]

    def _due(self, received: Ints, service: Ints) -> Ints:
        """By when each case is promised; services of one calendar are counted together."""
        due = np.empty(len(received), dtype=np.int64)
        starts = received.astype("datetime64[s]")
        for calendar, unit, numbers in self._clocks:
            mine = np.isin(service, numbers)
            amount = self._amounts[service[mine]]
            found = calendar.due_many(starts[mine], **{unit: amount})
            due[mine] = found.astype(np.int64)
        return due

    def _followers(self, day: Day, rng: np.random.Generator) -> _Twins:
        """Who will report the same thing again: for public services that look for duplicates."""
        can = np.array([s.twins is not None for s in self._services])[day.service]
        chance = TWIN_SHARE / (1 - TWIN_SHARE) * 1.25
        who = np.flatnonzero(can & (day.twin < 0) & (rng.random(len(can)) < chance))
        day.followed[who] = True
        metres = np.array([(s.twins or (0, 0))[0] for s in self._services])[day.service[who]]
        days = np.array([(s.twins or (0, 0))[1] for s in self._services])[day.service[who]]
        angle, far = rng.uniform(0, 2 * np.pi, len(who)), rng.uniform(0, 0.8, len(who)) * metres
        wait = np.minimum(rng.gamma(1.1, 0.9, len(who)), 0.85 * days) * DAY
        at = day.received[who] + wait.astype(np.int64) + 300
        asleep = (at + self._zone) % DAY < 6 * 3600
        at = np.where(asleep, at + 8 * 3600, at)
        flat = np.cos(np.radians(day.lat[who]))
        return _Twins(
            at=at,
            service=day.service[who],
            spot=day.spot[who],
            lon=day.lon[who] + np.cos(angle) * far * METRE / flat,
            lat=day.lat[who] + np.sin(angle) * far * METRE,
            twin=day.first + who,
        )


def _nothing() -> _Twins:
    none, zero = np.zeros(0, dtype=np.int64), np.zeros(0)
    return _Twins(none, none, none, zero, zero, none)


def _working_seconds(service: ServiceFacts) -> int:
    """What the promise allows, in seconds of office time: seven hours to a day."""
    if service.days is not None:
        return service.days * 7 * 3600
    return int((service.hours or 0) * 3600 * (7 / 24 if service.calendar.week == ALWAYS else 1))


def _local_date(moment: int, zone_seconds: int) -> date:
    return date(1970, 1, 1) + timedelta(seconds=moment + zone_seconds)
