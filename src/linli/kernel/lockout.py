"""Guessing is not a way in: every failure after the fourth closes a sign-in name for a while.

A minute, then two, four, eight, and never more than a quarter of an hour, so that nobody can keep a
colleague out for a day. Names that do not exist are closed in the same way: the answer tells
nothing.
"""

import hmac
from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from linli.kernel.actions import writing
from linli.kernel.errors import TooMany
from linli.kernel.jobs import job
from linli.kernel.models import SignInLock

FREE_TRIES = 5
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(minutes=15)
FORGET_AFTER = timedelta(days=1)


def check(username: str) -> None:
    """TooMany while this name is closed, whatever the password."""
    row = SignInLock.objects.filter(pk=_digest(username)).first()
    if row and timezone.now() < row.last + pause(row.failures):
        raise TooMany("sign-in-closed")


def failed(username: str) -> None:
    """Count a wrong password, code or passkey."""
    with writing():
        row, _new = SignInLock.objects.select_for_update().get_or_create(
            pk=_digest(username), defaults={"last": timezone.now()}
        )
        row.failures = min(row.failures + 1, 1000)
        row.last = timezone.now()
        row.save()


def succeeded(username: str) -> None:
    """Forget the failures once everything was right."""
    if SignInLock.objects.filter(pk=_digest(username)).exists():
        with writing():
            SignInLock.objects.filter(pk=_digest(username)).delete()


def pause(failures: int) -> timedelta:
    """How long a name stays closed after so many failures in a row."""
    over = failures - FREE_TRIES
    return min(FIRST_PAUSE * 2 ** min(over, 10), LONGEST_PAUSE) if over >= 0 else timedelta(0)


@job("kernel.forget-failures", every=timedelta(hours=1))
def forget_failures() -> int:
    """Delete what was counted more than a day ago."""
    with writing():
        old = SignInLock.objects.filter(last__lt=timezone.now() - FORGET_AFTER)
        return old.delete()[0]


def _digest(username: str) -> str:
    name = username.strip().lower().encode()
    return hmac.digest(settings.SECRET_KEY.encode(), b"sign-in:" + name, "sha256").hex()
