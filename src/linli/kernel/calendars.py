"""Working calendars: read by code, changed by actions, filled from files."""

import re
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from linli.engines import worktime
from linli.kernel import rules
from linli.kernel.actions import action, locked, require
from linli.kernel.errors import Invalid, Missing
from linli.kernel.events import Event
from linli.kernel.journal import record
from linli.kernel.models import Account, CalendarDay, WorkingCalendar
from linli.kernel.models.calendars import new_stamp

SHIPPED = Path(__file__).with_name("calendars.toml")
OFFICE, ALWAYS = "office", "always"
TIME = re.compile(r"([01]\d|2[0-3]):([0-5]\d)|24:00")
Kind = CalendarDay.Kind


class CalendarChanged(Event):
    """Opening hours of a calendar were set."""

    calendar: int


class CalendarDaySet(Event):
    """A day of a calendar became a holiday, or a worked rest day."""

    calendar: int
    day: date
    kind: Kind


class CalendarDayRemoved(Event):
    """A day of a calendar follows its week again."""

    calendar: int
    day: date


class CalendarDaysImported(Event):
    """Days of a calendar were set from a file, all of them or none."""

    calendar: int
    count: int
    first: date
    last: date


@dataclass(frozen=True)
class Day:
    """A day that differs from its week, as a file or a form gives it."""

    date: date
    kind: Kind
    names: dict[str, str] = field(default_factory=dict)
    source: str = ""


# ---------------------------------------------------------------- reading

_known: dict[str, tuple[int, worktime.Calendar]] = {}


def calendar(code: str = OFFICE) -> worktime.Calendar:
    """The calendar by which promises are counted; Missing for an unknown code.

    Kept in this process until its stamp changes, which one small query tells.
    """
    row = WorkingCalendar.objects.filter(code=code).only("stamp").first()
    if row is None:
        raise Missing("no-calendar")
    found = _known.get(code)
    if found is None or found[0] != row.stamp or found[1].zone != settings.TIME_ZONE:
        found = _known[code] = (row.stamp, _built(row.pk))
    return found[1]


def _built(pk: int) -> worktime.Calendar:
    week = WorkingCalendar.objects.values_list("week", flat=True).get(pk=pk)
    days = CalendarDay.objects.filter(calendar=pk).values_list("kind", "date")
    of = {kind: frozenset(d for k, d in days if k == kind) for kind in Kind.values}
    return worktime.Calendar(
        week=parse_week(week),
        holidays=of[Kind.HOLIDAY],
        workdays=of[Kind.WORKDAY],
        zone=settings.TIME_ZONE,
    )


def known_years(code: str = OFFICE) -> list[int]:
    """The years for which this calendar has holidays; of others nobody has told it yet."""
    days = CalendarDay.objects.filter(calendar__code=code, kind=Kind.HOLIDAY)
    return [d.year for d in days.dates("date", "year")]


def parse_week(week: Any) -> worktime.Week:
    """Opening hours from lists of "HH:MM" pairs, Monday first; Invalid when they make no sense."""
    try:
        days = tuple(tuple((_minute(a), _minute(b)) for a, b in day) for day in week)
        return worktime.Calendar(week=days).week
    except (TypeError, ValueError):
        raise Invalid("calendar-week", fields={"week": _("These hours make no sense.")}) from None


def _minute(text: str) -> int:
    if not TIME.fullmatch(text):
        raise ValueError(text)
    return int(text[:2]) * 60 + int(text[3:])


# ---------------------------------------------------------------- writing


@action
def set_week(calendar: WorkingCalendar, week: list[list[list[str]]], *, by: Account) -> None:
    """Set the opening hours; promises already made keep their dates."""
    require(rules.may_change_calendars(by))
    parse_week(week)
    calendar = locked(calendar)
    calendar.week = week
    calendar.save(update_fields=["week"])
    _changed(calendar)
    record(CalendarChanged(calendar=calendar.pk), by=by)


@action
def set_day(calendar: WorkingCalendar, day: Day, *, by: Account) -> None:
    """Make one day a holiday or a worked rest day."""
    require(rules.may_change_calendars(by))
    calendar = locked(calendar)
    _put(calendar, [day])
    record(CalendarDaySet(calendar=calendar.pk, day=day.date, kind=day.kind), by=by)


@action
def remove_day(calendar: WorkingCalendar, day: date, *, by: Account) -> None:
    """Let one day follow its week again; Missing when it already does."""
    require(rules.may_change_calendars(by))
    calendar = locked(calendar)
    gone, _kinds = CalendarDay.objects.filter(calendar=calendar, date=day).delete()
    require(bool(gone), Missing())
    _changed(calendar)
    record(CalendarDayRemoved(calendar=calendar.pk, day=day), by=by)


@action
def import_days(calendar: WorkingCalendar, days: list[Day], *, by: Account | None) -> int:
    """Set all these days, replacing what was known of their dates; returns how many.

    `by` None is the installation itself.
    """
    require(by is None or rules.may_change_calendars(by))
    require(bool(days), Invalid("calendar-empty"))
    calendar = locked(calendar)
    _put(calendar, days)
    dates = [d.date for d in days]
    record(
        CalendarDaysImported(
            calendar=calendar.pk, count=len(days), first=min(dates), last=max(dates)
        ),
        by=by,
    )
    return len(days)


def _put(calendar: WorkingCalendar, days: Iterable[Day]) -> None:
    rows = {
        day.date: CalendarDay(
            calendar=calendar, date=day.date, kind=day.kind, names=day.names, source=day.source
        )
        for day in days
    }
    CalendarDay.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["calendar", "date"],
        update_fields=["kind", "names", "source"],
    )
    _changed(calendar)


def _changed(calendar: WorkingCalendar) -> None:
    WorkingCalendar.objects.filter(pk=calendar.pk).update(stamp=new_stamp())


# ---------------------------------------------------------------- what ships


@action
def install(*, by: Account | None = None) -> None:
    """Create the calendars that ship and fill the years of which they know nothing.

    Run again it changes nothing that somebody has edited.
    """
    data = tomllib.loads(SHIPPED.read_text(encoding="utf-8"))
    for code, line in data["calendars"].items():
        row, _new = WorkingCalendar.objects.get_or_create(
            code=code, defaults={"names": line["names"], "week": line["week"]}
        )
        known = known_years(code)
        for year, told in data["years"].items() if line["holidays"] else ():
            if int(year) not in known:
                import_days(row, list(shipped_days(told)), by=by)


def shipped_days(told: dict[str, Any]) -> Iterator[Day]:
    """The days of one year as calendars.toml writes them."""
    for line in told["days"]:
        names = {k: line[k] for k in ("zh", "bo", "en")}
        for kind in Kind:
            for span in line.get(kind.value, ()):
                first, _slash, last = span.partition("/")
                day, end = date.fromisoformat(first), date.fromisoformat(last or first)
                while day <= end:
                    yield Day(day, kind, names, told["source"])
                    day += timedelta(days=1)
