"""The server: one process with 64 threads.

Measured: two processes contend for SQLite's one writer, four threads are blocked by six slow
uploads, and the asynchronous variant was slower. See docs/decisions/0004-one-process.md.
"""

import os

from django.conf import settings
from django.db import connection
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 64


def embedded() -> bool:
    """Is the database in this process, so that the worker must be too?"""
    return connection.vendor == "sqlite"


def serve(host: str, port: int) -> None:
    """Serve until interrupted. With SQLite the worker runs as a thread of the server."""
    os.environ["LINLI_WORKER_THREAD"] = "1" if embedded() else "0"
    os.environ.setdefault("LINLI_VAR", str(settings.VAR))
    connection.close()
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
    ).serve()
