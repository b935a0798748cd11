"""Calculations in processes of their own, beside the worker: started, listened to, ended.

The worker's database connection stays here; a calculation gets arrays and gives frames. One that is
lost is begun again once, from the best it had told; one whose server was lost, by the next server.
"""

import atexit
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import numpy as np
from django.utils import timezone
from numpy.typing import NDArray

from linli.kernel.errors import LinliError
from linli.territory import crunch, figures, reasons
from linli.territory.actions import runs
from linli.territory.labels import unpacked
from linli.territory.models import PlanState, Run, RunState
from linli.territory.preparing import Prepared, prepared

log = logging.getLogger(__name__)
Ints = NDArray[np.int64]
Shown = Callable[[int, int], object]
AT_ONCE = 1  # calculations beside each other; each uses every core
TRIES = 2
LOST = timedelta(seconds=15)  # without a word: nobody calculates this run any more
LOOK = 0.2  # seconds between two looks at a calculation in this process
HEARTBEAT = 5.0  # seconds between two notes, also where nothing is new
PATIENCE = 5.0  # seconds from asking a process to stop to ending it


@dataclass
class _Child:
    """A process that calculates, and the newest of what it said."""

    run: Run
    ready: Prepared
    process: subprocess.Popen[bytes]
    newest: crunch.Frame | None = None
    over: bool = False
    noted: float = 0.0
    asked: float | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def listen(self) -> None:
        """Keep the newest frame, until there are no more; in a thread of its own."""
        output = self.process.stdout
        while output is not None:
            try:
                frame = crunch.receive(output)
            except (EOFError, OSError, ValueError):
                break
            with self.lock:
                self.newest = frame
        self.process.wait()
        with self.lock:
            self.over = True

    def heard(self) -> tuple[crunch.Frame | None, bool]:
        """The newest frame since the last time, and whether the process has ended."""
        with self.lock:
            frame, self.newest = self.newest, None
            return frame, self.over

    def end(self) -> None:
        """Take its input and the process away."""
        self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout):
            if pipe is not None:
                pipe.close()


_children: dict[int, _Child] = {}


def tick() -> int:
    """Listen to calculations and begin those that wait. Returns how many there are."""
    for child in list(_children.values()):
        _attend(child)
    waiting = Run.objects.select_related("plan__area", "plan__gazetteer", "plan__lines")
    for run in waiting.filter(state__in=runs.OPEN).order_by("pk"):
        if len(_children) >= AT_ONCE:
            break
        if run.pk not in _children and _is_ours(run):
            _begin(run)
    return len(_children)


def _is_ours(run: Run) -> bool:
    """It waits, or whoever calculated it is gone."""
    return run.state == RunState.WAITING or (
        run.heard_at is None or timezone.now() - run.heard_at >= LOST
    )


