"""Settlements as they were imported: where, how many households, how much work. Nothing else."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from linli.areas.models import SMALLEST_SETTLEMENT, Area
from linli.kernel.models import Account

LOWEST, HIGHEST = -500, 9_000  # metres: nobody lives below or above


class Gazetteer(models.Model):
    """One import of the settlements of an area; plans keep the one that they were begun with."""

    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")
    settlements = models.PositiveIntegerField(default=0)
    households = models.PositiveBigIntegerField(default=0)
    workload = models.FloatField(default=0)
    left_out = models.PositiveIntegerField(default=0)  # of fewer than eleven households
    # Pairs of positions between which one can go, as `labels.packed`, where somebody brought them.
    neighbours = models.BinaryField(default=b"")
    # Where they brought roads: links of `engines.partition.Net` and their metres, `labels.packed`.
    net = models.BinaryField(default=b"")

    class Meta:
        ordering = ("-imported_at", "-pk")

    def __str__(self) -> str:
        return f"gazetteer {self.pk}"


class Settlement(models.Model):
    """A settlement of eleven households or more: nothing about who lives there.

    `position` counts from 0 within its gazetteer: plans hold one number for each position. `lon`
    and `lat` are a point inside, degrees; `wkb` is its outline where one was imported, else empty.
    `height` is metres above the sea, of all settlements of a gazetteer or of none.
    """

    gazetteer = models.ForeignKey(Gazetteer, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    code = models.CharField(max_length=40)
    lon = models.FloatField()
    lat = models.FloatField()
    height = models.FloatField(null=True)
    wkb = models.BinaryField(default=b"")
    households = models.PositiveIntegerField()
    workload = models.FloatField()

    class Meta:
        ordering = ("gazetteer", "position")
        constraints = [
            UniqueConstraint(fields=("gazetteer", "position"), name="settlement_position_once"),
            UniqueConstraint(fields=("gazetteer", "code"), name="settlement_code_once"),
            CheckConstraint(
                condition=Q(households__gte=SMALLEST_SETTLEMENT), name="territory_not_a_dwelling"
            ),
            CheckConstraint(condition=Q(workload__gt=0), name="settlement_some_work"),
            CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="settlement_on_earth",
            ),
            CheckConstraint(
                condition=Q(height__isnull=True) | Q(height__gte=LOWEST, height__lte=HIGHEST),
                name="settlement_at_a_height",
            ),
        ]

    def __str__(self) -> str:
        return self.code
