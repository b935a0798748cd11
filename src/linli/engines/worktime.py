"""Working time: when a promise is due, and how much business time lay between two moments.

*Hours* count only while the office is open: a promise of H hours is due at the first moment by
which H hours of opening time have passed since the receipt. An office that is always open gives
clock hours.

*Days*: a promise of N working days is due at the close of business of the N-th working day after
the day of receipt. The day of receipt is not counted, whatever the hour, so that nobody gains or
loses a day by reporting in the evening; a receipt on a rest day counts from there. That is how the
Civil Code of the People's Republic of China reckons: the first day is left out and hours run from
the moment itself (Art 201), and the last day ends when business stops (Art 203).

A day is a *working day* when it has opening hours. A holiday has none. A weekend day that was made
a working day has its own weekday's hours or, where those are empty, those of the first open day of
the week. Opening hours are wall-clock times of the calendar's zone; lengths are measured in real
seconds, so a change of the clocks neither adds nor removes an hour.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import ArrayLike, NDArray

Interval = tuple[int, int]
Week = tuple[tuple[Interval, ...], ...]
Moments = NDArray[np.datetime64]

MINUTES = 24 * 60
ALWAYS: Week = (((0, MINUTES),),) * 7
OFFICE: Week = (((9 * 60, 12 * 60), (14 * 60, 18 * 60)),) * 5 + ((), ())
_ONE = timedelta(days=1)
_TICK = timedelta(microseconds=1)


@dataclass(frozen=True)
class Calendar:
    """Opening hours of a week, Monday first, in minutes after local midnight, and the exceptions.

    ValueError for a week that is not seven days of ordered intervals, or is never open.
    """

    week: Week = OFFICE
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    zone: str = "Asia/Shanghai"

    def __post_init__(self) -> None:
        if len(self.week) != 7 or not any(self.week):
            raise ValueError("a week has seven days, and at least one of them is open")
        for day in self.week:
            edges = [0, *(edge for interval in day for edge in interval), MINUTES]
            if any(a > b for a, b in pairwise(edges)) or any(a == b for a, b in day):
                raise ValueError("opening hours are ordered, do not overlap, and end by 24:00")

    def is_workday(self, day: date) -> bool:
        """Is the office open at all on this day?"""
        return bool(self._hours(day))

    def due(
        self, start: datetime, *, hours: float | None = None, days: int | None = None
    ) -> datetime:
        """When a promise of this many working hours, or working days, is due; in UTC.

        `start` is aware. ValueError unless exactly one amount is given, hours not negative or days
        at least one.
        """
        _check_amount(hours, days)
        if days is not None:
            return self._due_days(start, days)
        left = timedelta(hours=hours or 0)
        at = start.astimezone(UTC)
        for opens, closes in self._intervals_from(at) if left else ():
            begins = max(opens, at)
            if closes - begins >= left:
                return begins + left
            left -= max(closes - begins, timedelta(0))
        return at

    def worked(self, start: datetime, end: datetime) -> timedelta:
        """Opening time between two moments; zero when `end` is not after `start`."""
        total = timedelta(0)
        start, end = start.astimezone(UTC), end.astimezone(UTC)
        for opens, closes in self._intervals_from(start) if end > start else ():
            if opens >= end:
                break
            total += max(min(closes, end) - max(opens, start), timedelta(0))
        return total

    def worked_days(self, start: datetime, end: datetime) -> int:
        """Working days after the day of `start`, up to and with the day that `end` falls on.

        A moment at midnight ends the day before it: `worked_days(s, due(s, days=n)) == n`.
        """
        day, last = self._local_date(start), self._local_date(end - _TICK)
        span = range(1, (last - day).days + 1)
        return sum(self.is_workday(day + timedelta(days=n)) for n in span)

    def due_many(
        self,
        starts: Moments,
        *,
        hours: ArrayLike | None = None,
        days: ArrayLike | None = None,
    ) -> Moments:
        """`due` for many starts, datetime64[s] in UTC; one amount for each, or one for all."""
        starts = np.asarray(starts, dtype="datetime64[s]")
        amounts = np.broadcast_to(np.asarray(days if hours is None else hours), starts.shape)
        if not len(starts):
            return starts
        _check_amount(*(None if a is None else np.min(amounts) for a in (hours, days)))
        at = starts.astype(np.int64)
        if hours is None:
            return self._due_days_many(at, amounts.astype(np.int64))
        seconds = np.rint(amounts * 3600).astype(np.int64)
        line = _timeline(self, int(at.min()), int(at.max()), int(seconds.max()))
        return np.where(seconds > 0, line.at(line.before(at) + seconds), at).astype("datetime64[s]")

    def worked_many(self, starts: Moments, ends: Moments) -> NDArray[np.timedelta64]:
        """`worked` for many pairs, datetime64[s] in UTC; timedelta64[s]."""
        a, b = (np.asarray(x, dtype="datetime64[s]").astype(np.int64) for x in (starts, ends))
        if not len(a):
            return np.zeros(0, dtype="timedelta64[s]")
        line = _timeline(self, int(a.min()), int(max(a.max(), b.max())), 0)
        worked: NDArray[np.int64] = line.before(np.maximum(a, b)) - line.before(a)
        return worked.astype("timedelta64[s]")

    def _due_days(self, start: datetime, days: int) -> datetime:
        day = self._local_date(start)
        while days:
            day += _ONE
            days -= self.is_workday(day)
        return self._intervals(day)[-1][1]

    def _due_days_many(self, at: NDArray[np.int64], days: NDArray[np.int64]) -> Moments:
        line = _days(self, int(at.min()), int(at.max()), int(days.max()))
        received = np.searchsorted(line.midnights, at, side="right") - 1
        return line.closes[line.until[received] + days - 1].astype("datetime64[s]")

    def _dates(self, first: date, last: date, workdays: int) -> Iterator[date]:
        """The days from `first` to the one that is `workdays` working days after `last`."""
        day = first
        while day <= last or workdays > 0:
            yield day
            workdays -= day > last and self.is_workday(day)
            day += _ONE

    def _intervals_from(self, at: datetime) -> Iterator[tuple[datetime, datetime]]:
        day = self._local_date(at) - _ONE
        while True:
            yield from self._intervals(day)
            day += _ONE

    def _intervals(self, day: date) -> list[tuple[datetime, datetime]]:
        """The opening intervals of a day in UTC; where the clocks change they never overlap."""
        found: list[tuple[datetime, datetime]] = []
        earliest = self._at(day, 0)
        for a, b in self._hours(day):
            opens, closes = max(self._at(day, a), earliest), self._at(day, b)
            earliest = max(opens, closes)
            found.append((opens, earliest))
        return found

    def _hours(self, day: date) -> tuple[Interval, ...]:
        if day in self.workdays:
            return self.week[day.weekday()] or next(filter(None, self.week))
        return () if day in self.holidays else self.week[day.weekday()]

    def _at(self, day: date, minute: int) -> datetime:
        wall = datetime.combine(day, time()) + timedelta(minutes=minute)
        return wall.replace(tzinfo=ZoneInfo(self.zone)).astimezone(UTC)

    def _local_date(self, at: datetime) -> date:
        return at.astimezone(ZoneInfo(self.zone)).date()


class _Timeline:
    """Opening intervals as seconds since 1970, with the opening time before each of them."""

    def __init__(self, calendar: Calendar, first: int, last: int, seconds: int) -> None:
        """Cover `first` to `last` and as far beyond as `seconds` of opening time need."""
        opens: list[int] = []
        closes: list[int] = []
        for a, b in calendar._intervals_from(_moment(first)):
            if opens and a.timestamp() > last and seconds <= 0:
                break
            opens.append(int(a.timestamp()))
            closes.append(int(b.timestamp()))
            seconds -= closes[-1] - opens[-1] if opens[-1] > last else 0
        self.opens = np.array(opens, dtype=np.int64)
        self.lengths = np.array(closes, dtype=np.int64) - self.opens
        self.total = np.concatenate([[0], np.cumsum(self.lengths)])

    def before(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Opening seconds between the start of the line and each moment."""
        i = np.maximum(np.searchsorted(self.opens, at, side="right") - 1, 0)
        inside = np.clip(at - self.opens[i], 0, self.lengths[i])
        return np.asarray(self.total[i] + inside, dtype=np.int64)

    def at(self, worked: NDArray[np.int64]) -> NDArray[np.int64]:
        """The first moment by which so many opening seconds have passed."""
        i = np.maximum(np.searchsorted(self.total, worked, side="left") - 1, 0)
        return np.asarray(self.opens[i] + worked - self.total[i], dtype=np.int64)


