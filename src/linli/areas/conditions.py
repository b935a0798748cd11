"""Conditions on areas for queries: which version holds on a day, what lies below an area."""

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db.models import Q
from django.utils import timezone


@dataclass(frozen=True)
class _Today:
    """One day from its first moment to that of the next, where the service stands."""

    zone: dt.tzinfo
    start: dt.datetime
    end: dt.datetime
    day: dt.date

    @classmethod
    def around(cls, now: dt.datetime, zone: dt.tzinfo) -> Self:
        day = now.astimezone(zone).date()
        start, end = (
            dt.datetime.combine(date, dt.time.min, tzinfo=zone).astimezone(dt.UTC)
            for date in (day, day + dt.timedelta(days=1))
        )
        return cls(zone, start, end, day)


_today: _Today | None = None  # asked for with every point: worked out once a day


def today() -> dt.date:
    """The calendar day where the service stands."""
    global _today
    now, zone, known = timezone.now(), timezone.get_default_timezone(), _today
    if known is None or known.zone is not zone or not known.start <= now < known.end:
        known = _today = _Today.around(now, zone)
    return known.day


def day_of(at: dt.date | dt.datetime | None) -> dt.date:
    """The calendar day of `at` where the service stands; without `at`, today."""
    if at is None:
        return today()
    if isinstance(at, dt.datetime):
        return timezone.localtime(at).date() if timezone.is_aware(at) else at.date()
    return at


def first_moment(day: dt.date) -> dt.datetime:
    """The moment at which a day begins where the service stands."""
    return dt.datetime.combine(day, dt.time.min, timezone.get_default_timezone())


def holds(at: dt.date | dt.datetime | None = None, prefix: str = "") -> Q:
    """The version holds on the day of `at`; `prefix` leads to the area, like ``area__``."""
    day = day_of(at)
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day})
    )


def below(path: str, prefix: str = "") -> Q:
    """The area with this path, or one under it; `prefix` leads to the area.

    "0" is the character after "/": the subtree is one range of the index, without LIKE.
    """
    return Q(**{f"{prefix}path": path}) | Q(
        **{f"{prefix}path__gte": f"{path}/", f"{prefix}path__lt": f"{path}0"}
    )
