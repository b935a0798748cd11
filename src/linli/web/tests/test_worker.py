"""The worker's loop."""

from datetime import timedelta

import pytest

from linli.kernel import jobs
from linli.kernel.contacts import ContactSeen, Why
from linli.kernel.journal import record
from linli.kernel.models import Pending
from linli.web import worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def no_jobs(monkeypatch):
    monkeypatch.setattr(worker, "JOBS", fresh := {})
    monkeypatch.setattr(jobs, "JOBS", fresh)
    return fresh


def test_a_turn_seals_what_waits(no_jobs):
    record(ContactSeen(contact=1, why=Why.CALL_BACK), by=None)
    assert worker.Worker().turn() >= 1
    assert not Pending.objects.exists()


def test_a_job_is_done_when_due_and_not_before(no_jobs):
    done = []
    jobs.job("test.hourly", every=timedelta(hours=1))(lambda: done.append(1) or 1)
    loop = worker.Worker()
    loop.turn()
    loop.turn()
    assert done == [1]


def test_a_broken_job_does_not_stop_the_others(no_jobs, caplog):
    done = []

    def broken():
        raise ValueError("no")

    jobs.job("test.a", every=timedelta(0))(broken)
    jobs.job("test.b", every=timedelta(0))(lambda: done.append(1) or 1)
    worker.Worker().turn()
    assert done == [1]
    assert "test.a" in caplog.text


def test_stopping_ends_the_loop(no_jobs):
    loop = worker.Worker()
    jobs.job("test.stop", every=timedelta(0))(lambda: loop.stop() or 0)
    loop.run()
