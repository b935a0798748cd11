"""The edition of the territory: what every cache of this room is keyed by."""

import datetime as dt

from django.db.models import Max
from django.utils import timezone

from linli.areas.models import Area, Edition


def current() -> int:
    """The present edition; 0 before anything was imported."""
    return Edition.objects.values_list("number", flat=True).first() or 0


def last_change() -> dt.date:
    """The last day, up to today, on which a version of an area began or ended."""
    today = timezone.localdate()
    began = Area.objects.filter(since__lte=today).aggregate(day=Max("since"))["day"]
    ended = Area.objects.filter(until__lte=today).aggregate(day=Max("until"))["day"]
    return max(day for day in (began, ended, dt.date.min) if day is not None)
