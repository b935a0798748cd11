"""Calendar months, where the service stands."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone


def first_day(at: dt.datetime | dt.date) -> dt.date:
    """The first day of the month in which `at` lies."""
    day = timezone.localtime(at).date() if isinstance(at, dt.datetime) else at
    return day.replace(day=1)


def after(month: dt.date) -> dt.date:
    """The first day of the next month."""
    return (month.replace(day=1) + dt.timedelta(days=32)).replace(day=1)


def back(month: dt.date, count: int) -> dt.date:
    """The first day of the month `count` months before."""
    index = month.year * 12 + month.month - 1 - count
    return dt.date(index // 12, index % 12 + 1, 1)


def between(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Every month from `first` to `last`, both included."""
    month = first_day(first)
    while month <= last:
        yield month
        month = after(month)


def span(month: dt.date) -> tuple[dt.datetime, dt.datetime]:
    """The moments at which a month begins and the next one does."""
    return midnight(month), midnight(after(month))


def midnight(day: dt.date) -> dt.datetime:
    """The moment at which a day begins, where the service stands."""
    return timezone.make_aware(dt.datetime.combine(day, dt.time.min))
