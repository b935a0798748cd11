"""Where nobody answers, which posts stand empty, which cover a lot. About posts, never persons."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from linli.areas.models import Area, Level
from linli.areas.queries import within
from linli.organisations.duties import INSPECTION
from linli.organisations.models import Answering, Duty, Holding, Post
from linli.organisations.queries import during, roster
from linli.organisations.walk import Found, Roster, answer, with_fallback

Moment = dt.datetime | None
A_LOT = 12  # areas × duties of posts with one holder; the page lets the reader choose another


@dataclass(frozen=True)
class Answer:
    """For one duty in one area: the post that answers, or None, and how the walk went."""

    duty: Duty
    post: Post | None
    found: Found | None

    @property
    def own(self) -> bool:
        """A post of the duty itself answers, with somebody there."""
        return self.found is not None and bool(self.found.seat.acting) and not self.fallback

    @property
    def fallback(self) -> bool:
        """The service centre stands in."""
        return self.found is not None and self.found.steps[-1].duty != self.duty.code

    @property
    def waiting(self) -> bool:
        """A post has it, and nobody is there at the moment."""
        return self.found is not None and self.found.seat.acting is None

    @property
    def deputy(self) -> bool:
        """A deputy acts."""
        return self.found is not None and self.found.seat.deputy


@dataclass(frozen=True)
class Gap:
    """A duty that nobody answers in an area; `below` counts the areas in it that `area` stands for.

    `post` is what stands in: one further up, the service centre, an empty post, or none.
    """

    area: Area
    duty: Duty
    found: Found | None
    post: Post | None
    below: int


@dataclass(frozen=True)
class Load:
    """Posts with the same holder, and for how many areas × duties they answer together."""

    posts: tuple[Post, ...]
    answers: int


def answers_in(area: Area, at: Moment = None) -> list[Answer]:
    """Who answers in an area, for every duty, in the order of the duties; two reads and the posts.

    Inspection is a duty like the others here; a complaint about an inspector's own office goes
    further (`queries.outside_chain`).
    """
    path = str(area.path).split("/")
    seats, duties = roster(at, path), list(Duty.objects.all())
    found = {d.pk: answer(path, with_fallback(d.code), seats) for d in duties}
    posts = _posts(f.seat.post for f in found.values() if f)
    return [
        Answer(d, posts.get(f.seat.post) if (f := found[d.pk]) else None, found[d.pk])
        for d in duties
    ]


def gaps(root: Area, duty: Duty | None = None, at: Moment = None) -> list[Gap]:
    """Areas under `root` where a duty has nobody of its own, largest area first.

    Asked are the areas of every level at which posts of the duty normally sit. Where all such areas
    under one parent have the gap, the parent stands for them.
    """
    seats = roster(at)
    duties = [duty] if duty else list(Duty.objects.exclude(code=INSPECTION))
    areas = list(within(root).select_related("level").exclude(level__depth__gt=_deepest(duties)))
    rows = [g for d in duties for g in _gaps_of(d, areas, seats)]
    posts = _posts(found.seat.post for _, _, found, _ in rows if found)
    return [
        Gap(area, d, found, posts.get(found.seat.post) if found else None, below)
        for area, d, found, below in sorted(rows, key=lambda r: (r[0].path, r[1].position))
    ]


def _deepest(duties: list[Duty]) -> int:
    """The depth of the lowest level that any duty sits at."""
    codes = {code for d in duties for code in d.levels}
    depths = Level.objects.filter(code__in=codes).values_list("depth", flat=True)
    return max(depths, default=0)


def _gaps_of(
    duty: Duty, areas: list[Area], seats: Roster
) -> Iterator[tuple[Area, Duty, Found | None, int]]:
    for level in duty.levels:
        open_at: dict[str, Found | None] = {}
        total: dict[str, int] = defaultdict(int)
        for area in areas:
            if area.level.code == level:
                for path in _upwards(area.path):
                    total[path] += 1
                found = answer(str(area.path).split("/"), with_fallback(duty.code), seats)
                if not _own(found, area, duty):
                    open_at[area.path] = found
        yield from _gathered(duty, areas, open_at, total)


def _own(found: Found | None, area: Area, duty: Duty) -> bool:
    """A post of the duty itself answers in this very area, and somebody is there."""
    return (
        found is not None
        and found.area == area.code
        and found.steps[-1].duty == duty.code
        and found.seat.acting is not None
    )


def _upwards(path: str) -> Iterator[str]:
    while path:
        yield path
        path = path.rpartition("/")[0]


def _gathered(
    duty: Duty, areas: list[Area], open_at: Mapping[str, Found | None], total: Mapping[str, int]
) -> Iterator[tuple[Area, Duty, Found | None, int]]:
    count: dict[str, int] = defaultdict(int)
    first: dict[str, str] = {}
    for path in open_at:
        for prefix in _upwards(path):
            count[prefix] += 1
            first.setdefault(prefix, path)
    whole = {path for path, n in count.items() if n == total[path]}
    for area in areas:
        above = str(area.path).rpartition("/")[0]
        if area.path in whole and above not in whole:
            leaf = first[area.path]
            yield area, duty, open_at[leaf], 0 if leaf == area.path else count[area.path]


def empty_posts(root: Area, at: Moment = None) -> list[tuple[Post, bool]]:
    """Posts that answer for something under `root` where nobody is there now, by code.

    The flag says whether the post has holders at all. Who they are is not part of it.
    """
    codes = set(within(root).values_list("code", flat=True))
    bare = {
        seat.post: bool(seat.holders)
        for (area, _duty), seats in roster(at).items()
        if area in codes
        for seat in seats
        if seat.acting is None
    }
    posts = _posts(iter(bare))
    return sorted(((posts[pk], held) for pk, held in bare.items()), key=lambda p: p[0].code)


def loads(root: Area, more_than: int = A_LOT, at: Moment = None) -> list[Load]:
    """Posts that answer for more than `more_than` areas × duties, by code.

    Posts with the same holder count together, because one person has to do them all. The line
    names the posts, not the person, and stands in no order of size: it asks for another post, it
    does not judge anybody.
    """
    codes = set(within(root).values_list("code", flat=True))
    answers: dict[int, int] = defaultdict(int)
    rows = Answering.objects.filter(during(at)).values_list("post", "area__code")
    for post, area in rows:
        if area in codes:
            answers[post] += 1
    together: dict[int, set[int]] = defaultdict(set)
    for post, account in Holding.objects.filter(during(at), deputy=False).values_list(
        "post", "account"
    ):
        if post in answers:
            together[account].add(post)
    held = set().union(*together.values())
    groups = {frozenset(g) for g in together.values()} | {
        frozenset([post]) for post in answers if post not in held
    }
    heavy = {g: n for g in groups if (n := sum(answers[post] for post in g)) > more_than}
    posts = _posts(post for g in heavy for post in g)
    found = [
        Load(tuple(sorted((posts[p] for p in g), key=lambda p: p.code)), n)
        for g, n in heavy.items()
    ]
    return sorted(found, key=lambda load: load.posts[0].code)


def _posts(ids: Iterator[int]) -> dict[int, Post]:
    return Post.objects.select_related("organisation").in_bulk(set(ids))
