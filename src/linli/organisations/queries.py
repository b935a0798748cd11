"""Questions about who answers for what, and about the posts somebody holds."""

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from linli.areas.models import Area
from linli.kernel.models import Account
from linli.organisations.duties import INSPECTION, SERVICE_CENTRE
from linli.organisations.models import Absence, Answering, Holding, Organisation, Post
from linli.organisations.walk import (
    Barred,
    Found,
    Roster,
    Seat,
    Step,
    Why,
    answer,
    with_fallback,
)

Moment = dt.datetime | None
T = TypeVar("T")


@dataclass(frozen=True)
class Answered:
    """Who answers: the post, who acts in it (None as a last resort), and how it was found."""

    post: Post
    holder: Account | None
    acting_as_deputy: bool
    area: str
    reasons: tuple[Step, ...]

    @property
    def codes(self) -> list[list[str]]:
        """The reasons as plain codes, for a case to keep; `explain` turns them into sentences."""
        return [step.codes() for step in self.reasons]

    @property
    def by_fallback(self) -> bool:
        """No post of the duty itself answered: the service centre has it, or an empty post."""
        last = self.reasons[-1]
        return last.why is Why.LAST_RESORT or last.duty != self.reasons[0].duty


def during(at: Moment = None, prefix: str = "") -> Q:
    """The spell covers the moment `at`, by default now; `prefix` leads to it, like ``post__``."""
    at = at or timezone.now()
    return Q(**{f"{prefix}since__lte": at}) & not_over(at, prefix)


def not_over(at: Moment = None, prefix: str = "") -> Q:
    """The spell covers the moment `at`, by default now, or is still to begin."""
    at = at or timezone.now()
    return Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": at})


def duty_for(area: Area, duty: str, at: Moment = None) -> Answered | None:
    """Which post answers for `duty` in `area`: the nearest one upwards with somebody there.

    Absent holders are passed by (a deputy acts), and so are empty posts. Where no post of the duty
    answers, the service centre does. None only if nothing answers at all.
    """
    path, duties = _path(area), with_fallback(duty)
    return _answered(answer(path, duties, roster(at, path, duties)))


def duties_for(area_ids: Iterable[int], duty: str, at: Moment = None) -> dict[int, Answered | None]:
    """`duty_for` for many areas by primary key, with one read of the roster."""
    paths = dict(Area.objects.filter(pk__in=set(area_ids)).values_list("pk", "path"))
    duties = with_fallback(duty)
    seats = roster(at, duties=duties)
    found = {pk: answer(path.split("/"), duties, seats) for pk, path in paths.items()}
    posts = Post.objects.in_bulk({f.seat.post for f in found.values() if f})
    people = Account.objects.in_bulk({f.seat.acting for f in found.values() if f and f.seat.acting})
    return {pk: _dressed(f, posts, people) if f else None for pk, f in found.items()}


def next_post_up(
    post: Post,
    area: Area,
    duty: str,
    at: Moment = None,
    *,
    involved: Collection[Post] = (),
    people: Collection[int] = (),
) -> Answered | None:
    """The post for `duty` above the one where `post` answers, held by somebody else.

    `involved` are further posts that had the matter: neither they nor any of their holders are
    found; nor is a post in which one of `people` (primary keys of accounts) acts now. Where the
    duty has nobody above, the service centre above answers, then inspection; where `post` already
    sits at the top, anybody else on the whole path.
    """
    path = _path(area)
    duties = (*with_fallback(duty), INSPECTION)
    own = Answering.objects.filter(during(at), post=post, area__code__in=path)
    here = set(own.values_list("area__code", flat=True))
    top = min((i for i, code in enumerate(path) if code in here), default=len(path))
    seats = roster(at, path, duties)
    posts = {post.pk, *(p.pk for p in involved)}
    held = Holding.objects.filter(during(at), post__in=posts).values_list("account", flat=True)
    barred = Barred(posts=posts, holders=frozenset(held).union(people))
    found = answer(path[:top], duties, seats, barred) or answer(path, duties, seats, barred)
    return _answered(found)


