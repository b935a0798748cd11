"""The clock of a case: what was promised, and when it stood still."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from linli.cases.models.cases import Case
from linli.cases.models.catalogue import ServiceVersion
from linli.kernel.models import Account

PAUSE_WORDS = "pause"


class Promise(models.Model):
    """By when we said we would answer, and by which rule. Rows are added, never moved."""

    class Kind(models.TextChoices):
        FIRST = "first", _("promised at receipt")
        SERVICE_CHANGE = "service-change", _("promised when the service changed")
        REWORK = "rework", _("promised after the reporter said: not solved")

    case = models.ForeignKey(Case, models.CASCADE, related_name="promises")
    kind = models.CharField(max_length=16, choices=Kind)
    version = models.ForeignKey(ServiceVersion, models.PROTECT, related_name="+", db_index=False)
    calendar = models.CharField(max_length=40)  # code of the calendar that was counted with
    edition = models.PositiveIntegerField()  # and its stamp at that moment
    started_at = models.DateTimeField()
    due_at = models.DateTimeField()
    met_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("started_at", "pk")
        constraints = [
            UniqueConstraint(fields=("case",), condition=Q(kind="first"), name="one_first_promise")
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.case_id} by {self.due_at:%Y-%m-%d %H:%M}"


class PauseReason(models.TextChoices):
    """Why a case may stand still."""

    WAITS_FOR_REPORTER = "waits-for-reporter", _("we asked the reporter something")
    WEATHER = "weather", _("the weather or the season does not allow it")
    PARTS = "parts", _("material or spare parts are on the way")
    OTHER_OFFICE = "other-office", _("another office has to decide first")
    APPROVAL = "approval", _("money or approval was applied for")
    APPOINTMENT = "appointment", _("a day was agreed with the reporter")


class Pause(models.Model):
    """A time in which the case stood still, and why. It is counted apart and moves no deadline."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="pauses")
    reason = models.CharField(max_length=20, choices=PauseReason)
    words_locked = models.BinaryField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    expected_until = models.DateTimeField()  # what the reporter is told
    until = models.DateTimeField(null=True)
    seconds = models.PositiveIntegerField(default=0)  # of working time, once it is over

    class Meta:
        ordering = ("since",)
        constraints = [
            UniqueConstraint(fields=("case",), condition=Q(until=None), name="one_open_pause")
        ]

    def __str__(self) -> str:
        return f"{self.reason} of {self.case_id}"
