"""Lists for staff: the board, the inbox, what climbed. Plain rows by `.values()`, few queries.

The indices they lean on: (owner, state, due), (state, due), (area, state, received).
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.cases import numbers, rules
from linli.cases.models import LIVE, RUNNING, Case, Climb, Offer, Photo, State, Support
from linli.kernel.models import Account
from linli.organisations import queries as organisations

Line = dict[str, Any]
COLUMNS = (
    "pk",
    "number",
    "state",
    "channel",
    "language",
    "received_at",
    "first_due_at",
    "due_at",
    "triaged_at",
    "published",
    "public",
    "public_text",
    "reworks",
    "rung",
    "revision",
    "lon",
    "lat",
    "version",
    "version__service__code",
    "area__code",
    "area__names",
    "owner__code",
    "owner__names",
    "owner__organisation__names",
)
ORDERS = {
    "due": ("due_at", "pk"),
    "newest": ("-received_at", "-pk"),
    "oldest": ("received_at", "pk"),
}
PAGE = 100


@dataclass(frozen=True)
class Filters:
    """What a board shows; every part stands in the address of the page.

    `find` is a number, said or typed in any way, which is found whatever else is chosen; or words
    of the public text. Without `states` everything that is not at its end.
    """

    states: tuple[str, ...] = ()
    service: str = ""
    area: str = ""
    owner: str = ""
    late: bool = False
    untriaged: bool = False
    find: str = ""
    order: str = "due"


EVERYTHING = Filters()


def board(
    person: Account, filters: Filters = EVERYTHING, *, page: int = 1, size: int = PAGE
) -> list[Line]:
    """One page of the cases that somebody may see, as rows of `COLUMNS`."""
    first = (max(page, 1) - 1) * size
    return _in_full(_ordered(_filtered(person, filters), filters), first, size)


def _ordered(rows: QuerySet[Case], filters: Filters) -> QuerySet[Case]:
    order = ORDERS.get(filters.order, ORDERS["due"])
    if set(filters.states or LIVE) <= set(LIVE):
        # What lives is little, and found by its state. Left to itself the database would walk all
        # cases that ever were in the order asked for; an expression it cannot walk by an index.
        name = order[0].lstrip("-")
        rows = rows.annotate(_by=Coalesce(name, name))
        order = (order[0].replace(name, "_by"), order[1])
    return rows.order_by(*order)


def _in_full(rows: QuerySet[Case], first: int, size: int) -> list[Line]:
    """The rows of one page with all their columns; names are joined to these few only."""
    keys = list(rows.values_list("pk", flat=True)[first : first + size])
    found = {line["pk"]: line for line in Case.objects.filter(pk__in=keys).values(*COLUMNS)}
    return [found[key] for key in keys if key in found]


def photos_waiting(lines: Iterable[Line]) -> set[int]:
    """Which of these cases have a photo that nobody has cleared for the public yet."""
    public = [line["pk"] for line in lines if line["public"] and line["state"] in LIVE]
    return set(
        Photo.objects.filter(case__in=public, cleared_at=None).values_list("case", flat=True)
    )


def counts(person: Account, filters: Filters = EVERYTHING) -> dict[str, int]:
    """How many of the cases on the board stand in each state, and how many are late."""
    rows = _filtered(person, filters).order_by()
    found = dict(rows.values_list("state").annotate(n=Count("pk")))
    found["late"] = rows.filter(_late(timezone.now())).count()
    return found


def _filtered(person: Account, filters: Filters) -> QuerySet[Case]:
    rows, number = rules.visible_to(person), numbers.read(filters.find)
    if number:
        return rows.filter(number=number)
    rows = rows.filter(state__in=filters.states or LIVE)
    if filters.find:
        rows = rows.filter(public_text__icontains=filters.find.strip())
    if filters.service:
        rows = rows.filter(version__service__code=filters.service)
    if filters.owner:
        rows = rows.filter(owner__code=filters.owner)
    if filters.area:
        top = Area.objects.filter(code=filters.area).first()
        inside = Area.objects.filter(below(top.path)) if top else Area.objects.none()
        rows = rows.filter(area__in=inside.values("pk"))
    if filters.untriaged:
        rows = rows.filter(triaged_at=None)
    return rows.filter(_late(timezone.now())) if filters.late else rows


def _late(at: dt.datetime) -> Q:
    return Q(state__in=(State.RECEIVED, State.OPEN), due_at__lt=at)


@dataclass(frozen=True)
class Inbox:
    """What waits for somebody, most urgent first: rows of `COLUMNS`.

    `offered` rows also have the key `offer`, `helping` rows the key `support`.
    """

    late: list[Line]
    due: list[Line]
    paused: list[Line]
    offered: list[Line]
    helping: list[Line]
    waiting: list[Line]  # resolved, for the reporter to answer


def inbox(person: Account, *, size: int = 200) -> Inbox:
    """What waits for the posts that somebody holds."""
    posts = [post.pk for post in organisations.posts_of(person)]
    now = timezone.now()
    mine = rules.visible_to(person).filter(owner__in=posts).order_by("due_at", "pk")
    running = list(mine.filter(state__in=RUNNING).values(*COLUMNS)[:size])
    moving = [line for line in running if line["state"] != State.PAUSED]
    offers = Offer.objects.filter(taker__in=posts, state=Offer.State.OPEN).order_by("offered_at")
    tasks = Support.objects.filter(post__in=posts, done_at=None).order_by("asked_at")
    return Inbox(
        late=[line for line in moving if line["due_at"] < now],
        due=[line for line in moving if line["due_at"] >= now],
        paused=[line for line in running if line["state"] == State.PAUSED],
        offered=_lines(person, offers.values_list("case", "pk")[:size], "offer"),
        helping=_lines(person, tasks.values_list("case", "pk")[:size], "support"),
        waiting=list(mine.filter(state=State.RESOLVED).values(*COLUMNS)[:size]),
    )


def _lines(person: Account, pairs: Iterable[tuple[int, int]], key: str) -> list[Line]:
    pairs = list(pairs)
    rows = rules.visible_to(person).filter(pk__in=[case for case, _ in pairs], state__in=RUNNING)
    found = {line["pk"]: line for line in rows.values(*COLUMNS)}
    return [{**found[case], key: row} for case, row in pairs if case in found]


def climbed_to(person: Account) -> list[Line]:
    """What climbed to the posts somebody holds and still runs: number, service and age only."""
    posts = organisations.posts_of(person).values("pk")
    rows = Climb.objects.filter(post__in=posts, case__state__in=RUNNING)
    found = rows.order_by("case__received_at").values(
        "case__number", "case__version__service__code", "case__received_at", "level"
    )
    return [
        {
            "number": row["case__number"],
            "service": row["case__version__service__code"],
            "received_at": row["case__received_at"],
            "level": row["level"],
        }
        for row in found
    ]
