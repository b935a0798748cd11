"""Whatever needs more than one row locks them in one order: crosswise, nobody waits for ever."""

import threading
import time

import pytest
from django.db import connection

from linli.cases import actions
from linli.cases.models import State
from linli.cases.tests.factories import a_receipt, fresh, later, person, resolved
from linli.cases.tests.test_at_once import at_once
from linli.kernel import accounts
from linli.kernel.errors import LinliError
from linli.kernel.models import Account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place")]


class Crossing:
    """Each goes on from its first lock only when the others hold one too, or wait for this one.

    So two that take the same locks in another order do meet, every time.
    """

    def __init__(self, people):
        self.people, self.there, self.lock = people, set(), threading.Lock()

    def __call__(self, execute, sql, params, many, context):
        found = execute(sql, params, many, context)
        if "UPDATE" in sql and "SELECT" in sql and threading.get_ident() not in self.there:
            self.arrive()
            while len(self.there) < self.people and not self.somebody_waits():
                time.sleep(0.01)
        return found

    def arrive(self):
        with self.lock:
            self.there.add(threading.get_ident())

    def somebody_waits(self):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            return cursor.fetchone()[0] > 0


def crosswise(*acts):
    """Run these so that each has taken its first lock before any takes its second."""
    crossing = Crossing(len(acts))

    def meeting(act):
        try:
            if connection.vendor != "postgresql":  # writers stand in line before they begin
                return act()
            with connection.execute_wrapper(crossing):
                return act()
        finally:
            crossing.arrive()

    return at_once(*(lambda act=act: meeting(act) for act in acts))


def broken(results):
    """What neither ended well nor was told by an error of ours that somebody was first."""
    return [r for r in results if isinstance(r, Exception) and not isinstance(r, LinliError)]


@pytest.fixture
def joined():
    """A case that leads, and one with a lower key that is followed in it."""
    follower, leader = a_receipt(), a_receipt()
    actions.merge(follower.case, into=leader.case, by=person("drolma"))
    return follower, leader


def _resolved(leader):
    return resolved(fresh(leader.case))


LEADERS = {
    "resolve": (lambda r: None, lambda r: resolved(fresh(r.case))),
    "decline": (lambda r: None, lambda r: actions.decline(
        r.case, reason="no-means", words="没有经费", by=person("tashi"))),
    "confirm": (_resolved, lambda r: actions.confirm(r.case, token=r.token)),
    "contest": (_resolved, lambda r: actions.contest(r.case, token=r.token)),
    "close": (_resolved, lambda r: actions.close_unanswered(r.case)),
    "erase": (_resolved, lambda r: actions.erase_report(r.case, token=r.token)),
    "accusing": (lambda r: None, lambda r: actions.mark_accusing(
        r.case, authority="police", by=person("drolma"))),
}  # fmt: skip
FOLLOWERS = {
    "unmerge": lambda r: actions.unmerge(r.case, by=person("kunga")),
    "erase": lambda r: actions.erase_report(r.case, token=r.token),
}


@pytest.mark.parametrize("below", FOLLOWERS)
@pytest.mark.parametrize("above", LEADERS)
def test_the_one_that_leads_and_the_one_that_follows(joined, above, below, monkeypatch):
    follower, leader = joined
    person("kunga")
    before, act = LEADERS[above]
    before(leader)
    later(monkeypatch, days=15) if above == "close" else None
    results = crosswise(lambda: act(leader), lambda: FOLLOWERS[below](follower))
    assert broken(results) == []
    assert fresh(leader.case).revision >= 2


def test_two_chains_are_put_together_crosswise():
    first, second, third = (a_receipt() for _ in range(3))
    actions.merge(first.case, into=second.case, by=person("drolma"))
    person("kunga")
    results = crosswise(
        lambda: actions.merge(third.case, into=second.case, by=person("drolma")),
        lambda: actions.merge(second.case, into=third.case, by=person("kunga")),
    )
    assert broken(results) == []
    assert [fresh(r.case).state for r in (second, third)].count(State.MERGED) == 1


def test_a_merge_is_undone_once():
    """The second is told: it would set the case back to where it stood before."""
    follower, leader = a_receipt(), a_receipt()
    actions.merge(follower.case, into=leader.case, by=person("drolma"))
    person("kunga")
    results = crosswise(*(
        lambda name=name: actions.unmerge(follower.case, by=person(name))
        for name in ("drolma", "kunga")
    ))  # fmt: skip
    assert [r.code for r in results if isinstance(r, LinliError)] == ["not-merged"], results


ON_EACH_OTHER = {
    "rename": lambda a, b: accounts.rename_account(b, {"zh": "甲", "bo": "ཀ", "en": "A"}, by=a),
    "relieve": lambda a, b: accounts.set_administrator(b, False, by=a),
    "close": lambda a, b: accounts.close_account(b, by=a),
}


@pytest.mark.parametrize("name", ON_EACH_OTHER)
def test_administrators_who_act_on_each_other(name):
    one, two = person("admin"), person("tenzin")
    accounts.set_administrator(two, True, by=one)
    two.refresh_from_db()
    act = ON_EACH_OTHER[name]
    assert broken(crosswise(lambda: act(one, two), lambda: act(two, one))) == []
    left = Account.objects.filter(is_administrator=True, is_active=True).count()
    assert left == (2 if name == "rename" else 1)
