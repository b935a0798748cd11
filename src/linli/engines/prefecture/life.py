"""What becomes of each case: read, handed over, paused, answered, confirmed or contested.

All times are seconds since 1970 in UTC, and 0 where something never happens. Work goes on in
office hours, so each step is a stretch of working time after the one before.
"""

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from linli.engines.worktime import Calendar

from .terrain import Floats, Ints

Flags = NDArray[np.bool_]
SILENCE = 14 * 86400

CONFIRMED, CONTESTED, SILENT = 1, 2, 3
PAUSE_REASONS, DECLINE_REASONS, REFUSALS = 6, 7, 4


@dataclass
class Lives:
    """One column for each thing that can happen, a row for each case."""

    triaged: Ints
    published: Flags
    noted: Ints
    told: Ints
    offered: Ints
    offer_answered: Ints
    offer_accepted: Flags
    offer_refusal: Ints
    paused: Ints
    resumed: Ints
    pause_reason: Ints
    declined: Ints
    decline_reason: Ints
    resolved: Ints
    answer: Ints
    answered: Ints
    reworked: Ints
    second_answer: Ints
    second_answered: Ints
    satisfaction: Ints
    theirs: Flags
    by_staff: Flags
    supported: Ints
    support_done: Ints
    corrected: Ints
    accusing: Flags
    photos: Ints
    looked_at: Flags
    shown: Flags
    agreed: Ints

    def pick(self, which: Ints | Flags) -> Self:
        """The lives of some of the cases."""
        return type(self)(*(getattr(self, field.name)[which] for field in fields(self)))


@dataclass(frozen=True)
class Work:
    """How long a service's work is meant to take, in working seconds, and whether it is public."""

    seconds: Ints
    public: Flags
    slowness: Floats


def live(received: Ints, work: Work, office: Calendar, now: int, rng: np.random.Generator) -> Lives:
    """The lives of cases received at these moments, as far as they have come by `now`."""
    count = len(received)
    none = np.zeros(count, dtype=np.int64)
    draw = rng.random((12, count))
    triaged = _after(office, received, rng.gamma(1.5, 2400, count))
    effort: Floats = np.minimum(rng.lognormal(-0.62, 0.62, count) * work.slowness, 6) * work.seconds
    steps = [triaged]
    for share in (0.12, 0.1, 0.12, 0.18, 0.2, 0.28):
        steps.append(_after(office, steps[-1], effort * share))
    noted, told, offered, paused = (
        np.where(draw[i] < p, steps[at], 0)
        for i, (p, at) in enumerate(((0.16, 1), (0.3, 4), (0.06, 1), (0.07, 3)))
    )
    offered = np.where(work.public & (noted == 0), offered, 0)
    answered_offer = np.where(offered > 0, steps[2], 0)
    resumed = _resumed(paused, office, rng)
    moved = np.where(paused > 0, resumed - paused, 0)
    told = np.where((told > 0) & (paused > 0), told + moved, told)
    end = steps[-1] + moved
    declines = draw[4] < 0.045
    declined, resolved = np.where(declines, end, 0), np.where(declines, 0, end)
    helped = work.public & (offered == 0) & (rng.random(count) < 0.04)
    lives = Lives(
        triaged, work.public & (draw[5] < 0.93), noted, told, offered, answered_offer,
        draw[6] < 0.72, rng.integers(0, REFUSALS, count), paused, resumed,
        rng.integers(0, PAUSE_REASONS, count), declined, rng.integers(0, DECLINE_REASONS, count),
        resolved, none.copy(), none.copy(), none.copy(), none.copy(), none.copy(),
        satisfaction=rng.choice(np.arange(6), count, p=(0.35, 0.03, 0.05, 0.12, 0.22, 0.23)),
        theirs=rng.random(count) < 0.93,
        by_staff=rng.random(count) < 0.14,
        supported=np.where(helped, steps[2], 0),
        support_done=np.where(helped & (rng.random(count) < 0.9), steps[5] + moved, 0),
        agreed=np.where(rng.random(count) < 0.62, steps[1], 0),
        accusing=rng.random(count) < 0.006,
        photos=np.where(work.public, rng.choice(4, count, p=(0.96, 0.025, 0.01, 0.005)), 0),
        looked_at=rng.random(count) < 0.85,
        shown=work.public & (rng.random(count) < 0.03),
        corrected=np.where(rng.random(count) < 0.03, triaged + 120, 0),
    )  # fmt: skip
    _close(lives, effort, office, draw[7:9], rng)
    _until(lives, now)
    return lives


def _resumed(paused: Ints, office: Calendar, rng: np.random.Generator) -> Ints:
    """When each pause ends: some days later, in office hours."""
    still = rng.gamma(1.6, 2.2 * 86400, len(paused)).astype(np.int64)
    again = np.where(paused > 0, paused + still, 0)
    return np.where(paused > 0, _after(office, again, np.zeros(len(paused))), 0)


def _after(office: Calendar, start: Ints, seconds: Floats) -> Ints:
    """So many working seconds after each moment; at least one, so that it falls in office hours."""
    hours = np.maximum(np.rint(seconds), 1) / 3600
    return office.due_many(start.astype("datetime64[s]"), hours=hours).astype(np.int64)


def _close(
    lives: Lives, effort: Floats, office: Calendar, draw: Floats, rng: np.random.Generator
) -> None:
    """What reporters say: most confirm or stay silent; some contest, and it is done again."""
    count = len(effort)
    done = lives.resolved > 0
    lives.answer[:] = np.where(
        draw[0] < 0.5, CONFIRMED, np.where(draw[0] < 0.57, CONTESTED, SILENT)
    )
    waited = rng.gamma(1.3, 1.6 * 86400, count).astype(np.int64) + 600
    waited = np.minimum(waited, SILENCE - 3600)
    said = lives.resolved + np.where(lives.answer == SILENT, SILENCE, waited)
    lives.answered[:] = np.where(done, said, 0)
    lives.answer[~done] = 0
    again = lives.answer == CONTESTED
    redone = _after(office, lives.answered + 1, effort * rng.uniform(0.3, 1.0, count))
    lives.reworked[:] = np.where(again, redone, 0)
    second = np.where(draw[1] < 0.6, CONFIRMED, SILENT)
    lives.second_answer[:] = np.where(again, second, 0)
    later = lives.reworked + np.where(second == SILENT, SILENCE, waited)
    lives.second_answered[:] = np.where(again, later, 0)


def _until(lives: Lives, now: int) -> None:
    """Forget what lies after `now`."""
    for name in (
        "triaged",
        "noted",
        "told",
        "offered",
        "offer_answered",
        "paused",
        "resumed",
        "declined",
        "resolved",
        "answered",
        "reworked",
        "second_answered",
        "supported",
        "support_done",
        "corrected",
        "agreed",
    ):
        column = getattr(lives, name)
        column[column > now] = 0
    lives.answer[lives.answered == 0] = 0
    lives.second_answer[lives.second_answered == 0] = 0
    lives.published[lives.triaged == 0] = False
