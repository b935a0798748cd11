"""Rows of what the public sees: tallies, frozen private counts, what left, and nodes of the log.

All of it follows from cases and the journal and can be made again; none of it names anybody.
"""

from django.db import models
from django.db.models import UniqueConstraint

from linli.areas.models import Area, PathField


class Counted(models.Model):
    """Counts of public cases that were received in one calendar month (`counting.Count`).

    `days` tells how many were answered after how many whole days: {"0": 12, "3": 1}.
    """

    month = models.DateField()  # its first day, where the service stands
    received = models.PositiveIntegerField(default=0)
    answered = models.PositiveIntegerField(default=0)
    on_time = models.PositiveIntegerField(default=0)
    reopened = models.PositiveIntegerField(default=0)
    declined_late = models.PositiveIntegerField(default=0)
    outside_remit = models.PositiveIntegerField(default=0)
    reworked = models.PositiveIntegerField(default=0)
    closed = models.PositiveIntegerField(default=0)
    confirmed = models.PositiveIntegerField(default=0)
    unanswered = models.PositiveIntegerField(default=0)
    days = models.JSONField(default=dict)

    class Meta:
        abstract = True


class Tally(Counted):
    """A cell: what was counted of the cases of one area row. All else is added up from these."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="+")

    class Meta:
        constraints = [UniqueConstraint(fields=("area", "month"), name="one_tally")]

    def __str__(self) -> str:
        return f"{self.area_id} {self.month:%Y-%m}"


class Sum(Counted):
    """The cells of an area that has a page and of everything under it, added up.

    By path, so that all versions of an area that stood in one place are one; a page reads the
    rows of its area and of the areas right below.
    """

    path = PathField(max_length=255)

    class Meta:
        constraints = [UniqueConstraint(fields=("path", "month"), name="one_sum")]

    def __str__(self) -> str:
        return f"{self.path} {self.month:%Y-%m}"


class PrivateMonth(models.Model):
    """A month whose private cases were counted, once and for all: a later change of one number
    would tell about the one case that changed."""

    month = models.DateField(unique=True)
    rule = models.CharField(max_length=20)
    frozen_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PrivateCount(models.Model):
    """Private cases of a month: by area from village up, or by service for a whole territory.

    Only counts that may be published have a row (`engines.figures`); of the others nothing is kept.
    """

    month = models.ForeignKey(PrivateMonth, models.CASCADE, related_name="counts")
    area_code = models.CharField(max_length=40)
    service_code = models.CharField(max_length=40, blank=True)  # empty: all private services
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=("month", "area_code", "service_code"), name="one_private_count"
            )
        ]
        indexes = [models.Index(fields=["area_code"])]

    def __str__(self) -> str:
        return f"{self.area_code} {self.service_code} {self.count}"


class Release(models.Model):
    """How much left by one door on one day: files and cases, never to which address."""

    door = models.CharField(max_length=40)
    day = models.DateField()
    files = models.PositiveIntegerField(default=0)
    cases = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [UniqueConstraint(fields=("door", "day"), name="one_release_a_day")]

    def __str__(self) -> str:
        return f"{self.door} {self.day}"


class LogNode(models.Model):
    """The hash of a complete subtree of the log: 2**level leaves, the position-th from the left."""

    level = models.PositiveSmallIntegerField()
    position = models.BigIntegerField()
    hash = models.BinaryField()

    class Meta:
        constraints = [UniqueConstraint(fields=("level", "position"), name="one_log_node")]

    def __str__(self) -> str:
        return f"{self.level}:{self.position}"


class LogLeaf(models.Model):
    """Where the opening record of a case stands, found by the first eight bytes of its leaf."""

    number = models.BigIntegerField(primary_key=True)
    start = models.BigIntegerField(db_index=True)

    def __str__(self) -> str:
        return str(self.number)
