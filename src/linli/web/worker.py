"""The worker: seals the journal, lets reactions answer, and does periodic jobs.

With PostgreSQL it is a process of its own (`linli worker`). With SQLite it is a thread of the
server: a second process would wait for the database's one writer, and starve.
"""

import logging
import os
import threading
import time

from django.db import close_old_connections, connection

from linli.kernel import reactions, sealer
from linli.kernel.jobs import JOBS

log = logging.getLogger(__name__)
IDLE_SECONDS = 0.5


class Worker:
    """One loop. `stop` is safe from any thread and takes effect between two pieces of work."""

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._due: dict[str, float] = {}

    def stop(self) -> None:
        """Ask the loop to end."""
        self._stop.set()

    def run(self) -> None:
        """Work until told to stop; an error is logged and does not end the loop."""
        while not self._stop.is_set():
            try:
                busy = self.turn()
            except Exception:
                log.exception("the worker met an error and goes on")
                busy = 0
                close_old_connections()
            if not busy:
                self._stop.wait(IDLE_SECONDS)
        connection.close()

    def turn(self) -> int:
        """One round: seal, react, and each job that is due. Returns how much there was to do."""
        done = sealer.seal() + reactions.react()
        now = time.monotonic()
        for job in list(JOBS.values()):
            if self._due.get(job.name, 0.0) <= now and not self._stop.is_set():
                self._due[job.name] = now + job.every.total_seconds()
                done += self._do(job.name)
        return done

    def _do(self, name: str) -> int:
        try:
            return JOBS[name].work()
        except Exception:
            log.exception("job %s failed; it is due again later", name)
            close_old_connections()
            return 0


def start_thread() -> Worker | None:
    """Start the worker in this process if the server asked for it (embedded mode)."""
    if os.environ.get("LINLI_WORKER_THREAD") != "1":
        return None
    worker = Worker()
    threading.Thread(target=worker.run, name="linli-worker", daemon=True).start()
    return worker
