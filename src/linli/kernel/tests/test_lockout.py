"""Guessing closes a name for a while, whether or not it exists."""

from datetime import timedelta

import pytest
from django.utils import timezone

from linli.kernel import lockout
from linli.kernel.errors import TooMany
from linli.kernel.models import SignInLock

pytestmark = pytest.mark.django_db


def fail(name, times):
    for _ in range(times):
        lockout.failed(name)


def later(minutes):
    SignInLock.objects.update(last=timezone.now() - timedelta(minutes=minutes, seconds=1))


def test_four_failures_are_free_and_the_fifth_closes():
    fail("dolma", 4)
    lockout.check("dolma")
    fail("dolma", 1)
    with pytest.raises(TooMany):
        lockout.check(" DOLMA ")
    lockout.check("tashi")


def test_the_pause_doubles_and_ends_at_a_quarter_of_an_hour():
    minutes = [lockout.pause(n).total_seconds() / 60 for n in range(4, 12)]
    assert minutes == [0, 1, 2, 4, 8, 15, 15, 15]
    assert lockout.pause(1000) == lockout.LONGEST_PAUSE


def test_after_the_pause_one_may_try_again():
    fail("dolma", 6)
    later(1)
    with pytest.raises(TooMany):
        lockout.check("dolma")
    later(2)
    lockout.check("dolma")


def test_success_forgets():
    fail("dolma", 7)
    lockout.succeeded("Dolma")
    lockout.check("dolma")
    assert not SignInLock.objects.exists()


def test_the_table_is_no_list_of_names():
    fail("dolma", 1)
    assert "dolma" not in str(SignInLock.objects.values_list())


def test_a_day_later_it_is_forgotten():
    fail("dolma", 7)
    fail("tashi", 1)
    assert lockout.forget_failures() == 0
    later(24 * 60)
    assert lockout.forget_failures() == 2