def outside_chain(office: Post | Organisation, area: Area, at: Moment = None) -> Answered | None:
    """Who handles a complaint about how a post or an office acted.

    The nearest inspection post, else service centre, whose organisation is neither the office's
    own, nor above it, nor below it. None if there is no such post: then the matter cannot be
    handled inside this prefecture, and the caller says so.
    """
    organisation = office.organisation if isinstance(office, Post) else office
    barred = Barred(organisations=chain(organisation))
    path, duties = _path(area), (INSPECTION, SERVICE_CENTRE)
    return _answered(answer(path, duties, roster(at, path, duties), barred))


def chain(organisation: Organisation) -> set[int]:
    """The organisation, everything above it and everything below it, by primary key."""
    above, below = dict(Organisation.objects.values_list("pk", "parent")), defaultdict(list)
    for pk, parent in above.items():
        below[parent].append(pk)
    found, step = {organisation.pk}, above.get(organisation.pk)
    while step is not None and step not in found:
        found.add(step)
        step = above.get(step)
    waiting = list(below[organisation.pk])
    while waiting:
        pk = waiting.pop()
        found.add(pk)
        waiting += below[pk]
    return found


def roster(
    at: Moment = None, areas: Sequence[str] | None = None, duties: Sequence[str] | None = None
) -> Roster:
    """All seats at a moment, or those of some area codes and duty codes; two reads."""
    rows = Answering.objects.filter(during(at))
    rows = rows if areas is None else rows.filter(area__code__in=areas)
    rows = rows if duties is None else rows.filter(duty__code__in=duties)
    found = rows.order_by("post__code").values_list(
        "area__code", "duty__code", "post", "post__code", "post__organisation"
    )
    lines = list(found)
    seats = _staffed({line[2] for line in lines}, at)
    table: dict[tuple[str, str], list[Seat]] = defaultdict(list)
    for area, duty, post, code, organisation in lines:
        seat = Seat(post, code, organisation, *seats[post])
        if seat not in table[area, duty]:  # two versions of one area may both name the post
            table[area, duty].append(seat)
    return table


def holders_in(offices: Collection[int], people: Collection[int], at: Moment = None) -> set[int]:
    """Which of `people` hold any post in one of these organisations; all as primary keys."""
    rows = Holding.objects.filter(
        during(at), account__in=people, post__organisation__in=list(offices)
    )
    return set(rows.values_list("account", flat=True))


def posts_by_level(duty: str, at: Moment = None) -> dict[int, set[int]]:
    """The posts that answer for a duty, by the level of the areas for which they do; both as keys.

    Who answers on several levels counts on the lowest.
    """
    rows = Answering.objects.filter(during(at), duty__code=duty).order_by("-area__level__depth")
    found: dict[int, set[int]] = defaultdict(set)
    seen: set[int] = set()
    for post, level in rows.values_list("post", "area__level"):
        if post not in seen:
            seen.add(post)
            found[level].add(post)
    return dict(found)


def _staffed(
    posts: Collection[int], at: Moment
) -> dict[int, tuple[int | None, bool, frozenset[int]]]:
    """For each post: who acts in it, whether as deputy, and all who hold it."""
    away = Absence.objects.filter(during(at), holding=OuterRef("pk"))
    rows = Holding.objects.filter(during(at), account__is_active=True)
    if len(posts) < 500:  # else all of them: cheaper than a list as long as the table
        rows = rows.filter(post__in=posts)
    held: dict[int, list[tuple[bool, int, bool]]] = defaultdict(list)
    for post, account, deputy, absent in rows.annotate(away=Exists(away)).values_list(
        "post", "account", "deputy", "away"
    ):
        held[post].append((deputy, account, absent))
    return {post: _acting(sorted(held[post])) for post in posts}


def _acting(held: list[tuple[bool, int, bool]]) -> tuple[int | None, bool, frozenset[int]]:
    everybody = frozenset(account for _, account, _ in held)
    for deputy, account, absent in held:
        if not absent:
            return account, deputy, everybody
    return None, False, everybody


def _path(area: Area) -> list[str]:
    return str(area.path).split("/")


