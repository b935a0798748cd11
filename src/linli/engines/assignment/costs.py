"""What it costs that somebody takes a case, part by part, in minutes of way; and who comes to mind.

Whether somebody *may* have a case is no cost but a table that the caller brings: without a mark in
it there is no candidate, at no price.
"""

from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from linli.engines.assignment.plan import FULL, Ints, Longs, compiled

PARTS = ("travel", "language", "skill", "deadline")
MOST_COST = 1 << 24  # of one case with one worker, and of one slot
CANDIDATES = 32

Sets = NDArray[np.uint64]  # each a set of up to 64 things, one bit each


@dataclass(frozen=True)
class Prices:
    """What each part counts, in minutes of way; whole numbers, as everybody may read them."""

    travel: int = 1  # a minute of way
    language: int = 45  # no language in common: somebody has to interpret
    skill: int = 30  # a skill that would help and is missing
    deadline: int = 2  # a minute on the way after the deadline
    load: int = 60  # a case for somebody who has just as many as their fair share


@dataclass(frozen=True)
class People:
    """Those who answer; one entry each, and nothing about them but what the work needs."""

    languages: Sets
    skills: Sets
    holds: Ints  # cases that they have already, outside of the plan
    capacity: Ints  # how many they can have, those included
    fair: Ints  # their fair share of all cases, in hundredths of a case


@dataclass(frozen=True)
class Cases:
    """The cases that wait: one row each, in the tables one column for each of the people."""

    minutes: Ints  # [case, person] the way
    may: NDArray[np.bool_]  # [case, person] qualified, and allowed to see it
    languages: Sets  # those that the reporter speaks; empty: any will do
    skills: Sets  # those that would help
    left: Ints  # minutes until the deadline, negative after it


class Candidates(NamedTuple):
    """Who could have each case: those of case `n` are `starts[n]:starts[n + 1]`, rising."""

    starts: Ints
    workers: Ints
    parts: Ints  # [candidate, part] in minutes of way, as in PARTS


def slots_of(people: People, load: int) -> Longs:
    """What each next case costs each of the people by their load; FULL beyond their capacity.

    The n-th costs `load` × (n - ½) ÷ fair share: rising with the number, so that work goes where
    there is least of it for the hours that somebody has. ValueError for a fair share of nothing.
    """
    if (people.fair <= 0).any():
        raise ValueError("a fair share is more than nothing")
    room = people.capacity - people.holds
    most = max(int(room.max(initial=0)), 0)
    number = people.holds[:, None] + np.arange(most, dtype=np.int64)
    cost = load * (2 * number + 1) * 50 // people.fair[:, None]
    cost = np.minimum(cost, MOST_COST)
    return np.where(number < people.capacity[:, None], cost, FULL).astype(np.int64)


def candidates_of(
    cases: Cases, people: People, prices: Prices, asks: Longs, *, most: int = CANDIDATES
) -> Candidates:
    """The up to `most` people for each case to whom it would cost least, among those who may.

    `asks` is what each of the people costs on top, for the choice only: the price at which they
    stand in the plan (`Standing.prices`), or their first slot; from FULL on they are left out.
    Of equal ones the lower number comes first.
    """
    shape = (len(cases.left), len(people.fair))
    if cases.minutes.shape != shape or cases.may.shape != shape or len(asks) != shape[1]:
        raise ValueError("a table has one row for each case and one column for each person")
    if cases.minutes.min(initial=0, where=cases.may) < 0:
        raise ValueError("no way takes less than no time")
    starts = np.zeros(shape[0] + 1, np.int32)
    workers = np.empty(shape[0] * min(most, shape[1]), np.int32)
    parts = np.empty((len(workers), len(PARTS)), np.int32)
    each = (prices.travel, prices.language, prices.skill, prices.deadline)
    _choose(
        cases.minutes, cases.may, (cases.languages, cases.skills, cases.left),
        (people.languages, people.skills, asks), each, most, (starts, workers, parts),
    )  # fmt: skip
    count = starts[-1]
    return Candidates(starts, workers[:count], parts[:count])


@compiled  # type: ignore[untyped-decorator]
def _parts(way: int, case: Any, person: Any, prices: Any) -> tuple[int, int, int, int]:
    """One case with one person, in the order of PARTS."""
    speaks, wanted, left = case
    travel, language, skill, deadline = prices
    shared = speaks == np.uint64(0) or (speaks & person[0]) != np.uint64(0)
    missing, count = wanted & ~person[1], 0
    while missing:
        missing &= missing - np.uint64(1)
        count += 1
    late = max(0, way - max(0, left))
    most = MOST_COST // 4
    return (
        min(way * travel, most),
        0 if shared else min(language, most),
        min(count * skill, most),
        min(late * deadline, most),
    )


@compiled  # type: ignore[untyped-decorator]
def _keep(best: Any, who: Any, count: int, most: int, cost: int, person: int) -> int:
    """Put a person into the list of the cheapest, in its order; returns how many there are."""
    if count == most and (most == 0 or cost >= best[count - 1]):
        return count
    n = count if count < most else most - 1
    while n > 0 and best[n - 1] > cost:
        best[n], who[n] = best[n - 1], who[n - 1]
        n -= 1
    best[n], who[n] = cost, person
    return min(count + 1, most)


@compiled  # type: ignore[untyped-decorator]
def _choose(
    minutes: Any, may: Any, of_cases: Any, of_people: Any, prices: Any, most: int, found: Any
) -> None:
    speaks, wanted, left = of_cases
    languages, skills, asks = of_people
    starts, workers, parts = found
    best, who = np.empty(most, np.int64), np.empty(most, np.int32)
    end = 0
    for n in range(len(left)):
        count = 0
        case = (speaks[n], wanted[n], np.int64(left[n]))
        for person in range(len(asks)):
            if not may[n, person] or asks[person] >= FULL:
                continue
            ability = (languages[person], skills[person])
            a, b, c, d = _parts(np.int64(minutes[n, person]), case, ability, prices)
            count = _keep(best, who, count, most, a + b + c + d + asks[person], person)
        for person in np.sort(who[:count]):
            ability = (languages[person], skills[person])
            a, b, c, d = _parts(np.int64(minutes[n, person]), case, ability, prices)
            workers[end] = person
            parts[end, 0], parts[end, 1], parts[end, 2], parts[end, 3] = a, b, c, d
            end += 1
        starts[n + 1] = end
