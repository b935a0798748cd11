"""A plan gets its day, is taken back before it, and begins on it; whatever stops the process."""

import datetime as dt
import itertools

import pytest
from django.db import transaction
from django.utils import timezone

from linli.areas import queries as areas
from linli.areas.actions import adopt as import_areas
from linli.areas.models import Area, Boundary, Place
from linli.areas.rows import AreaRow
from linli.areas.tests.factories import area_row
from linli.cases import actions as cases
from linli.cases.models import Case, Routing, Why
from linli.cases.routing import Where
from linli.cases.tests.factories import a_case, later
from linli.kernel.errors import Conflict, Forbidden, Invalid, LinliError
from linli.kernel.events import parse
from linli.kernel.models import Entry, Pending
from linli.organisations.models import Answering, Holding
from linli.organisations.tests.factories import account, post
from linli.territory import carrying, moving
from linli.territory.actions import adopting, plans
from linli.territory.as_areas import Drawn
from linli.territory.models import OpenCases, Plan, PlanState
from linli.territory.tests.adopted import a_published_plan, case_in, middle_of, posts_of_grids
from linli.territory.tests.factories import bare_plan, planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan(request):
    return a_published_plan(groups=getattr(request, "param", True))


def soon(days=10):
    return timezone.localdate() + dt.timedelta(days=days)


def adopted(plan, **fields):
    return adopting.adopt(plan, since=soon(), by=None, **fields)


def the_tree():
    columns = [f.attname for f in Area._meta.local_fields]
    outlines = {pk: bytes(wkb) for pk, wkb in Boundary.objects.values_list("pk", "wkb")}
    return list(Area.objects.order_by("pk").values_list(*columns)), outlines


def grids(plan, at):
    rows = areas.within(plan.area, at).filter(level__code="grid")
    return set(rows.values_list("code", flat=True))


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def last_event():
    return parse(bytes(Entry.objects.latest("id").body))


# ---------------------------------------------------------------- before the day


def test_from_its_day_the_grids_of_the_plan_are_the_areas(plan):
    before, old = the_tree(), grids(plan, None)
    day = soon()
    done = adopted(plan, open_cases=OpenCases.ALL_MOVE)
    assert (done.state, done.since, done.open_cases) == (PlanState.ADOPTED, day, "all-move")
    assert grids(plan, day) == set(plan.grids.values_list("code", flat=True))
    assert grids(plan, day - dt.timedelta(days=1)) == old
    x = areas.by_code("C1x", day)
    assert x.path == "P/C/C1/C1b/C1x"
    assert areas.by_code("C1b1-01", day).path == f"{x.path}/C1b1-01"
    assert areas.by_code("C1a2-01", day).path == "P/C/C1/C1a/C1a1/C1a2-01"
    assert areas.area_at(*middle_of("C1b2"), day).code == "C1b2-01"
    assert areas.area_at(*middle_of("C1b2"), day, level="grid").code == "C1x"
    assert areas.area_at(*middle_of("C1b2"), level="grid").code == "C1b2"
    # What the plan leaves alone has no new version.
    assert {row[0] for row in before[0] if row not in the_tree()[0]} == {
        area.pk for area in Area.objects.filter(until=day)
    }
    assert not Area.objects.filter(code="C3a1", since=day).exists()
    assert (last_event().since, last_event().open_cases) == (day, OpenCases.ALL_MOVE)


def test_taking_back_leaves_everything_as_it_was(plan):
    before = the_tree()
    adopting.take_back(adopted(plan), by=None)
    assert the_tree() == before
    again = fresh(plan)
    assert (again.state, again.since, again.changed) == (PlanState.PUBLISHED, None, [])
    assert adopted(again).state == PlanState.ADOPTED


def test_the_day_itself_is_too_late_to_take_back(plan, monkeypatch):
    adopted(plan)
    later(monkeypatch, days=10)
    with pytest.raises(Conflict, match="areas-day-has-come"):
        adopting.take_back(fresh(plan), by=None)


def _state(**fields):
    return lambda plan: Plan.objects.filter(pk=plan.pk).update(**fields)


def _another(plan):
    bare_plan(plan.area.parent, PlanState.ADOPTED)


def _taken(plan):
    import_areas([area_row("C1x", "village", "C4")], since=dt.date(2021, 1, 1), by=None)


