"""Working time: the definition by example, and its laws by property."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.worktime import ALWAYS, MINUTES, OFFICE, Calendar

SHANGHAI = ZoneInfo("Asia/Shanghai")
# Invented: Wednesday to Friday off, the Sunday before and the Saturday after are worked.
FESTIVAL = Calendar(
    holidays=frozenset({date(2025, 10, 1), date(2025, 10, 2), date(2025, 10, 3)}),
    workdays=frozenset({date(2025, 9, 28), date(2025, 10, 4)}),
)


def local(*parts):
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        (local(2025, 9, 22, 9, 30), 2, local(2025, 9, 22, 11, 30)),
        (local(2025, 9, 22, 11, 30), 2, local(2025, 9, 22, 15, 30)),  # over lunch
        (local(2025, 9, 22, 11, 0), 1, local(2025, 9, 22, 12, 0)),  # done as the office closes
        (local(2025, 9, 26, 17, 0), 2, local(2025, 9, 28, 10, 0)),  # the Sunday is worked
        (local(2025, 9, 30, 20, 0), 1, local(2025, 10, 4, 10, 0)),  # over the festival
        (local(2025, 9, 27, 3, 0), 0, local(2025, 9, 27, 3, 0)),
    ],
)
def test_hours_count_only_while_open(start, hours, due):
    assert FESTIVAL.due(start, hours=hours) == due


@pytest.mark.parametrize(
    ("start", "days", "due"),
    [
        (local(2025, 9, 22, 0, 0), 1, local(2025, 9, 23, 18, 0)),
        (local(2025, 9, 22, 23, 59), 1, local(2025, 9, 23, 18, 0)),  # same day, same promise
        (local(2025, 9, 27, 12, 0), 1, local(2025, 9, 28, 18, 0)),  # from a rest day
        (local(2025, 9, 30, 10, 0), 1, local(2025, 10, 4, 18, 0)),
        (local(2025, 9, 30, 10, 0), 3, local(2025, 10, 7, 18, 0)),
    ],
)
def test_days_end_at_the_close_of_business(start, days, due):
    assert FESTIVAL.due(start, days=days) == due


def test_an_office_that_is_always_open_gives_clock_hours():
    always = Calendar(week=ALWAYS)
    start = local(2025, 12, 31, 22, 15)
    assert always.due(start, hours=30) == start + timedelta(hours=30)
    assert always.due(start, days=1) == local(2026, 1, 2, 0, 0)


def test_lengths_are_real_when_the_clocks_change():
    """New York, 9 March 2025: the night is an hour short."""
    always = Calendar(week=ALWAYS, zone="America/New_York")
    start = datetime(2025, 3, 9, 0, 0, tzinfo=ZoneInfo("America/New_York"))
    assert always.due(start, hours=24) == start.astimezone(UTC) + timedelta(hours=24)
    night = Calendar(week=(((90, 150), (150, 240)),) * 7, zone="America/New_York")
    assert night.worked(start, start + timedelta(days=1)) == timedelta(minutes=90)


@pytest.mark.parametrize(
    "week", [(), ((),) * 7, (((600, 500),),) * 7, (((0, 60), (30, 90)),) * 7, (((0, 1441),),) * 7]
)
def test_a_week_that_makes_no_sense_is_refused(week):
    with pytest.raises(ValueError):
        Calendar(week=week)


@pytest.mark.parametrize("amount", [{}, {"hours": 1, "days": 1}, {"hours": -1}, {"days": 0}])
def test_an_amount_that_makes_no_sense_is_refused(amount):
    with pytest.raises(ValueError):
        FESTIVAL.due(local(2025, 9, 22), **amount)


moments = st.integers(1_704_067_200, 1_798_761_600).map(lambda s: datetime.fromtimestamp(s, UTC))
law = settings(deadline=None)
days_off = st.frozensets(st.dates(date(2024, 1, 1), date(2027, 1, 1)), max_size=30)
zones = st.sampled_from(
    ["Asia/Shanghai", "Asia/Kolkata", "America/New_York", "Pacific/Apia", "UTC"]
)


@st.composite
def calendars(draw):
    def hours():
        edges = sorted(draw(st.lists(st.integers(0, MINUTES), max_size=6, unique=True)))
        return tuple(zip(edges[::2], edges[1::2], strict=False))

    week = tuple(hours() for _ in range(7))
    return Calendar(
        week=week if any(week) else OFFICE,
        holidays=draw(days_off),
        workdays=draw(days_off),
        zone=draw(zones),
    )


hours_of_work = st.integers(0, 80 * 60).map(lambda minutes: minutes / 60)


@law
@given(calendars(), moments, hours_of_work)
def test_the_time_worked_until_due_is_the_amount(calendar, start, hours):
    due = calendar.due(start, hours=hours)
    assert abs(calendar.worked(start, due) - timedelta(hours=hours)) < timedelta(milliseconds=1)
    # ... and not a moment earlier
    assert not hours or calendar.worked(start, due - timedelta(seconds=1)) < timedelta(hours=hours)


@law
@given(calendars(), moments, st.integers(1, 40))
def test_the_days_worked_until_due_are_the_amount(calendar, start, days):
    assert calendar.worked_days(start, calendar.due(start, days=days)) == days


@pytest.mark.slow
@law
@given(calendars(), moments, moments, hours_of_work, st.integers(1, 20))
def test_who_comes_later_is_never_due_earlier(calendar, a, b, hours, days):
    a, b = sorted((a, b))
    assert calendar.due(a, hours=hours) <= calendar.due(b, hours=hours)
    assert calendar.due(a, days=days) <= calendar.due(b, days=days)


@law
@given(calendars(), moments, hours_of_work, hours_of_work, st.integers(1, 20))
def test_more_work_is_never_due_earlier(calendar, start, h1, h2, days):
    h1, h2 = sorted((h1, h2))
    assert start <= calendar.due(start, hours=h1) <= calendar.due(start, hours=h2)
    assert start < calendar.due(start, days=days) < calendar.due(start, days=days + 1)


@pytest.mark.slow
@law
@given(calendars(), moments, moments, moments)
def test_worked_time_adds_up(calendar, a, b, c):
    a, b, c = sorted((a, b, c))
    assert calendar.worked(a, b) + calendar.worked(b, c) == calendar.worked(a, c)
    assert calendar.worked(b, a) == timedelta(0)


@pytest.mark.slow
@settings(law, max_examples=60)
@given(
    calendars(),
    st.lists(st.tuples(moments, moments, st.integers(0, 500), st.integers(1, 30)), min_size=1),
)
def test_many_at_once_give_what_one_by_one_gives(calendar, rows):
    starts, ends, quarters, days = zip(*rows, strict=True)
    many = np.array([s.replace(tzinfo=None) for s in starts], dtype="datetime64[s]")
    until = np.array([e.replace(tzinfo=None) for e in ends], dtype="datetime64[s]")
    hours = np.array(quarters) / 4

    def same(found, expected):
        assert [t.replace(tzinfo=UTC) for t in found.astype(object)] == expected

    same(
        calendar.due_many(many, hours=hours),
        [calendar.due(s, hours=float(h)) for s, h in zip(starts, hours, strict=True)],
    )
    same(
        calendar.due_many(many, days=np.array(days)),
        [calendar.due(s, days=d) for s, d in zip(starts, days, strict=True)],
    )
    assert list(calendar.worked_many(many, until).astype(object)) == [
        calendar.worked(s, e) for s, e in zip(starts, ends, strict=True)
    ]


def test_nothing_at_once_is_nothing():
    none = np.array([], dtype="datetime64[s]")
    assert len(FESTIVAL.due_many(none, hours=1)) == len(FESTIVAL.worked_many(none, none)) == 0


def test_one_amount_for_all():
    starts = np.array(["2025-09-22T01:00", "2025-09-23T01:00"], dtype="datetime64[s]")
    due = FESTIVAL.due_many(starts, days=1)
    assert list(due) == list(
        np.array(["2025-09-23T10:00", "2025-09-24T10:00"], dtype="datetime64[s]")
    )
