"""Keys and contacts. One key a case; without it, what it locked is gone, in every backup too."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CaseKey(models.Model):
    """A random key, wrapped by the master key named `master`. Empty once it was destroyed."""

    ref = models.UUIDField(unique=True)
    master = models.CharField(max_length=20)
    wrapped = models.BinaryField()
    destroyed_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["master"])]

    def __str__(self) -> str:
        return str(self.ref)


class Contact(models.Model):
    """How to reach one person about one matter. No hash, no index: nothing finds it by number."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("phone")
        SMS = "sms", _("text message")
        EMAIL = "email", _("e-mail")

    key = models.ForeignKey(CaseKey, models.PROTECT, related_name="contacts")
    channel = models.CharField(max_length=10, choices=Channel)
    sealed = models.BinaryField()

    def __str__(self) -> str:
        return f"contact {self.pk}"
