"""Periodic jobs: what the worker does by the clock and not in answer to an event.

    @job("cases.close-silent", every=timedelta(minutes=10))
    def close_silent_cases() -> int: ...

A job is idempotent, does a bounded piece of work, and returns how many things it did.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

log = logging.getLogger(__name__)
Work = Callable[[], int]


@dataclass(frozen=True)
class Job:
    """A named piece of work and how often it is due."""

    name: str
    every: timedelta
    work: Work


JOBS: dict[str, Job] = {}


def job(name: str, *, every: timedelta) -> Callable[[Work], Work]:
    """Register the decorated function as the job `name`."""

    def register(work: Work) -> Work:
        JOBS[name] = Job(name, every, work)
        return work

    return register
