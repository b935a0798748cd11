"""A sign-in code works once: in every process, and after a restart."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from linli.kernel import secondfactor
from linli.kernel.jobs import JOBS
from linli.kernel.models import UsedCode

pytestmark = pytest.mark.django_db


def test_a_code_works_once_and_a_restart_does_not_bring_it_back():
    assert secondfactor.use_up(1, "123456")
    cache.clear()  # what a restart forgets, and what another process never knew
    assert not secondfactor.use_up(1, "123456")
    assert not secondfactor.use_up(1, " 123 456 ")


def test_another_code_and_another_account_are_another_matter():
    assert secondfactor.use_up(1, "123456")
    assert secondfactor.use_up(1, "654321")
    assert secondfactor.use_up(2, "123456")
    assert secondfactor.use_up(21, "23456")  # not 2 and 123456


def test_what_no_clock_accepts_any_more_is_forgotten():
    secondfactor.use_up(1, "123456")
    UsedCode.objects.update(at=timezone.now() - secondfactor.ONE_USE - timedelta(seconds=1))
    secondfactor.use_up(1, "654321")
    assert UsedCode.objects.count() == 1
    assert secondfactor.use_up(1, "123456")
    UsedCode.objects.update(at=timezone.now() - secondfactor.ONE_USE - timedelta(seconds=1))
    assert JOBS["kernel.forget-used-codes"].work() == 2
    assert not UsedCode.objects.exists()


def test_nothing_in_the_row_says_whose_code_it_was():
    secondfactor.use_up(7, "123456")
    (row,) = UsedCode.objects.values_list()
    assert "123456" not in str(row)
    assert set(row[0]) <= set("0123456789abcdef")
