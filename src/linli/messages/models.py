"""The one row of this room: a message that was written to somebody about their case."""

from django.db import models
from django.db.models import UniqueConstraint
from django.utils.translation import gettext_lazy as _

from linli.kernel.models import CaseKey, Contact


class Outgoing(models.Model):
    """A message, kept as the code of its template and the codes that fill it, never as text.

    Where it goes is the contact, locked under the case's key. When the key dies the row is emptied.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("written")  # for a gateway; none is connected yet
        EMPTIED = "emptied", _("emptied")

    key = models.ForeignKey(CaseKey, models.PROTECT, related_name="+")
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    template = models.CharField(max_length=40)
    language = models.CharField(max_length=10)
    codes = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # The journal entry it answers: a reaction that runs twice writes one message.
    cause = models.BigIntegerField(null=True)

    class Meta:
        ordering = ("-id",)
        constraints = [
            UniqueConstraint(fields=("cause", "template", "contact"), name="one_message_a_cause")
        ]

    def __str__(self) -> str:
        return f"{self.template} {self.pk}"
