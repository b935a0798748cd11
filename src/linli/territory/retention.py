"""What is erased by the clock: what was written about plans, and whom to tell."""

import datetime as dt
import logging

from django.utils import timezone

from linli.kernel.jobs import job
from linli.kernel.models import Entry
from linli.territory import events
from linli.territory.actions import comments
from linli.territory.models import Comment

KEPT = dt.timedelta(days=90)  # after the plan began or was withdrawn
BATCH = 200
OVER = (events.PlanBegan.name, events.PlanWithdrawn.name)
log = logging.getLogger(__name__)


@job("territory.erase-comments", every=dt.timedelta(minutes=10))
def erase_comments() -> int:
    """Erase what was written about plans that began or were withdrawn long enough ago."""
    entries = Entry.objects.filter(event__in=OVER, at__lte=timezone.now() - KEPT)
    plans = entries.filter(subject_kind="plan").values("subject")
    due = Comment.objects.filter(plan__in=plans, key__destroyed_at=None).order_by("pk")
    done = 0
    for comment in list(due[:BATCH]):
        try:
            comments.erase_in_time(comment)
            done += 1
        except Exception as error:  # what went wrong may quote what a person wrote
            log.warning("comment %s was not erased: %s", comment.pk, type(error).__name__)
    return done
