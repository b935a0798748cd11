"""What people say about a published draft, and what they are answered."""

from django.db import models

from linli.kernel.models import Account, CaseKey, Contact
from linli.territory.models.plans import Plan
from linli.territory.models.states import CommentState

TEXT = "plan-comment"  # label of the locked column


class Comment(models.Model):
    """A comment on a plan or on one of its grids, by its code; without a name.

    `text_locked` is what somebody wrote; nobody but planners reads it. `public_text` is what a
    planner released, free of names. Whoever wants to be told leaves a contact, which is erased
    with the key. Nothing here joins two comments.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="comments")
    grid = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=CommentState, default=CommentState.WAITING)
    op_id = models.UUIDField(null=True, unique=True)  # the sender's own; a second send finds it
    language = models.CharField(max_length=10, default="zh-hans")
    received_at = models.DateTimeField()
    key = models.OneToOneField(CaseKey, models.PROTECT, related_name="+")
    text_locked = models.BinaryField(null=True)
    contact = models.ForeignKey(Contact, models.SET_NULL, null=True, related_name="+")
    public_text = models.CharField(max_length=2000, blank=True)
    answer = models.CharField(max_length=2000, blank=True)
    read_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(Account, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("pk",)
        indexes = [models.Index(fields=("plan", "state"), name="comment_of_plan")]

    def __str__(self) -> str:
        return f"comment {self.pk}"