class _Days:
    """Local midnights, how many working days lie up to each, and when each of those closes."""

    def __init__(self, calendar: Calendar, first: int, last: int, workdays: int) -> None:
        """Cover the days of `first` to `last`, and so many working days beyond."""
        start, end = (calendar._local_date(_moment(x)) for x in (first, last))
        dates = list(calendar._dates(start, end, workdays))
        opened = [d for d in dates if calendar.is_workday(d)]
        self.midnights = np.array([calendar._at(d, 0).timestamp() for d in dates], dtype=np.int64)
        self.until = np.cumsum([calendar.is_workday(d) for d in dates])
        closes = [calendar._intervals(d)[-1][1].timestamp() for d in opened]
        self.closes = np.array(closes, dtype=np.int64)


# Building a line costs more than using it, so spans are widened to round ones and kept.
_SPAN = 128 * 86400


def _bits(amount: int, least: int) -> int:
    """A few sizes for all amounts: at least `least` bits, and even."""
    bits = max(amount.bit_length(), least)
    return bits + bits % 2


def _timeline(calendar: Calendar, first: int, last: int, seconds: int) -> _Timeline:
    return _kept_timeline(calendar, first // _SPAN, -(-last // _SPAN), _bits(seconds, 20))


@lru_cache(maxsize=64)
def _kept_timeline(calendar: Calendar, first: int, last: int, bits: int) -> _Timeline:
    return _Timeline(calendar, first * _SPAN, last * _SPAN, (1 << bits) - 1)


def _days(calendar: Calendar, first: int, last: int, workdays: int) -> _Days:
    return _kept_days(calendar, first // _SPAN, -(-last // _SPAN), _bits(workdays, 6))


@lru_cache(maxsize=64)
def _kept_days(calendar: Calendar, first: int, last: int, bits: int) -> _Days:
    return _Days(calendar, first * _SPAN, last * _SPAN, (1 << bits) - 1)


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _check_amount(hours: float | None, days: float | None) -> None:
    if (hours is None) == (days is None):
        raise ValueError("a promise is in hours or in days")
    if (hours is not None and hours < 0) or (days is not None and days < 1):
        raise ValueError("a promise is not negative, and days are at least one")
