"""The clock: by when we promise to answer, in working time, by the rule of the service."""

import datetime as dt
from dataclasses import dataclass

from linli.cases.catalogue.reading import ServiceDefinition
from linli.kernel import calendars
from linli.kernel.models import WorkingCalendar

CALENDARS = {"working": calendars.OFFICE, "always": calendars.ALWAYS}


@dataclass(frozen=True)
class Due:
    """A deadline and the calendar it was counted with; `edition` is the calendar's stamp."""

    at: dt.datetime
    calendar: str
    edition: int


def due(definition: ServiceDefinition, since: dt.datetime) -> Due:
    """When a promise that starts at `since` is due. It starts with the receipt, routed or not."""
    within = definition.within
    code = CALENDARS[within.calendar]
    amount = {within.unit: within.amount}
    at = calendars.calendar(code).due(since, **amount)
    return Due(at, code, WorkingCalendar.objects.values_list("stamp", flat=True).get(code=code))


def working_seconds(definition: ServiceDefinition, since: dt.datetime, until: dt.datetime) -> int:
    """Working time between two moments by the calendar of the service."""
    calendar = calendars.calendar(CALENDARS[definition.within.calendar])
    return round(calendar.worked(since, until).total_seconds())
