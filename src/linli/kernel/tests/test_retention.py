"""What the kernel erases by the clock."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.utils import timezone

from linli.kernel import retention
from linli.kernel.jobs import JOBS

pytestmark = pytest.mark.django_db


def session(key, hours):
    Session.objects.create(
        session_key=key, session_data="", expire_date=timezone.now() + timedelta(hours=hours)
    )


def test_sessions_that_ran_out_are_erased(monkeypatch):
    monkeypatch.setattr(retention, "BATCH", 2)
    for n in range(3):
        session(f"old{n}", -1)
    session("new", 1)
    assert [retention.erase_sessions() for _ in range(3)] == [2, 1, 0]
    assert Session.objects.get().session_key == "new"


def test_the_worker_knows_the_kernel_s_jobs():
    assert {"kernel.erase-sessions", "kernel.forget-failures"} <= set(JOBS)
