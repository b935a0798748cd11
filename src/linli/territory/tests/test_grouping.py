"""A draft brings neighbour groups along; with the plan they become areas, and today's end."""

import json

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from django.utils import timezone

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.areas.tests.files import table
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.organisations.models import Answering
from linli.organisations.tests.factories import post
from linli.territory import carrying
from linli.territory.actions import adopting, editing, grouping, plans, publishing, runs
from linli.territory.commands import grids
from linli.territory.groups import groups_in
from linli.territory.labels import unpacked
from linli.territory.models import Group, Plan, PlanState, RunState, Settlement
from linli.territory.tests.adopted import a_published_plan
from linli.territory.tests.factories import account, county, gazetteer, plan, planner

TOMORROW = timezone.timedelta(days=1)


def households(made, codes, in_a_grid=45):
    """Invented points in these grids of a plan, as a table."""
    random = np.random.default_rng(5)
    rows = ["lon,lat"]
    for grid in made.grids.filter(code__in=codes):
        west, south, east, north = shapely.from_wkb(bytes(grid.wkb)).bounds
        for _one in range(in_a_grid):
            rows.append(f"{random.uniform(west, east):.7f},{random.uniform(south, north):.7f}")
    return "\n".join(rows) + "\n"


@pytest.fixture
def draft(db):
    where = county(groups=True)
    return plan(where, gazetteer(where), grids=4)


def drawn(tmp_path, made, codes=None, **fields):
    """The plan with groups in these grids, in all of them by default."""
    codes = codes or list(made.grids.values_list("code", flat=True))
    found = groups_in(made, table(tmp_path, households(made, codes)))
    assert grouping.draw(made, found, by=None, **fields) == 3 * len(codes)
    made.refresh_from_db()
    return made


def test_groups_get_codes_and_names_after_their_grid(tmp_path, draft):
    one, *_rest = drawn(tmp_path, draft).grids.all()
    rows = list(draft.groups.filter(grid=one.code))
    today = {row.code for row in Area.objects.filter(level__code="group")}
    assert len(rows) == 3
    assert len({row.code for row in rows} & today) >= 1
    new = [row for row in rows if row.code not in today]
    assert all(row.code.startswith(one.code) for row in new)
    assert all(row.names == {} or one.names["en"] in row.names["en"] for row in new)
    whole = shapely.from_wkb(bytes(one.wkb))
    parts = [shapely.from_wkb(bytes(row.wkb)) for row in rows]
    assert shapely.union_all(parts).area == pytest.approx(whole.area)


def test_drawing_again_takes_the_place_of_what_was_drawn_for_the_same_grids(tmp_path, draft):
    first, second, *_rest = (grid.code for grid in drawn(tmp_path, draft).grids.all())
    kept = set(draft.groups.exclude(grid=first).values_list("pk", flat=True))
    drawn(tmp_path, draft, [first])
    assert kept < set(draft.groups.values_list("pk", flat=True))
    assert draft.groups.filter(grid=first).count() == 3
    assert draft.groups.filter(grid=second).count() == 3


def test_another_outline_of_a_grid_drops_its_groups_and_no_others(tmp_path, draft):
    drawn(tmp_path, draft)
    grid = draft.grids.order_by("code").first()
    other = draft.grids.exclude(code=grid.code).first().code
    editing.split(draft, grid, by=None)
    assert not draft.groups.filter(grid=grid.code).exists()
    assert draft.groups.filter(grid=other).count() == 3


def test_joining_drops_the_groups_of_a_grid_that_is_gone(tmp_path, draft):
    one, *_rest = draft.grids.order_by("code")
    editing.split(draft, one, by=None)
    draft.refresh_from_db()
    drawn(tmp_path, draft)
    both = list(draft.grids.filter(line=one.line))
    assert len(both) == 2
    editing.join(draft, both, by=None)
    assert not draft.groups.filter(grid__in=[grid.code for grid in both]).exists()


def outlines_of(made):
    """The groups of a plan, as they are stored."""
    rows = made.groups.order_by("code").values_list("grid", "code", "names", "wkb")
    return [(*row, bytes(wkb)) for *row, wkb in rows]


def halves(made):
    """The two grids of C1."""
    return made.grids.filter(line="C1").order_by("code")


def moved(made):
    """A settlement of a grid that was split goes to its other half; the step."""
    one, two = halves(made)
    at = int((unpacked(made.labels) == one.number).nonzero()[0][0])
    return editing.move(_fresh(made), [at], two, by=None)


@pytest.fixture
def halved(tmp_path, draft):
    """The draft with two grids in C1, and three groups in each of its five grids."""
    editing.split(draft, draft.grids.get(line="C1"), by=None)
    return drawn(tmp_path, _fresh(draft))


