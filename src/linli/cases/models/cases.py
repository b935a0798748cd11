"""The case and its photos.

What a person wrote is locked with the case's key (`linli.kernel.vault`); each locked column has a
label of its own, so that one column's bytes cannot be passed off as another's. Plain are the
number, codes, times, the point until it is erased, and `public_text`, which an operator released.
"""

from django.db import models
from django.db.models import CheckConstraint, Index, Q
from django.utils.translation import gettext_lazy as _

from linli.cases import numbers, wording
from linli.cases.models.catalogue import ServiceVersion
from linli.kernel.models import Account, CaseKey, Contact

TEXT = "text"  # labels of the locked columns
WHERE = "where"


class State(models.TextChoices):
    """Where a case stands. Every case has an owner in every state."""

    RECEIVED = "received", _("received")
    OPEN = "open", _("being worked on")
    PAUSED = "paused", _("paused")
    RESOLVED = "resolved", _("answered, waiting for the reporter")
    CLOSED = "closed", _("closed")
    DECLINED = "declined", _("declined")
    MERGED = "merged", _("merged with another case")
    ERASED = "erased", _("erased")


RUNNING = (State.RECEIVED, State.OPEN, State.PAUSED)
LIVE = (*RUNNING, State.RESOLVED)
ENDED = (State.CLOSED, State.DECLINED)


class Channel(models.TextChoices):
    """How a case reached us."""

    WEB = "web", _("web page")
    PHONE = "phone", _("telephone")
    COUNTER = "counter", _("counter")
    LETTER = "letter", _("letter")
    LIAISON = "liaison", _("liaison")
    SMS = "sms", _("text message")
    FIELD = "field", _("field app")
    API = "api", _("other software")


class Closing(models.TextChoices):
    """How a case ended."""

    CONFIRMED = "confirmed", _("confirmed by the reporter")
    UNANSWERED = "unanswered", _("closed without an answer from the reporter")
    DECLINED = "declined", _("declined")
    ACCUSING = "accusing", _("erased: it accused a private person")
    WITHDRAWN = "withdrawn", _("erased at the reporter's wish")
    NO_AGREEMENT = "no-agreement", _("erased: the person concerned did not agree in time")


class Authority(models.TextChoices):
    """Who is competent for what Linli does not take: a report about a private person."""

    POLICE = "police", _("the police")
    COURT = "court", _("the people's court")
    MEDIATION = "mediation", _("the people's mediation committee")
    LABOUR = "labour", _("the labour inspection")
    LEGAL_AID = "legal-aid", _("the legal aid centre")
    WOMEN_CHILDREN = "women-children", _("the women's federation or child protection")


