"""Work done aside: a second process makes what this one only has to write."""

import gc
import marshal
import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from queue import Queue
from typing import Any

from django.db import connections

AHEAD = 6  # pieces that may wait


class Stopped(RuntimeError):
    """The other process ended before it was done; why is on the terminal."""


@contextmanager
def made_aside(make: Callable[[], Iterable[Any]]) -> Iterator[Iterator[Any]]:
    """What `make` yields (plain tuples, lists, dicts, numbers, texts, bytes), made by a second
    process. It starts as a copy of this one and may not ask the database."""
    connections.close_all()
    gc.freeze()  # what is there already is not looked through again and again, by either of them
    context = multiprocessing.get_context("fork")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(make, there), daemon=True)
    _started(process)
    there.close()
    try:
        yield _received(here)
        process.join()
    finally:
        process.kill()
        here.close()
        gc.unfreeze()


def _started(process: BaseProcess) -> None:
    """Start it deaf to Ctrl-C from its first moment: whoever started it ends it."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        process.start()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def packed(piece: Any) -> bytes:
    """A piece as bytes; ValueError for anything but plain values."""
    return marshal.dumps(piece, 2)


def unpacked(piece: bytes) -> Any:
    """What `packed` packed, a moment ago and by ourselves."""
    return marshal.loads(piece)  # noqa: S302


def _work(make: Callable[[], Iterable[Any]], to: Connection) -> None:
    try:
        for piece in make():
            to.send_bytes(packed(piece))
        to.send_bytes(b"")
    except BrokenPipeError:
        pass  # nobody listens any more


def _received(pipe: Connection) -> Iterator[Any]:
    """Reads ahead in a thread: a pipe holds too little for both to work at the same time."""
    waiting: Queue[bytes | None] = Queue(AHEAD)

    def read() -> None:
        try:
            while piece := pipe.recv_bytes():
                waiting.put(piece)
            waiting.put(b"")
        except (EOFError, OSError):
            waiting.put(None)

    threading.Thread(target=read, daemon=True).start()
    while piece := waiting.get():
        yield unpacked(piece)
    if piece is None:
        raise Stopped("the process that tells the cases ended early")
