"""Today, where the service stands."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas import conditions


@pytest.mark.parametrize(
    ("zone", "now", "day"),
    [
        ("Asia/Shanghai", "2026-03-01T15:59:59.999999", dt.date(2026, 3, 1)),
        ("Asia/Shanghai", "2026-03-01T16:00:00", dt.date(2026, 3, 2)),
        ("Asia/Shanghai", "2026-02-27T03:00:00", dt.date(2026, 2, 27)),  # back again
        ("Europe/Rome", "2026-03-28T22:59:59", dt.date(2026, 3, 28)),
        ("Europe/Rome", "2026-03-28T23:00:00", dt.date(2026, 3, 29)),
        ("Europe/Rome", "2026-03-29T21:59:59", dt.date(2026, 3, 29)),  # a day of 23 hours
        ("Europe/Rome", "2026-03-29T22:00:00", dt.date(2026, 3, 30)),
    ],
)
def test_the_day_begins_at_midnight_there(settings, monkeypatch, zone, now, day):
    settings.TIME_ZONE = zone
    moment = dt.datetime.fromisoformat(now).replace(tzinfo=dt.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    for _asked in range(2):
        assert conditions.day_of(None) == timezone.localdate(moment) == day
