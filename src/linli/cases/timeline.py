"""What has happened to a case, as its reporter reads it. Nothing here writes.

Every word in it was written for the reporter, or by them; internal notes come apart, and only once
the case is closed.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.cases.models import (
    Addition,
    Answer,
    Case,
    Climb,
    DeclineReason,
    Pause,
    PauseReason,
    Routing,
    Update,
    Why,
)
from linli.cases.models.words import ADDED_WORDS, ANSWER_WORDS, UPDATE_WORDS
from linli.kernel import vault
from linli.kernel.errors import Missing
from linli.organisations.models import Post


@dataclass(frozen=True)
class Step:
    """One thing that happened; `post` is who did it, `words` what they wrote."""

    at: dt.datetime
    title: str
    post: Post | None = None
    words: str = ""
    tone: str = "neutral"


@dataclass(frozen=True)
class Said:
    """Words and when they were written."""

    at: dt.datetime
    words: str = field(repr=False)


def opened(case: Case, locked: bytes | memoryview | None, label: str) -> str:
    """Words of a case; empty when there are none or they are erased."""
    if locked is None:
        return ""
    try:
        return vault.unlock(case.key, bytes(locked), label=label)
    except Missing:
        return ""


def steps(case: Case) -> list[Step]:
    """Everything that happened, newest first."""
    found = [Step(case.received_at, _("Received"))]
    found += _routings(case)
    found += _updates(case)
    found += _pauses(case)
    found += _climbs(case)
    found += _answers(case)
    found += _additions(case)
    if case.closed_at is not None:
        found.append(Step(case.closed_at, case.get_closing_display() or _("Closed")))
    return sorted(found, key=lambda step: step.at)[::-1]


def _routings(case: Case) -> Iterator[Step]:
    for row in Routing.objects.filter(case=case).select_related("post__organisation"):
        title = {
            Why.CONTESTED: _("Another post checks it now:"),
            Why.HANDED_OVER: _("Taken over by"),
            Why.BY_HAND: _("Given by the service centre to"),
            Why.SERVICE_CHANGED: _("The kind was corrected; it is now with"),
            Why.REDRAWN: _("Boundaries changed; it is now with"),
        }.get(Why(row.why), _("With"))
        yield Step(row.at, title, row.post)


def _updates(case: Case) -> Iterator[Step]:
    rows = Update.objects.filter(case=case).select_related("post__organisation")
    for row in rows.exclude(kind=Update.Kind.PAUSED):
        title, tone = {
            Update.Kind.PROGRESS: (_("News from"), "info"),
            Update.Kind.QUESTION: (_("A question to you from"), "warning"),
            Update.Kind.RESOLVED: (_("Answered by"), "success"),
            Update.Kind.DECLINED: (_("Declined by"), "error"),
        }[Update.Kind(row.kind)]
        words = opened(case, row.words_locked, UPDATE_WORDS)
        if row.reason and row.kind == Update.Kind.DECLINED:
            words = f"{DeclineReason(row.reason).label}\n{words}".strip()
        yield Step(row.at, title, row.post, words, tone)


def _pauses(case: Case) -> Iterator[Step]:
    for row in Pause.objects.filter(case=case):
        reason = str(PauseReason(row.reason).label)
        yield Step(row.since, _("Paused"), None, reason, "warning")
        if row.until is not None:
            yield Step(row.until, _("It goes on"))


def _climbs(case: Case) -> Iterator[Step]:
    for row in Climb.objects.filter(case=case).select_related("post__organisation"):
        title = _("Not answered in time: number, service and age were shown to the next level,")
        yield Step(row.at, title, row.post, "", "warning")


def _answers(case: Case) -> Iterator[Step]:
    for row in Answer.objects.filter(case=case, source=case):
        confirmed = row.kind == Answer.Kind.CONFIRMED
        title = _("You said: solved") if confirmed else _("You said: not solved")
        if row.entered_by_staff:
            title = f"{title} ({_('entered by the service centre on your word')})"
        words = opened(case, row.words_locked, ANSWER_WORDS)
        yield Step(row.at, title, None, words, "success" if confirmed else "error")


def _additions(case: Case) -> Iterator[Step]:
    for row in Addition.objects.filter(case=case):
        words = opened(case, row.words_locked, ADDED_WORDS)
        if row.photos:
            more = ngettext("%(n)d photo", "%(n)d photos", row.photos) % {"n": row.photos}
            words = f"{words}\n({more})".strip()
        yield Step(row.at, _("You added"), None, words)
