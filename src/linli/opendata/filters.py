"""The filters of list, map and downloads: they stand in the address and nowhere else."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.dateparse import parse_date

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.areas.queries import by_code
from linli.cases import wording
from linli.cases.models import RUNNING, Case, ServiceVersion, State
from linli.opendata import months
from linli.opendata.public import publishable

STATES: Mapping[str, tuple[str, ...]] = {
    "open": tuple(RUNNING),
    "answered": (State.RESOLVED,),
    "ended": (State.CLOSED, State.DECLINED),
}
LONGEST = 80
FEW = 200  # areas: a township has about a hundred
WORDS_BACK = dt.timedelta(days=90)  # looked through for words, unless a day is given


@dataclass(frozen=True)
class Filter:
    """What somebody looks for; anything that makes no sense is left out, never an error."""

    area: Area | None = None
    service: str = ""
    state: str = ""
    words: str = ""
    since: dt.date | None = None
    until: dt.date | None = None

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> "Filter":
        """The filter that the fields of an address stand for."""
        code = _clean(fields.get("area", ""))
        state = fields.get("state", "")
        return cls(
            area=by_code(code) if code else None,
            service=_clean(fields.get("service", "")),
            state=state if state in STATES else "",
            words=_clean(fields.get("q", "")),
            since=_day(fields.get("since", "")),
            until=_day(fields.get("until", "")),
        )

    @property
    def query(self) -> str:
        """The filter as part of an address, empty fields left out."""
        fields = {
            "area": self.area.code if self.area else "",
            "service": self.service,
            "state": self.state,
            "q": self.words,
            "since": self.since.isoformat() if self.since else "",
            "until": self.until.isoformat() if self.until else "",
        }
        return urlencode({name: value for name, value in fields.items() if value})

    def cases(self) -> QuerySet[Case]:
        """The public cases it lets through, newest first.

        Words, all of which must be there, are looked for in released text, of the last 90 days
        where no first day is given.
        """
        rows = publishable().order_by("-received_at", "-pk")
        if self.area:
            rows = _within(rows, self.area)
        if self.service:
            versions = ServiceVersion.objects.filter(service__code=self.service)
            rows = rows.filter(version__in=versions.values("pk"))
        if self.state:
            rows = rows.filter(state__in=STATES[self.state])
        for word in wording.sought(self.words):
            rows = rows.filter(public_words__words__contains=word)
        since = self.since or (timezone.localdate() - WORDS_BACK if self.words else None)
        if since:
            rows = rows.filter(received_at__gte=months.midnight(since))
        if self.until:
            rows = rows.filter(received_at__lt=months.midnight(self.until + dt.timedelta(days=1)))
        return rows


def _within(rows: QuerySet[Case], area: Area) -> QuerySet[Case]:
    """Those of an area and what lies under it.

    The cases of few areas are found by these. Those of many are most of all cases: left to itself
    the database would collect and sort them to show a page; an expression keeps it walking.
    """
    inside = Area.objects.filter(below(area.path))
    if inside.count() <= FEW:
        return rows.filter(area__in=inside.values("pk"))
    return rows.alias(_area=Coalesce("area_id", "area_id")).filter(_area__in=inside.values("pk"))


def _clean(text: str) -> str:
    return "".join(c for c in text.strip()[:LONGEST] if c.isprintable())


def _day(text: str) -> dt.date | None:
    try:
        day = parse_date(text)
    except ValueError:
        return None
    return day if day and dt.date(2000, 1, 1) <= day <= dt.date(2200, 1, 1) else None
