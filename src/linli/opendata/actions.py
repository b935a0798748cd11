"""The only writers of this room. Tallies and log nodes are derived: they can all be made again."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence

from django.db.models import Count as CountOf
from django.db.models import F
from django.utils import timezone

from linli.areas.models import Area
from linli.cases.models import Case, State
from linli.engines import figures
from linli.kernel.actions import action, require
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.opendata import events, months
from linli.opendata.counting import NUMBERS, RULE, Count, counted
from linli.opendata.models import LogLeaf, LogNode, PrivateCount, PrivateMonth, Release, Tally
from linli.opendata.public import finest_depth, prefixes

BATCH = 2000
SETTLED = dt.timedelta(days=3)  # after a month's end, until its private cases are counted


@action
def count_again(area: int, month: dt.date, *, by: None = None) -> None:
    """Count the public cases of one area row and month anew. Running it twice changes nothing."""
    require(by is None)
    start, end = months.span(month)
    cases = Case.objects.filter(area=area, received_at__gte=start, received_at__lt=end)
    found = counted(cases).get((area, month))
    if found is None:
        Tally.objects.filter(area=area, month=month).delete()
    else:
        Tally.objects.update_or_create(area_id=area, month=month, defaults=fields_of(found))


@action
def rebuild_tallies(*, by: Account | None) -> int:
    """Count everything anew, after a bulk load; returns how many tallies there are."""
    require(by is None or by.is_administrator)
    found = counted(Case.objects.all())
    Tally.objects.all().delete()
    rows = [Tally(area_id=a, month=m, **fields_of(c)) for (a, m), c in found.items()]
    Tally.objects.bulk_create(rows, batch_size=BATCH)
    record(events.TalliesRebuilt(tallies=len(rows)), by=by)
    return len(rows)


def fields_of(count: Count) -> dict[str, object]:
    """The columns of a tally with these counts."""
    numbers: dict[str, object] = {name: getattr(count, name) for name in NUMBERS}
    return {**numbers, "days": {str(k): n for k, n in sorted(count.days.items())}}


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
    depth = finest_depth()
    fixed = set(Area.objects.filter(level__depth__lte=depth).values_list("path", flat=True))
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