def _planned(plan):
    import_areas([AreaRow("C1a1", names={"en": "x"})], since=soon(20), by=None)


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (_state(state=PlanState.DRAFT), "plan-not-published"),
        (_state(comments_until=dt.date(2999, 1, 1)), "comments-open"),
        (_state(comments_until=None), "comments-open"),
        (lambda plan: plan.grids.filter(code="C1x").update(wkb=b""), "not-drawn"),
        (_another, "another-adopted"),
        (_taken, "code-taken"),
        (_planned, "areas-since-not-later"),
    ],
)
def test_what_cannot_be_adopted_changes_nothing(plan, spoil, code):
    spoil(plan)
    before, entries = the_tree(), Entry.objects.count()
    with pytest.raises(LinliError) as refused:
        adopted(fresh(plan))
    assert refused.value.code == code
    assert (the_tree(), Entry.objects.count()) == (before, entries)


@pytest.mark.parametrize(("days", "code"), [(0, "since-not-later"), (400, "since-far")])
def test_the_day_is_tomorrow_at_the_earliest_and_within_a_year(plan, days, code):
    with pytest.raises(Invalid, match=code):
        adopting.adopt(plan, since=soon(days), by=None)


def test_only_planners_of_the_area_adopt_and_take_back(plan):
    stranger = account("stranger", is_administrator=True)
    with pytest.raises(Forbidden):
        adopting.adopt(plan, since=soon(), by=stranger)
    by = planner("dolkar", plan.area)
    adopting.adopt(plan, since=soon(), by=by)
    assert Entry.objects.latest("id").by_id == by.pk
    with pytest.raises(Forbidden):
        adopting.take_back(fresh(plan), by=stranger)
    adopting.take_back(fresh(plan), by=by)


def test_what_was_changed_for_later_is_not_taken_back(plan):
    adopted(plan)
    import_areas([AreaRow("C1a1", names={"en": "x"})], since=soon(20), by=None)
    before = the_tree()
    with pytest.raises(Conflict, match="areas-changed-since"):
        adopting.take_back(fresh(plan), by=None)
    assert the_tree() == before
    assert fresh(plan).state == PlanState.ADOPTED


class Dying(BaseException):
    """The process is gone."""


def dying(monkeypatch, after):
    """The process dies at the entry in the journal that follows so many others."""
    left, create = [after], Pending.objects.create

    def at(**fields):
        if not left[0]:
            raise Dying
        left[0] -= 1
        return create(**fields)

    monkeypatch.setattr(Pending.objects, "create", at)


@pytest.mark.parametrize("after", [0, 1])
def test_a_process_that_dies_while_adopting_leaves_the_tree_as_it_was(plan, monkeypatch, after):
    before = the_tree()
    with monkeypatch.context() as patch:
        dying(patch, after)
        with pytest.raises(Dying), transaction.atomic():
            adopted(plan)
    assert the_tree() == before
    assert fresh(plan).state == PlanState.PUBLISHED


# ---------------------------------------------------------------- who has which grid


def test_posts_follow_most_of_the_households_and_go_to_one_grid_only(plan):
    posts_of_grids(plan.area)
    seen = {one.code: one for one in carrying.carried(plan)}
    assert seen["C1a1"].posts == ("post-C1a1",)
    assert seen["C1a1"].kept
    [source] = {seen["C1x"].source} & {"C1b1", "C1b2"}
    assert seen["C1x"].posts == (f"post-{source}",)
    halves = {seen["C2y"].posts, seen["C2z"].posts}
    assert halves == {("post-C2a1",), ()}
    Holding.objects.filter(post__code="post-C3a1").update(until=timezone.now())
    found = carrying.preview(plan)
    assert [one.code for one in found.without if one.source] == ["C3a1"]
    assert len([one for one in found.without if not one.source]) == 1
    assert found.begin == ["C1x", "C2y", "C2z"]
    assert found.end == ["C1a2", "C1b1", "C1b2", "C2a1"]
    assert len(found.stay) == 12
    assert found.groups == 4
    assert (found.torn.smaller, found.torn.ending) == (["C2a1-01"], [])
    assert found.torn.bare == [{"C2y": "C2z", "C2z": "C2y"}[group_of(plan, "C2a1-01")]]
    other = {"C1b1": "C1b2", "C1b2": "C1b1"}[source]
    assert found.without_grid == ["post-C1a2", f"post-{other}"]


def group_of(plan, code):
    """The grid that a neighbour group of today goes to."""
    return Drawn(plan).groups[code][1]


# ---------------------------------------------------------------- on the day


@pytest.fixture
def busy(plan):
    """The plan with posts, and open cases: in C1b1, in C1b2 (begun), in C2a1, in C3a1."""
    posts_of_grids(plan.area)
    told = case_in("C1b2")
    cases.add_update(told, words="明天去看。", by=account("w-C1b2"))
    return plan, [case_in("C1b1"), told, case_in("C2a1"), case_in("C2a1", 0.03), case_in("C3a1")]


