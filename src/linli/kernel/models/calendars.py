"""Working calendars: opening hours of a week, and the days that are different."""

import secrets
from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _


def new_stamp() -> int:
    """A number that has not been used before: a change that was rolled back leaves no trace."""
    return secrets.randbits(31)


class WorkingCalendar(models.Model):
    """Opening hours by which promises are counted. `stamp` is another after every change."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    week = models.JSONField()  # seven days, Monday first: [["09:00", "12:00"], …]
    stamp = models.PositiveIntegerField(default=new_stamp)

    def __str__(self) -> str:
        return self.code


class CalendarDay(models.Model):
    """One day that differs from its week: a holiday, or a rest day that is worked."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", _("holiday")
        WORKDAY = "workday", _("worked rest day")

    calendar = models.ForeignKey(WorkingCalendar, models.CASCADE, related_name="days")
    date = models.DateField()
    kind = models.CharField(max_length=10, choices=Kind)
    names = models.JSONField(default=dict)
    source = models.CharField(max_length=120, blank=True)

    class Meta:
        ordering: ClassVar[list[str]] = ["date"]
        constraints = [
            models.UniqueConstraint(fields=["calendar", "date"], name="one_kind_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.date} {self.kind}"
