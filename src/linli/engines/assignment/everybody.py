"""The cheapest plan over everybody who may, though only a few come to mind for each case.

The prices at which the workers stand tell whether a pair that was left out could make the plan
cheaper: only where its cost and the worker's price come to less than the case costs now. Those
pairs are brought in until there are none; then no plan over all pairs costs less (the pricing of
columns, after Dantzig and Wolfe 1960).
"""

import numpy as np

from linli.engines.assignment.costs import (
    CANDIDATES,
    Cases,
    People,
    Prices,
    candidates_of,
    slots_of,
)
from linli.engines.assignment.plan import Ints, Longs
from linli.engines.assignment.standing import Standing

TOGETHER = 64  # cases that choose at the same prices, before those who came have moved them
FRESH = 8  # who is brought in for a case at a time


def plan_of(
    cases: Cases, people: People, prices: Prices, nobody: Longs, *, most: int = CANDIDATES
) -> Standing:
    """The cheapest plan for these cases, each with `most` candidates or a few more.

    The number of a case is its row; `nobody` as in `Standing.add_cases`.
    """
    plan = Standing(slots_of(people, prices.load))
    for start in range(0, len(nobody), TOGETHER):
        some = slice(start, start + TOGETHER)
        found = candidates_of(_some(cases, some), people, prices, plan.prices, most=most)
        plan.add_cases(found, nobody[some])
    settle(plan, np.arange(len(nobody), dtype=np.int32), cases, people, prices)
    return plan


def settle(plan: Standing, numbers: Ints, cases: Cases, people: People, prices: Prices) -> int:
    """Bring in pairs until nobody left out could make the plan cheaper; returns for how many cases.

    `numbers` are those of `cases` in the plan, all that are in it; `people` are its workers.
    """
    widened = 0
    waiting = numbers
    while len(waiting):
        found = candidates_of(cases, people, prices, plan.prices, most=FRESH)
        asked = found.parts.sum(axis=1, dtype=np.int64) + plan.prices[found.workers]
        each = np.repeat(np.arange(len(numbers)), np.diff(found.starts))
        cheaper = asked < plan.sums[numbers[each]]
        waiting = np.unique(each[cheaper])
        for n in waiting.tolist():
            mine = slice(found.starts[n], found.starts[n + 1])
            plan.widen_case(int(numbers[n]), found.workers[mine], found.parts[mine])
        widened += len(waiting)
    return widened


def _some(cases: Cases, some: slice) -> Cases:
    return Cases(
        cases.minutes[some], cases.may[some], cases.languages[some], cases.skills[some],
        cases.left[some],
    )  # fmt: skip