def _answered(found: Found | None) -> Answered | None:
    if found is None:
        return None
    posts = {found.seat.post: Post.objects.select_related("organisation").get(pk=found.seat.post)}
    return _dressed(found, posts, Account.objects.in_bulk([found.seat.acting]))


def _dressed(found: Found, posts: dict[int, Post], people: dict[int, Account]) -> Answered:
    return Answered(
        post=posts[found.seat.post],
        holder=people.get(found.seat.acting) if found.seat.acting else None,
        acting_as_deputy=found.seat.deputy,
        area=found.area,
        reasons=found.steps,
    )


def posts_of(account: Account, at: Moment = None) -> QuerySet[Post]:
    """The posts somebody holds at a moment, as holder or deputy; none for a left colleague.

    A deputy has the rights of the post all the time: an absence that nobody entered must not lock
    an inbox. What a deputy looks at is in the journal like everybody's.
    """
    if not account.is_active:
        return Post.objects.none()
    held = Holding.objects.filter(during(at), account=account).values("post")
    return Post.objects.filter(pk__in=held).select_related("organisation")


_asked: ContextVar[dict[tuple[str, int], Any] | None] = ContextVar("asked", default=None)


@contextmanager
def asked_once() -> Iterator[None]:
    """In here, what somebody holds now is asked once, and then remembered.

    For a page that only reads and asks twenty times what its reader may do. Never around an action:
    what an action requires is asked under its lock.
    """
    token = _asked.set({})
    try:
        yield
    finally:
        _asked.reset(token)


def _remembered(what: str, account: Account, at: Moment, ask: Callable[[], T]) -> T:
    memory = _asked.get() if at is None else None
    if memory is None:
        return ask()
    key = (what, account.pk)
    if key not in memory:
        memory[key] = ask()
    found: T = memory[key]
    return found


def holds(account: Account, post: Post, at: Moment = None) -> bool:
    """Does somebody hold this post, as holder or deputy?"""
    posts = posts_of(account, at)
    if _asked.get() is None or at is not None:
        return posts.filter(pk=post.pk).exists()
    return post.pk in _remembered("posts", account, at, lambda: {row.pk for row in posts})


def operator_posts(account: Account, at: Moment = None) -> QuerySet[Post]:
    """The service-centre posts somebody holds."""
    return posts_of(account, at).filter(kind=Post.Kind.SERVICE_CENTRE)


def holds_a_post(account: Account, at: Moment = None) -> bool:
    """Does somebody hold any post? Without one there is nothing to handle or to take down."""
    return posts_of(account, at).exists()


def is_operator(account: Account, at: Moment = None) -> bool:
    """Does somebody hold a post of a service centre?"""
    return operator_posts(account, at).exists()


def operator_areas(account: Account, at: Moment = None) -> list[Area]:
    """The areas whose service centre somebody works in, as they are at `at`.

    What an operator may see is these areas and everything below (`areas.conditions.below`).
    """
    return _remembered(
        "operator areas",
        account,
        at,
        lambda: areas_answered_by(operator_posts(account, at), SERVICE_CENTRE, at),
    )


def areas_answered_by(
    posts: QuerySet[Post], duty: str | None = None, at: Moment = None
) -> list[Area]:
    """The areas that any of these posts answers for, in the versions that hold at `at`."""
    rows = Answering.objects.filter(during(at), post__in=posts.values("pk"))
    rows = rows if duty is None else rows.filter(duty__code=duty)
    codes = rows.values_list("area__code", flat=True).distinct()
    return list(Area.objects.current(at).filter(code__in=list(codes)))


def sees_contacts(account: Account, at: Moment = None) -> bool:
    """Does any post somebody holds answer for a duty that may open contacts?

    Such accounts must sign in with a second factor.
    """
    posts = posts_of(account, at).values("pk")
    return Answering.objects.filter(during(at), post__in=posts, duty__sees_contacts=True).exists()


def post_sees_contacts(post: Post, duty: str, at: Moment = None) -> bool:
    """Does the post answer for `duty`, and may posts of that duty open contacts?"""
    rows = Answering.objects.filter(during(at), post=post, duty__code=duty)
    return rows.filter(duty__sees_contacts=True).exists()
