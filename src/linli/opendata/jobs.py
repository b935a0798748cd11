"""What opendata does by the clock."""

import datetime as dt

from django.utils import timezone

from linli.cases.models import Case
from linli.kernel.jobs import job
from linli.opendata import actions, indexing, months
from linli.opendata.area_figures import PERIOD
from linli.opendata.counting import counted, read, sums_of
from linli.opendata.models import PrivateMonth, Sum, Tally
from linli.opendata.public import paths_with_page

PER_RUN = 24  # months that one run freezes: a first start catches up a year


@job("opendata.mend-tallies", every=dt.timedelta(days=1))
def mend_tallies() -> int:
    """Find cells and sums that something left wrong, in the months that pages show, and mend them.

    Everything is counted without holding up writers; each wrong cell is then counted again in a
    transaction of its own.
    """
    first = months.back(months.first_day(timezone.now()), PERIOD)
    cases = Case.objects.filter(received_at__gte=months.span(first)[0])
    right = counted(cases)
    rows = read(Tally.objects.filter(month__gte=first), "area")
    kept = {(area, month): count for area, month, count in rows}
    wrong = [cell for cell in right.keys() | kept.keys() if right.get(cell) != kept.get(cell)]
    for area, month in wrong:
        actions.count_again(area, month)
    return len(wrong) + _mend_sums(first)


def _mend_sums(first: dt.date) -> int:
    """Add up the months again whose sums are not those of their cells."""
    cells = read(Tally.objects.filter(month__gte=first), "area__path")
    right = sums_of(cells, paths_with_page())
    rows = read(Sum.objects.filter(month__gte=first), "path")
    kept = {(path, month): count for path, month, count in rows}
    cells_of_sums = right.keys() | kept.keys()
    wrong = {cell[1] for cell in cells_of_sums if right.get(cell) != kept.get(cell)}
    for month in wrong:
        actions.add_up(month)
    return len(wrong)


@job("opendata.freeze-private", every=dt.timedelta(hours=6))
def freeze_private() -> int:
    """Freeze the private counts of months that are over."""
    first = Case.objects.order_by("received_at").values_list("received_at", flat=True).first()
    if first is None:
        return 0
    last = months.back(months.first_day(timezone.now() - actions.SETTLED), 1)
    done = set(PrivateMonth.objects.values_list("month", flat=True))
    waiting = [m for m in months.between(months.first_day(first), last) if m not in done]
    for month in waiting[:PER_RUN]:
        actions.freeze_private(month)
    return len(waiting[:PER_RUN])


@job("opendata.index-log", every=dt.timedelta(minutes=1))
def index_log() -> int:
    """Keep the nodes of the log's tree, so that a proof needs few hashes."""
    return indexing.catch_up()


def after_bulk_load() -> None:
    """Everything that jobs would have made, had cases come in one by one."""
    freeze_private()
    index_log()
