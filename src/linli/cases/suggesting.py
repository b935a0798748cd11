"""Whom somebody could give a case to: up to three posts, with reasons in words. A person decides.

The posts are those of the service's duty on the case's way up, with somebody there who may see it;
which three, `engines.assignment` says: way, work at hand against the fair share, deadline. The duty
is the skill. Which languages a post speaks is written down nowhere, and so costs nothing here.
Nothing here writes, and what a post has at hand is said in words only: some have one holder.
"""

import datetime as dt
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from django.db.models import Count
from django.utils import timezone

from linli.areas import queries as areas
from linli.cases import rules
from linli.cases.models import RUNNING, Case
from linli.engines.assignment import Cases, People, Prices, candidates_of, slots_of
from linli.engines.ground import metres
from linli.organisations import queries as organisations
from linli.organisations.duties import INSPECTION
from linli.organisations.models import Post
from linli.organisations.walk import Seat

MOST = 3
MINUTES_A_KM = 2  # of a straight line; roads wind
OTHERS = 3  # posts on one level, before one of them is compared with all
USUAL = (0.75, 1.25)  # of the mean: within, it is what is usual
LESS, AS_MUCH, MORE = "less", "as-much", "more"
MOST_MINUTES = 60 * 24 * 365


@dataclass(frozen=True)
class Suggestion:
    """A post and why: whole kilometres from the middle of its area (None: not known), its load
    beside the mean of its duty and level (None: too few to compare), and whether the way alone
    takes longer than the deadline leaves. `answers`: the case would come to it if it came now."""

    post: Post
    km: int | None
    load: str | None
    late: bool
    answers: bool


class _Candidate(NamedTuple):
    seat: Seat
    area: str
    answers: bool


class _Load(NamedTuple):
    open: int
    mean: float
    others: int  # posts on its level, itself included


def suggestions(case: Case) -> list[Suggestion]:
    """Up to three posts for a running case, from the nearest area up; not its owner."""
    if case.area is None or case.state not in RUNNING:
        return []
    duty = INSPECTION if case.outside_chain else case.version.definition.duty
    candidates = _candidates(case, duty)
    if not candidates:
        return []
    ways = _kilometres(case, [one.area for one in candidates])
    loads = _loads(duty, candidates)
    left = (case.due_at - timezone.now()) // dt.timedelta(minutes=1)
    chosen = _cheapest(ways, loads, left)
    posts = Post.objects.select_related("organisation").in_bulk(
        [candidates[n].seat.post for n in chosen]
    )
    return [
        Suggestion(
            post=posts[candidates[n].seat.post],
            km=ways[n],
            load=_in_words(loads[n]),
            late=0 < left < (ways[n] or 0) * MINUTES_A_KM,
            answers=candidates[n].answers,
        )
        for n in chosen
    ]


def _candidates(case: Case, duty: str) -> list[_Candidate]:
    """Seats where somebody is there who may have the case and see it, the nearest area first."""
    assert case.area is not None
    path = case.area.path.split("/")
    roster = organisations.roster(None, path, (duty,))
    found = [
        (seat, code)
        for code in reversed(path)
        for seat in roster.get((code, duty), ())
        if seat.acting is not None
    ]
    acting = {seat.acting for seat, _code in found if seat.acting is not None}
    barred = rules.barred_from(case, acting)
    taken: set[int] = {case.owner_id}
    kept = []
    for n, (seat, code) in enumerate(found):
        if seat.post in taken or seat.acting in barred.people:
            continue
        if seat.post in barred.posts or seat.organisation in barred.offices:
            continue
        taken.add(seat.post)
        kept.append(_Candidate(seat, code, n == 0))
    return kept


def _kilometres(case: Case, codes: Sequence[str]) -> list[int | None]:
    if case.lon is None or case.lat is None:
        return [None] * len(codes)
    centres = areas.centres(codes)
    return [
        max(1, round(float(metres(case.lon, case.lat, *np.array([centres[code]]).T)[0]) / 1000))
        if code in centres
        else None
        for code in codes
    ]


def _loads(duty: str, candidates: Sequence[_Candidate]) -> list[_Load]:
    """What each has at hand, beside all posts of the duty on the level where it answers."""
    levels = organisations.posts_by_level(duty)
    every = {post for posts in levels.values() for post in posts}
    running = Case.objects.filter(state__in=RUNNING).order_by().values_list("owner")
    held: Mapping[int, int] = dict(running.annotate(n=Count("pk")))
    held = {post: held.get(post, 0) for post in every}
    answer = []
    for one in candidates:
        peers: set[int] = next((p for p in levels.values() if one.seat.post in p), set())
        total = sum(held[post] for post in peers)
        answer.append(_Load(held.get(one.seat.post, 0), total / max(1, len(peers)), len(peers)))
    return answer


def _in_words(load: _Load) -> str | None:
    if load.others < OTHERS:
        return None
    low, high = (bound * load.mean for bound in USUAL)
    return LESS if load.open < low else MORE if load.open > high else AS_MUCH


def _cheapest(ways: Sequence[int | None], loads: Sequence[_Load], left: int) -> list[int]:
    """The numbers of those to whom it costs least, rising; one case, so that this is the plan."""
    count, known = len(ways), [way for way in ways if way is not None]
    far = max(known, default=0)  # whose way is not known is not nearer for it
    minutes = [(far if way is None else way) * MINUTES_A_KM for way in ways]
    none = np.zeros(count, np.uint64)
    holds = np.array([load.open for load in loads], np.int32)
    fair = np.array([max(100, math.ceil(load.mean * 100)) for load in loads], np.int32)
    people = People(none, none, holds, holds + 1, fair)
    left = max(-MOST_MINUTES, min(left, MOST_MINUTES))
    waiting = Cases(
        np.array([minutes], np.int32), np.ones((1, count), bool),
        none[:1], none[:1], np.array([left], np.int32),
    )  # fmt: skip
    prices = Prices()
    next_slot = slots_of(people, prices.load)[:, 0]
    return [int(n) for n in candidates_of(waiting, people, prices, next_slot, most=MOST).workers]