def _begin(run: Run) -> None:
    best = unpacked(run.labels) if run.labels else None
    if run.stop_asked:
        runs.finish(run, state=RunState.STOPPED, labels=best)
    elif int(run.values.get("tries", 0)) >= TRIES:
        runs.finish(run, state=RunState.FAILED, labels=best, error="calculation-lost")
    elif (ready := _ready(run)) is not None:
        run = runs.start(run)
        process = subprocess.Popen(
            [sys.executable, "-m", "linli.territory.crunch"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        child = _children[run.pk] = _Child(run, ready, process)
        body = crunch.written(_problem(run, ready))
        threading.Thread(target=_feed, args=(child, body), daemon=True).start()
        threading.Thread(target=child.listen, daemon=True).start()


def _feed(child: _Child, body: bytes) -> None:
    """Give the process its problem; its input stays open, as a sign that we are here."""
    try:
        if child.process.stdin is not None:
            child.process.stdin.write(body)
            child.process.stdin.flush()
    except OSError:
        log.warning("a calculation ended before it had read its problem")


def _ready(run: Run) -> Prepared | None:
    """The plan for the engine; where it cannot be calculated, the run fails with the reason."""
    try:
        if run.plan.state != PlanState.DRAFT:
            runs.finish(run, state=RunState.FAILED, labels=None, error="plan-not-draft")
            return None
        return prepared(run.plan)
    except LinliError as error:
        runs.finish(run, state=RunState.FAILED, labels=None, error=error.code, values=error.fields)
        return None


def _problem(run: Run, ready: Prepared) -> crunch.Problem:
    """What the engine is asked; a run that was begun before goes on from the best it had told."""
    begin = None if run.fresh else ready.begin
    if run.labels:
        begin = ready.as_parts(unpacked(run.labels))
    steps = None if run.steps is None else int(run.steps)
    return crunch.Problem(
        ready.here.km, ready.here.workload, ready.line, ready.parts, ready.bounds,
        ready.weights.for_engine(), begin,
        ready.before if (ready.before >= 0).any() else None, run.seed, steps,
    )  # fmt: skip


def _attend(child: _Child) -> None:
    """Note what one process said, ask it to stop where it should, see to its end."""
    run = Run.objects.select_related("plan").filter(pk=child.run.pk).first()
    frame, over = child.heard()
    if run is None or run.state not in runs.OPEN:
        _drop(child)
    elif frame is not None and frame.ended:
        _drop(child)
        _end(run, child.ready, frame)
    elif over:
        _drop(child)
        _after_loss(run)
    else:
        _note(run, child, frame)
        if run.stop_asked or run.plan.state != PlanState.DRAFT:
            _ask_to_stop(run, child)


def _drop(child: _Child) -> None:
    _children.pop(child.run.pk, None)
    child.end()


def _note(run: Run, child: _Child, frame: crunch.Frame | None) -> None:
    now = time.monotonic()
    if frame is None:
        if now - child.noted >= HEARTBEAT:
            _beat(run)
            child.noted = now
        return
    child.noted = now
    _write(run, child.ready, frame)


def _beat(run: Run) -> None:
    """Note that somebody is at it, where there is nothing new."""
    runs.note(run, done=run.done, all=run.all, labels=None, worst=None, distance=None)


def _write(run: Run, ready: Prepared, frame: crunch.Frame) -> Ints | None:
    """Note a frame; returns its labels as numbers of grids."""
    if frame.labels is None:
        return None
    labels = ready.numbered(frame.labels)
    worst, distance = standing(ready, frame.labels)
    runs.note(
        run, done=frame.done, all=frame.all, labels=labels, worst=worst, distance=distance
    )  # fmt: skip
    return labels


def standing(ready: Prepared, parts: Ints) -> tuple[float, float]:
    """The heaviest load over the mean of its line, and the mean way of a household, kilometres."""
    found = figures.of(
        ready.here.km, ready.here.workload, ready.here.households, parts, ready.line,
        parts=len(ready.numbers),
    )  # fmt: skip
    mean = float((found.distance * found.households).sum() / found.households.sum())
    return float(found.over.max()), mean


def _ask_to_stop(run: Run, child: _Child) -> None:
    """Ask once; whoever does not listen is ended, and the best that was told stays."""
    now = time.monotonic()
    if child.asked is None:
        child.asked = now
        try:
            if child.process.stdin is not None:
                child.process.stdin.write(crunch.STOP)
                child.process.stdin.flush()
        except OSError:
            log.warning("a calculation ended before it was asked to stop")
    elif now - child.asked >= PATIENCE:
        _drop(child)
        run.refresh_from_db()
        best = unpacked(run.labels) if run.labels else None
        runs.finish(run, state=RunState.STOPPED, labels=best)


def _after_loss(run: Run) -> None:
    """A process ended without a result: once more from its best, then it has failed."""
    log.warning("calculation %s was lost", run.pk)
    run.refresh_from_db()
    _begin(run)


def _end(run: Run, ready: Prepared, frame: crunch.Frame) -> Run:
    values: dict[str, Any]
    if frame.error or frame.labels is None:
        error, values = "not-calculable", {"engine": frame.error}
        if frame.points:
            error = "bindings-contradict"
            values |= reasons.contradiction(ready, list(frame.points))
        return runs.finish(run, state=RunState.FAILED, labels=None, error=error, values=values)
    labels = _write(run, ready, frame)
    run.refresh_from_db()
    state = RunState.STOPPED if run.stop_asked else RunState.DONE
    values = {
        "links": frame.links,
        "missed": list(ready.missed),
        "heaviest_line": ready.spread.heaviest,
        "lightest_line": ready.spread.lightest,
    }
    return runs.finish(run, state=state, labels=labels, values=values)


def direct(run: Run, progress: Shown | None = None) -> Run:
    """Calculate a run here and now, as the command line does; returns it as it ended.

    The run was asked for with `here`. Meanwhile it tells the best so far, as one beside the worker
    does. An interrupt, or whoever asks it to stop, ends it with the best so far.
    """
    run = runs.start(run)
    ready = _ready(run)
    if ready is None:
        run.refresh_from_db()
        return run
    here = _Here(run, ready, progress)
    # In a thread of its own: this one hears the interrupt, and has the database's connection.
    with ThreadPoolExecutor(1) as pool:
        calculated = pool.submit(crunch.solved, _problem(run, ready), here.told)
        try:
            here.attend(calculated)
        finally:
            here.going = False  # whatever went wrong while it was shown, it does not go on
    frame = calculated.result()
    run.refresh_from_db()
    ended = _end(run, ready, frame)
    if progress is not None:
        progress(frame.done, frame.all)
    return ended


@dataclass
class _Here:
    """A calculation in this process, and the newest of what it said."""

    run: Run
    ready: Prepared
    progress: Shown | None
    newest: crunch.Frame | None = None
    going: bool = True
    noted: float | None = None

    def told(self, done: int, all_: int, labels: Ints) -> bool:
        """Keep the newest; returns whether it goes on. From threads of the calculation."""
        self.newest = crunch.Frame(done, all_, labels=labels)
        return self.going

    def attend(self, calculated: "Future[crunch.Frame]") -> None:
        """Look at it until it has ended; an interrupt asks it to stop."""
        while not calculated.done():
            try:
                wait([calculated], timeout=LOOK)
                self.look()
            except KeyboardInterrupt:
                runs.ask_to_stop(self.run, by=None)
                self.going = False

    def look(self) -> None:
        """Show how far it is, note it from time to time, and hear whether it is to stop."""
        newest, now = self.newest, time.monotonic()
        if newest is not None and self.progress is not None:
            self.progress(newest.done, newest.all)
        if self.noted is not None and now - self.noted < HEARTBEAT:
            return
        self.noted = now
        if newest is None or _write(self.run, self.ready, newest) is None:
            _beat(self.run)
        open_ = Run.objects.filter(pk=self.run.pk, state=RunState.RUNNING, stop_asked=False)
        self.going = self.going and open_.exists()


@atexit.register
def end_all() -> None:
    """End every process that was begun here."""
    for child in list(_children.values()):
        _drop(child)
