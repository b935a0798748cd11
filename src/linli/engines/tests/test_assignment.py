"""After every change the plan costs as little as any plan could, and says why."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.assignment import (
    ABSENT,
    FULL,
    LAST_RESORT,
    NOBODY,
    PARTS,
    Candidates,
    Cases,
    People,
    Prices,
    Standing,
    candidates_of,
    plan_of,
    settle,
    slots_of,
)

law = settings(deadline=None, max_examples=150)
few = st.integers(0, 3)
cost = st.integers(0, 12)


def candidates(rows):
    """Of cases that are {worker: cost}; all of it is travel."""
    starts = np.cumsum([0] + [len(row) for row in rows]).astype(np.int32)
    pairs = [pair for row in rows for pair in sorted(row.items())]
    workers = np.array([worker for worker, _ in pairs], np.int32)
    parts = np.zeros((len(pairs), len(PARTS)), np.int32)
    parts[:, 0] = [way for _, way in pairs]
    return Candidates(starts, workers, parts)


def table(slots):
    most = max((len(row) for row in slots), default=0)
    return np.array([[*row, *[FULL] * (most - len(row))] for row in slots], np.int64).reshape(
        len(slots), most
    )


def least(cases, slots):
    """What the cheapest plan costs, by trying how many cases each worker could have."""
    known = {(0,) * len(slots): 0}
    for row, nobody in cases:
        then = {}
        for counts, so_far in known.items():
            ways = [(counts, nobody)]
            for worker, way in row.items():
                n = counts[worker]
                if n < len(slots[worker]):
                    more = (*counts[:worker], n + 1, *counts[worker + 1 :])
                    ways.append((more, way + slots[worker][n]))
            for counts_then, extra in ways:
                total = so_far + extra
                then[counts_then] = min(total, then.get(counts_then, total))
        known = then
    return min(known.values())


class Told:
    """A plan, and beside it what it was told, in plain words of Python."""

    def __init__(self, slots):
        self.slots = [list(row) for row in slots]
        self.cases = {}
        self.plan = Standing(table(slots))

    def add_cases(self, rows):
        before = self.seen()
        numbers, moved = self.plan.add_cases(
            candidates([row for row, _ in rows]), np.array([n for _, n in rows], np.int64)
        )
        assert not set(numbers.tolist()) & set(self.cases)
        self.cases |= dict(zip(numbers.tolist(), [(dict(row), n) for row, n in rows], strict=True))
        self.check(before, moved, new=numbers.tolist())

    def remove_case(self, case):
        before = self.seen()
        moved = self.plan.remove_case(case)
        del self.cases[case]
        self.check(before, moved)

    def add_worker(self, slots, ways):
        before = self.seen()
        cases = np.array(list(ways), np.int32)
        parts = candidates([dict(enumerate(ways.values()))]).parts
        worker, moved = self.plan.add_worker(table([slots])[0], cases, parts)
        assert worker == len(self.slots)
        self.slots.append(list(slots))
        for case, way in ways.items():
            self.cases[case][0][worker] = way
        self.check(before, moved)

    def remove_worker(self, worker):
        before = self.seen()
        moved = self.plan.remove_worker(worker)
        self.slots[worker] = []
        for row, _ in self.cases.values():
            row.pop(worker, None)
        self.check(before, moved)

    def seen(self):
        return {case: int(self.plan.workers[case]) for case in self.cases}

    def check(self, before, moved, new=()):
        after = self.seen()
        assert len(self.plan) == len(self.cases)
        gone = [n for n, worker in enumerate(self.plan.workers) if worker == ABSENT]
        assert not set(gone) & set(self.cases)
        changed = {case: (was, after[case]) for case, was in before.items()
                   if case in after and after[case] != was}  # fmt: skip
        assert {one.case: (one.had, one.has) for one in moved} == changed
        assert self.plan.cost == self.added_up(after)
        assert self.plan.cost == least(list(self.cases.values()), self.slots)

    def added_up(self, suggested):
        """The cost of the suggestions, and each of them one that was offered."""
        total = 0
        used = [0] * len(self.slots)
        for case, worker in suggested.items():
            row, nobody = self.cases[case]
            total += nobody if worker == NOBODY else row[worker]
            if worker != NOBODY:
                used[worker] += 1
        return total + sum(sum(row[:n]) for row, n in zip(self.slots, used, strict=True)
                           if n <= len(row) or pytest.fail("beyond a capacity"))  # fmt: skip


slots_lists = st.lists(cost, max_size=3).map(sorted)


@st.composite
def told(draw):
    """A plan to which cases have come, some one by one and some together."""
    it = Told(draw(st.lists(slots_lists, max_size=4)))
    for _ in range(draw(st.integers(1, 3))):
        it.add_cases(draw(st.lists(some_case(len(it.slots)), max_size=4)))
    return it


def some_case(workers):
    nobody = st.one_of(st.integers(0, 40), st.just(LAST_RESORT))
    row = st.dictionaries(st.integers(0, workers - 1), cost) if workers else st.just({})
    return st.tuples(row, nobody)


@pytest.mark.slow
@law
@given(told(), st.data())
def test_whatever_comes_and_goes_the_plan_costs_least(it, data):
    for _ in range(data.draw(st.integers(1, 8))):
        kinds = ["add_cases", "add_worker"]
        kinds += ["remove_case"] * bool(it.cases) + ["remove_worker"] * bool(it.slots)
        kind = data.draw(st.sampled_from(kinds))
        if kind == "add_cases":
            it.add_cases([data.draw(some_case(len(it.slots)))])
        elif kind == "remove_case":
            it.remove_case(data.draw(st.sampled_from(sorted(it.cases))))
        elif kind == "remove_worker":
            it.remove_worker(data.draw(st.integers(0, len(it.slots) - 1)))
        elif len(it.slots) < 6:
            some = st.sampled_from(sorted(it.cases)) if it.cases else st.nothing()
            it.add_worker(data.draw(slots_lists), data.draw(st.dictionaries(some, cost)))


def a_crowd(rng, cases, workers):
    """Cases as {worker: cost}, and slots, with few people for the work."""
    rows = [
        {int(worker): int(rng.integers(0, 99)) for worker in rng.choice(workers, 6, replace=False)}
        for _ in range(cases)
    ]
    rising = np.sort(rng.integers(0, 60, (workers, 4)), axis=1)
    return rows, [row[: 1 + n % 4].tolist() for n, row in enumerate(rising)]


def prove(plan, rows, slots, nobody):
    """With the plan's prices nobody does better: then no plan costs less (duality)."""
    prices = plan.prices.tolist()
    suggested = plan.workers.tolist()
    for case, row in rows.items():
        has = suggested[case]
        here = nobody if has == NOBODY else row[has] + prices[has]
        assert here == min([nobody, *(way + prices[worker] for worker, way in row.items())])
    for worker, row in enumerate(slots):
        n = suggested.count(worker)
        assert n <= len(row)
        assert n == 0 or row[n - 1] <= prices[worker]
        assert n == len(row) or prices[worker] <= row[n]


