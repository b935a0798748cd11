"""Rows of the territory: levels, areas with their boundaries, places, and what a map draws."""

import datetime as dt
from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import CheckConstraint, Q, UniqueConstraint

from linli.areas.conditions import below, holds

BYTE_ORDER = "C"
SMALLEST_SETTLEMENT = 11  # households; below it a dot on a map could be somebody's home


class PathField(models.CharField):  # type: ignore[type-arg]
    """Text compared byte by byte on every engine, so that a subtree is one index range.

    SQLite does so by itself; PostgreSQL would follow the language of the cluster.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        """Column type and collation for `connection`."""
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = BYTE_ORDER
        return parameters


class Level(models.Model):
    """A rung of the tree: prefecture, county … neighbour group; a deployment adds its own."""

    code = models.CharField(max_length=32, unique=True)
    depth = models.PositiveSmallIntegerField()
    names = models.JSONField(default=dict)

    class Meta:
        ordering = ("depth", "code")

    def __str__(self) -> str:
        return self.code


class AreaQuerySet(models.QuerySet["Area"]):
    """Filters on areas that read like the question."""

    def current(self, at: dt.date | None = None) -> "AreaQuerySet":
        """Versions that hold on the day `at` (default: today, where the service stands)."""
        return self.filter(holds(at))

    def within(self, area: "Area") -> "AreaQuerySet":
        """`area` and everything below it, as one range of the path index."""
        return self.filter(below(area.path))


class Area(models.Model):
    """One version of an area: a new boundary, name or parent is a new row with the same code.

    A row that names an area for good (a case) keeps its version; what should follow the area
    through its versions compares `code` or `path`.
    """

    code = models.CharField(max_length=40)
    level = models.ForeignKey(Level, on_delete=models.PROTECT, related_name="areas")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    names = models.JSONField(default=dict)
    path = PathField(max_length=255)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)  # the first day on which it no longer holds
    # Of overlapping areas of one level the lower precedence answers, then the lower code.
    precedence = models.SmallIntegerField(default=0)
    centre_lon = models.FloatField(null=True, blank=True)
    centre_lat = models.FloatField(null=True, blank=True)

    objects = AreaQuerySet.as_manager()

    class Meta:
        ordering = ("path", "since")
        constraints = [
            UniqueConstraint(fields=("code", "since"), name="area_version_once"),
            UniqueConstraint(fields=("code",), condition=Q(until=None), name="area_one_open"),
            CheckConstraint(
                condition=Q(until=None) | Q(until__gt=models.F("since")), name="area_ends_later"
            ),
        ]
        indexes = [models.Index(fields=("path", "since"), name="area_path")]

    def __str__(self) -> str:
        return self.code


class Boundary(models.Model):
    """The outline of one version: WKB, EPSG:4326, degrees rounded to 1e-7 (about a centimetre).

    Apart from the area, so that a list of areas does not drag megabytes along.
    """

    area = models.OneToOneField(Area, on_delete=models.CASCADE, primary_key=True)
    wkb = models.BinaryField()

    def __str__(self) -> str:
        return f"boundary of {self.area_id}"


class Place(models.Model):
    """A school, clinic, bridge, gauge …: something with a public purpose and a point."""

    code = models.CharField(max_length=40, unique=True)
    kind = models.CharField(max_length=32, db_index=True)
    names = models.JSONField(default=dict)
    lon = models.FloatField()
    lat = models.FloatField()
    area = models.ForeignKey(
        Area, on_delete=models.PROTECT, related_name="places", null=True, blank=True
    )
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("code",)
        constraints = [
            CheckConstraint(
                condition=Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="place_on_earth",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class MapFeature(models.Model):
    """What a map draws under the areas: rivers, roads, settlements. Never a dwelling."""

    class Layer(models.TextChoices):
        RIVER = "river"
        ROAD = "road"
        SETTLEMENT = "settlement"

    layer = models.CharField(max_length=16, choices=Layer.choices, db_index=True)
    code = models.CharField(max_length=40)
    names = models.JSONField(default=dict)
    rank = models.PositiveSmallIntegerField(default=1)  # 1 is the largest, drawn first
    households = models.PositiveIntegerField(null=True, blank=True)
    wkb = models.BinaryField()

    class Meta:
        ordering = ("layer", "rank", "code")
        constraints = [
            UniqueConstraint(fields=("layer", "code"), name="feature_once"),
            CheckConstraint(
                condition=~Q(layer="settlement") | Q(households__gte=SMALLEST_SETTLEMENT),
                name="settlement_not_a_dwelling",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.layer} {self.code}"


class Edition(models.Model):
    """One row: a random number that every writer of this room changes; caches are keyed by it."""

    number = models.BigIntegerField()

    def __str__(self) -> str:
        return str(self.number)
