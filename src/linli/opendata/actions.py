"""The only writers of this room. Tallies and log nodes are derived: they can all be made again."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Count as CountOf
from django.db.models import F, Max, Min, QuerySet
from django.utils import timezone

from linli.areas.models import Area
from linli.cases.models import Case, State
from linli.engines import figures
from linli.kernel.actions import action, all_locked, require
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.opendata import events, months
from linli.opendata.counting import RULE, Count, counted, fields_of, read, sums_of
from linli.opendata.models import (
    LogLeaf,
    LogNode,
    PrivateCount,
    PrivateMonth,
    Release,
    Sum,
    Tally,
)
from linli.opendata.public import finest_depth, paths_with_page, prefixes

BATCH = 2000
SETTLED = dt.timedelta(days=3)  # after a month's end, until its private cases are counted


@action
def count_again(area: int, month: dt.date, *, by: None = None) -> None:
    """Count the public cases of one area row and month anew, and move the sums above by as much.

    Running it twice changes nothing.
    """
    require(by is None)
    above = prefixes(Area.objects.values_list("path", flat=True).get(pk=area))
    rows = Sum.objects.filter(path__in=above, month=month)
    list(all_locked(rows))  # the whole territory is among them: other cells of the month wait here
    sums = {path: count for path, _month, count in read(rows, "path")}
    cell = Tally.objects.filter(area=area, month=month)
    old = next((count for _area, _month, count in read(cell, "area")), Count())
    start, end = months.span(month)
    cases = Case.objects.filter(area=area, received_at__gte=start, received_at__lt=end)
    new = counted(cases).get((area, month), Count())
    if new == old:
        return
    _put(cell, new, area_id=area, month=month)
    for path in paths_with_page(above):
        count = sums.get(path, Count())
        count.change(old, new)
        _put(Sum.objects.filter(path=path, month=month), count, path=path, month=month)


def _put(row: QuerySet[Any], count: Count, **key: object) -> None:
    """Keep a count in its row; one of nothing has none."""
    if not count.received:
        row.delete()
    elif not row.update(**fields_of(count)):
        row.create(**key, **fields_of(count))


@action
def add_up(month: dt.date, *, by: None = None) -> None:
    """Make the sums of one month anew from its cells."""
    require(by is None)
    rows = Sum.objects.filter(month=month)
    list(all_locked(rows))
    rows.delete()
    _keep_sums(read(Tally.objects.filter(month=month), "area__path"))


def rebuild_tallies(*, by: Account | None) -> Iterator[tuple[dt.date, int]]:
    """Count everything anew, month by month, so that nobody waits for long.

    Gives each month when it is done, with how many cells it has. Afterwards no cell is left that
    nothing stands behind.
    """
    ends = Case.objects.aggregate(first=Min("received_at"), last=Max("received_at"))
    found = set(Tally.objects.values_list("month", flat=True).distinct())
    found |= set(Sum.objects.values_list("month", flat=True).distinct())
    if ends["first"] is not None:
        found |= set(months.between(*(months.first_day(at) for at in ends.values())))
    for month in sorted(found):
        yield month, rebuild_month(month, by=by)


@action
def rebuild_month(month: dt.date, *, by: Account | None) -> int:
    """Count the cases received in one month anew, cells and sums; returns how many cells."""
    require(by is None or by.is_administrator)
    list(all_locked(Sum.objects.filter(month=month)))  # first, as whoever counts a single cell does
    start, end = months.span(month)
    found = counted(Case.objects.filter(received_at__gte=start, received_at__lt=end))
    Tally.objects.filter(month=month).delete()
    rows = [Tally(area_id=a, month=m, **fields_of(c)) for (a, m), c in found.items()]
    Tally.objects.bulk_create(rows, batch_size=BATCH)
    add_up(month)
    record(events.TalliesRebuilt(tallies=len(rows), month=month), by=by)
    return len(rows)


def _keep_sums(cells: Iterable[tuple[str, dt.date, Count]]) -> None:
    sums = sums_of(cells, paths_with_page())
    rows = [Sum(path=p, month=m, **fields_of(c)) for (p, m), c in sums.items()]
    Sum.objects.bulk_create(rows, batch_size=BATCH)


@action
def freeze_private(month: dt.date, *, by: None = None) -> int:
    """Count the private cases received in a past month, once; returns how many counts are shown.

    Two families are kept, and nothing that links them but the total of a territory: all private
    services together by area, from village up; and by service for each whole territory. In each,
    `engines.figures.published` says what may be shown. A month is never counted a second time.
    """
    require(by is None)
    start, end = months.span(month)
    require(end + SETTLED <= timezone.now())
    frozen, new = PrivateMonth.objects.get_or_create(
        month=month, defaults={"rule": RULE, "frozen_at": timezone.now()}
    )
    if not new:
        return 0
    cases = Case.objects.filter(public=False, received_at__gte=start, received_at__lt=end)
    cases = cases.filter(area__isnull=False).exclude(state__in=(State.MERGED, State.ERASED))
    rows = cases.order_by().values_list("area__path", "version__service__code")
    lines = list(rows.annotate(n=CountOf("pk")))
    counts = [*_by_area(lines, month), *_by_service(lines)]
    PrivateCount.objects.bulk_create(
        [PrivateCount(month=frozen, area_code=a, service_code=s, count=n) for a, s, n in counts]
    )
    record(events.PrivateMonthFrozen(counts=len(counts), month=month, rule=Code(RULE)), by=by)
    return len(counts)


Lines = list[tuple[str, str, int]]


def _by_area(lines: Lines, month: dt.date) -> Lines:
    """(area code, "", count) for areas from village up whose counts may be shown.

    The tree is that of the month's last day: an area that changed its boundary or its parent in
    between is one node, by its code.
    """
    tree = _tree(months.after(month) - dt.timedelta(days=1))
    fixed = paths_with_page()
    totals: Counter[str] = Counter()
    for path, _service, number in lines:
        own = next((p for p in prefixes(path) if p in fixed), None)
        if own is not None:
            own = tree.setdefault(own.rpartition("/")[2], own)
            totals.update(dict.fromkeys(prefixes(own), number))
    nodes = set(tree.values())
    parents = {path: up if (up := path.rpartition("/")[0]) in nodes else None for path in nodes}
    counts = {path: totals[path] for path in nodes}
    shown = figures.published(counts, parents)
    return [(path.rpartition("/")[2], "", counts[path]) for path in sorted(shown)]


def _tree(day: dt.date) -> dict[str, str]:
    rows = Area.objects.current(day).filter(level__depth__lte=finest_depth())
    return dict(rows.values_list("code", "path"))


def _by_service(lines: Lines) -> Lines:
    """(root's code, service, count) for services of each whole territory that may be shown."""
    totals: Counter[tuple[str, str]] = Counter()
    for path, service, number in lines:
        root = path.partition("/")[0]
        totals[root, service] += number
        totals[root, ""] += number
    parents = {(r, s): (r, "") if s else None for r, s in totals}
    shown = figures.published(totals, parents)
    return [(root, service, totals[root, service]) for root, service in sorted(shown) if service]


@action
def note_release(door: str, *, cases: int, by: None = None) -> None:
    """Count what left by a door today: one more file with so many cases."""
    require(by is None)
    day = timezone.localdate()
    Release.objects.get_or_create(door=door, day=day)
    Release.objects.filter(door=door, day=day).update(
        files=F("files") + 1, cases=F("cases") + cases
    )


@action
def keep_nodes(
    nodes: Mapping[tuple[int, int], bytes], openings: Sequence[LogLeaf], *, by: None = None
) -> None:
    """Keep nodes of the log's tree by (level, position), and where opening records stand."""
    require(by is None)
    rows = [LogNode(level=level, position=at, hash=h) for (level, at), h in nodes.items()]
    LogNode.objects.bulk_create(rows, ignore_conflicts=True)
    LogLeaf.objects.bulk_create(openings, ignore_conflicts=True)
