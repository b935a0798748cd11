"""From cases to tallies: what is counted, in one place. The area page prints these definitions."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from linli.cases.models import RUNNING, Case, Closing, DeclineReason, Promise, State, Update
from linli.opendata.months import first_day
from linli.opendata.public import HIDDEN, prefixes

RULE = "figures-1"  # changes with any definition below


@dataclass
class Count:
    """The figures of one area and month. All are about public, triaged cases, each once.

    answered       an answer was given and stands: the reporter did not say "not solved"
    on_time        of these, by the deadline promised at receipt; a contest never stopped that clock
    reopened       answered once, and being worked on again because it was not solved
    declined_late  declined after that deadline; counts as late, so declining mends no figure
    outside_remit  declined as outside the remit: counted apart, held against nobody
    reworked       the reporter said "not solved", at least once
    closed         confirmed, or closed unanswered
    days           whole days from receipt to the answer that stands
    """

    received: int = 0
    answered: int = 0
    on_time: int = 0
    reopened: int = 0
    declined_late: int = 0
    outside_remit: int = 0
    reworked: int = 0
    closed: int = 0
    confirmed: int = 0
    unanswered: int = 0
    days: Counter[int] = field(default_factory=Counter)

    def add(self, line: "Line") -> None:
        """Count one case."""
        self.received += 1
        if line.met_at is not None:
            self.answered += 1
            self.on_time += line.met_at <= line.due_at
            self.days[max(0, (line.met_at - line.received_at).days)] += 1
        self.reworked += line.reworks > 0
        self.reopened += line.reworks > 0 and line.state in RUNNING
        if line.state == State.DECLINED:
            self.declined_late += line.closed_at is not None and line.closed_at > line.due_at
            self.outside_remit += line.outside_remit
        self.confirmed += line.closing == Closing.CONFIRMED
        self.unanswered += line.closing == Closing.UNANSWERED
        self.closed += line.closing in (Closing.CONFIRMED, Closing.UNANSWERED)

    def plus(self, other: "Count") -> None:
        """Add other cases."""
        for name in NUMBERS:
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.days.update(other.days)

    def change(self, old: "Count", new: "Count") -> None:
        """Take `old` out and put `new` in; nothing falls below zero."""
        for name in NUMBERS:
            moved = getattr(self, name) - getattr(old, name) + getattr(new, name)
            setattr(self, name, max(0, moved))
        self.days.update(new.days)
        self.days.subtract(old.days)
        self.days = +self.days


@dataclass(frozen=True)
class Line:
    """What counting needs to know about one case."""

    area: int
    state: str
    closing: str
    reworks: int
    received_at: dt.datetime
    due_at: dt.datetime
    closed_at: dt.datetime | None
    met_at: dt.datetime | None
    outside_remit: bool


def counted(cases: QuerySet[Case]) -> dict[tuple[int, dt.date], Count]:
    """Counts by area row and month of receipt, of those of `cases` that are public and triaged."""
    found: dict[tuple[int, dt.date], Count] = defaultdict(Count)
    for line in _lines(cases):
        found[line.area, first_day(line.received_at)].add(line)
    return found


def countable(cases: QuerySet[Case]) -> QuerySet[Case]:
    """Public and triaged, with an area; merged ones count where they went, erased ones nowhere."""
    rows = cases.filter(public=True, triaged_at__isnull=False, area__isnull=False)
    return rows.exclude(state__in=HIDDEN)


def _lines(cases: QuerySet[Case]) -> Iterator[Line]:
    rows = countable(cases)
    outside = _declined_outside_remit(rows)
    first = rows.filter(promises__kind=Promise.Kind.FIRST).order_by()
    columns = (
        "pk", "area", "state", "closing", "reworks", "received_at", "first_due_at", "closed_at",
        "promises__met_at",
    )  # fmt: skip
    for pk, area, *rest, met_at in first.values_list(*columns).iterator(chunk_size=5000):
        state, closing, reworks, received_at, due_at, closed_at = rest
        answered = None if state == State.DECLINED else met_at
        yield Line(
            area, state, closing, reworks, received_at, due_at, closed_at, answered, pk in outside
        )


def _declined_outside_remit(cases: QuerySet[Case]) -> set[int]:
    declined = cases.filter(state=State.DECLINED).order_by()
    updates = Update.objects.filter(
        kind=Update.Kind.DECLINED,
        reason=DeclineReason.OUTSIDE_REMIT,
        case__in=declined.values("pk"),
    )
    return set(updates.values_list("case", flat=True))


def total(counts: Iterable[Count]) -> Count:
    """The sum of counts."""
    found = Count()
    for count in counts:
        found.plus(count)
    return found


Cell = tuple[str, dt.date]  # path of an area, first day of a month


def sums_of(
    cells: Iterable[tuple[str, dt.date, Count]], pages: Collection[str]
) -> dict[Cell, Count]:
    """Cells added up for every area above them, as far as `pages` has its path."""
    found: dict[Cell, Count] = defaultdict(Count)
    for path, month, count in cells:
        for above in prefixes(path):
            if above in pages:
                found[above, month].plus(count)
    return found


def read(rows: QuerySet[Any], key: str) -> Iterator[tuple[Any, dt.date, Count]]:
    """Kept counts: the column `key`, the month, and the count of each row."""
    for kept, month, days, *numbers in rows.values_list(key, "month", "days", *NUMBERS):
        count = Count(**dict(zip(NUMBERS, numbers, strict=True)))
        count.days = Counter({int(k): n for k, n in days.items()})
        yield kept, month, count


def fields_of(count: Count) -> dict[str, object]:
    """The columns of a row that keeps these counts."""
    numbers: dict[str, object] = {name: getattr(count, name) for name in NUMBERS}
    return {**numbers, "days": {str(k): n for k, n in sorted(count.days.items())}}


NUMBERS = (
    "received", "answered", "on_time", "reopened", "declined_late", "outside_remit", "reworked",
    "closed", "confirmed", "unanswered",
)  # fmt: skip
