"""What the kernel erases by the clock."""

from datetime import timedelta

from django.contrib.sessions.models import Session
from django.utils import timezone

from linli.kernel.actions import writing
from linli.kernel.jobs import job

BATCH = 1000


@job("kernel.erase-sessions", every=timedelta(minutes=30))
def erase_sessions() -> int:
    """Delete sessions that have run out, a bounded number at a time."""
    old = Session.objects.filter(expire_date__lt=timezone.now()).values_list("pk", flat=True)
    with writing():
        return Session.objects.filter(pk__in=list(old[:BATCH])).delete()[0]
