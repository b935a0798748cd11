"""The public figures of the year, counted while its cases are written (`opendata.counting`)."""

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


# Area, state, closing, reworks; received, due, closed, answered; outside the remit.
Counted = tuple[int, str, str, int, int, int, int | None, int | None, bool]


def counted(row: Row, met: int | None) -> Counted | None:
    """What is counted of a case as it stands now; None where it is not counted at all."""
    if not row.public or row.triaged_at is None or row.area_id is None or row.state in HIDDEN:
        return None
    declined = row.state == "declined"
    outside_remit = declined and row.declined_for == DeclineReason.OUTSIDE_REMIT.value
    return (row.area_id, row.state, row.closing, row.reworks, row.received_at, row.first_due_at,
            row.closed_at, None if declined else met, outside_remit)  # fmt: skip


class Figures:
    """Tallies and their sums; those of a month are written when the next one begins."""

    def __init__(self) -> None:
        self._cells = Table(Tally, "id", *NUMBERS)
        self._sums = Table(Sum, "id", *SUMS)
        self._paths = dict(Area.objects.values_list("pk", "path"))
        self._pages = paths_with_page()
        self._month: date | None = None
        self._counts: defaultdict[int, Count] = defaultdict(Count)

    @property
    def tables(self) -> list[Table]:
        """The tables this writes."""
        return [self._cells, self._sums]

    def count(self, told: Counted) -> None:
        """Count a case; inside the caller's transaction."""
        area, state, closing, reworks, received, due, closed, met, outside_remit = told
        month = _month_of(received // 3600)
        if month != self._month:
            self.close()
            self._month = month
        line = Line(area, state, closing, reworks, _at(received), _at(due),
                    None if closed is None else _at(closed), None if met is None else _at(met),
                    outside_remit)  # fmt: skip
        self._counts[area].add(line)

    def close(self) -> None:
        """Write what was counted of this month."""
        if self._month is None:
            return
        month = self._month
        for area, count in self._counts.items():
            _put(self._cells, NUMBERS, count, area_id=area, month=str(month))
        cells = ((self._paths[area], month, count) for area, count in self._counts.items())
        for (path, _), count in sums_of(cells, self._pages).items():
            _put(self._sums, SUMS, count, path=path, month=str(month))
        self._counts.clear()
        for table in self.tables:
            table.write(table.taken())


def _put(table: Table, columns: list[str], count: Count, **key: object) -> None:
    fields = {**fields_of(count), **key}
    fields["days"] = json.dumps(fields["days"])
    table.add(table.new_pk(), *(fields[name] for name in columns))


def _at(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


@lru_cache(maxsize=64)
def _month_of(hour: int) -> date:
    return first_day(_at(hour * 3600))