def owners(rows):
    return [fresh(case).owner.code for case in rows]


def after_the_day():
    """What the beginning of a plan leaves, apart from times and keys."""
    return (
        sorted(Answering.objects.filter(until=None).values_list("post__code", "area__code")),
        list(Case.objects.order_by("pk").values_list("owner__code", "area__code", "due_at")),
        sorted(Routing.objects.values_list("case", "post__code", "why")),
        sorted(Plan.objects.values_list("pk", "state")),
    )


@pytest.mark.parametrize("plan", [True, False], indirect=True, ids=["groups", "no-groups"])
@pytest.mark.parametrize("rule", list(OpenCases))
def test_open_cases_follow_the_rule_that_was_chosen(busy, monkeypatch, rule):
    plan, rows = busy
    old = bare_plan(plan.area, PlanState.IN_FORCE)
    plans.recount(plan, by=None)
    before = owners(rows)
    foreseen = carrying.preview(plan).cases
    adopted(plan, open_cases=rule)
    assert adopting.begin_due() == 0
    assert owners(rows) == before
    later(monkeypatch, days=10)
    assert adopting.begin_due() > 0
    moved = Routing.objects.filter(why=Why.REDRAWN).count()
    expected = {
        OpenCases.ALL_STAY: 0,
        OpenCases.ALL_MOVE: foreseen.move,
        OpenCases.BEGUN_STAY: foreseen.move - foreseen.begun,
    }
    assert moved == expected[rule]
    assert foreseen.all == 5
    assert owners(rows)[4] == "post-C3a1"
    assert [fresh(case).area.code[:4] for case in rows[:2]] == ["C1b1", "C1b2"]
    assert (fresh(plan).state, fresh(old).state) == (PlanState.IN_FORCE, PlanState.ENDED)
    assert fresh(plan).carried_at is not None
    event = last_event()
    assert (event.name, event.moved, event.posts, event.without) == ("plan-began", moved, 2, 1)
    assert adopting.begin_due() == 0


@pytest.mark.parametrize("days", [5, 10, 12])
def test_a_grid_that_somebody_brings_in_meanwhile_does_not_hold_up_the_day(busy, monkeypatch, days):
    """Before the day, on it, and after it, while the worker stood still."""
    plan, rows = busy
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    import_areas([area_row("C4new", "grid", "C4a")], since=soon(days), by=None)
    where = Area.objects.get(code="C4new")
    post("post-C4new", holder="w-C4new", kind="grid", answers=[("roads", where)])
    later(monkeypatch, days=12)
    assert adopting.begin_due() > 0
    assert fresh(plan).state == PlanState.IN_FORCE
    assert owners(rows[:2]) == ["post-C1b1"] * 2 or owners(rows[:2]) == ["post-C1b2"] * 2
    held = set(Answering.objects.filter(until=None).values_list("area__code", flat=True))
    assert {"C1x", "C4new"} <= held
    assert held.isdisjoint({"C1a2", "C1b1", "C1b2", "C2a1"})
    seen = carrying.preview(fresh(plan))
    assert (seen.missing, seen.others) == ([], ["C4new"])
    assert adopting.begin_due() == 0


def test_a_grid_of_the_plan_that_is_gone_gets_nothing_and_one_that_is_back_keeps_its_own(
    busy, monkeypatch
):
    plan, _rows = busy
    adopted(plan)
    source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
    other = {"C1b1": "C1b2", "C1b2": "C1b1"}[source]
    later(monkeypatch, days=12)
    back = [AreaRow(f"{code}-01", parent=code) for code in ("C1b1", "C1b2")]
    back += [area_row(code, "grid", "C1b") for code in ("C1b1", "C1b2")]
    import_areas(back, since=timezone.localdate(), by=None, ending=["C1x"])
    assert adopting.begin_due() > 0
    assert fresh(plan).state == PlanState.IN_FORCE
    held = set(Answering.objects.filter(until=None).values_list("area__code", flat=True))
    assert {source, other} <= held
    assert held.isdisjoint({"C1x", "C1a2", "C2a1"})
    seen = carrying.preview(fresh(plan))
    assert (seen.missing, seen.others) == (["C1x"], ["C1b1", "C1b2"])


def _at_a_place(group):
    lon, lat = group.centre_lon - 0.01, group.centre_lat
    return Where(place=Place.objects.create(
        code="culvert", kind="bridge", names={"en": "Culvert"}, lon=lon, lat=lat, area=group,
        since=group.since,
    ))  # fmt: skip