class Case(models.Model):
    """One matter: what somebody reported, who answers for it, by when, and how it ended."""

    number = models.CharField(max_length=11, unique=True)
    op_id = models.UUIDField(null=True, unique=True)  # the sender's own; a second send finds it
    version = models.ForeignKey(ServiceVersion, models.PROTECT, related_name="cases")
    # Copied from the version when it is set, for lists: what may be public, who may be in it.
    public = models.BooleanField()
    outside_chain = models.BooleanField(default=False)
    office = models.ForeignKey("organisations.Organisation", models.PROTECT, null=True,
                               related_name="+")  # fmt: skip
    state = models.CharField(max_length=10, choices=State, default=State.RECEIVED)
    channel = models.CharField(max_length=10, choices=Channel, default=Channel.WEB)
    language = models.CharField(max_length=10, default="zh-hans")
    received_at = models.DateTimeField()
    captured_at = models.DateTimeField()

    key = models.OneToOneField(CaseKey, models.PROTECT, related_name="+")
    text_locked = models.BinaryField(null=True)  # see `linli.cases.opening`
    where_locked = models.BinaryField(null=True)
    public_text = models.TextField(blank=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    contact_ref = models.BigIntegerField(null=True)  # stays, so that the looks can be shown
    follow_digest = models.CharField(max_length=64, unique=True)

    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    place = models.ForeignKey("areas.Place", models.PROTECT, null=True, related_name="+")
    area = models.ForeignKey("areas.Area", models.PROTECT, null=True, related_name="+",
                             db_index=False)  # fmt: skip
    owner = models.ForeignKey("organisations.Post", models.PROTECT, related_name="+",
                              db_index=False)  # fmt: skip

    triaged_at = models.DateTimeField(null=True)
    published = models.BooleanField(default=False)
    agreed_at = models.DateTimeField(null=True)  # help for another: that person agrees
    resolved_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    closing = models.CharField(max_length=12, choices=Closing, blank=True)
    authority = models.CharField(max_length=16, choices=Authority, blank=True)
    reworks = models.PositiveSmallIntegerField(default=0)

    first_due_at = models.DateTimeField()  # of the promise made at receipt; never changes
    due_at = models.DateTimeField()  # the deadline that is now worked towards
    paused_seconds = models.PositiveIntegerField(default=0)  # working time, counted apart
    rung = models.PositiveSmallIntegerField(default=0)  # of the ladder
    next_climb_at = models.DateTimeField(null=True)
    next_erasure_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=0)  # one more with every action

    class Meta:
        ordering = ("-received_at", "-pk")
        constraints = [
            CheckConstraint(
                condition=Q(lon=None, lat=None)
                | Q(lon__gte=-180, lon__lte=180, lat__gte=-90, lat__lte=90),
                name="case_on_earth",
            ),
            CheckConstraint(
                condition=Q(published=False) | Q(public=True, triaged_at__isnull=False),
                name="case_published_after_triage",
            ),
            CheckConstraint(
                condition=Q(
                    state__in=["received", "open", "paused", "resolved", "merged"], closed_at=None
                )
                | Q(state__in=["closed", "declined", "erased"], closed_at__isnull=False),
                name="case_ended_when_closed",
            ),
        ]
        indexes = [
            Index(fields=("owner", "state", "due_at"), name="case_owner"),
            Index(fields=("state", "due_at"), name="case_due"),
            Index(fields=("state", "resolved_at"), name="case_silence"),
            Index(fields=("area", "state", "received_at"), name="case_area"),
            Index(fields=("received_at",), name="case_received"),
            # For what lies near; a point that was erased is not in it.
            Index(fields=("lat", "lon"), name="case_point", condition=Q(lat__isnull=False)),
            # Public lists walk this one, newest first, and find in it all they ask for.
            Index(fields=("received_at", "id", "state", "version", "area"), name="case_public",
                  condition=Q(published=True)),
            Index(fields=("next_climb_at",), name="case_climb",
                  condition=Q(next_climb_at__isnull=False)),
            Index(fields=("next_erasure_at",), name="case_erasure",
                  condition=Q(next_erasure_at__isnull=False)),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def spoken(self) -> str:
        """The number in groups, as it is printed and read out."""
        return numbers.spoken(self.number)

    @property
    def running(self) -> bool:
        """Somebody still has to do something about it."""
        return self.state in RUNNING


class PublicWords(models.Model):
    """The public text of a published case as search reads it (`wording.folded`).

    Apart from the case, whose row is ten times as long: looking for words reads each of them.
    `actions.row.change` writes both together, so that nothing stands here that is not public.
    """

    case = models.OneToOneField(Case, models.CASCADE, primary_key=True,
                                related_name="public_words")  # fmt: skip
    words = models.CharField(max_length=wording.LONGEST)

    def __str__(self) -> str:
        return f"words of {self.case_id}"


class Photo(models.Model):
    """One picture, made anew (`linli.cases.photos`) and locked with the case's key on the disk."""

    class Kind(models.TextChoices):
        REPORT = "report", _("sent by the reporter")
        RESULT = "result", _("shows the result")

    case = models.ForeignKey(Case, models.CASCADE, related_name="photos")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.REPORT)
    address = models.CharField(max_length=64)  # where the locked bytes lie
    digest = models.BinaryField()  # SHA-256 of the JPEG
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    added_at = models.DateTimeField()
    # Somebody looked: no faces, no number plates. Before that nobody else sees it.
    cleared_at = models.DateTimeField(null=True)
    cleared_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return f"photo {self.pk} of {self.case_id}"
