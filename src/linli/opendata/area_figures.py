"""The figures of one area: what happened to public cases, each share with its denominator.

One grouped read of the open cases, one of the sums of the area and of its parts; kept for a minute.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from django.core.cache import cache
from django.db.models import Count as CountOf
from django.db.models import Q
from django.utils import timezone

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.areas.queries import children
from linli.cases.models import RUNNING, Case, State
from linli.engines import figures
from linli.opendata import months
from linli.opendata.counting import RULE, Count, countable, read, total
from linli.opendata.models import PrivateCount, PrivateMonth, Sum
from linli.opendata.public import finest_depth, prefixes

PERIOD = 12  # calendar months that are over, beside the present one
FRESH = 60  # seconds


@dataclass
class Now:
    """How public cases stand at this moment, whenever they were received."""

    running: int = 0
    late: int = 0
    paused: int = 0
    asked: int = 0  # answered, the reporter was asked and has not said anything yet
    unmet: int = 0  # received in the period, past the first deadline, no answer that stands

    def __add__(self, other: "Now") -> "Now":
        return Now(*(a + b for a, b in zip(self.parts, other.parts, strict=True)))

    @property
    def parts(self) -> tuple[int, ...]:
        """The numbers in order."""
        return (self.running, self.late, self.paused, self.asked, self.unmet)


@dataclass
class Figures:
    """Counts of an area over a period, and what follows from them."""

    count: Count = field(default_factory=Count)
    now: Now = field(default_factory=Now)

    @property
    def due(self) -> int:
        """Whose answer was due, or came: answered, declined late, or late without an answer."""
        return self.count.answered + self.count.declined_late + self.now.unmet

    @property
    def on_time(self) -> float | None:
        """Percent of the due that were answered by the deadline promised at receipt."""
        return figures.percent(self.count.on_time, self.due)

    @property
    def rework(self) -> float | None:
        """Percent of those ever answered that the reporter said were not solved, at least once."""
        return figures.percent(self.count.reworked, self.ever_answered)

    @property
    def ever_answered(self) -> int:
        """With an answer that stands, or reopened after one."""
        return self.count.answered + self.count.reopened

    @property
    def median_days(self) -> float | int | None:
        """The middle one of the whole days from receipt to the answer."""
        value = figures.median(self.count.days)
        return int(value) if value is not None and value == int(value) else value

    @property
    def confirmed(self) -> float | None:
        """Percent of the closed that the reporter confirmed."""
        return figures.percent(self.count.confirmed, self.count.closed)

    @property
    def unanswered(self) -> float | None:
        """Percent of the closed to which the reporter said nothing in time."""
        return figures.percent(self.count.unanswered, self.count.closed)

    @property
    def outside_remit(self) -> float | None:
        """Percent of the received that were declined as outside the remit."""
        return figures.percent(self.count.outside_remit, self.count.received)


@dataclass
class Page:
    """Everything an area page shows about public cases."""

    rule: str
    at: dt.datetime
    first: dt.date
    last: dt.date
    whole: Figures
    by_month: list[tuple[dt.date, Count]]
    parts: list[tuple[Area, Figures]]


def page(area: Area) -> Page:
    """The figures of an area: the last twelve calendar months and the present one."""
    key = f"opendata.figures.{RULE}.{area.pk}"
    found: Page | None = cache.get(key)
    if found is None:
        found = _count(area)
        cache.set(key, found, FRESH)
    return found


def _count(area: Area) -> Page:
    last = months.first_day(timezone.now())
    first = months.back(last, PERIOD)
    parts = list(children(area).filter(level__depth__lte=finest_depth()))
    paths = [area.path, *(part.path for part in parts)]
    sums: dict[str, dict[dt.date, Count]] = defaultdict(dict)
    for path, month, count in read(Sum.objects.filter(path__in=paths, month__gte=first), "path"):
        sums[path][month] = count
    open_now = _open_now(area, first, set(paths))

    def figures_of(path: str) -> Figures:
        return Figures(count=total(sums[path].values()), now=open_now[path])

    by_month = [(m, sums[area.path].get(m, Count())) for m in months.between(first, last)]
    return Page(
        rule=RULE,
        at=timezone.now(),
        first=first,
        last=last,
        whole=figures_of(area.path),
        by_month=by_month[::-1],
        parts=[(part, figures_of(part.path)) for part in parts],
    )


def _open_now(area: Area, first: dt.date, wanted: Collection[str]) -> Mapping[str, Now]:
    """How cases stand below each of the areas with the `wanted` paths."""
    now, start = timezone.now(), months.span(first)[0]
    live = countable(Case.objects.filter(state__in=[*RUNNING, State.RESOLVED]))
    running, late = Q(state__in=RUNNING), Q(due_at__lt=now)
    unmet = running & Q(first_due_at__lt=now, received_at__gte=start)
    counted = (
        live.filter(below(area.path, "area__"))
        .order_by()
        .values("area__path")
        .annotate(
            running_now=CountOf("pk", filter=running),
            late_now=CountOf("pk", filter=running & late),
            paused_now=CountOf("pk", filter=Q(state=State.PAUSED)),
            asked_now=CountOf("pk", filter=Q(state=State.RESOLVED)),
            unmet_now=CountOf("pk", filter=unmet),
        )
    )
    rows = counted.values_list(
        "area__path", "running_now", "late_now", "paused_now", "asked_now", "unmet_now"
    )
    found: dict[str, Now] = defaultdict(Now)
    for path, *numbers in rows:
        here = Now(*numbers)
        for above in prefixes(path):
            if above in wanted:
                found[above] += here
    return found


@dataclass(frozen=True)
class PrivateFigures:
    """What may be shown of private cases: counts by month, and by service for a territory."""

    by_month: list[tuple[dt.date, int | None]]
    by_service: list[tuple[str, int | None]]  # of the newest counted month
    month: dt.date | None


def private(area: Area, services: Iterable[str]) -> PrivateFigures:
    """Private cases received in an area, in the calendar months that are counted, newest first.

    None stands for a count under eleven, and for one hidden so that such a count cannot be worked
    out; which of the two is not told.
    """
    frozen = list(PrivateMonth.objects.order_by("-month").values_list("month", flat=True)[:PERIOD])
    rows = PrivateCount.objects.filter(area_code=area.code, month__month__in=frozen)
    shown = {(m, s): n for m, s, n in rows.values_list("month__month", "service_code", "count")}
    newest = frozen[0] if frozen else None
    return PrivateFigures(
        by_month=[(m, shown.get((m, ""))) for m in frozen],
        by_service=[]
        if area.parent_id
        else [(s, shown.get((newest, s))) for s in services if newest],
        month=newest,
    )
