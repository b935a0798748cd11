"""Ctrl-C while the demonstration is made: both processes end, and the next run starts over."""

import os
import signal
import sqlite3
import subprocess
import sys

import click
import pytest

from linli.kernel.models import Account
from linli.web.demo import half

PATIENCE = 300  # seconds until a process that hangs is given up


@pytest.fixture
def place(settings, tmp_path):
    settings.VAR = tmp_path
    return tmp_path


def demo(place, cases):
    command = (sys.executable, "-m", "linli", "demo", "--no-serve", "--scale", "0.02")
    return subprocess.Popen(
        (*command, "--cases", str(cases)),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
        # Where the tests run behind a shell that ignores Ctrl-C, the demonstration would too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        env={
            **os.environ,
            "LINLI_VAR": str(place),
            "LINLI_DATABASE": f"sqlite:///{place}/linli.sqlite3",
        },
    )


@pytest.mark.slow
@pytest.mark.parametrize("to", [os.killpg, os.kill], ids=["everybody", "parent"])
def test_a_stopped_run_ends_whole_and_the_next_one_starts_over(place, to) -> None:
    run, said = demo(place, 100_000), ""
    while "A year of" not in said:
        said += run.stdout.read(1) or pytest.fail(said)
    to(run.pid, signal.SIGINT)
    said += run.communicate(timeout=PATIENCE)[0]
    assert (run.returncode, "starts over" in said, "Traceback" in said) == (1, True, False)
    with pytest.raises(ProcessLookupError):
        os.killpg(run.pid, 0)  # nobody of them is left
    with pytest.raises(click.ClickException):
        half.refuse()
    again = demo(place, 40)
    said = again.communicate(timeout=PATIENCE)[0]
    assert again.returncode == 0, said
    half.refuse()
    file = sqlite3.connect(place / "linli.sqlite3")
    assert 40 < file.execute("SELECT count(*) FROM cases_case").fetchone()[0] < 60
    file.close()


@pytest.mark.django_db
def test_what_was_there_before_is_not_removed(place) -> None:
    Account.objects.create(username="somebody")
    with pytest.raises(ZeroDivisionError), half.loading():
        raise ZeroDivisionError
    (place / "files").mkdir()
    with pytest.raises(click.ClickException):
        half.start_over()
    assert (place / "files").exists()


@pytest.mark.django_db
def test_two_do_not_load_at_once(place) -> None:
    with half.loading():
        for meanwhile in (half.start_over, half.loading().__enter__, half.refuse):
            with pytest.raises(click.ClickException):
                meanwhile()
    half.start_over()
    half.refuse()
