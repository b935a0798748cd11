"""Unanswered work climbs, by rule, and only number, service and age with it."""

import datetime as dt

import pytest

from linli.cases import actions, jobs, ladder, queries, rulebook
from linli.cases.models import PauseReason
from linli.cases.tests.factories import (
    OUTSIDE,
    a_case,
    fresh,
    later,
    person,
    post,
    resolved,
    service,
)
from linli.kernel.errors import Conflict
from linli.kernel.models import Entry

pytestmark = pytest.mark.usefixtures("place")


def overdue(monkeypatch, case, **more):
    """Stand a little after the deadline of the case."""
    later(monkeypatch, seconds=1)
    from django.utils import timezone

    span = case.due_at - timezone.now() + dt.timedelta(minutes=1, **more)
    return later(monkeypatch, seconds=span.total_seconds())


def test_nothing_climbs_before_its_deadline(monkeypatch):
    a_case()
    assert jobs.climb() == 0


def test_a_nearer_deadline_climbs_sooner():
    soon = service("street-light", within={"days": 1})
    case = a_case()
    corrected = actions.change_service(case, to=soon, by=person("drolma"))
    assert corrected.due_at < case.due_at
    assert corrected.next_climb_at == ladder.first_climb(corrected.due_at)
    followed, urgent = a_case(), a_case("street-light", version=soon)
    actions.merge(urgent, into=followed, by=person("drolma"))
    assert fresh(followed).next_climb_at == ladder.first_climb(fresh(followed).due_at)
    assert fresh(followed).next_climb_at < followed.next_climb_at


def test_what_brings_no_deadline_nearer_does_not_hurry_the_next_step(monkeypatch):
    slow = service("street-light", within={"days": 30})
    case, another = a_case(), a_case()
    overdue(monkeypatch, case)
    jobs.climb()
    waits = fresh(case).next_climb_at
    actions.merge(another, into=case, by=person("drolma"))
    assert fresh(case).next_climb_at == waits
    assert actions.change_service(case, to=slow, by=person("drolma")).next_climb_at == waits


def test_it_climbs_a_level_at_a_time_up_to_the_top(monkeypatch):
    case = a_case()
    overdue(monkeypatch, case)
    assert jobs.climb() == 1
    assert jobs.climb() == 0
    for _ in range(3):
        later(monkeypatch, hours=48)
        jobs.climb()
    rows = list(fresh(case).climbs.all())
    assert [(r.rung, r.level, r.post.code) for r in rows] == [
        (1, "county", "roads-a"),
        (2, "prefecture", "roads-p"),
    ]
    assert rows[0].ladder == "2026-1"
    assert fresh(case).next_climb_at is None
    assert Entry.objects.filter(event="case-climbed", subject=case.pk).count() == 2


def test_it_stays_with_its_owner(monkeypatch):
    case = a_case()
    overdue(monkeypatch, case)
    jobs.climb()
    assert fresh(case).owner == post("roads-a1")


def test_only_number_service_and_age_climb(monkeypatch):
    from linli.cases import rules

    case = a_case(text="谁都不该看到")
    overdue(monkeypatch, case)
    jobs.climb()
    assert queries.climbed_to(person("wangli")) == [
        {
            "number": case.number,
            "service": "pothole",
            "received_at": case.received_at,
            "level": "county",
        }
    ]
    assert not rules.may_see(person("wangli"), case)
    assert queries.climbed_to(person("zhaomin")) == []


def test_what_is_answered_or_paused_does_not_climb(monkeypatch):
    done, still = a_case(), a_case()
    resolved(done)
    actions.pause(
        still, reason=PauseReason.WEATHER, words="封山", by=person("tashi"),
        until=still.due_at + dt.timedelta(days=90),
    )  # fmt: skip
    overdue(monkeypatch, still, days=5)
    assert jobs.climb() == 0
    actions.resume(still, by=person("tashi"))
    assert jobs.climb() == 1


def test_what_climbed_leaves_the_list_when_it_is_answered(monkeypatch):
    case = a_case()
    overdue(monkeypatch, case)
    jobs.climb()
    resolved(case)
    assert queries.climbed_to(person("wangli")) == []


def test_a_rework_climbs_by_its_own_deadline(monkeypatch):
    case = actions.contest(resolved(), by=person("drolma"))
    overdue(monkeypatch, case)
    jobs.climb()
    assert fresh(case).climbs.get().post == post("roads-p")


def test_a_case_at_the_top_has_nowhere_to_climb(monkeypatch):
    case = a_case(at=OUTSIDE)
    overdue(monkeypatch, case)
    jobs.climb()
    assert not fresh(case).climbs.exists()
    assert fresh(case).next_climb_at is None


def test_climbing_twice_at_once_is_a_conflict(monkeypatch):
    case = a_case()
    overdue(monkeypatch, case)
    actions.climb(case)
    with pytest.raises(Conflict):
        actions.climb(case)


def test_editions_of_a_rule_hold_from_their_day(monkeypatch):
    old, new = ({"code": code, "since": since, "silence_days": days, "agreement_hours": 72,
                 "contact_days": 7}
                for code, since, days in (("a", dt.date(2020, 1, 1), 14),
                                          ("b", dt.date(2027, 1, 1), 21)))  # fmt: skip
    monkeypatch.setattr(rulebook, "_read", lambda name: (new, old))
    before = dt.datetime(2026, 12, 31, 12, tzinfo=dt.UTC)
    after = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)
    assert (rulebook.times(before).code, rulebook.times(after).code) == ("a", "b")
    assert rulebook.times(after).silence == dt.timedelta(days=21)