@pytest.mark.parametrize("nobody", [120, LAST_RESORT])
def test_the_prices_prove_that_no_plan_costs_less(nobody):
    rng = np.random.default_rng(3)
    rows, slots = a_crowd(rng, 320, 120)
    plan = Standing(table(slots))
    plan.add_cases(candidates(rows), np.full(320, nobody))
    assert NOBODY in plan.workers
    known = dict(enumerate(rows))
    prove(plan, known, slots, nobody)
    for case in rng.choice(320, 60, replace=False).tolist():
        plan.remove_case(case)
        del known[case]
    prove(plan, known, slots, nobody)
    for worker in (5, 80, 81):
        plan.remove_worker(worker)
        slots[worker] = []
        known = {case: {w: way for w, way in row.items() if w != worker}
                 for case, row in known.items()}  # fmt: skip
    prove(plan, known, slots, nobody)


def test_somebody_new_takes_the_place_of_somebody_gone():
    it = Told([[0], [3], [1]])
    it.add_cases([({0: 1, 1: 1, 2: 9}, 50), ({1: 2, 2: 2}, 50)])
    it.remove_worker(0)
    for way in (20, 12, 0, 30):
        it.add_worker([0], {0: way, 1: 9})
        it.remove_worker(1) if way == 12 else None
    assert it.plan.workers.tolist() == [5, 2]


