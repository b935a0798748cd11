"""Rows of the catalogue: frozen versions of services, what waits, what is switched off where."""

import json
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint

from linli.areas.models import Area
from linli.cases.catalogue.reading import ServiceDefinition, canonical, read
from linli.kernel.languages import pick


class Service(models.Model):
    """A service by its code; what it says is in its versions."""

    code = models.CharField(max_length=40, unique=True)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class ServiceVersion(models.Model):
    """One frozen definition. Only `usable_from` is ever set later, when a proposal is seconded."""

    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    digest = models.BinaryField(max_length=32)  # SHA-256 of the canonical form of `body`
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: published by the installation
    usable_from = models.DateTimeField(null=True)  # None: it waits

    class Meta:
        ordering = ("service", "number")
        constraints = [UniqueConstraint(fields=("service", "number"), name="version_number_once")]
        indexes = [models.Index(fields=("usable_from",), name="version_usable")]

    def __str__(self) -> str:
        return f"{self.service.code} {self.number}"

    @property
    def definition(self) -> ServiceDefinition:
        """The definition that this version froze."""
        return _definition(canonical(self.body))

    @property
    def name(self) -> str:
        """The service's name in the language of the moment."""
        return pick(self.definition.name)


@lru_cache(maxsize=512)
def _definition(body: str) -> ServiceDefinition:
    raw: dict[str, Any] = json.loads(body)
    return read(raw)


class Proposal(models.Model):
    """A version that asks something new: it waits for a second person and seven public days."""

    version = models.OneToOneField(
        ServiceVersion, on_delete=models.PROTECT, related_name="proposal"
    )
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # None: a new release brought it
    public_from = models.DateTimeField()
    seconded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    seconded_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("public_from", "pk")
        constraints = [
            CheckConstraint(
                condition=Q(seconded_by=None)
                | Q(proposed_by=None)
                | ~Q(seconded_by=F("proposed_by")),
                name="proposal_two_people",
            ),
            CheckConstraint(
                condition=Q(seconded_by=None, seconded_at=None)
                | Q(seconded_by__isnull=False, seconded_at__isnull=False),
                name="proposal_seconded_when",
            ),
        ]

    def __str__(self) -> str:
        return f"proposal of {self.version_id}"


class ServiceSwitch(models.Model):
    """A service switched on or off for an area and everything below it; the nearest one counts."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="switches")
    area = models.ForeignKey(Area, on_delete=models.PROTECT, related_name="+")
    enabled = models.BooleanField()

    class Meta:
        ordering = ("service", "area")
        constraints = [UniqueConstraint(fields=("service", "area"), name="switch_once")]

    def __str__(self) -> str:
        return f"{self.service_id} in {self.area_id}: {self.enabled}"


class TranslationMark(models.Model):
    """The one place where a language stops being a draft: a native speaker has read the texts."""

    language = models.CharField(max_length=8, unique=True)
    cleared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    cleared_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.language
