"""Neighbour groups that a plan brings along: outlines, and nobody who lives in them."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint

from linli.territory.models.plans import Plan, Step


class Group(models.Model):
    """The outline of a neighbour group of ten households or more inside one grid of a plan.

    `grid` is the code of that grid; `code` is the code of the area that the group is, or will be:
    that of the group in which most of its households are today, or a new one. One whose grid got
    another outline is no longer the plan's, but kept by the step that did it, as long as that can
    be undone.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="groups")
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="groups")
    grid = models.CharField(max_length=40)
    code = models.CharField(max_length=40)
    names = models.JSONField(default=dict)
    wkb = models.BinaryField()

    class Meta:
        ordering = ("plan", "code")
        constraints = [
            UniqueConstraint(fields=("plan", "code"), name="group_code_once"),
            CheckConstraint(
                condition=Q(plan__isnull=True, step__isnull=False)
                | Q(plan__isnull=False, step__isnull=True),
                name="group_of_plan_or_step",
            ),
        ]
        indexes = [models.Index(fields=("plan", "grid"), name="group_of_grid")]

    def __str__(self) -> str:
        return self.code
