"""The board and the inbox: what is there, in what order, and with how many questions."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from linli.cases import actions, numbers, queries
from linli.cases.models import PauseReason
from linli.cases.queries import Filters
from linli.cases.tests.factories import (
    IN_A2,
    a_case,
    later,
    person,
    post,
    resolved,
)

pytestmark = pytest.mark.usefixtures("place")


def shown(name, **filters):
    return [line["pk"] for line in queries.board(person(name), Filters(**filters))]


def test_the_board_shows_what_is_not_at_its_end_soonest_deadline_first():
    slow, quick, done, over = a_case(), a_case("open-manhole"), a_case(), a_case()
    actions.assign(quick, to=post("roads-a1"), by=person("drolma"))
    resolved(done)
    actions.decline(over, reason="court", words="法院", by=person("tashi"))
    expected = sorted([slow, quick, done], key=lambda c: (c.due_at, c.pk))
    assert shown("drolma") == [c.pk for c in expected]
    assert shown("drolma", states=("declined",)) == [over.pk]


def test_filters():
    here, there, light = a_case(), a_case(at=IN_A2), a_case("street-light")
    assert set(shown("lina")) == {here.pk, there.pk, light.pk}
    assert shown("lina", area="A2") == [there.pk]
    assert shown("lina", area="nowhere") == []
    assert shown("lina", service="street-light") == [light.pk]
    assert shown("lina", owner="roads-a") == [there.pk]
    actions.triage(here, by=person("lina"))
    assert set(shown("lina", untriaged=True)) == {there.pk, light.pk}
    assert shown("lina", order="oldest") == [here.pk, there.pk, light.pk]
    assert shown("lina", order="newest") == [light.pk, there.pk, here.pk]


def test_find_by_number_and_by_public_text_only():
    case = a_case(text="秘密的话")
    actions.triage(case, public_text="桥头路面破损", publish=True, by=person("drolma"))
    assert shown("drolma", find=numbers.spoken(case.number)) == [case.pk]
    assert shown("drolma", find="路面") == [case.pk]
    assert shown("drolma", find="秘密") == []
    assert shown("zhaomin", find=case.number) == []


def test_late_and_counts(monkeypatch):
    case = a_case()
    resolved(a_case())
    assert queries.counts(person("drolma")) == {"received": 1, "resolved": 1, "late": 0}
    later(monkeypatch, days=30)
    assert shown("drolma", late=True) == [case.pk]
    assert queries.counts(person("drolma"))["late"] == 1


def test_pages():
    cases = [a_case() for _ in range(5)]
    pages = [queries.board(person("drolma"), page=n, size=2) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert {line["pk"] for page in pages for line in page} == {c.pk for c in cases}


def test_the_inbox_sorts_what_waits(monkeypatch):
    late = a_case("open-manhole")
    actions.assign(late, to=post("roads-a1"), by=person("drolma"))
    late.refresh_from_db()
    type(late).objects.filter(pk=late.pk).update(due_at=late.received_at - dt.timedelta(hours=1))
    due, paused, waiting = a_case(), a_case(), resolved()
    actions.pause(
        paused, reason=PauseReason.WEATHER, words="封山", by=person("tashi"),
        until=paused.received_at + dt.timedelta(days=9),
    )  # fmt: skip
    offer = actions.offer(a_case(at=IN_A2), to=post("roads-a1"), by=person("wangli"))
    helping = actions.support(
        a_case(at=IN_A2), to=post("roads-a1"), task="借车", by=person("wangli")
    )
    inbox = queries.inbox(person("tashi"))
    assert [line["pk"] for line in inbox.late] == [late.pk]
    assert [line["pk"] for line in inbox.due] == [due.pk]
    assert [line["pk"] for line in inbox.paused] == [paused.pk]
    assert [line["pk"] for line in inbox.waiting] == [waiting.pk]
    assert [(line["pk"], line["offer"]) for line in inbox.offered] == [(offer.case_id, offer.pk)]
    assert [(x["pk"], x["support"]) for x in inbox.helping] == [(helping.case_id, helping.pk)]


def test_the_inbox_of_somebody_without_a_post_is_empty():
    a_case()
    inbox = queries.inbox(person("admin"))
    assert not any((inbox.late, inbox.due, inbox.offered, inbox.helping, inbox.waiting))


@pytest.mark.parametrize("ask", [queries.board, queries.inbox, queries.counts])
def test_the_number_of_questions_does_not_grow_with_the_cases(ask):
    def questions():
        with CaptureQueriesContext(connection) as asked:
            ask(person("drolma"))
            ask(person("tashi"))
        return len(asked)

    a_case()
    before = questions()
    for _ in range(4):
        a_case()
    assert questions() == before
