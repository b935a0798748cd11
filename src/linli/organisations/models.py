"""Rows of who answers: organisations, teams, duties, posts, and who holds them from when to when.

Times run from `since` up to, and without, `until`; an open `until` is empty.
"""

from django.db import models
from django.db.models import CheckConstraint, F, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.kernel.models import Account


class Organisation(models.Model):
    """A government, department, centre, committee or company that posts belong to."""

    class Kind(models.TextChoices):
        GOVERNMENT = "government", _("government")
        DEPARTMENT = "department", _("department")
        SERVICE_CENTRE = "service-centre", _("service centre")
        COMMITTEE = "committee", _("villagers' committee")
        INSPECTION = "inspection", _("inspection office")
        UTILITY = "utility", _("utility")

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    kind = models.CharField(max_length=20, choices=Kind)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Team(models.Model):
    """A response, patrol or outreach team; `size` is a head count, there is no list of members."""

    class Kind(models.TextChoices):
        RESPONSE = "response", _("response team")
        PATROL = "patrol", _("patrol team")
        OUTREACH = "outreach", _("outreach team")

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="teams")
    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    size = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Duty(models.Model):
    """Something posts answer for, from `duties.toml`; services name the duty they need."""

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    sees_contacts = models.BooleanField(default=False)
    levels = models.JSONField(default=list)  # level codes where its posts sit, nearest first
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ("position", "code")

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """An office that somebody holds: cases belong to posts, never to a person."""

    class Kind(models.TextChoices):
        HANDLER = "handler", _("handler")
        SERVICE_CENTRE = "service-centre", _("service centre operator")
        VERIFIER = "verifier", _("verifier")
        GRID = "grid", _("grid worker")
        LIAISON = "liaison", _("liaison")
        CHIEF = "chief", _("head of office")

    code = models.CharField(max_length=40, unique=True)
    names = models.JSONField(default=dict)
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="posts")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="posts")
    kind = models.CharField(max_length=20, choices=Kind, default=Kind.HANDLER)
    # Answers complaints about offices; only an administrator appoints to it.
    oversight = models.BooleanField(default=False)
    # How the public reaches the office, never a person's own number.
    phone = models.CharField(max_length=40, blank=True)
    counter = models.JSONField(default=dict)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.code


class Spell(models.Model):
    """From `since` up to `until`; open while `until` is empty."""

    since = models.DateTimeField()
    until = models.DateTimeField(null=True)

    class Meta:
        abstract = True


def _ends_later(name: str) -> CheckConstraint:
    return CheckConstraint(condition=Q(until=None) | Q(until__gte=F("since")), name=name)


class Answering(Spell):
    """A post answers for a duty in an area and in everything below it.

    `area` is any version of the area: what counts is its code, so a new boundary changes nothing.
    """

    post = models.ForeignKey(Post, models.PROTECT, related_name="answerings")
    duty = models.ForeignKey(Duty, models.PROTECT, related_name="answerings")
    area = models.ForeignKey(Area, models.PROTECT, related_name="answerings")

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=("post", "duty", "area"), condition=Q(until=None), name="answers_once"
            ),
            _ends_later("answering_ends_later"),
        ]
        indexes = [models.Index(fields=("area", "duty"))]

    def __str__(self) -> str:
        return f"{self.post_id} answers for {self.duty_id} in {self.area_id}"


class Holding(Spell):
    """Somebody holds a post. A deputy may do all of it, and acts when every holder is absent."""

    post = models.ForeignKey(Post, models.PROTECT, related_name="holdings")
    account = models.ForeignKey(Account, models.PROTECT, related_name="holdings")
    deputy = models.BooleanField(default=False)

    class Meta:
        constraints = [
            UniqueConstraint(
                fields=("post", "account"), condition=Q(until=None), name="holds_once"
            ),
            _ends_later("holding_ends_later"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} holds {self.post_id}"


class Absence(Spell):
    """A holder is not there, so somebody else acts. Without a reason: that is nobody's business.

    It serves routing only. `organisations.retention` deletes it once it is over.
    """

    holding = models.ForeignKey(Holding, models.CASCADE, related_name="absences")

    class Meta:
        constraints = [_ends_later("absence_ends_later")]

    def __str__(self) -> str:
        return f"absence {self.pk}"
