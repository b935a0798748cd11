"""What is erased by the clock: what was written about plans, and whom to tell."""

import datetime as dt
import logging

from django.db.models import Q
from django.utils import timezone

from linli.kernel.jobs import job
from linli.kernel.models import Entry
from linli.territory import events
from linli.territory.actions import comments
from linli.territory.models import Comment

KEPT = dt.timedelta(days=90)  # after the plan began or was withdrawn
# After the last day for comments, whatever became of the plan: a proposal that nobody decides about
# must not keep people's contacts without end.
LATEST = dt.timedelta(days=365) + KEPT
BATCH = 200
OVER = (events.PlanBegan.name, events.PlanWithdrawn.name)
log = logging.getLogger(__name__)


@job("territory.erase-comments", every=dt.timedelta(minutes=10))
def erase_comments() -> int:
    """Erase what was written about plans that began, were withdrawn or were left long enough ago.

    What was released, with its answer, stays with the plan.
    """
    entries = Entry.objects.filter(event__in=OVER, at__lte=timezone.now() - KEPT)
    plans = entries.filter(subject_kind="plan").values("subject")
    left = Q(plan__comments_until__lt=timezone.localdate() - LATEST)
    due = Comment.objects.filter(Q(plan__in=plans) | left, key__destroyed_at=None).order_by("pk")
    done = 0
    for comment in list(due[:BATCH]):
        try:
            comments.erase_in_time(comment)
            done += 1
        except Exception as error:  # what went wrong may quote what a person wrote
            log.warning("comment %s was not erased: %s", comment.pk, type(error).__name__)
    return done