@pytest.mark.parametrize(
    "step",
    [
        moved,
        lambda made: editing.split(made, halves(made)[0], by=None),
        lambda made: editing.join(made, list(halves(made)), by=None),
        lambda made: _calculated(made),
    ],
)
def test_undoing_a_step_brings_back_exactly_the_groups_that_it_dropped(halved, step):
    before = outlines_of(halved)
    done = step(halved)
    gone = len(before) - halved.groups.count()
    assert gone >= 3
    assert (done.groups_dropped, done.groups.count()) == (gone, gone)
    assert done.groups_restored == 0
    undone = editing.undo(_fresh(halved), by=None)
    assert (undone.groups_restored, undone.groups_dropped) == (gone, 0)
    assert outlines_of(halved) == before
    assert not Group.objects.exclude(plan=halved).exists()


def _calculated(made):
    labels = unpacked(made.labels)
    first, second = (grid.number for grid in halves(made))
    labels[(labels == first).nonzero()[0][0]] = second
    run = runs.ask(made, here=True, by=None)
    run = runs.finish(run, state=RunState.DONE, labels=labels)
    step = made.steps.first()
    assert run.values["groups_dropped"] == step.groups_dropped
    return step


def test_steps_are_undone_one_after_the_other_each_with_its_groups(halved):
    first = outlines_of(halved)
    moved(halved)
    second = outlines_of(halved)
    editing.join(_fresh(halved), list(halves(halved)), by=None)
    editing.undo(_fresh(halved), by=None)
    assert outlines_of(halved) == second
    editing.undo(_fresh(halved), by=None)
    assert outlines_of(halved) == first


def test_groups_that_were_drawn_since_give_way_to_those_that_come_back(tmp_path, halved):
    before = outlines_of(halved)
    step = moved(halved)
    drawn(tmp_path, _fresh(halved), list(halved.grids.values_list("code", flat=True)))
    assert editing.groups_at_stake(_fresh(halved), step) == 6
    undone = editing.undo(_fresh(halved), by=None)
    assert (undone.groups_dropped, undone.groups_restored) == (6, 6)
    own = {grid.code for grid in halves(halved)}
    assert [row for row in outlines_of(halved) if row[0] in own] == [
        row for row in before if row[0] in own
    ]


def test_a_code_that_goes_on_elsewhere_by_now_stays_there(halved):
    today = halved.groups.filter(grid=halves(halved)[0].code).first()
    moved(halved)
    other = halved.groups.exclude(grid__in=halves(halved).values("code")).first()
    Group.objects.filter(pk=other.pk).update(code=today.code)
    editing.undo(_fresh(halved), by=None)
    assert halved.groups.get(code=today.code).pk == other.pk
    back = Group.objects.get(pk=today.pk)
    assert back.plan_id == halved.pk
    assert back.code != today.code
    assert bytes(back.wkb) == bytes(today.wkb)


def test_a_grid_that_gets_a_third_outline_has_no_groups(halved):
    step = moved(halved)
    marks = dict.fromkeys(step.grids["outlines"], "of another outline")
    step.grids = {**step.grids, "outlines": marks}
    step.save()
    undone = editing.undo(_fresh(halved), by=None)
    assert undone.groups_restored == 0
    assert not Group.objects.exclude(plan=halved).exists()
    assert halved.groups.count() == 9


@pytest.mark.parametrize(
    "ends",
    [
        lambda made: publishing.publish(made, until=timezone.localdate() + TOMORROW, by=None),
        lambda made: plans.withdraw(made, by=None),
        lambda made: grouping.drop(made, by=None),
        lambda made: made.delete(),
    ],
)
def test_a_step_keeps_groups_only_as_long_as_it_can_be_undone(halved, ends):
    moved(halved)
    assert Group.objects.filter(step__plan=halved).count() == 6
    ends(_fresh(halved))
    assert not Group.objects.filter(plan=None).exists()


def test_groups_are_dropped_and_there_have_to_be_some(tmp_path, draft):
    drawn(tmp_path, draft)
    assert grouping.drop(draft, by=None) == 12
    with pytest.raises(Conflict, match="nothing-to-do"):
        grouping.drop(draft, by=None)
    empty = groups_in(draft, table(tmp_path, "lon,lat\n10,10\n"))
    with pytest.raises(Conflict, match="plan-changed"):
        grouping.draw(Plan.objects.get(pk=draft.pk), _earlier(empty), by=None)
    with pytest.raises(Invalid, match="no-groups"):
        grouping.draw(draft, groups_in(_fresh(draft), _nobody(tmp_path)), by=None)


def _fresh(made):
    return Plan.objects.get(pk=made.pk)


def _nobody(tmp_path):
    return table(tmp_path, "lon,lat\n10,10\n")


def _earlier(found):
    return type(found)(**{**vars(found), "revision": found.revision - 1})


def test_a_published_plan_has_the_groups_that_people_saw(tmp_path, draft):
    found = groups_in(draft, table(tmp_path, households(draft, ["C1a1"])))
    Plan.objects.filter(pk=draft.pk).update(state=PlanState.PUBLISHED)
    for writes in (
        lambda: grouping.draw(draft, found, by=None),
        lambda: grouping.drop(draft, by=None),
    ):
        with pytest.raises(Conflict, match="plan-not-draft"):
            writes()


