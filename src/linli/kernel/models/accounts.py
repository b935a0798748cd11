"""Accounts of staff and liaisons. Residents need none."""

from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils.translation import gettext_lazy as _

from linli.kernel.languages import pick


class Accounts(BaseUserManager["Account"]):
    """Look-up by sign-in name."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        return self.get(username__iexact=username)


class Account(AbstractBaseUser):
    """Somebody who works with Linli: what they may do follows from the posts they hold.

    There is no e-mail address and no telephone number, and nothing records when somebody was here:
    without the field, Django has nowhere to write the time of a sign-in.
    """

    class Kind(models.TextChoices):
        STAFF = "staff", _("staff")
        LIAISON = "liaison", _("liaison")

    username = models.CharField(max_length=60, unique=True)
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.STAFF)
    language = models.CharField(max_length=10, default="zh-hans")
    is_active = models.BooleanField(default=True)
    is_administrator = models.BooleanField(default=False)
    last_login = None

    objects = Accounts()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    def __str__(self) -> str:
        return pick(self.names) or self.username


class SignInLock(models.Model):
    """How often somebody guessed at a sign-in name, whether or not there is such an account.

    `name` is a keyed digest, so that the table is no list of names; forgotten after a day.
    """

    name = models.CharField(max_length=64, primary_key=True)
    failures = models.PositiveSmallIntegerField(default=0)
    last = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.failures} failures"


class UsedCode(models.Model):
    """A sign-in code that somebody has used and that a clock would still accept.

    `digest` is keyed and holds no name; forgotten within minutes, so nothing records when anybody
    was here.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.digest[:8]
