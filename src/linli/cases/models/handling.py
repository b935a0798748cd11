"""Who has a case and who had it: routing, hand-overs, supporting units, the ladder."""

from django.db import models
from django.db.models import Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.cases.models.cases import Case
from linli.cases.models.catalogue import ServiceVersion
from linli.kernel.models import Account
from linli.organisations.models import Post

OFFER_WORDS = "offer"
TASK_WORDS = "task"


class Why(models.TextChoices):
    """Why a post has the case."""

    DUTY = "duty", _("it answers for this duty in this area")
    NO_DUTY_HOLDER = "no-duty-holder", _("nobody is there for this duty here")
    OUTSIDE = "outside", _("the point lies outside the territory: the service centre")
    WORDS_ONLY = "words-only", _("only words say where: the service centre")
    WITHDRAWN = "withdrawn", _("the service was withdrawn meanwhile: the service centre")
    OFFICE = "office", _("about an office: a post outside its chain")
    BY_HAND = "by-hand", _("assigned by the service centre")
    HANDED_OVER = "handed-over", _("took it over from another post")
    CONTESTED = "contested", _("the reporter said 'not solved': another post checks")
    SERVICE_CHANGED = "service-changed", _("the service was corrected")
    REDRAWN = "redrawn", _("the boundaries changed; it answers for this duty here now")


class Routing(models.Model):
    """The case came to a post: one row each time, so the newest names the owner.

    `reasons` are the steps of `organisations.queries.duty_for` as codes; `area` is the version of
    the boundary and `version` that of the service by which it was decided.
    """

    case = models.ForeignKey(Case, models.CASCADE, related_name="routings")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    why = models.CharField(max_length=16, choices=Why)
    reasons = models.JSONField(default=list)
    area = models.ForeignKey(Area, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.ForeignKey(ServiceVersion, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.case_id} to {self.post_id}: {self.why}"


class Refusal(models.TextChoices):
    """Why a post does not take a case over."""

    OUTSIDE_REMIT = "outside-remit", _("outside our remit")
    WRONG_PLACE = "wrong-place", _("not our area")
    NEEDS_MORE = "needs-more", _("more has to be known first")
    NO_MEANS = "no-means", _("we have no means for it now")


class Offer(models.Model):
    """One post offers the case to another, and keeps it until the other accepts."""

    class State(models.TextChoices):
        OPEN = "open", _("offered")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")
        WITHDRAWN = "withdrawn", _("withdrawn")

    case = models.ForeignKey(Case, models.CASCADE, related_name="offers")
    giver = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    taker = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    words_locked = models.BinaryField(null=True)
    refusal = models.CharField(max_length=16, choices=Refusal, blank=True)
    refusal_locked = models.BinaryField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    offered_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("offered_at",)
        constraints = [
            UniqueConstraint(fields=("case",), condition=Q(state="open"), name="one_open_offer")
        ]
        indexes = [models.Index(fields=("taker", "state"), name="offer_inbox")]

    def __str__(self) -> str:
        return f"{self.case_id} from {self.giver_id} to {self.taker_id}: {self.state}"


class Support(models.Model):
    """A unit that helps the owner with a task of its own; the case stays with the owner."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="supports")
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    task_locked = models.BinaryField(null=True)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    asked_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("asked_at",)
        indexes = [models.Index(fields=("post", "done_at"), name="support_inbox")]

    def __str__(self) -> str:
        return f"{self.post_id} helps with {self.case_id}"


class Climb(models.Model):
    """Unanswered work came to the eyes of a higher post: number, service and age, nothing else."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="climbs")
    rung = models.PositiveSmallIntegerField()
    level = models.CharField(max_length=32)  # code of the level it climbed to
    post = models.ForeignKey(Post, models.PROTECT, related_name="+")
    ladder = models.CharField(max_length=40)  # version of the rule
    at = models.DateTimeField()

    class Meta:
        ordering = ("rung",)
        constraints = [UniqueConstraint(fields=("case", "rung"), name="one_climb_a_rung")]

    def __str__(self) -> str:
        return f"{self.case_id} to {self.level}"
