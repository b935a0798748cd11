"""The ladder: to whose eyes unanswered work comes next, and when."""

import datetime as dt

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.cases import rulebook
from linli.cases.models import Case
from linli.organisations import queries as organisations
from linli.organisations.models import Answering, Post


def first_climb(due_at: dt.datetime) -> dt.datetime:
    """When a case with this deadline climbs for the first time, if nobody answers it."""
    return due_at + rulebook.ladder(due_at).grace


def nearer(case: Case, due_at: dt.datetime) -> dt.datetime | None:
    """When a case climbs next whose deadline becomes this one: sooner only if that is sooner.

    None stays: it does not climb now.
    """
    if case.next_climb_at is None or due_at >= case.due_at:
        return case.next_climb_at
    return min(case.next_climb_at, first_climb(due_at))


def next_climb(at: dt.datetime) -> dt.datetime:
    """When it climbs again after having climbed at `at`."""
    return at + rulebook.ladder(at).step


def step_up(case: Case, at: dt.datetime) -> tuple[Post, str] | None:
    """The post above the one that the case last came to, and its level; None at the top."""
    if case.area is None or case.outside_chain:
        return None  # it is with the top already, or outside every chain
    before = [climb.post for climb in case.climbs.select_related("post").order_by("rung")]
    last = before[-1] if before else case.owner
    duty = case.version.definition.duty
    found = organisations.next_post_up(last, case.area, duty, at, involved=[case.owner, *before])
    if found is None:
        return None
    up = areas.by_code(found.area, at)
    levels = rulebook.ladder(at).levels
    if up is None or up.level.code not in levels or _depth(up) >= _depth_of(last, case.area, at):
        return None
    return found.post, up.level.code


def _depth(area: Area) -> int:
    return len(area.path.split("/")) - 1


def _depth_of(post: Post, area: Area, at: dt.datetime) -> int:
    """How deep on the path of the case's area the post answers; at its end if nowhere."""
    path = area.path.split("/")
    rows = Answering.objects.filter(organisations.during(at), post=post, area__code__in=path)
    depths = [path.index(code) for code in rows.values_list("area__code", flat=True)]
    return min(depths, default=len(path))