def test_of_equal_ones_the_lowest_number_comes_first():
    plan = Standing(table([[4, 4], [4], [4]]))
    everybody = {0: 7, 1: 7, 2: 7}
    plan.add_cases(candidates([everybody] * 4), np.full(4, 50))
    assert plan.workers.tolist() == [0, 0, 1, 2]
    plan.add_cases(candidates([everybody]), np.array([50]))
    assert plan.workers.tolist() == [0, 0, 1, 2, NOBODY]


def test_an_arriving_case_moves_others_only_where_that_is_cheaper():
    plan = Standing(table([[0], [0]]))
    plan.add_cases(candidates([{0: 1, 1: 2}]), np.array([90]))
    (number,), moved = plan.add_cases(candidates([{0: 3}]), np.array([90]))
    assert plan.workers.tolist() == [1, 0]
    assert [(one.case, one.had, one.has) for one in moved] == [(0, 0, 1)]
    assert plan.remove_case(int(number)) != []
    assert plan.workers.tolist() == [0, ABSENT]
    assert len(plan) == 1


@pytest.mark.slow
@law
@given(told())
def test_no_reason_promises_more_than_it_would_cost(it):
    """Whoever takes somebody else for a case pays at least what the reason says, for all of it."""
    suggested = it.seen()
    for case, (row, _nobody) in it.cases.items():
        reasons = it.plan.reasons(case, 1 << 60)
        assert [one.worker for one in reasons] == [n for n in sorted(row) if it.slots[n]]
        for reason in reasons:
            assert reason.parts == dict.fromkeys(PARTS, 0) | {"travel": row[reason.worker]}
            assert reason.more >= 0
            assert reason.worker != suggested[case] or reason.more == 0
            others = [known for other, known in it.cases.items() if other != case]
            forced = least([*others, ({reason.worker: row[reason.worker]}, 1 << 50)], it.slots)
            assert forced >= it.plan.cost + reason.more
        near = it.plan.reasons(case, 2)
        assert near == [reason for reason in reasons if reason.more <= 2]


def test_a_reason_says_what_the_load_costs():
    plan = Standing(table([[5, 9], [6], [2], []]))
    plan.add_cases(candidates([{2: 0}, {0: 1, 1: 8, 2: 0, 3: 0}]), np.array([90, 90]))
    mine, next_one, full = plan.reasons(1, 1 << 60)
    assert (mine.load, mine.more) == (5, 0)
    assert (next_one.load, next_one.more) == (6, 8 + 6 - 1 - 5)
    assert full.load is None  # and another case would be left with nobody


# ---------------------------------------------------------------- what it costs


def people(count, **given):
    known = {
        "languages": np.full(count, 1, np.uint64),
        "skills": np.zeros(count, np.uint64),
        "holds": np.zeros(count, np.int32),
        "capacity": np.full(count, 3, np.int32),
        "fair": np.full(count, 100, np.int32),
    }
    return People(**(known | given))


def waiting(minutes, may, **given):
    count = len(minutes)
    known = {
        "languages": np.zeros(count, np.uint64),
        "skills": np.zeros(count, np.uint64),
        "left": np.full(count, 10_000, np.int32),
    }
    return Cases(np.array(minutes, np.int32), np.array(may, bool), **(known | given))


