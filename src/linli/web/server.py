"""The server: one process with 64 threads.

Measured: two processes contend for SQLite's one writer, four threads are blocked by six slow
uploads, and the asynchronous variant was slower. See docs/decisions/0004-one-process.md.
"""

import fcntl
import logging
import os
import signal
import socket
from typing import Any

from django.conf import settings
from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 64
PATIENCE = 15  # seconds in which requests may end when the server is stopped


def embedded() -> bool:
    """Is the database in this process, so that the worker must be too?"""
    return connection.vendor == "sqlite"


class Running(RuntimeError):
    """Another server has this database."""


class Taken(RuntimeError):
    """Something else listens at this address."""


def free(host: str, port: int) -> None:
    """Make sure that nothing listens there: the server itself would share the port, or panic."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(*found[:3]) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(found[4])
    except OSError as error:
        raise Taken(error.strerror) from None


def alone() -> None:
    """Make sure that no other server has this SQLite database, for as long as this process lives.

    A second one would listen on the same port unseen, and starve at the database's one writer.
    """
    handle = os.open(settings.VAR / "serving", os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise Running from None
    os.set_inheritable(handle, True)  # the process that serves is a child of this one


def loaded() -> Any:
    """The application, in the process that serves.

    A Ctrl-C reaches both processes; this one hears it and ends that one by SIGTERM. Both signals
    at once made it wait for ever. And until it listens itself, the handlers that it copied from
    this one would swallow the SIGTERM.
    """
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from linli.web.wsgi import application

    return application


def _unsaid(record: logging.LogRecord) -> bool:
    """All but the advice to have fewer threads: docs/decisions/0004-one-process.md says why 64."""
    return "Python threads" not in record.getMessage()


def serve(host: str, port: int) -> None:
    """Serve until interrupted. With SQLite the worker runs as a thread of the server."""
    free(host, port)
    if embedded():
        alone()
    os.environ["LINLI_WORKER_THREAD"] = "1" if embedded() else "0"
    os.environ.setdefault("LINLI_VAR", str(settings.VAR))
    connection.close()
    logging.getLogger("_granian").addFilter(_unsaid)
    Granian(
        "linli.web.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=THREADS,
        backpressure=1024,
        log_level=LogLevels.warning,
        websockets=False,
        respawn_failed_workers=True,
        workers_kill_timeout=PATIENCE,
    ).serve(target_loader=loaded, wrap_loader=False)
