"""Which post goes on where when a plan begins, and which grid needs a new holder. Reads only."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from linli.areas.conditions import below
from linli.cases import redrawing
from linli.cases.models import Case
from linli.organisations import queries as organisations
from linli.organisations.models import Answering
from linli.territory.as_areas import Drawn
from linli.territory.models import CommentState, Plan


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
    """Open cases at the posts of old grids: all of them, and how many would go to another post."""

    all: int
    move: int  # by the rule `all-move`
    begun: int  # of these, work has begun


@dataclass(frozen=True)
class Preview:
    """What the adoption of a plan changes, by codes."""

    begin: list[str]
    end: list[str]
    stay: list[str]
    groups: int  # neighbour groups that go to another grid
    torn: list[str]  # neighbour groups whose settlements lie in more than one grid
    carried: list[Carried]
    without_grid: list[str]  # posts of grids that end and that no new grid gets
    cases: Cases
    unanswered: int  # comments

    @property
    def without(self) -> list[Carried]:
        """Grids that need a new holder."""
        return [one for one in self.carried if one.needs_holder]


def carried(plan: Plan, only: Collection[str] | None = None) -> list[Carried]:
    """Every grid of the plan with the posts that answer in it; the same before and after its day.

    Of the codes in `only`, where they are given. A code that is kept keeps its posts. A new one
    gets those of the grid that ends and from which most of its households come; each goes to one
    grid only.
    """
    return _carried(Drawn(plan), only)


def _carried(drawn: Drawn, only: Collection[str] | None = None) -> list[Carried]:
    asked = drawn.new_codes if only is None else drawn.new_codes & set(only)
    found = []
    came = {code: code if code in drawn.old else drawn.sources.get(code) for code in asked}
    posts, held = _posts(sorted({*came, *(one for one in came.values() if one)}))
    for code in sorted(asked):
        source = came[code]
        names = posts[code] | (posts[source] if source else set())
        found.append(Carried(code, source, tuple(sorted(names)), bool(names & held)))
    return found


def _posts(codes: list[str]) -> tuple[dict[str, set[str]], set[str]]:
    """Codes of the posts that answer in each area now; and of those that somebody holds."""
    posts: dict[str, set[str]] = defaultdict(set)
    held: set[str] = set()
    for (area, _duty), seats in organisations.roster(areas=codes).items():
        posts[area].update(seat.code for seat in seats)
        held.update(seat.code for seat in seats if seat.holders)
    return posts, held


def preview(plan: Plan) -> Preview:
    """What the adoption would change if it were adopted now; or changed, once it was."""
    drawn = Drawn(plan)
    gone = [code for code in drawn.ending if code not in drawn.sources.values()]
    posts, _held = _posts(gone)
    return Preview(
        begin=sorted(drawn.new_codes - set(drawn.old)),
        end=drawn.ending,
        stay=sorted(drawn.new_codes & set(drawn.old)),
        groups=sum(row.code not in drawn.new_codes for row in drawn.effect.rows),
        torn=drawn.torn,
        carried=_carried(drawn),
        without_grid=sorted(set().union(*posts.values())),
        cases=_cases(drawn),
        unanswered=plan.comments.filter(
            state__in=(CommentState.WAITING, CommentState.RELEASED), answered_at=None
        ).count(),
    )


def _cases(drawn: Drawn) -> Cases:
    at_grids = Answering.objects.filter(organisations.during(), area__code__in=list(drawn.old))
    owners = at_grids.values("post")
    inside = below(drawn.plan.area.path, "area__")
    rows = redrawing.movable().filter(inside, owner__in=owners)
    moving = [case for case in rows if _moves(case, drawn)]
    return Cases(rows.count(), len(moving), sum(redrawing.begun(case) for case in moving))


def _moves(case: Case, drawn: Drawn) -> bool:
    """Would it go to another post? Its owner got it for a grid in which it no longer lies."""
    held = redrawing.held_for(case) & set(drawn.old)
    new = _grid_of(case, drawn)
    if not held or new is None or new in held:
        return False
    return drawn.sources.get(new) not in held


def _grid_of(case: Case, drawn: Drawn) -> str | None:
    """The grid that will hold a case: by its point, its place, its group, or its area's middle."""
    if case.lon is not None and case.lat is not None:
        return drawn.grid_at(case.lon, case.lat)
    if case.place is not None:
        return drawn.grid_at(case.place.lon, case.place.lat)
    for code in reversed(case.area.path.split("/") if case.area else ()):
        if code in drawn.groups:
            return drawn.groups[code][1]
        if code in drawn.new_codes:
            return str(code)
    if case.area is None or case.area.centre_lon is None or case.area.centre_lat is None:
        return None
    return drawn.grid_at(case.area.centre_lon, case.area.centre_lat)