def _in_the_area(group):
    return Where(area=group, words="桥头")


@pytest.mark.parametrize("plan", [True, False], indirect=True, ids=["groups", "no-groups"])
@pytest.mark.parametrize("where", [_at_a_place, _in_the_area])
def test_what_has_no_point_is_foreseen_as_well(plan, monkeypatch, where):
    posts_of_grids(plan.area)
    last = Area.objects.filter(path__contains="/C1a2", until=None).latest("level__depth")
    case = a_case(where=where(last))
    foreseen = carrying.preview(plan).cases
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    later(monkeypatch, days=10)
    adopting.begin_due()
    assert foreseen == carrying.Cases(all=1, move=1, begun=0, left=1)
    assert fresh(case).owner.code == "post-C1a1"


def test_new_cases_go_to_the_new_grid_and_yesterdays_keep_the_old_one(busy, monkeypatch):
    plan, rows = busy
    adopted(plan)
    today = case_in("C1b1")
    later(monkeypatch, days=10)
    adopting.begin_due()
    new = case_in("C1b1")
    assert (today.area.path, new.area.path) == ("P/C/C1/C1b/C1b1/C1b1-01", "P/C/C1/C1b/C1x/C1b1-01")
    assert fresh(today).area == today.area
    [carried] = [one for one in carrying.carried(fresh(plan)) if one.code == "C1x"]
    assert carried.posts == (new.owner.code,)


def test_a_process_that_dies_on_the_day_is_gone_on_with(busy, monkeypatch):
    plan, _rows = busy
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    later(monkeypatch, days=10)

    def run(after):
        """What there is at the end, and whether the process died on the way."""
        died = False
        with transaction.atomic():
            if after is not None:
                with monkeypatch.context() as patch:
                    dying(patch, after)
                    try:
                        adopting.begin_due()
                    except Dying:
                        died = True
            adopting.begin_due()
            found = after_the_day()
            transaction.set_rollback(True)
        return found, died

    whole, _died = run(None)
    after, died = 0, True
    while died:
        found, died = run(after)
        assert found == whole
        after += 1
    assert after > 7  # posts that stop and begin, cases, and the plan itself


def test_the_day_goes_on_in_batches_from_where_it_was(busy, monkeypatch):
    plan, rows = busy
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    later(monkeypatch, days=10)
    monkeypatch.setattr(adopting, "BATCH", 1)
    for case in sorted(rows[:4], key=lambda case: case.pk):
        # the time is over at the first look
        clock = itertools.count(step=adopting.SECONDS).__next__
        assert adopting.begin_due(clock=clock) > 0
        assert (fresh(plan).state, fresh(plan).carried_to) == (PlanState.ADOPTED, case.pk)
    adopting.begin_due()
    assert fresh(plan).state == PlanState.IN_FORCE


def test_one_round_takes_as_many_batches_as_it_has_time_for(busy, monkeypatch):
    plan, rows = busy
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    later(monkeypatch, days=10)
    monkeypatch.setattr(adopting, "BATCH", 1)
    adopting.begin_due(clock=lambda: 0.0)
    assert fresh(plan).state == PlanState.IN_FORCE
    assert fresh(plan).carried_to == max(case.pk for case in rows[:4])


def test_one_case_that_cannot_be_moved_does_not_hold_up_the_others(busy, monkeypatch):
    plan, rows = busy
    adopted(plan, open_cases=OpenCases.ALL_MOVE)
    later(monkeypatch, days=10)
    real = adopting.redraw

    def redraw(case, **how):
        if case == rows[0]:
            raise Conflict()
        return real(case, **how)

    monkeypatch.setattr(adopting, "redraw", redraw)
    adopting.begin_due()
    assert fresh(plan).state == PlanState.IN_FORCE


def test_who_asks_where_they_will_be_is_told_where_their_case_will_go(plan):
    """The group of C2a1 is cut where C2y and C2z meet, and goes on in one of them."""
    day = timezone.localdate() + dt.timedelta(days=10)
    [group] = Area.objects.filter(code="C2a1-01")
    east = group.centre_lon + 0.02, group.centre_lat
    west = group.centre_lon - 0.02, group.centre_lat
    told = [moving.at_point(plan, *point)[0].to for point in (east, west)]
    adopting.adopt(plan, since=day, by=None)
    assert told == ["C2z", "C2y"]
    assert told == [areas.area_at(*point, day, level="grid").code for point in (east, west)]
    deepest = [areas.area_at(*point, day) for point in (east, west)]
    assert all(grid in area.path.split("/") for grid, area in zip(told, deepest, strict=True))
