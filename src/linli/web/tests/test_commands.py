"""Commands where they cannot do what they should: said in a sentence, with exit code 1."""

import fcntl
import os
import signal
import socket

import pytest
from click.testing import CliRunner
from django.db import OperationalError

from linli.cases.catalogue import queries
from linli.kernel.errors import Unavailable
from linli.web import commands, server
from linli.web.cli import main


@pytest.fixture(autouse=True)
def never_started(monkeypatch, settings, tmp_path):
    settings.VAR = tmp_path
    monkeypatch.setattr(server, "Granian", lambda *a, **k: pytest.fail("it was started"))
    monkeypatch.setattr(server, "embedded", lambda: True)


def serve(*arguments):
    return CliRunner().invoke(commands.serve, [str(a) for a in arguments])


def test_the_process_that_serves_is_ended_by_the_one_that_started_it(monkeypatch):
    before = signal.signal(signal.SIGTERM, lambda *_: None)
    masked = signal.pthread_sigmask(signal.SIG_BLOCK, ())
    monkeypatch.setenv("LINLI_WORKER_THREAD", "0")
    try:
        assert callable(server.loaded())
        assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL
        assert signal.SIGINT in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, masked)
        signal.signal(signal.SIGTERM, before)


def test_one_sqlite_database_has_one_server(settings):
    handle = os.open(settings.VAR / "serving", os.O_WRONLY | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    found = serve("--port", port)
    os.close(handle)
    assert (found.exit_code, "already" in found.output) == (1, True)


def test_a_port_that_is_taken_is_said():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        found = serve("--port", other.getsockname()[1])
    assert (found.exit_code, "Cannot listen" in found.output) == (1, True)


def test_a_port_that_is_none_is_refused():
    assert serve("--port", 99999).exit_code == 2


@pytest.mark.django_db
def test_the_code_of_nobody_is_said_in_a_sentence(settings):
    settings.DEMO = True
    found = CliRunner().invoke(commands.code, ["nobody"])
    assert (found.exit_code, "nobody" in found.output) == (1, True)


@pytest.mark.parametrize(
    ("error", "said"),
    [(OperationalError("no such table"), "linli migrate"), (Unavailable("no-areas"), "no-areas")],
)
def test_every_command_says_what_is_wrong_in_a_sentence(monkeypatch, error, said):
    def fail():
        raise error

    monkeypatch.setattr(queries, "duties", fail)
    found = CliRunner().invoke(main, ["services", "check"])
    assert (found.exit_code, said in found.output) == (1, True)
    assert "Traceback" not in found.output
