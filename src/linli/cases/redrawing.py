"""What becomes of a running case when boundaries change under it. Nothing here writes.

The case keeps the area of its day. It moves only where its owner had it for an area in which its
place no longer lies: a post of a township never loses a case because grids were drawn anew.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from linli.areas.conditions import below, first_moment
from linli.areas.models import Area
from linli.cases.models import (
    RUNNING,
    Case,
    Routing,
    ServiceVersion,
    State,
    Support,
    Update,
    Why,
)
from linli.cases.routing import Routed, Where, route
from linli.organisations.models import Answering

BY_CHOICE = (Why.BY_HAND, Why.HANDED_OVER)
BY_RULE = (Why.DUTY, Why.NO_DUTY_HOLDER, Why.SERVICE_CHANGED)


def movable() -> QuerySet[Case]:
    """Running cases that a new boundary could move at all.

    Private ones, complaints about an office, and those that another post checks never do.
    """
    rows = Case.objects.filter(state__in=RUNNING, public=True, outside_chain=False, reworks=0)
    return rows.select_related("owner", "area", "place", "version__service")


def of_ended_areas(area: Area, day: dt.date) -> QuerySet[Case]:
    """Movable cases in and below `area` whose version of an area had ended by `day`; by key."""
    return movable().filter(below(area.path, "area__"), area__until__lte=day).order_by("pk")


def of_begun_areas(area: Area, day: dt.date) -> QuerySet[Case]:
    """Movable cases in and below `area` that came on `day` or later, in versions that began then.

    By key. Before the posts of its area were there, a case went further up.
    """
    rows = movable().filter(below(area.path, "area__"), area__since=day)
    return rows.filter(received_at__gte=first_moment(day)).order_by("pk")


def redrawn(case: Case, at: dt.datetime) -> Routed | None:
    """The post that the case comes to by the boundaries that hold at `at`; None where it stays."""
    if not movable().filter(pk=case.pk).exists():
        return None
    held = standing(case).held
    if not held:
        return None
    to = _now(case, at)
    if to is None or to.area is None or held & set(to.area.path.split("/")):
        return None
    return to


def overtaken(case: Case, at: dt.datetime) -> Routed | None:
    """The post that began to answer for the place of a case only after it came; else None.

    A case stays that came to its owner by anything but the rule of duties.
    """
    turn = case.routings.order_by("at", "pk").last()
    if turn is None or turn.why not in BY_RULE or not movable().filter(pk=case.pk).exists():
        return None
    to = _now(case, at)
    if to is None or to.area is None:
        return None
    spells = Answering.objects.filter(post=to.post, duty__code=case.version.definition.duty)
    here = spells.filter(area__code__in=to.area.path.split("/"), since__gte=turn.at)
    return to if here.exists() else None


def _now(case: Case, at: dt.datetime) -> Routed | None:
    """Where the case comes to by what holds at `at`; None where that is its owner."""
    where = Where(case.lon, case.lat, case.place, case.area)
    to = route(case.version.definition, where, at=at)
    return None if to.post == case.owner else replace(to, why=Why.REDRAWN)


@dataclass(frozen=True)
class Standing:
    """How a case stands with its owner, a post by primary key, and the duty that it needs.

    `held` are codes of the areas, on the way up from where it lies, for which its owner got it.
    `begun` says whether its owner has begun to work on it: told the reporter something, paused it,
    asked another unit to help; or somebody chose this post for it. That the service centre read it
    first is no beginning.
    """

    owner: int
    duty: str
    held: frozenset[str]
    begun: bool


def standing(case: Case) -> Standing:
    """How one case stands."""
    return standings(Case.objects.filter(pk=case.pk))[case.pk]


def standings(rows: QuerySet[Case]) -> dict[int, Standing]:
    """How each of these cases stands, by primary key; as few questions for many as for one."""
    rows = rows.order_by()
    told = Update.objects.filter(case=OuterRef("pk"), post=OuterRef("owner"))
    helped = Support.objects.filter(case=OuterRef("pk"))
    worked = rows.filter(Q(state=State.PAUSED) | Exists(told) | Exists(helped))
    begun = set(worked.values_list("pk", flat=True))
    turns, spells, duties = _last_turns(rows), _spells(rows), _duties(rows)
    found = {}
    for pk, owner, version in rows.values_list("pk", "owner", "version"):
        turn, duty = turns.get(pk), duties[version]
        held = turn.held(spells[owner, duty]) if turn else frozenset()
        chosen = turn is not None and turn.why in BY_CHOICE
        found[pk] = Standing(owner, duty, held, pk in begun or chosen)
    return found


class _Spell(NamedTuple):
    """A post answers for a duty in an area."""

    area: str
    since: dt.datetime
    until: dt.datetime | None


class _Turn(NamedTuple):
    """A case came to its owner."""

    at: dt.datetime
    why: str
    path: str | None

    def held(self, spells: Iterable[_Spell]) -> frozenset[str]:
        """The areas on its path that these spells were for when it came."""
        then = {
            s.area for s in spells if s.since <= self.at and not (s.until and s.until <= self.at)
        }
        return frozenset(then.intersection((self.path or "").split("/")))


def _last_turns(rows: QuerySet[Case]) -> dict[int, _Turn]:
    turns = Routing.objects.filter(case__in=rows.values("pk")).order_by("at", "pk")
    fields = turns.values_list("case", "at", "why", "area__path")
    return {case: _Turn(at, why, path) for case, at, why, path in fields}


def _spells(rows: QuerySet[Case]) -> dict[tuple[int, str], list[_Spell]]:
    """What their owners ever answered for, by post and duty."""
    found: dict[tuple[int, str], list[_Spell]] = defaultdict(list)
    spells = Answering.objects.filter(post__in=rows.values("owner"))
    fields = spells.values_list("post", "duty__code", "area__code", "since", "until")
    for post, duty, area, since, until in fields:
        found[post, duty].append(_Spell(area, since, until))
    return found


def _duties(rows: QuerySet[Case]) -> dict[int, str]:
    """The duty that the service of each case needs, by version of the service."""
    versions = ServiceVersion.objects.filter(pk__in=rows.values("version"))
    return {version.pk: version.definition.duty for version in versions}