@st.composite
def situations(draw):
    n, count = draw(st.integers(0, 4)), draw(st.integers(0, 7))

    def numbers(low, high, *shape, dtype=np.int32):
        size = int(np.prod(shape))
        drawn = draw(st.lists(st.integers(low, high), min_size=size, max_size=size))
        return np.array(drawn, dtype).reshape(shape)

    some = people(count, languages=numbers(0, 7, count, dtype=np.uint64),
                  skills=numbers(0, 7, count, dtype=np.uint64))  # fmt: skip
    cases = Cases(
        numbers(0, 6, n, count), numbers(0, 1, n, count, dtype=bool),
        numbers(0, 7, n, dtype=np.uint64), numbers(0, 7, n, dtype=np.uint64), numbers(-3, 6, n),
    )  # fmt: skip
    prices = Prices(*(draw(st.integers(0, 9)) for _ in range(5)))
    asks = np.where(numbers(0, 9, count) == 0, FULL, numbers(0, 3, count)).astype(np.int64)
    return cases, some, prices, asks, draw(st.integers(0, 4))


def parts_of(cases, some, prices, case, person):
    way, left = int(cases.minutes[case, person]), int(cases.left[case])
    speaks, wanted = int(cases.languages[case]), int(cases.skills[case])
    alone = speaks and not speaks & int(some.languages[person])
    missing = (wanted & ~int(some.skills[person])).bit_count()
    late = max(0, way - max(0, left))
    return [way * prices.travel, prices.language if alone else 0, missing * prices.skill,
            late * prices.deadline]  # fmt: skip


@law
@given(situations())
def test_the_cheapest_of_those_who_may_come_to_mind(situation):
    cases, some, prices, asks, most = situation
    found = candidates_of(cases, some, prices, asks, most=most)
    assert len(found.starts) == len(cases.left) + 1
    for case in range(len(cases.left)):
        able = [person for person in range(len(asks))
                if cases.may[case, person] and asks[person] < FULL]  # fmt: skip
        able.sort(key=lambda p: (sum(parts_of(cases, some, prices, case, p)) + asks[p], p))
        mine = slice(found.starts[case], found.starts[case + 1])
        assert found.workers[mine].tolist() == sorted(able[:most])
        wanted = [parts_of(cases, some, prices, case, p) for p in sorted(able[:most])]
        assert found.parts[mine].tolist() == wanted


@pytest.mark.slow
@law
@given(situations(), st.lists(st.integers(1, 3), min_size=7, max_size=7), st.integers(0, 99))
def test_with_few_candidates_the_plan_is_the_cheapest_over_everybody(situation, rooms, nobody):
    cases, some, prices, _, most = situation
    count = len(some.fair)
    some = people(count, languages=some.languages, skills=some.skills,
                  capacity=np.array(rooms[:count], np.int32))  # fmt: skip
    n = len(cases.left)
    plan = plan_of(cases, some, prices, np.full(n, nobody), most=most)
    slots = [[cost for cost in row if cost < FULL] for row in slots_of(some, prices.load).tolist()]
    rows = [
        {one: sum(parts_of(cases, some, prices, case, one)) for one in np.flatnonzero(may).tolist()}
        for case, may in enumerate(cases.may)
    ]
    assert plan.cost == least([(row, nobody) for row in rows], slots)
    prove(plan, dict(enumerate(rows)), slots, nobody)
    assert settle(plan, np.arange(n), cases, some, prices) == 0
    if count:
        plan.remove_worker(0)
        slots[0] = []
        rows = [{one: way for one, way in row.items() if one} for row in rows]
    settle(plan, np.arange(n), cases, some, prices)
    assert plan.cost == least([(row, nobody) for row in rows], slots)


def test_more_people_can_come_to_mind_for_a_case():
    plan = Standing(table([[0], [0], [0]]))
    plan.add_cases(candidates([{1: 5}, {1: 1}]), np.array([90, 90]))
    assert plan.workers.tolist() == [NOBODY, 1]
    more = candidates([{0: 7, 1: 5, 2: 6}])
    (moved,) = plan.widen_case(0, more.workers, more.parts)
    assert (moved.case, moved.had, moved.has) == (0, NOBODY, 2)
    assert [reason.worker for reason in plan.reasons(0, 99)] == [0, 1, 2]


