"""Working calendars as rows: shipped, cached, changed by actions."""

from datetime import UTC, date, datetime

import pytest

from linli.kernel import calendars
from linli.kernel.calendars import Day, Kind
from linli.kernel.errors import Forbidden, Invalid, Missing
from linli.kernel.models import Account, CalendarDay, Entry, WorkingCalendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def office():
    calendars.install()
    return WorkingCalendar.objects.get(code="office")


@pytest.fixture
def lhamo():
    return Account.objects.create(username="lhamo", is_administrator=True)


@pytest.fixture
def dolma():
    return Account.objects.create(username="dolma")


def test_what_ships_says_where_it_is_from(office):
    assert calendars.known_years() == [2025, 2026]
    assert {d.source[:5] for d in office.days.all()} == {"国办发明电"}
    # 28 days of rest in 2025 and 33 in 2026, and the rest days that were worked for them
    count = {(y, k): office.days.filter(date__year=y, kind=k).count()
             for y in (2025, 2026) for k in Kind.values}  # fmt: skip
    assert count == {(2025, "holiday"): 28, (2025, "workday"): 5,
                     (2026, "holiday"): 33, (2026, "workday"): 6}  # fmt: skip


def test_worked_rest_days_are_weekend_days(office):
    assert {d.date.weekday() for d in office.days.filter(kind=Kind.WORKDAY)} <= {5, 6}


def test_a_promise_over_the_spring_festival(office):
    """Received on Friday 13 February 2026; Saturday is worked, then nine days of rest."""
    due = calendars.calendar().due(datetime(2026, 2, 13, 2, tzinfo=UTC), days=2)
    assert due == datetime(2026, 2, 24, 10, tzinfo=UTC)


def test_day_and_night_knows_no_holidays(office):
    start = datetime(2026, 2, 17, 20, 30, tzinfo=UTC)
    due = calendars.calendar("always").due(start, hours=24)
    assert (due - start).total_seconds() == 24 * 3600


def test_installing_again_keeps_what_was_edited(office, lhamo):
    calendars.set_week(office, [[["10:00", "11:00"]]] + [[]] * 6, by=lhamo)
    calendars.remove_day(office, date(2026, 5, 9), by=lhamo)
    calendars.install()
    office.refresh_from_db()
    assert office.week[0] == [["10:00", "11:00"]]
    assert not office.days.filter(date=date(2026, 5, 9)).exists()


def test_an_unknown_calendar_is_missing():
    with pytest.raises(Missing):
        calendars.calendar("lunar")


def test_a_change_is_seen_at_once_and_otherwise_nothing_is_read(
    office, lhamo, django_assert_num_queries
):
    calendars.calendar()
    with django_assert_num_queries(1):
        before = calendars.calendar()
    day = date(2026, 11, 25)
    calendars.set_day(office, Day(day, Kind.HOLIDAY, {"en": "Invented"}), by=lhamo)
    assert before.is_workday(day)
    assert not calendars.calendar().is_workday(day)
    calendars.remove_day(office, day, by=lhamo)
    assert calendars.calendar().is_workday(day)


@pytest.mark.django_db(transaction=True)
def test_a_change_that_is_rolled_back_leaves_nothing_behind():
    from django.db import transaction

    calendars.install()
    office = WorkingCalendar.objects.get(code="office")
    day = date(2026, 11, 25)
    try:
        with transaction.atomic():
            calendars.import_days(office, [Day(day, Kind.HOLIDAY)], by=None)
            assert not calendars.calendar().is_workday(day)
            raise RuntimeError
    except RuntimeError:
        pass
    assert calendars.calendar().is_workday(day)
    calendars.import_days(office, [Day(date(2026, 11, 26), Kind.HOLIDAY)], by=None)
    assert calendars.calendar().is_workday(day)


def test_each_change_is_in_the_journal(office, lhamo):
    before = Entry.objects.count()
    day = Day(date(2027, 1, 1), Kind.HOLIDAY)
    calendars.set_day(office, day, by=lhamo)
    calendars.import_days(office, [day, Day(date(2027, 1, 2), Kind.HOLIDAY)], by=lhamo)
    calendars.remove_day(office, day.date, by=lhamo)
    calendars.set_week(office, office.week, by=lhamo)
    names = Entry.objects.order_by("id").values_list("event", flat=True)[before:]
    assert list(names) == ["calendar-day-set", "calendar-days-imported",
                           "calendar-day-removed", "calendar-changed"]  # fmt: skip
    assert all(e.by == lhamo for e in Entry.objects.order_by("id")[before:])


def test_only_administrators_change_calendars(office, dolma, lhamo):
    lhamo.is_active = False
    day = Day(date(2026, 5, 9), Kind.HOLIDAY)
    for by in (dolma, lhamo):
        for change in (
            lambda by=by: calendars.set_day(office, day, by=by),
            lambda by=by: calendars.remove_day(office, day.date, by=by),
            lambda by=by: calendars.import_days(office, [day], by=by),
            lambda by=by: calendars.set_week(office, office.week, by=by),
        ):
            with pytest.raises(Forbidden):
                change()
    assert CalendarDay.objects.get(date=day.date).kind == Kind.WORKDAY


def test_removing_what_is_not_there_is_missing(office, lhamo):
    with pytest.raises(Missing):
        calendars.remove_day(office, date(2026, 11, 25), by=lhamo)


@pytest.mark.parametrize(
    "week",
    [None, [], [[]] * 7, [[["9:00", "12:00"]]] * 7, [[["12:00", "09:00"]]] * 7, [[[1, 2]]] * 7],
)
def test_hours_that_make_no_sense_are_refused(office, lhamo, week):
    with pytest.raises(Invalid):
        calendars.set_week(office, week, by=lhamo)
    assert calendars.calendar().is_workday(date(2026, 11, 25))
