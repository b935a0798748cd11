"""The public figures of the year, counted while its cases are told (`opendata.counting`)."""

import json
from collections import defaultdict
from datetime import UTC, date, datetime
from functools import lru_cache

from linli.areas.models import Area
from linli.cases.models import DeclineReason
from linli.opendata.counting import Count, Line, fields_of, sums_of
from linli.opendata.models import Sum, Tally
from linli.opendata.months import first_day
from linli.opendata.public import HIDDEN, paths_with_page
from linli.web.demo.row import Row
from linli.web.demo.tables import Table

NUMBERS = [str(f.column) for f in Tally._meta.local_concrete_fields if f.column != "id"]
SUMS = [str(f.column) for f in Sum._meta.local_concrete_fields if f.column != "id"]


class Figures:
    """Tallies and their sums; those of a month are put in line when the next one begins."""

    def __init__(self) -> None:
        self.table = Table(Tally, "id", *NUMBERS)
        self.sums = Table(Sum, "id", *SUMS)
        self._paths = dict(Area.objects.values_list("pk", "path"))
        self._pages = paths_with_page()
        self._month: date | None = None
        self._counts: defaultdict[int, Count] = defaultdict(Count)

    def count(self, row: Row, met: int | None) -> None:
        """Count a case as it stands now, if it is counted at all."""
        if not row.public or row.triaged_at is None or row.area_id is None or row.state in HIDDEN:
            return
        month = _month_of(row.received_at // 3600)
        if month != self._month:
            self.close()
            self._month = month
        declined = row.state == "declined"
        line = Line(
            row.area_id,
            row.state,
            row.closing,
            row.reworks,
            _at(row.received_at),
            _at(row.first_due_at),
            None if row.closed_at is None else _at(row.closed_at),
            None if met is None or declined else _at(met),
            declined and row.declined_for == DeclineReason.OUTSIDE_REMIT.value,
        )
        self._counts[row.area_id].add(line)

    def close(self) -> None:
        """Put what was counted of this month in line."""
        if self._month is None:
            return
        month = self._month
        for area, count in self._counts.items():
            _put(self.table, NUMBERS, count, area_id=area, month=str(month))
        cells = ((self._paths[area], month, count) for area, count in self._counts.items())
        for (path, _), count in sums_of(cells, self._pages).items():
            _put(self.sums, SUMS, count, path=path, month=str(month))
        self._counts.clear()


def _put(table: Table, columns: list[str], count: Count, **key: object) -> None:
    fields = {**fields_of(count), **key}
    fields["days"] = json.dumps(fields["days"])
    table.add(table.new_pk(), *(fields[name] for name in columns))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=64)
def _month_of(hour: int) -> date:
    return first_day(_at(hour * 3600))
