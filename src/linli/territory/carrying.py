"""Which post goes on where when a plan begins, and which grid needs a new holder. Reads only."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet
from django.utils import timezone

from linli.areas.conditions import below, first_moment
from linli.cases import redrawing
from linli.cases.models import Case
from linli.organisations import queries as organisations
from linli.organisations.models import Answering
from linli.organisations.walk import Seat
from linli.territory.as_areas import Drawn, Torn
from linli.territory.models import CommentState, OpenCases, Plan


@dataclass(frozen=True)
class Carried:
    """A grid of the plan, and by code the posts that answer in it from the first day.

    `source` is the old grid that they come from: the same code where it is kept, None where the
    grid has no posts. `held` says whether anybody holds one of them.
    """

    code: str
    source: str | None
    posts: tuple[str, ...]
    held: bool

    @property
    def kept(self) -> bool:
        """The grid had this code before."""
        return self.source == self.code

    @property
    def needs_holder(self) -> bool:
        """Nobody is there for this grid."""
        return not self.held


@dataclass(frozen=True)
class Cases:
    """Open cases at the posts of old grids: all of them, and how many would go to another post.

    `left` are those that the rule leaves with posts that no new grid gets, where it moves none.
    """

    all: int
    move: int  # by the rule `all-move`
    begun: int  # of these, work has begun
    left: int = 0  # of those that would move
    left_begun: int = 0  # of those where work has begun

    def moving(self, rule: OpenCases) -> int:
        """How many go to another post by a rule."""
        staying = {OpenCases.ALL_STAY: self.move, OpenCases.BEGUN_STAY: self.begun}
        return self.move - staying.get(rule, 0)

    def left_by(self, rule: OpenCases) -> int:
        """How many stay, by a rule, with posts that have no grid from then on."""
        left = {OpenCases.ALL_STAY: self.left, OpenCases.BEGUN_STAY: self.left_begun}
        return left.get(rule, 0)


@dataclass(frozen=True)
class Preview:
    """What the adoption of a plan changes, by codes."""

    begin: list[str]
    end: list[str]
    stay: list[str]
    groups: int  # neighbour groups that go to another grid
    groups_begin: list[str]
    groups_end: list[str]
    torn: Torn  # neighbour groups over which borders run
    carried: list[Carried]
    without_grid: list[str]  # posts of grids and groups that end and that no new grid gets
    cases: Cases
    unanswered: int  # comments
    # Where areas were changed since the adoption: grids that are not there, and further ones.
    missing: list[str]
    others: list[str]

    @property
    def without(self) -> list[Carried]:
        """Grids that need a new holder."""
        return [one for one in self.carried if one.needs_holder]


def carried(plan: Plan, only: Collection[str] | None = None) -> list[Carried]:
    """Every grid of the plan with the posts that answer in it; the same before and after its day.

    Of the codes in `only`, where they are given. A code that is kept keeps its posts. A new one
    has those that were named for it ahead; what nobody was named for it gets from the grid that
    ends and from which most of its households come. Each grid that ends gives to one only.
    """
    drawn = Drawn(plan)
    codes = drawn.new_codes if only is None else drawn.new_codes & set(only)
    return _carried(_Seats(drawn, codes), codes)


def arranged(plan: Plan) -> QuerySet[Answering]:
    """What posts were given for areas of this plan that are still to begin."""
    if plan.since is None:
        return Answering.objects.none()
    rows = Answering.objects.filter(until=None, since__gt=timezone.now())
    return rows.filter(area__code__in=plan.changed, area__since=plan.since)


class _Seats:
    """Who answers in grids of the plan from its day on, and in the old ones now."""

    def __init__(self, drawn: Drawn, codes: Collection[str]) -> None:
        since = drawn.plan.since
        day = first_moment(since) if since and since > timezone.localdate() else None
        self.came = {c: c if c in drawn.old else drawn.sources.get(c) for c in codes}
        self.old = _by_area(None, {one for one in self.came.values() if one})
        self.own = _by_area(day, codes)

    def of(self, code: str) -> list[tuple[str, Seat]]:
        """Duties and seats of a grid of the plan: those named for it, then what it gets."""
        own = self.own.get(code, [])
        taken = {duty for duty, _seat in own}
        got = self.old.get(self.came[code] or "", [])
        return [*own, *(one for one in got if one[0] not in taken)]

    def grid(self, code: str) -> Carried:
        """One grid of the plan."""
        mine, source = [seat for _duty, seat in self.of(code)], self.came[code]
        old = {seat for _duty, seat in self.old.get(source or "", [])}
        if old and old.isdisjoint(mine):
            source = None  # another post was named for all of it
        names = tuple(sorted({seat.code for seat in mine}))
        return Carried(code, source, names, any(seat.holders for seat in mine))


def _by_area(at: dt.datetime | None, codes: Collection[str]) -> dict[str, list[tuple[str, Seat]]]:
    found: dict[str, list[tuple[str, Seat]]] = defaultdict(list)
    for (area, duty), seats in organisations.roster(at, areas=sorted(codes)).items():
        found[area] += [(duty, seat) for seat in seats]
    return found


def _carried(seats: _Seats, codes: Collection[str]) -> list[Carried]:
    return [seats.grid(code) for code in sorted(codes)]


def preview(plan: Plan) -> Preview:
    """What the adoption would change if it were adopted now; or changed, once it was."""
    drawn = Drawn(plan)
    seats = _Seats(drawn, drawn.new_codes)
    grids = _carried(seats, drawn.new_codes)
    free = _without_grid(drawn, grids)
    return Preview(
        begin=sorted(drawn.new_codes - set(drawn.old)),
        end=drawn.ending,
        stay=sorted(drawn.new_codes & set(drawn.old)),
        groups=_moved_groups(drawn),
        groups_begin=sorted(drawn.new_groups.keys() - drawn.groups.keys()),
        groups_end=drawn.ending_groups,
        torn=drawn.torn,
        carried=grids,
        without_grid=sorted(free),
        cases=_cases(drawn, seats, set(free.values())),
        unanswered=plan.comments.filter(
            state__in=(CommentState.WAITING, CommentState.RELEASED), answered_at=None
        ).count(),
        missing=drawn.missing if plan.since else [],
        others=drawn.others if plan.since else [],
    )


def _moved_groups(drawn: Drawn) -> int:
    """How many neighbour groups go on in another grid."""
    goes_on = {row.code for row in drawn.effect.rows if row.level is None}
    return sum(before != home for code, (before, home) in drawn.groups.items() if code in goes_on)


def _without_grid(drawn: Drawn, grids: list[Carried]) -> dict[str, int]:
    """Posts of grids and groups that end which have no grid of the plan: codes, primary keys."""
    ended = _by_area(None, drawn.effect.ending)
    before = {seat.code: seat.post for seats in ended.values() for _duty, seat in seats}
    have = set[str]().union(*(grid.posts for grid in grids))
    return {code: post for code, post in before.items() if code not in have}


def _cases(drawn: Drawn, seats: _Seats, free: Collection[int]) -> Cases:
    at_grids = Answering.objects.filter(organisations.during(), area__code__in=list(drawn.old))
    inside = below(drawn.plan.area.path, "area__")
    rows = redrawing.movable().filter(inside, owner__in=at_grids.values("post"))
    standings = redrawing.standings(rows)
    comes_to = _grids_of(rows, drawn)
    moving = [one for pk, one in standings.items() if _moves(one, comes_to[pk], drawn, seats)]
    left = [one for one in moving if one.owner in free]
    return Cases(
        len(standings),
        len(moving),
        sum(one.begun for one in moving),
        len(left),
        sum(one.begun for one in left),
    )


def _moves(case: redrawing.Standing, new: str | None, drawn: Drawn, seats: _Seats) -> bool:
    """Would it go to another post? Its owner got it for a grid in which it no longer lies."""
    held = case.held & drawn.old.keys()
    if not held or new is None or new in held:
        return False
    return case.owner not in {seat.post for duty, seat in seats.of(new) if duty == case.duty}


def _grids_of(rows: QuerySet[Case], drawn: Drawn) -> dict[int, str | None]:
    """The grid that will hold each case: by its point, place or group, or its area's middle."""
    found: dict[int, str | None] = {}
    points: dict[int, tuple[float, float]] = {}
    fields = ("lon", "lat", "place__lon", "place__lat", "area__centre_lon", "area__centre_lat")
    for pk, path, *degrees in rows.values_list("pk", "area__path", *fields):
        own, place, middle = (tuple(degrees[n : n + 2]) for n in (0, 2, 4))
        found[pk] = None
        if None in own and None in place:
            found[pk] = drawn.grid_on(path)
        where = next((pair for pair in (own, place, middle) if None not in pair), None)
        if where and found[pk] is None:
            points[pk] = where
    codes = drawn.grids_at(*np.array(list(points.values())).reshape(-1, 2).T)
    return found | dict(zip(points, codes, strict=True))