def test_who_may_not_is_never_suggested_not_even_as_the_last_resort():
    some = people(2)
    cases = waiting([[1, 900], [1, 900], [1, 900]], [[False, True], [False, True], [False, False]])
    slots = slots_of(some, 60)
    found = candidates_of(cases, some, Prices(), slots[:, 0])
    plan = Standing(slots)
    plan.add_cases(found, np.full(3, LAST_RESORT))
    assert plan.workers.tolist() == [1, 1, NOBODY]


def test_work_is_shared_by_the_hours_that_somebody_has():
    some = people(3, capacity=np.full(3, 99, np.int32), fair=np.array([400, 200, 200], np.int32))
    cases = waiting(np.zeros((16, 3)), np.ones((16, 3)))
    slots = slots_of(some, 60)
    plan = Standing(slots)
    plan.add_cases(candidates_of(cases, some, Prices(), slots[:, 0]), np.full(16, LAST_RESORT))
    assert np.bincount(plan.workers).tolist() == [8, 4, 4]


def test_a_slot_costs_more_the_more_somebody_has():
    some = people(3, holds=np.array([0, 2, 5], np.int32), fair=np.array([100, 50, 100], np.int32))
    slots = slots_of(some, 60)
    assert slots[0].tolist() == [30, 90, 150]
    assert slots[1].tolist() == [300, FULL, FULL]
    assert slots[2].tolist() == [FULL] * 3


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"starts": [0, 1]}, "each case has its candidates"),
        ({"starts": [0, 2, 1]}, "each case has its candidates"),
        ({"starts": [0, 9, 3]}, "each case has its candidates"),
        ({"workers": [0, 2, 0]}, "not there"),
        ({"workers": [-1, 1, 0]}, "not there"),
        ({"workers": [1, 1, 0]}, "rise"),
        ({"workers": [1, 0, 0]}, "rise"),
        ({"parts": [[0, 0, 0, -1]] * 3}, "below nothing"),
        ({"parts": [[1 << 24, 1, 0, 0]] * 3}, "beyond reason"),
        ({"parts": [[0, 0, 0]] * 3}, "each case has its candidates"),
        ({"nobody": [5, -1]}, "nobody costs"),
        ({"nobody": [5, LAST_RESORT + 1]}, "nobody costs"),
    ],
)
def test_candidates_that_cannot_be_right_are_refused_and_change_nothing(change, reason):
    plan = Standing(table([[1], [1]]))
    right = {"starts": [0, 2, 3], "workers": [0, 1, 0], "parts": [[1, 0, 0, 0]] * 3,
             "nobody": [5, 5]}  # fmt: skip
    starts, workers, parts, nobody = (
        np.array(value, np.int64 if name == "nobody" else np.int32)
        for name, value in (right | change).items()
    )
    with pytest.raises(ValueError, match=reason):
        plan.add_cases(Candidates(starts, workers, parts), nobody)
    assert len(plan) == 0
    assert plan.cost == 0


def test_other_numbers_that_cannot_be_right_are_refused():
    with pytest.raises(ValueError, match="rise"):
        Standing(np.array([[2, 1]]))
    with pytest.raises(ValueError, match="rise"):
        Standing(np.array([[-1, 1]]))
    with pytest.raises(ValueError, match="fair share"):
        slots_of(people(1, fair=np.zeros(1, np.int32)), 60)
    with pytest.raises(ValueError, match="one column"):
        candidates_of(waiting([[1, 2]], [[1, 1]]), people(1), Prices(), np.zeros(1, np.int64))
    with pytest.raises(ValueError, match="less than no time"):
        candidates_of(waiting([[-1]], [[1]]), people(1), Prices(), np.zeros(1, np.int64))
    plan = Standing(table([[1]]))
    plan.add_cases(candidates([{0: 1}]), np.array([5]))
    plan.remove_case(0)
    for gone in (0, 1, -1):
        with pytest.raises(ValueError, match="no case"):
            plan.remove_case(gone)
        with pytest.raises(ValueError, match="no case"):
            plan.reasons(gone, 1)
    with pytest.raises(ValueError, match="no worker"):
        plan.remove_worker(1)
