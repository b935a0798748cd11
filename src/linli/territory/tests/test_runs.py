"""Calculations go on beside the worker, whatever happens to them, and end as steps of the plan."""

import datetime as dt
import io
import time

import numpy as np
import pytest
import shapely
from django.utils import timezone

from linli.engines.partition import Bounds, Weights
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.languages import in_each
from linli.territory import crunch, running
from linli.territory.actions import bindings, plans, runs
from linli.territory.fixed import names_of
from linli.territory.labels import packed, unpacked
from linli.territory.models import BindingKind, PlanState, Run, RunState, StepKind
from linli.territory.preparing import prepared
from linli.territory.reasons import reason
from linli.territory.tests.factories import account, county, gazetteer, plan
from linli.territory.weights import Weights as Visible

pytestmark = pytest.mark.django_db
LONG = 500_000  # moves a settlement: minutes, unless somebody stops it


@pytest.fixture
def where():
    return county()


@pytest.fixture
def draft(where):
    return plan(where, gazetteer(where), grids=14)


@pytest.fixture(autouse=True)
def no_process_stays():
    yield
    running.end_all()


def until(condition, seconds=60):
    """Let the worker's job come round until something is so."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        running.tick()
        if condition():
            return
        time.sleep(0.05)
    pytest.fail("it did not happen")


def state(run):
    run.refresh_from_db()
    return run.state


def heard_something(run):
    return lambda: state(run) == RunState.RUNNING and bool(run.labels)


def loads_over(made):
    return max(grid.over for grid in made.grids.all())


def test_a_run_becomes_a_step_of_its_plan(draft):
    run = runs.ask(draft, steps=50, by=None)
    until(lambda: state(run) == RunState.DONE)
    draft.refresh_from_db()
    assert draft.steps.first().kind == StepKind.RUN
    assert unpacked(run.labels).tolist() == unpacked(draft.labels).tolist()
    assert run.worst == pytest.approx(loads_over(draft))
    assert run.values["links"] == 0
    assert run.done == run.all > 0
    assert running._children == {}


def test_here_and_now_gives_the_same_as_beside_the_worker(where, draft):
    other = plan(where, draft.gazetteer, grids=14)
    run = runs.ask(draft, steps=50, by=None)
    same = runs.ask(other, steps=50, here=True, by=None)
    until(lambda: state(run) == RunState.DONE)
    told = []
    ended = running.direct(same, lambda done, all_: told.append((done, all_)))
    assert ended.state == RunState.DONE
    assert told
    assert unpacked(ended.labels).tolist() == unpacked(run.labels).tolist()


def test_a_run_is_never_worse_than_what_it_began_with(draft):
    before = loads_over(draft)
    running.direct(runs.ask(draft, steps=20, here=True, by=None))
    draft.refresh_from_db()
    assert loads_over(draft) <= max(before, 1 + Visible().band)


def test_what_is_calculated_here_is_left_alone_by_the_server(draft, monkeypatch):
    monkeypatch.setattr(running, "HEARTBEAT", 0.0)
    monkeypatch.setattr(running, "_begin", lambda _run: pytest.fail("begun twice"))
    run = runs.ask(draft, steps=LONG, here=True, by=None)
    running.tick()
    told = []

    def shown(_done, _all):
        running.tick()
        told.append(bool(Run.objects.get(pk=run.pk).labels))
        if len(told) == 3:
            raise KeyboardInterrupt
        if len(told) < 3:
            long_ago = timezone.now() - dt.timedelta(minutes=1)
            Run.objects.filter(pk=run.pk).update(heard_at=long_ago)

    running.direct(run, shown)
    assert told[1:3] == [True, True]
    assert state(run) == RunState.STOPPED
    draft.refresh_from_db()
    assert unpacked(run.labels).tolist() == unpacked(draft.labels).tolist()


def test_what_is_calculated_here_stops_where_somebody_asks_it_to(draft, monkeypatch):
    monkeypatch.setattr(running, "HEARTBEAT", 0.0)
    run = runs.ask(draft, steps=LONG, here=True, by=None)
    running.direct(run, lambda _done, _all: runs.ask_to_stop(run, by=None))
    assert (state(run), bool(run.labels)) == (RunState.STOPPED, True)


def test_whoever_stops_a_run_keeps_the_best(draft):
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    runs.ask_to_stop(run, by=None)
    until(lambda: state(run) == RunState.STOPPED)
    draft.refresh_from_db()
    assert unpacked(run.labels).tolist() == unpacked(draft.labels).tolist()
    assert running._children == {}


def test_a_process_that_does_not_listen_is_ended(draft, monkeypatch):
    monkeypatch.setattr(running, "PATIENCE", 0.0)
    monkeypatch.setattr(crunch, "STOP", b"")
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    runs.ask_to_stop(run, by=None)
    until(lambda: state(run) == RunState.STOPPED)
    assert run.labels
    assert running._children == {}


def test_a_lost_process_is_begun_once_more_and_then_failed(draft):
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    first = running._children[run.pk].process
    first.kill()
    until(lambda: run.pk in running._children and running._children[run.pk].process is not first)
    until(heard_something(run))
    assert state(run) == RunState.RUNNING
    running._children[run.pk].process.kill()
    until(lambda: state(run) == RunState.FAILED)
    assert run.error == "calculation-lost"
    draft.refresh_from_db()
    assert draft.steps.count() == 1  # what it had when it began


def test_a_run_goes_on_from_its_best_after_the_server_was_lost(draft):
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    running._drop(running._children[run.pk])
    best = unpacked(run.labels)
    running.tick()
    assert running._children == {}  # somebody else may still be at it
    Run.objects.filter(pk=run.pk).update(heard_at=timezone.now() - dt.timedelta(minutes=1))
    running.tick()
    child = running._children[run.pk]
    run.refresh_from_db()
    begun = running._problem(run, child.ready).begin
    assert child.ready.numbers[begun].tolist() == best.tolist()


def test_the_process_ends_when_the_server_is_gone(draft):
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    process = running._children[run.pk].process
    process.stdin.close()
    assert process.wait(timeout=30) == 1


def test_a_draft_that_is_given_up_is_not_calculated_on(draft):
    run = runs.ask(draft, steps=LONG, by=None)
    until(heard_something(run))
    labels = unpacked(draft.labels)
    plans.withdraw(draft, by=None)
    until(lambda: state(run) == RunState.STOPPED)
    draft.refresh_from_db()
    assert draft.state == PlanState.WITHDRAWN
    assert unpacked(draft.labels).tolist() == labels.tolist()


def test_stopped_before_it_began(draft):
    run = runs.ask(draft, by=None)
    runs.ask_to_stop(run, by=None)
    running.tick()
    assert state(run) == RunState.STOPPED


def test_one_run_at_a_time_and_no_other_change_meanwhile(draft):
    runs.ask(draft, by=None)
    for act in (
        lambda: runs.ask(draft, by=None),
        lambda: plans.set_aims(draft, wanted={"grids": 9}, weights=Visible(), by=None),
        lambda: bindings.fix(draft, BindingKind.LOCK, grid=0, reason="why", by=None),
        lambda: plans.retitle(draft, {"en": "Another"}, by=None),
    ):
        with pytest.raises(Conflict, match="plan-calculating"):
            act()


def test_only_planners_ask_and_stop(draft):
    with pytest.raises(Forbidden):
        runs.ask(draft, by=account("nobody"))
    run = runs.ask(draft, by=None)
    with pytest.raises(Forbidden):
        runs.ask_to_stop(run, by=account("nobody"))
    for act in (
        lambda by: runs.start(run, by=by),
        lambda by: runs.finish(run, state=RunState.DONE, labels=None, by=by),
    ):
        with pytest.raises(Forbidden):
            act(account("nobody"))


def test_the_number_of_grids_follows_the_aims_and_codes_stay(draft):
    had = set(draft.grids.values_list("code", flat=True))
    draft = plans.set_aims(draft, wanted={"grids": 20}, weights=Visible(), by=None)
    running.direct(runs.ask(draft, steps=30, here=True, by=None))
    more = set(draft.grids.values_list("code", flat=True))
    assert len(more) == 20
    assert had < more
    draft.refresh_from_db()
    draft = plans.set_aims(draft, wanted={"grids": 9}, weights=Visible(), by=None)
    running.direct(runs.ask(draft, steps=30, here=True, by=None))
    fewer = set(draft.grids.values_list("code", flat=True))
    assert len(fewer) == 9
    assert fewer < more


def test_a_calculation_from_nothing_keeps_codes_where_most_people_are(draft):
    running.direct(runs.ask(draft, steps=50, here=True, by=None))
    draft.refresh_from_db()
    codes = set(draft.grids.values_list("code", flat=True))
    before = unpacked(draft.labels)
    running.direct(runs.ask(draft, steps=50, fresh=True, seed=5, here=True, by=None))
    draft.refresh_from_db()
    assert set(draft.grids.values_list("code", flat=True)) == codes
    assert (unpacked(draft.labels) == before).mean() > 0.5


# ------------------------------------------------------------------ what is fixed


def test_what_is_fixed_stays_so(draft):
    draft = plans.set_aims(draft, wanted={"grids": 14}, weights=Visible(band=0.5), by=None)
    labels = unpacked(draft.labels)
    lock = int(labels[0])
    township = draft.grids.get(number=lock).line
    own = [g.number for g in draft.grids.filter(line=township) if g.number != lock]
    one, two = np.flatnonzero(labels == own[0])[:2].tolist()
    far = int(np.flatnonzero(labels == own[1])[0])
    bindings.fix(draft, BindingKind.LOCK, grid=lock, reason="one bridge", by=None)
    bindings.fix(draft, BindingKind.APART, positions=(one, two), reason="two schools", by=None)
    bindings.fix(draft, BindingKind.TOGETHER, positions=(one, far), reason="one market", by=None)
    draft.refresh_from_db()
    running.direct(runs.ask(draft, steps=100, here=True, by=None))
    draft.refresh_from_db()
    after = unpacked(draft.labels)
    assert ((after == lock) == (labels == lock)).all()
    assert after[one] != after[two]
    assert after[one] == after[far]


def test_a_lock_that_makes_balance_impossible_is_named_with_how_much(draft):
    labels = unpacked(draft.labels)
    grids = list(draft.grids.all())
    heavy = max(grids, key=lambda grid: grid.over)
    assert heavy.over > 1.03
    bindings.fix(draft, BindingKind.LOCK, grid=heavy.number, reason="stays", by=None)
    draft.refresh_from_db()
    with pytest.raises(Invalid) as refused:
        runs.ask(draft, by=None)
    assert refused.value.code == "lock-breaks-balance"
    assert refused.value.fields["line"] == heavy.line
    assert refused.value.fields["grid"] == heavy.code
    assert refused.value.fields["over"] == f"{heavy.over:.2f}"
    assert f" {heavy.over:.2f} " in str(refused.value.message)
    assert (labels == heavy.number).any()


def _two(draft, same_line):
    labels = unpacked(draft.labels)
    lines = {grid.number: grid.line for grid in draft.grids.all()}
    own = np.array([lines[n] for n in labels.tolist()])
    return 0, int(np.flatnonzero((own == own[0]) == same_line)[1])


def test_contradictions_are_named(draft):
    near, other = _two(draft, True), _two(draft, False)
    with pytest.raises(Invalid) as refused:
        bindings.fix(draft, BindingKind.TOGETHER, positions=other, reason="why", by=None)
    assert refused.value.code == "together-across-lines"
    assert refused.value.fields["settlements"][0] == "S000"
    bindings.fix(draft, BindingKind.TOGETHER, positions=near, reason="why", by=None)
    with pytest.raises(Invalid, match="together-and-apart"):
        bindings.fix(draft, BindingKind.APART, positions=near, reason="why", by=None)
    bindings.fix(draft, BindingKind.CENTRE, lon=102.1, lat=34.1, reason="clinic", by=None)
    with pytest.raises(Invalid, match="centres-alike"):
        bindings.fix(draft, BindingKind.CENTRE, lon=102.1, lat=34.1, reason="school", by=None)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        (BindingKind.LOCK, {}),
        (BindingKind.LOCK, {"grid": 999}),
        (BindingKind.APART, {"positions": (1,)}),
        (BindingKind.TOGETHER, {"positions": (1, 64)}),
        (BindingKind.CENTRE, {"lon": 102.0}),
        (BindingKind.CENTRE, {"lon": float("nan"), "lat": 3.0}),
    ],
)
def test_what_names_nothing_is_no_binding(draft, kind, values):
    with pytest.raises(Invalid, match="binding-not-usable"):
        bindings.fix(draft, kind, reason="why", by=None, **values)


def test_a_binding_needs_a_reason_and_can_be_released(draft):
    with pytest.raises(Invalid, match="reason-missing"):
        bindings.fix(draft, BindingKind.LOCK, grid=0, reason=" ", by=None)
    made = bindings.fix(draft, BindingKind.LOCK, grid=0, reason="why", by=None)
    with pytest.raises(Forbidden):
        bindings.release(made, by=account("nobody"))
    bindings.release(made, by=None)
    bindings.release(made, by=None)
    assert not draft.bindings.exists()


# ------------------------------------------------------------------ the process's own words


def test_a_problem_comes_back_as_it_was(draft):
    ready = prepared(draft)
    river = shapely.LineString([(0, 0), (1, 1)])
    bounds = Bounds(
        locked=ready.begin, together=(np.array([1, 2]), np.array([4, 5, 6])),
        apart=np.array([[1, 2]]), centres=np.array([[0.5, 0.5]]), barriers=[river, river],
        passes=np.array([[1.0, 1.0, 2.0]]), roads=np.array([[0, 1], [1, 2]]),
        heights=np.arange(len(ready.here), dtype=np.float64),
    )  # fmt: skip
    problem = crunch.Problem(
        ready.here.km, ready.here.workload, ready.line, ready.parts, bounds, Weights(change=2.0),
        ready.begin, None, 3, 70,
    )  # fmt: skip
    back = crunch.read(io.BytesIO(crunch.written(problem)))
    assert (back.points == problem.points).all()
    assert [group.tolist() for group in back.bounds.together] == [[1, 2], [4, 5, 6]]
    assert [line.wkt for line in back.bounds.barriers] == [river.wkt] * 2
    assert (back.bounds.locked == ready.begin).all()
    assert back.bounds.roads.tolist() == [[0, 1], [1, 2]]
    assert (back.bounds.heights == bounds.heights).all()
    assert (back.weights, back.seed, back.steps, back.before) == (Weights(change=2.0), 3, 70, None)
    with pytest.raises(EOFError):
        crunch.read(io.BytesIO(crunch.written(problem)[:-1]))


def test_what_the_engine_refuses_is_an_end_and_no_loss(draft):
    run = runs.ask(draft, by=None)
    ended = running._end(run, prepared(draft), crunch.Frame(ended=True, error="no"))
    assert (ended.state, ended.error) == (RunState.FAILED, "not-calculable")


@pytest.mark.parametrize("through", ["here", "process"])
def test_what_only_the_engine_finds_contradicting_is_said_with_its_names(draft, through):
    ready = prepared(draft)
    line = int(np.argmin(ready.parts))
    own = np.flatnonzero(ready.line == line)[: int(ready.parts[line]) + 1].tolist()
    bindings.fix(draft, BindingKind.APART, positions=own, reason="why", by=None)
    run = runs.ask(draft, by=None)
    if through == "here":
        run = running.direct(run)
    else:
        until(lambda: state(run) == RunState.FAILED)
    assert (run.state, run.error) == (RunState.FAILED, "bindings-contradict")
    codes = run.values["lines"]
    assert codes == [ready.lines[line]]
    assert set(run.values["settlements"]) <= {str(ready.here.codes[n]) for n in own}
    said = in_each(lambda: str(reason(run)))
    named = in_each(lambda: names_of(codes)[codes[0]])
    assert len(set(said.values())) == len(said) >= 3
    for key, sentence in said.items():
        assert named[key] in sentence
        assert all(code in sentence for code in run.values["settlements"])


def test_a_plan_that_was_changed_meanwhile_keeps_its_change(draft):
    run = runs.start(runs.ask(draft, by=None))
    draft.refresh_from_db()
    draft.revision += 1
    draft.save()
    labels = unpacked(draft.labels)
    ended = runs.finish(run, state=RunState.DONE, labels=labels[::-1].copy(), by=None)
    assert (ended.state, ended.error) == (RunState.FAILED, "plan-changed")
    draft.refresh_from_db()
    assert draft.labels == packed(labels)
