"""What is erased by the clock: what was written about plans, and whom to tell."""

import datetime as dt
import logging
from collections.abc import Callable
from typing import TypeVar

from django.db.models import Q, QuerySet
from django.utils import timezone

from linli.kernel.jobs import job
from linli.kernel.models import Entry
from linli.territory import events, rules
from linli.territory.actions import comments, following
from linli.territory.models import Comment, Follower

BATCH = 200
OVER = (events.PlanBegan.name, events.PlanWithdrawn.name)
log = logging.getLogger(__name__)
Row = TypeVar("Row", Comment, Follower)


@job("territory.erase-comments", every=dt.timedelta(minutes=10))
def erase_comments() -> int:
    """Erase what was written about plans that began, were withdrawn or were left long enough ago.

    What was released, with its answer, stays with the plan.
    """
    due = Comment.objects.filter(_over(), key__destroyed_at=None)
    return _each(due, comments.erase_in_time)


@job("territory.erase-followers", every=dt.timedelta(minutes=10))
def erase_followers() -> int:
    """Erase who followed such a plan: there is nothing left to tell."""
    return _each(Follower.objects.filter(_over()), following.stop)


def _over() -> Q:
    entries = Entry.objects.filter(event__in=OVER, at__lte=timezone.now() - rules.KEPT)
    plans = entries.filter(subject_kind="plan").values("subject")
    return Q(plan__in=plans) | Q(plan__comments_until__lt=timezone.localdate() - rules.LATEST)


def _each(due: QuerySet[Row], erase: Callable[[Row], object]) -> int:
    done = 0
    for row in list(due.order_by("pk")[:BATCH]):
        try:
            erase(row)
            done += 1
        except Exception as error:  # what went wrong may quote what a person wrote
            log.warning("%s was not erased: %s", row, type(error).__name__)
    return done
