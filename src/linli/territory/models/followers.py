"""Who wants to hear what becomes of a plan: a contact and a language, and nothing else."""

from django.db import models

from linli.kernel.models import CaseKey, Contact
from linli.territory.models.plans import Plan


class Follower(models.Model):
    """Somebody who is told what becomes of a plan; without a name, a place or words.

    The contact lies locked with a key of its own, from which the secret link follows: only its
    digest is stored, as of a case. Whoever stops is not a row any more. Nothing joins two of them,
    or one and a comment.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="followers")
    op_id = models.UUIDField(null=True, unique=True)  # the sender's own; a second send finds it
    language = models.CharField(max_length=10, default="zh-hans")
    key = models.OneToOneField(CaseKey, models.PROTECT, related_name="+")
    contact = models.OneToOneField(Contact, models.PROTECT, related_name="+")
    follow_digest = models.CharField(max_length=64, unique=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"follower {self.pk}"
