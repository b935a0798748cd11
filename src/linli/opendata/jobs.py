"""What opendata does by the clock."""

from datetime import timedelta

from django.utils import timezone

from linli.cases.models import Case
from linli.kernel.jobs import job
from linli.opendata import actions, indexing, months
from linli.opendata.area_figures import PERIOD
from linli.opendata.counting import NUMBERS, counted
from linli.opendata.models import PrivateMonth, Tally

PER_RUN = 24  # months that one run freezes: a first start catches up a year


@job("opendata.mend-tallies", every=timedelta(days=1))
def mend_tallies() -> int:
    """Find cells that a missed event left wrong, in the months that pages show, and mend them.

    Everything is counted without holding up writers; each wrong cell is then counted again in a
    transaction of its own.
    """
    first = months.back(months.first_day(timezone.now()), PERIOD)
    cases = Case.objects.filter(received_at__gte=months.span(first)[0])
    right = {cell: actions.fields_of(count) for cell, count in counted(cases).items()}
    names = ("days", *NUMBERS)
    rows = Tally.objects.filter(month__gte=first).values_list("area", "month", *names)
    kept = {(area, month): dict(zip(names, rest, strict=True)) for area, month, *rest in rows}
    wrong = [cell for cell in right.keys() | kept.keys() if right.get(cell) != kept.get(cell)]
    for area, month in wrong:
        actions.count_again(area, month)
    return len(wrong)


@job("opendata.freeze-private", every=timedelta(hours=6))
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


@job("opendata.index-log", every=timedelta(minutes=1))
def index_log() -> int:
    """Keep the nodes of the log's tree, so that a proof needs few hashes."""
    return indexing.catch_up()


def after_bulk_load() -> None:
    """Everything that jobs would have made, had cases come in one by one."""
    freeze_private()
    index_log()
