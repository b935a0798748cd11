"""What becomes of a running case when boundaries change under it. Nothing here writes.

The case keeps the area of its day. It moves only where its owner had it for an area in which its
place no longer lies: a post of a township never loses a case because grids were drawn anew.
"""

import datetime as dt
from dataclasses import replace

from django.db.models import QuerySet

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.cases.models import RUNNING, Case, Routing, State, Support, Update, Why
from linli.cases.routing import Routed, Where, route
from linli.organisations import queries as organisations
from linli.organisations.models import Answering

BY_CHOICE = (Why.BY_HAND, Why.HANDED_OVER)


def movable() -> QuerySet[Case]:
    """Running cases that a new boundary could move at all.

    Private ones, complaints about an office, and those that another post checks never do.
    """
    rows = Case.objects.filter(state__in=RUNNING, public=True, outside_chain=False, reworks=0)
    return rows.select_related("owner", "area", "place", "version__service")


def of_ended_areas(area: Area, day: dt.date) -> QuerySet[Case]:
    """Movable cases in and below `area` whose version of an area had ended by `day`; by key."""
    return movable().filter(below(area.path, "area__"), area__until__lte=day).order_by("pk")


def redrawn(case: Case, at: dt.datetime) -> Routed | None:
    """The post that the case comes to by the boundaries that hold at `at`; None where it stays."""
    if not movable().filter(pk=case.pk).exists():
        return None
    held = held_for(case)
    if not held:
        return None
    where = Where(case.lon, case.lat, case.place, case.area)
    to = route(case.version.definition, where, at=at)
    if to.area is None or to.post == case.owner or held & set(to.area.path.split("/")):
        return None
    return replace(to, why=Why.REDRAWN)


def held_for(case: Case) -> set[str]:
    """Codes of the areas, on the way up from where it lies, for which its owner got the case."""
    last = _last(case)
    if last is None or last.area is None:
        return set()
    rows = Answering.objects.filter(
        organisations.during(last.at),
        post=case.owner_id,
        duty__code=case.version.definition.duty,
        area__code__in=last.area.path.split("/"),
    )
    return set(rows.values_list("area__code", flat=True))


def begun(case: Case) -> bool:
    """Has its owner begun to work on it?

    Told the reporter something, paused it, asked another unit to help; or somebody chose this post
    for it. That the service centre read it first is no beginning.
    """
    last = _last(case)
    return (
        case.state == State.PAUSED
        or (last is not None and last.why in BY_CHOICE)
        or Update.objects.filter(case=case, post=case.owner_id).exists()
        or Support.objects.filter(case=case).exists()
    )


def _last(case: Case) -> Routing | None:
    rows = Routing.objects.filter(case=case).select_related("area")
    return rows.order_by("at", "pk").last()
