"""The clock: each rule of the promise has a test here."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.cases import actions, clock, jobs, queries
from linli.cases.models import PauseReason, Promise, State
from linli.cases.tests.factories import (
    OUTSIDE,
    a_case,
    a_receipt,
    fresh,
    later,
    person,
    resolved,
    service,
)
from linli.kernel import calendars
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import WorkingCalendar

pytestmark = pytest.mark.usefixtures("place")
SHANGHAI = dt.timezone(dt.timedelta(hours=8))


def test_the_promise_runs_from_the_receipt_in_working_days():
    monday = dt.datetime(2026, 3, 2, 10, 0, tzinfo=SHANGHAI)
    due = clock.due(service("pothole").definition, monday)
    assert due.at == dt.datetime(2026, 3, 9, 18, 0, tzinfo=SHANGHAI)
    assert due.calendar == "office"


def test_it_runs_routed_or_not():
    case = a_case(at=OUTSIDE)
    assert case.promises.get().started_at == case.received_at
    assert case.due_at == clock.due(case.version.definition, case.received_at).at


def test_assigning_it_by_hand_resets_nothing(monkeypatch):
    case = a_case(at=OUTSIDE)
    later(monkeypatch, days=1)
    from linli.cases.tests.factories import post

    after = actions.assign(case, to=post("roads-p"), by=person("pema"))
    assert (after.first_due_at, after.due_at) == (case.first_due_at, case.due_at)
    assert after.promises.count() == 1


def test_changing_the_service_keeps_both_promises_visible(monkeypatch):
    case = a_case()
    later(monkeypatch, hours=3)
    after = actions.change_service(case, to=service("open-manhole"), by=person("drolma"))
    first, second = queries.why(after).deadlines
    assert (first.kind, second.kind) == ("first", "service-change")
    assert first.due_at == case.first_due_at == after.first_due_at
    assert second.started_at == case.received_at
    assert after.due_at == min(first.due_at, second.due_at)


def test_a_slower_service_does_not_move_the_deadline():
    case = a_case("open-manhole")
    after = actions.change_service(
        case, to=service("pothole", within={"days": 60}), by=person("drolma")
    )
    assert after.due_at == case.due_at
    assert queries.why(after).deadlines[1].due_at > case.due_at


def test_a_contest_keeps_the_first_clock_and_adds_a_rework_deadline(monkeypatch):
    receipt = a_receipt()
    resolved(receipt.case)
    now = later(monkeypatch, days=1)
    after = actions.contest(receipt.case, token=receipt.token)
    first, rework = after.promises.all()
    assert first.kind == Promise.Kind.FIRST
    assert first.due_at == after.first_due_at == receipt.due_at
    assert first.met_at is None
    assert rework.kind == Promise.Kind.REWORK
    assert rework.started_at == now
    assert after.due_at == rework.due_at == clock.due(after.version.definition, now).at


def test_resolving_meets_the_promises():
    case = resolved()
    assert case.promises.get().met_at == case.resolved_at


def pause(case, **fields):
    values = {
        "reason": PauseReason.WEATHER,
        "words": "封山，开春再修。",
        "until": timezone.now() + dt.timedelta(days=30),
        "by": person("tashi"),
        **fields,
    }
    return actions.pause(case, **values)


def test_a_pause_needs_a_reason_and_words():
    case = a_case()
    with pytest.raises(Invalid, match="words-needed"):
        pause(case, words="  ")
    with pytest.raises(Invalid, match="until-past"):
        pause(case, until=timezone.now())
    after = pause(case)
    assert after.state == State.PAUSED
    assert [w.words for w in queries.pauses_of(after)] == ["封山，开春再修。"]


def test_paused_time_is_counted_apart_and_moves_no_deadline(monkeypatch):
    case = pause(a_case())
    later(monkeypatch, days=14)
    after = actions.resume(case, by=person("tashi"))
    assert (after.first_due_at, after.due_at) == (case.first_due_at, case.due_at)
    row = after.pauses.get()
    calendar = calendars.calendar()
    assert row.seconds == round(calendar.worked(row.since, row.until).total_seconds())
    assert after.paused_seconds == row.seconds > 0


def test_resolving_ends_a_pause(monkeypatch):
    case = pause(a_case())
    later(monkeypatch, days=7)
    after = resolved(case)
    assert after.pauses.get().until == after.resolved_at
    assert after.paused_seconds == after.pauses.get().seconds > 0


def test_a_pause_ends_by_itself_on_the_day_that_was_named_and_the_case_climbs_again(monkeypatch):
    case = pause(a_case(), until=timezone.now() + dt.timedelta(days=2))
    assert jobs.resume() == 0
    now = later(monkeypatch, days=30)
    assert jobs.resume() == 1
    assert jobs.resume() == 0
    after = fresh(case)
    assert (after.state, after.due_at) == (State.OPEN, case.due_at)
    assert after.pauses.get().until == now
    assert jobs.climb() == 1


def test_only_the_owner_pauses_and_only_once():
    case = a_case()
    with pytest.raises(Forbidden):
        pause(case, by=person("wangli"))
    pause(case)
    with pytest.raises(Conflict, match="case-paused"):
        pause(case)


def test_a_promise_keeps_the_edition_of_its_calendar():
    before = a_case().promises.get()
    day = timezone.localdate() + dt.timedelta(days=1)
    row = WorkingCalendar.objects.get(code="office")
    calendars.set_day(row, calendars.Day(day, calendars.Kind.HOLIDAY), by=person("admin"))
    after = a_case().promises.get()
    assert before.edition != after.edition
    assert fresh(before.case).due_at == before.due_at


def test_no_later_step_of_a_whole_life_touches_the_first_promise(monkeypatch):
    receipt = a_receipt()
    case, first = receipt.case, receipt.case.promises.get()
    actions.triage(case, public_text="桥头路面破损", publish=True, by=person("drolma"))
    actions.add_note(case, words="已看过现场", by=person("tashi"))
    actions.change_service(case, to=service("road-sign"), by=person("drolma"))
    actions.resume(pause(fresh(case)), by=person("tashi"))
    resolved(case)
    later(monkeypatch, hours=1)
    actions.contest(case, token=receipt.token)
    now = case.promises.get(kind=Promise.Kind.FIRST)
    assert (now.started_at, now.due_at) == (first.started_at, first.due_at)
    assert fresh(case).first_due_at == first.due_at
    assert fresh(case).received_at == case.received_at
