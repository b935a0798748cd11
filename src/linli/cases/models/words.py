"""What staff write about a case, and what the reporter answers. All words are locked."""

from django.db import models
from django.db.models import CheckConstraint, Q, UniqueConstraint
from django.utils.translation import gettext_lazy as _

from linli.cases.models.cases import Case
from linli.kernel.models import Account
from linli.organisations.models import Post

NOTE_WORDS = "note"
UPDATE_WORDS = "update"
ANSWER_WORDS = "answer"
ADDED_WORDS = "added"


class Note(models.Model):
    """An internal note. The reporter can read it once the case is closed."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words_locked = models.BinaryField(null=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"note {self.pk} on {self.case_id}"


class DeclineReason(models.TextChoices):
    """Why nothing will be done here."""

    OUTSIDE_REMIT = "outside-remit", _("outside our remit")
    NOT_VERIFIABLE = "not-verifiable", _("it could not be found or checked")
    ALREADY_PLANNED = "already-planned", _("already planned")
    ALREADY_DONE = "already-done", _("already done")
    PRIVATE_MATTER = "private-matter", _("a private matter between people")
    NO_MEANS = "no-means", _("there is no money or means for it now")
    COURT = "court", _("before a court or another authority")


class Update(models.Model):
    """Something staff tell the reporter."""

    class Kind(models.TextChoices):
        PROGRESS = "progress", _("progress")
        QUESTION = "question", _("question to the reporter")
        PAUSED = "paused", _("paused")
        RESOLVED = "resolved", _("answered")
        DECLINED = "declined", _("declined")

    case = models.ForeignKey(Case, models.CASCADE, related_name="updates")
    kind = models.CharField(max_length=10, choices=Kind, default=Kind.PROGRESS)
    reason = models.CharField(max_length=20, blank=True)  # of a pause or of declining, as a code
    post = models.ForeignKey(Post, models.PROTECT, related_name="+", db_index=False)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    words_locked = models.BinaryField(null=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"


class Answer(models.Model):
    """What the reporter says about a result: solved, or not. One for each time it was resolved.

    `satisfaction` (1 to 5) is asked apart from `theirs`: was it theirs to solve at all? The unit
    that did the work never sees a single row (`rules.ratings_visible_to`).
    """

    class Kind(models.TextChoices):
        CONFIRMED = "confirmed", _("solved")
        CONTESTED = "contested", _("not solved")

    case = models.ForeignKey(Case, models.CASCADE, related_name="answers")
    source = models.ForeignKey(Case, models.CASCADE, related_name="+")  # whose reporter said it
    kind = models.CharField(max_length=10, choices=Kind)
    round = models.PositiveSmallIntegerField()  # how often it had been contested before
    satisfaction = models.PositiveSmallIntegerField(null=True)
    theirs = models.BooleanField(null=True)
    words_locked = models.BinaryField(null=True)
    entered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+",
                                   db_index=False)  # fmt: skip
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        constraints = [
            UniqueConstraint(fields=("case", "source", "round"), name="one_answer_a_round"),
            CheckConstraint(
                condition=Q(satisfaction=None) | Q(satisfaction__gte=1, satisfaction__lte=5),
                name="satisfaction_one_to_five",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} on {self.case_id}"

    @property
    def entered_by_staff(self) -> bool:
        """Somebody of the service centre entered it on the reporter's word."""
        return self.entered_by_id is not None


class Addition(models.Model):
    """Something the reporter added later. The opening record does not commit to it."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="additions")
    at = models.DateTimeField()
    photos = models.PositiveSmallIntegerField(default=0)  # how many came with it
    words_locked = models.BinaryField(null=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return f"addition {self.pk} to {self.case_id}"


class Merge(models.Model):
    """A case that tells of the same thing as another; its reporter follows the other now."""

    case = models.ForeignKey(Case, models.CASCADE, related_name="merges")
    into = models.ForeignKey(Case, models.PROTECT, related_name="merged")
    state_before = models.CharField(max_length=10)
    by = models.ForeignKey(Account, models.PROTECT, related_name="+", db_index=False)
    at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("at",)
        constraints = [
            UniqueConstraint(fields=("case",), condition=Q(undone_at=None), name="one_merge_a_case")
        ]

    def __str__(self) -> str:
        return f"{self.case_id} into {self.into_id}"
