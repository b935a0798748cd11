"""A year of cases: exact in number, believable in time, and the same for the same seed."""

import datetime as dt
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.prefecture.life import CONTESTED, SILENCE, SILENT
from linli.engines.prefecture.year import Day, ServiceFacts, Spots, Year
from linli.engines.worktime import ALWAYS, Calendar

NOW = int(dt.datetime(2026, 6, 17, 7, 30, tzinfo=dt.UTC).timestamp())
OFFICE, ALWAYS_OPEN = Calendar(), Calendar(week=ALWAYS)
SERVICES = [
    ServiceFacts("pothole", True, "exact", OFFICE, days=5, twins=(60, 60)),
    ServiceFacts("snow-ice", True, "exact", ALWAYS_OPEN, hours=24, twins=(300, 3)),
    ServiceFacts("water-supply", True, "words", OFFICE, hours=8, twins=(300, 7)),
    ServiceFacts("help-for-myself", False, "words", OFFICE, hours=5),
    ServiceFacts("something-new", True, "area", OFFICE, days=10),
]


def spots(count: int = 300) -> Spots:
    rng = np.random.default_rng(1)
    lon, lat = 89 + rng.random(count), 34 + rng.random(count)
    return Spots(lon, lat, rng.integers(0, 4, count), np.ones(count), np.ones(count))


def year(count: int, seed: int = 5) -> Year:
    return Year(SERVICES, spots(), count=count, now=NOW, office=OFFICE, seed=seed)


@cache
def days_of(count: int) -> list[Day]:
    return list(year(count).days())


def column(count: int, name: str) -> np.ndarray:
    return np.concatenate([getattr(day, name) for day in days_of(count)])


@pytest.mark.slow
@settings(max_examples=4, deadline=None)
@given(st.integers(0, 1500), st.integers(0, 2**31))
def test_there_are_exactly_as_many_cases_as_asked_for_in_order(count: int, seed: int) -> None:
    at = 0
    total = 0
    for day in year(count, seed).days():
        assert day.first == total
        total += len(day.received)
        assert at <= day.received[0]
        assert (np.diff(day.received) >= 0).all()
        at = day.received[-1]
        assert (day.captured <= day.received).all()
        assert (day.due > day.received).all()
        assert (day.twin < day.first + np.arange(len(day.twin))).all()
    assert total == count
    assert at <= NOW


@pytest.mark.slow
def test_the_same_seed_gives_the_same_year() -> None:
    first, again, other = (
        np.concatenate([d.received for d in year(500, s).days()]) for s in (1, 1, 2)
    )
    assert (first == again).all()
    assert (first != other).any()


def test_a_promise_is_the_calendars_own() -> None:
    for day in days_of(400):
        for i, number in enumerate(day.service):
            facts = SERVICES[number]
            received = dt.datetime.fromtimestamp(int(day.received[i]), dt.UTC)
            due = facts.calendar.due(received, hours=facts.hours, days=facts.days)
            assert int(due.timestamp()) == day.due[i]


def test_nothing_lies_in_the_future_and_steps_follow_each_other() -> None:
    for day in days_of(4000):
        lives = day.lives
        for before, after in [
            (day.received, lives.triaged),
            (lives.triaged, lives.offered),
            (lives.offered, lives.offer_answered),
            (lives.offer_answered, lives.paused),
            (lives.paused, lives.resumed),
            (lives.resumed, lives.resolved),
            (lives.told, lives.resolved),
            (lives.resolved, lives.answered),
            (lives.answered, lives.reworked),
            (lives.reworked, lives.second_answered),
        ]:
            assert (after <= NOW).all()
            both = (before > 0) & (after > 0)
            assert (before[both] < after[both]).all()
        assert not ((lives.resolved > 0) & (lives.declined > 0)).any()
        silent = lives.answer == SILENT
        assert (lives.answered[silent] - lives.resolved[silent] == SILENCE).all()
        assert (lives.answer[lives.reworked > 0] == CONTESTED).all()
        assert (lives.triaged[lives.published] > 0).all()


def test_most_are_on_time_some_late_some_still_open() -> None:
    received = late = resolved = running = 0
    for day in days_of(4000):
        lives, done = day.lives, day.lives.resolved > 0
        received += len(done)
        resolved += done.sum()
        late += (lives.resolved[done] > day.due[done]).sum()
        running += (~done & (lives.declined == 0)).sum()
    assert 0.1 < late / resolved < 0.35
    assert 5 < running < 0.2 * received


def test_private_cases_are_never_published_and_have_no_twins() -> None:
    private = [i for i, service in enumerate(SERVICES) if not service.public]
    for day in days_of(4000):
        mine = np.isin(day.service, private)
        assert not day.lives.published[mine].any()
        assert (day.twin[mine] == -1).all()


def test_twins_tell_of_the_same_thing_near_by_and_soon() -> None:
    lon, lat, service = (column(4000, name) for name in ("lon", "lat", "service"))
    received, twin = column(4000, "received"), column(4000, "twin")
    found = np.flatnonzero(twin >= 0)
    assert 0.02 < len(found) / 4000 < 0.1
    first = twin[found]
    assert (service[found] == service[first]).all()
    assert (twin[first] == -1).all()
    metres = np.array([(s.twins or (0, 0))[0] for s in SERVICES])[service[found]]
    days = np.array([(s.twins or (0, 0))[1] for s in SERVICES])[service[found]]
    north = (lat[found] - lat[first]) * 111_000
    east = (lon[found] - lon[first]) * 111_000 * np.cos(np.radians(lat[found]))
    assert (np.hypot(north, east) <= metres).all()
    assert (received[found] - received[first] <= days * 86400).all()


def test_snow_falls_in_winter_and_people_sleep_at_night() -> None:
    received, service = column(4000, "received"), column(4000, "service")
    months = np.array([dt.datetime.fromtimestamp(int(r), dt.UTC).month for r in received])
    snow = months[service == 1]
    assert np.isin(snow, (11, 12, 1, 2, 3)).mean() > 0.8
    hours = (received + 8 * 3600) // 3600 % 24
    assert (hours < 5).mean() < 0.05
    assert ((hours >= 8) & (hours < 20)).mean() > 0.7


def test_a_year_without_services_is_refused() -> None:
    with pytest.raises(ValueError, match="services"):
        Year([], spots(), count=1, now=NOW, office=OFFICE, seed=1)
