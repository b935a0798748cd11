"""Two people at once: one is first, the other is told; on SQLite and on PostgreSQL."""

import threading
import uuid

import pytest
from django.db import OperationalError, connection

from linli.cases import actions
from linli.cases.models import Case, Offer, Routing
from linli.cases.tests.factories import a_case, a_receipt, fresh, person, post, resolved, sent
from linli.kernel.errors import Conflict, LinliError

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("place")]


def at_once(*acts):
    """Run these at the same moment in threads of their own; what each gave or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(index, act):
        start.wait(10)
        try:
            results[index] = unless_refused(act)
        except (LinliError, OperationalError) as error:
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def unless_refused(act):
    """Do it, again where the tests' memory database would not let a reader past a writer.

    Its threads share one cache; a file with a write-ahead log, as in the world, lets readers pass.
    """
    while True:
        try:
            return act()
        except OperationalError as error:
            if "table is locked" not in str(error):
                raise


def conflicts(results):
    return [r for r in results if isinstance(r, Conflict)]


def test_two_operators_take_the_same_case_and_the_second_is_told():
    case = actions.triage(a_case(), by=person("drolma"))
    people = [person("drolma"), person("kunga")]

    def take(by):
        return actions.assign(case, to=post("centre-a1"), by=by, revision=case.revision)

    results = at_once(*(lambda by=by: take(by) for by in people))
    assert len(conflicts(results)) == 1
    assert fresh(case).owner == post("centre-a1")
    assert Routing.objects.filter(case=case, why="by-hand").count() == 1


def test_an_offer_is_accepted_once():
    offer = actions.offer(a_case(), to=post("centre-a1"), by=person("tashi"))
    results = at_once(
        lambda: actions.accept(offer, by=person("drolma")),
        lambda: actions.accept(offer, by=person("kunga")),
    )
    assert [r.code for r in conflicts(results)] == ["offer-answered"]
    assert Routing.objects.filter(case=offer.case, why="handed-over").count() == 1


def test_one_of_two_offers_is_made():
    case = a_case()
    results = at_once(
        lambda: actions.offer(case, to=post("water-a"), by=person("tashi")),
        lambda: actions.offer(case, to=post("roads-a"), by=person("norbu")),
    )
    assert len(conflicts(results)) == 1
    assert Offer.objects.filter(case=case).count() == 1


def test_confirming_and_contesting_at_once_ends_in_one_of_the_two():
    receipt = a_receipt()
    resolved(receipt.case)
    results = at_once(
        lambda: actions.confirm(receipt.case, token=receipt.token),
        lambda: actions.contest(receipt.case, token=receipt.token),
    )
    assert len(conflicts(results)) == 1
    assert receipt.case.answers.count() == 1


def test_the_same_sending_at_once_is_one_case():
    what = sent(op_id=uuid.uuid4())
    results = at_once(*[lambda: actions.report(what, by=None)] * 3)
    assert len({r.case.pk for r in results}) == 1
    assert Case.objects.count() == 1


def test_merging_crosswise_at_once_makes_no_circle():
    one, two = a_case(), a_case()
    results = at_once(
        lambda: actions.merge(one, into=two, by=person("drolma")),
        lambda: actions.merge(two, into=one, by=person("kunga")),
    )
    assert len(conflicts(results)) == 1
