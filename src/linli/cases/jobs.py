"""What the worker does for cases by the clock. Each run does a bounded piece of work."""

import logging
from collections.abc import Callable, Iterable
from datetime import timedelta
from itertools import islice

from django.utils import timezone

from linli.cases import actions, photos, rulebook
from linli.cases.forms import held  # noqa: F401  (registers its own job)
from linli.cases.models import Case, Photo, State
from linli.kernel.errors import Conflict
from linli.kernel.jobs import job

log = logging.getLogger(__name__)
BATCH = 200


@job("cases.close-unanswered", every=timedelta(minutes=10))
def close_unanswered() -> int:
    """Close what was resolved and got no answer for too long."""
    since = timezone.now() - rulebook.times().silence
    rows = Case.objects.filter(state=State.RESOLVED, resolved_at__lte=since)
    return _each(rows.order_by("resolved_at")[:BATCH], actions.close_unanswered)


@job("cases.resume", every=timedelta(minutes=10))
def resume() -> int:
    """Let cases go on whose pause has lasted as long as the reporter was told."""
    rows = Case.objects.filter(
        state=State.PAUSED, pauses__until=None, pauses__expected_until__lte=timezone.now()
    )
    return _each(rows.order_by("pk")[:BATCH], actions.resume_in_time)


@job("cases.climb", every=timedelta(minutes=5))
def climb() -> int:
    """Let unanswered work climb."""
    rows = Case.objects.filter(next_climb_at__lte=timezone.now())
    return _each(rows.order_by("next_climb_at")[:BATCH], actions.climb)


@job("cases.erase", every=timedelta(minutes=10))
def erase() -> int:
    """Erase what has reached the end of its time."""
    rows = Case.objects.filter(next_erasure_at__lte=timezone.now())
    return _each(rows.order_by("next_erasure_at")[:BATCH], actions.erase_parts)


@job("cases.sweep-photos", every=timedelta(days=1))
def sweep_photos() -> int:
    """Delete photo files that no case knows: their case was rolled back after they were written.

    Only files older than a day, which no running transaction can still be about to name.
    """
    written, gone = photos.addresses(before=timezone.now() - timedelta(days=1)), 0
    while batch := set(islice(written, BATCH)):
        known = Photo.objects.filter(address__in=batch).values_list("address", flat=True)
        for address in batch.difference(known):
            photos.erase(address)
            gone += 1
    return gone


def _each(cases: Iterable[Case], act: Callable[[Case], object]) -> int:
    """Act on each case in a transaction of its own; one that fails does not hold up the rest."""
    done = 0
    for case in list(cases):
        try:
            act(case)
            done += 1
        except Conflict:
            pass  # somebody acted in between; it is no longer due
        except Exception as error:
            # What went wrong may quote what a person wrote; only the kind of error is kept.
            log.warning("a job could not act on case %s: %s", case.pk, type(error).__name__)
    return done