def test_only_planners_of_the_area_draw_and_drop_groups(tmp_path, draft):
    by = planner("asel", draft.area)
    assert grouping.draw(draft, groups_in(draft, _all(tmp_path, draft)), by=by) == 12
    for writes in (
        lambda who: grouping.draw(
            _fresh(draft), groups_in(_fresh(draft), _all(tmp_path, draft)), by=who
        ),
        lambda who: grouping.drop(draft, by=who),
    ):
        with pytest.raises(Forbidden):
            writes(account("passer-by"))


def _all(tmp_path, made):
    return table(tmp_path, households(made, made.grids.values_list("code", flat=True)))


# ---------------------------------------------------------------- adoption


@pytest.fixture
def published(db, tmp_path):
    """The plan of `adopted`, which brings groups along for C1a1 (it takes in C1a2) and for C1x."""
    made = a_published_plan()
    Plan.objects.filter(pk=made.pk).update(state=PlanState.DRAFT)
    made.refresh_from_db()
    drawn(tmp_path, made, ["C1a1", "C1x"])
    Plan.objects.filter(pk=made.pk).update(state=PlanState.PUBLISHED)
    return _fresh(made)


def groups_on(day):
    """Codes of neighbour groups by the grid they lie in on a day."""
    rows = Area.objects.current(day).filter(level__code="group")
    found = {}
    for code, grid in rows.values_list("code", "parent__code"):
        found.setdefault(grid, set()).add(code)
    return found


def test_groups_of_the_plan_begin_with_it_and_those_of_their_grids_end(published):
    day = timezone.localdate() + TOMORROW
    today = groups_on(timezone.localdate())
    adopting.adopt(published, since=day, by=None)
    assert groups_on(timezone.localdate()) == today
    then = groups_on(day)
    assert len(then["C1a1"]) == 3
    assert len(then["C1x"]) == 3
    # C1a1 and C1a2 had one group each: two of its three go on as these; so with C1x.
    assert {"C1a1-01", "C1a2-01"} <= then["C1a1"]
    assert {"C1b1-01", "C1b2-01"} <= then["C1x"]
    assert then["C3a1"] == today["C3a1"]
    inside = 0
    for settlement in Settlement.objects.all():
        found = areas.area_at(settlement.lon, settlement.lat, day)
        grid = areas.area_at(settlement.lon, settlement.lat, day, level="grid")
        if grid.code in ("C1a1", "C1x"):
            inside += 1
            assert found.code in then[grid.code]
    assert inside == 16


def test_taking_back_brings_todays_groups_back(published):
    today = groups_on(timezone.localdate())
    day = timezone.localdate() + TOMORROW
    adopting.adopt(published, since=day, by=None)
    adopting.take_back(published, by=None)
    assert groups_on(day) == today
    assert published.groups.count() == 6


def test_a_post_of_a_group_that_ends_answers_for_nothing_there_any_more(published):
    Group.objects.filter(code="C1b2-01").delete()  # so that this group ends
    old = Area.objects.get(code="C1b2-01")
    post("liaison", answers=[("neighbourhood", old)])
    seen = carrying.preview(published)
    assert seen.groups_end == ["C1b2-01"]
    assert len(seen.groups_begin) == 2
    assert "liaison" in seen.without_grid
    adopting.adopt(published, since=timezone.localdate() + TOMORROW, by=None)
    Plan.objects.filter(pk=published.pk).update(since=timezone.localdate())
    Area.objects.filter(since=timezone.localdate() + TOMORROW).update(since=timezone.localdate())
    Area.objects.filter(until=timezone.localdate() + TOMORROW).update(until=timezone.localdate())
    adopting.begin_due(by=None)
    assert not Answering.objects.filter(area__code="C1b2-01", until=None).exists()


def test_a_code_that_another_area_has_by_now_stops_the_adoption(published):
    Group.objects.filter(code="C1a1-01").update(code="C3a1")
    with pytest.raises(Conflict, match="code-taken"):
        adopting.adopt(published, since=timezone.localdate() + TOMORROW, by=None)


def test_the_command_line_says_what_a_step_dropped_and_what_came_back(halved):
    code = halves(halved)[0].code
    done = CliRunner().invoke(grids, ["split", str(halved.pk), code, "--json"])
    answer = json.loads(done.stdout)
    gone = 15 - halved.groups.count()
    assert (answer["groups_dropped"], answer["groups_restored"]) == (gone, 0)
    undone = CliRunner().invoke(grids, ["undo", str(halved.pk), "--json"])
    answer = json.loads(undone.stdout)
    assert (answer["groups_dropped"], answer["groups_restored"]) == (0, gone)


def test_the_command_line_draws_and_drops(tmp_path, draft):
    words = ["groups", _all(tmp_path, draft), "--plan", draft.pk, "--json"]
    answer = json.loads(CliRunner().invoke(grids, [str(word) for word in words]).stdout)
    assert answer == {
        "plan": draft.pk,
        "groups": 12,
        "outside": 0,
        "grids_with_few": 0,
        "larger": 0,
    }
    done = CliRunner().invoke(grids, ["ungroup", str(draft.pk), "--json"])
    assert json.loads(done.stdout) == {"plan": draft.pk, "dropped": 12}
    again = CliRunner().invoke(grids, ["ungroup", str(draft.pk)])
    assert again.exit_code == 1
