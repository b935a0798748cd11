"""What reporters are told, once, in their language, and in codes only."""

import datetime as dt

import pytest

from linli.cases import actions, jobs, numbers
from linli.cases import reactions as _registered  # noqa: F401
from linli.cases.models import PauseReason
from linli.cases.tests.factories import (
    a_receipt,
    help_for,
    later,
    person,
    post,
    resolved,
)
from linli.cases.tests.test_joining import NEAR
from linli.kernel import reactions, sealer
from linli.kernel.models import Cursor, Failure
from linli.messages.models import Outgoing

pytestmark = pytest.mark.usefixtures("place")
CONTACT = ("phone", "0971-5550123")


def told():
    """Let the reactions read on, and give the templates written since, oldest first."""
    before = set(Outgoing.objects.values_list("pk", flat=True))
    sealer.seal()
    while reactions.react():
        pass
    assert not Failure.objects.exists()
    return [m.template for m in Outgoing.objects.exclude(pk__in=before).order_by("pk")]


def a_told_receipt(**fields):
    found = a_receipt(contact=CONTACT, **fields)
    assert told() == ["received"]
    return found


def test_the_receipt_is_told_in_the_reporters_language():
    found = a_told_receipt(language="bo")
    message = Outgoing.objects.get()
    assert message.language == "bo"
    assert message.codes["number"] == numbers.spoken(found.number)
    assert dt.datetime.fromisoformat(message.codes["due"]) == found.due_at.replace(microsecond=0)


def test_without_a_contact_nobody_is_told():
    found = a_receipt()
    resolved(found.case)
    actions.confirm(found.case, token=found.token)
    assert told() == []


def test_each_step_is_told_once():
    found = a_told_receipt()
    case = found.case
    steps = [
        (lambda: actions.triage(case, by=person("drolma")), []),
        (lambda: actions.assign(case, to=post("water-a"), by=person("drolma")), ["assigned"]),
        (lambda: actions.add_update(case, words="来看过", by=person("zhaomin")), ["updated"]),
        (lambda: actions.add_note(case, words="内部", by=person("zhaomin")), []),
        (
            lambda: actions.pause(
                case,
                reason=PauseReason.PARTS,
                words="等配件",
                until=case.received_at + dt.timedelta(days=9),
                by=person("zhaomin"),
            ),
            ["paused"],
        ),
        (lambda: actions.resume(case, by=person("zhaomin")), ["resumed"]),
        (lambda: resolved(case, by="zhaomin"), ["resolved"]),
        (lambda: actions.contest(case, token=found.token), ["contested"]),
    ]
    for act, expected in steps:
        act()
        assert told() == expected


def test_reading_an_event_twice_writes_nothing_new():
    a_told_receipt()
    Cursor.objects.update(number=0)
    assert told() == []


def test_the_end_is_told(monkeypatch):
    one, two, three = (a_told_receipt() for _ in range(3))
    for found in (one, two):
        resolved(found.case)
    actions.confirm(one.case, token=one.token)
    actions.decline(three.case, reason="court", words="法院在审", by=person("tashi"))
    assert sorted(told()) == ["confirmed", "declined", "resolved", "resolved"]
    later(monkeypatch, days=15)
    jobs.close_unanswered()
    assert told() == ["unanswered"]


def test_climbing_is_told(monkeypatch):
    found = a_told_receipt()
    later(monkeypatch, days=30)
    jobs.climb()
    assert told() == ["climbed"]
    assert Outgoing.objects.latest("pk").codes["office"] == "roads-a"
    assert found.case.climbs.count() == 1


def test_who_follows_a_merged_case_is_told_too():
    first = a_told_receipt()
    second = a_told_receipt(at=NEAR)
    actions.merge(second.case, into=first.case, by=person("drolma"))
    assert told() == ["merged"]
    resolved(first.case)
    assert told() == ["resolved", "resolved"]
    keys = {m.key_id for m in Outgoing.objects.filter(template="resolved")}
    assert keys == {first.case.key_id, second.case.key_id}


def test_who_asked_for_another_hears_that_we_call_back():
    help_for()
    assert told() == ["call-back"]


def test_an_erased_case_is_told_nothing():
    found = a_receipt(contact=CONTACT)
    actions.mark_accusing(found.case, authority="police", by=person("drolma"))
    assert told() == []
