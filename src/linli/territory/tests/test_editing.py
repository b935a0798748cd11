"""A draft is changed by hand, and every step can be taken back."""

import datetime as dt

import numpy as np
import pytest
import shapely
from django.utils import timezone

from linli.areas.models import Area, Boundary
from linli.areas.tests.factories import area
from linli.kernel.actions import writing
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.kernel.models import Entry
from linli.territory import codes
from linli.territory.actions import editing
from linli.territory.actions.row import put
from linli.territory.labels import unpacked
from linli.territory.models import Binding, BindingKind, PlanState, Run, RunState, StepKind
from linli.territory.tests.drafts import draft, prefecture, settlements
from linli.territory.tests.factories import account, planner

pytestmark = pytest.mark.django_db
CODES = {n: {"code": f"A{1 + n // 2}-0{1 + n % 2}"} for n in range(4)}


@pytest.fixture
def plan():
    prefecture()
    return draft()


def grid(plan, code):
    return plan.grids.get(code=code)


def standing(plan):
    """All that a step may change and undoing must bring back."""
    plan.refresh_from_db()
    rows = plan.grids.order_by("code").values(
        "number", "code", "line", "names", "settlements", "households", "load", "over",
        "distance", "roundness", "joining", "leaving", "centre_lon", "centre_lat", "wkb",
    )  # fmt: skip
    return unpacked(plan.labels).tolist(), [row | {"wkb": bytes(row["wkb"])} for row in rows]


def in_all(plan, line):
    shapes = [shapely.from_wkb(bytes(g.wkb)) for g in plan.grids.filter(line=line)]
    return shapes, shapely.from_wkb(bytes(Boundary.objects.get(area=area(line)).wkb))


def assert_tiles(plan, line):
    shapes, whole = in_all(plan, line)
    assert shapely.coverage_is_valid(shapes)
    assert shapely.unary_union(shapes).symmetric_difference(whole).area < 1e-12


def fixed(plan, kind, positions=(), number=None):
    return Binding.objects.create(
        plan=plan, kind=kind, positions=list(positions), grid=number, reason="一所学校",
        made_at=timezone.now(),
    )  # fmt: skip


def test_a_plan_begins_with_codes_names_figures_and_outlines(plan):
    rows = {g.code: g for g in plan.grids.all()}
    assert sorted(rows) == ["A1-01", "A1-02", "A2-01", "A2-02"]
    first = rows["A1-01"]
    assert first.names["en"] == "Area A1 grid 1"
    assert (first.settlements, first.households, first.load, first.over) == (8, 160, 8.0, 1.0)
    assert 5 < first.distance < 30
    assert 0.6 < first.roundness < 0.8
    assert (first.joining, first.leaving) == (0, 0)
    for line in ("A1", "A2"):
        assert_tiles(plan, line)


def test_each_outline_holds_its_own_settlements(plan):
    points = shapely.points(plan.gazetteer.rows.values_list("lon", "lat"))
    labels = unpacked(plan.labels)
    for one in plan.grids.all():
        inside = shapely.contains(shapely.from_wkb(bytes(one.wkb)), points)
        assert (inside == (labels == one.number)).all()


def test_settlements_move_and_figures_follow(plan):
    east = grid(plan, "A1-02")
    step = editing.move(plan, [1, 5], east, by=None)
    plan.refresh_from_db()
    assert (step.kind, plan.revision) == (StepKind.MOVED, 2)
    west, east = grid(plan, "A1-01"), grid(plan, "A1-02")
    assert (west.load, east.load) == (6, 10)
    assert (west.over, east.over) == (0.75, 1.25)
    assert_tiles(plan, "A1")
    last = Entry.objects.order_by("-pk").first()
    assert last.event == "plan-changed"


@pytest.mark.parametrize(
    "step",
    [
        lambda plan: editing.move(plan, [1, 5], grid(plan, "A1-02"), by=None),
        lambda plan: editing.move(plan, range(16), grid(plan, "A1-02"), by=None),
        lambda plan: editing.split(plan, grid(plan, "A2-01"), by=None),
        lambda plan: editing.join(plan, [grid(plan, "A1-01"), grid(plan, "A1-02")], by=None),
        lambda plan: editing.rename(plan, grid(plan, "A1-01"), {"zh": "新名"}, by=None),
        lambda plan: calculated(plan),
    ],
)
def test_undoing_brings_everything_back(plan, step):
    before = standing(plan)
    step(plan)
    assert standing(plan) != before
    editing.undo(plan, by=None)
    assert standing(plan) == before
    with pytest.raises(Conflict, match="nothing-to-undo"):
        editing.undo(plan, by=None)


def calculated(plan):
    labels = unpacked(plan.labels)
    labels[:3], labels[16:] = 7, 8
    with writing():
        put(plan, labels, kind=StepKind.RUN, by=None)


def test_steps_are_undone_from_the_newest_back(plan):
    first = standing(plan)
    editing.split(plan, grid(plan, "A1-01"), by=None)
    second = standing(plan)
    editing.join(plan, [grid(plan, "A1-01"), grid(plan, "A1-02")], by=None)
    editing.rename(plan, grid(plan, "A1-03"), {"zh": "河东"}, by=None)
    for _step in range(2):
        editing.undo(plan, by=None)
    assert standing(plan) == second
    editing.undo(plan, by=None)
    assert standing(plan) == first


def test_a_split_grid_is_two_of_the_same_work_in_one_piece_each(plan):
    editing.split(plan, grid(plan, "A1-01"), by=None)
    old, new = grid(plan, "A1-01"), grid(plan, "A1-03")
    assert (old.load, new.load) == (4, 4)
    assert new.number == 4
    assert new.names["zh"] == "第A1区第3网格"
    for one in (old, new):
        assert shapely.from_wkb(bytes(one.wkb)).geom_type == "Polygon"


def test_what_must_stay_together_is_not_split(plan):
    fixed(plan, BindingKind.TOGETHER, [0, 12])
    editing.split(plan, grid(plan, "A1-01"), by=None)
    plan.refresh_from_db()
    labels = unpacked(plan.labels)
    assert labels[0] == labels[12]


def test_a_single_settlement_is_not_split(plan):
    editing.move(plan, [1, 4, 5, 8, 9, 12, 13], grid(plan, "A1-02"), by=None)
    with pytest.raises(Invalid, match="grid-too-small"):
        editing.split(plan, grid(plan, "A1-01"), by=None)


def test_joined_grids_keep_the_code_of_the_one_with_most_households(plan):
    editing.move(plan, [1], grid(plan, "A1-02"), by=None)
    editing.join(plan, [grid(plan, "A1-01"), grid(plan, "A1-02")], by=None)
    assert sorted(plan.grids.values_list("code", flat=True)) == ["A1-02", "A2-01", "A2-02"]
    whole = in_all(plan, "A1")
    assert shapely.equals(whole[0][0], whole[1])


def test_no_grid_crosses_a_line(plan):
    with pytest.raises(Invalid, match="grid-crosses-line"):
        editing.move(plan, [0], grid(plan, "A2-01"), by=None)
    with pytest.raises(Invalid, match="grid-crosses-line"):
        editing.join(plan, [grid(plan, "A1-01"), grid(plan, "A2-01")], by=None)


@pytest.mark.parametrize("positions", [[], [0], [-1], [99]])
def test_a_move_that_moves_nothing_is_refused(plan, positions):
    with pytest.raises(Invalid):
        editing.move(plan, positions, grid(plan, "A1-01"), by=None)


def test_labels_of_other_settlements_are_refused(plan):
    with writing(), pytest.raises(Invalid, match="labels-not-of-plan"):
        put(plan, np.zeros(5, np.int64), kind=StepKind.RUN, by=None)


def test_what_is_fixed_is_not_moved(plan):
    fixed(plan, BindingKind.TOGETHER, [4, 5])
    fixed(plan, BindingKind.APART, [0, 2])
    east = grid(plan, "A1-02")
    for positions in ([4], [0]):
        with pytest.raises(Conflict, match="binding-broken") as refused:
            editing.move(plan, positions, east, by=None)
        assert refused.value.fields["reason"] == "一所学校"
    editing.move(plan, [4, 5], east, by=None)


def test_a_locked_grid_gets_nothing_and_gives_nothing(plan):
    east, west = grid(plan, "A1-02"), grid(plan, "A1-01")
    fixed(plan, BindingKind.LOCK, number=east.number)
    for step in (
        lambda: editing.move(plan, [0], east, by=None),
        lambda: editing.move(plan, [2], west, by=None),
        lambda: editing.split(plan, east, by=None),
        lambda: editing.join(plan, [east, west], by=None),
    ):
        with pytest.raises(Conflict, match="binding-broken"):
            step()
    editing.split(plan, west, by=None)


def test_what_was_fixed_later_is_not_undone(plan):
    editing.move(plan, [0, 4], grid(plan, "A1-02"), by=None)
    fixed(plan, BindingKind.TOGETHER, [0, 2])
    with pytest.raises(Conflict, match="binding-broken"):
        editing.undo(plan, by=None)


def test_what_is_not_a_draft_stays_as_it_is(plan):
    plan.state = PlanState.PUBLISHED
    plan.save()
    for step in (
        lambda: editing.move(plan, [0], grid(plan, "A1-02"), by=None),
        lambda: editing.undo(plan, by=None),
        lambda: editing.rename(plan, grid(plan, "A1-02"), {"zh": "新"}, by=None),
    ):
        with pytest.raises(Conflict, match="plan-not-draft"):
            step()


def test_while_a_run_goes_on_nothing_is_changed_by_hand(plan):
    run = Run.objects.create(plan=plan, state=RunState.RUNNING, asked_at=timezone.now())
    with pytest.raises(Conflict, match="plan-calculating"):
        editing.move(plan, [0], grid(plan, "A1-02"), by=None)
    run.state = RunState.DONE
    run.save()
    editing.move(plan, [0], grid(plan, "A1-02"), by=None)


def test_who_looked_at_an_older_plan_looks_again(plan):
    editing.move(plan, [0], grid(plan, "A1-02"), by=None, revision=1)
    with pytest.raises(Conflict, match="plan-changed"):
        editing.move(plan, [4], grid(plan, "A1-02"), by=None, revision=1)


def test_only_planners_of_the_area_edit(plan):
    able, other = planner("able", area("A")), planner("other", area("B"))
    for person in (other, account("nobody")):
        with pytest.raises(Forbidden):
            editing.move(plan, [0], grid(plan, "A1-02"), by=person)
    editing.move(plan, [0], grid(plan, "A1-02"), by=able)


def test_a_grid_of_another_plan_is_none_of_this(plan):
    other = draft(plan.gazetteer)
    with pytest.raises(Conflict, match="grid-gone"):
        editing.move(plan, [0], grid(other, "A1-04"), by=None)


def test_change_is_counted_against_the_plan_before(plan):
    later = draft(
        plan.gazetteer,
        before=plan,
        grids=CODES,
    )
    assert not later.grids.exclude(joining=0, leaving=0).exists()
    editing.move(later, [0, 4], grid(later, "A1-02"), by=None)
    assert (grid(later, "A1-02").joining, grid(later, "A1-01").leaving) == (40, 40)


def test_change_is_counted_over_another_gazetteer_too(plan):
    rows = settlements(moved=0.1)
    rows[3] = ("A1-new", *rows[3][1:])
    later = draft(rows=rows, before=plan, grids=CODES)
    assert not later.grids.exclude(joining=0, leaving=0).exists()


@pytest.mark.parametrize(
    ("used", "wanted"),
    [
        (set(), ["A1-01", "A1-02"]),
        ({"A1-01", "A1-07"}, ["A1-08", "A1-09"]),
        ({"A1009", "A1010", "A1099-x"}, ["A1011", "A1012"]),
        ({"A1999"}, ["A11000", "A11001"]),
        ({"river", "hill"}, ["A1-01", "A1-02"]),
        ({"g3", "g4", "x1"}, ["g5", "g6"]),
    ],
)
def test_new_codes_follow_the_pattern_of_their_neighbours(used, wanted):
    found = codes.new_codes("A1", used)
    assert [next(found), next(found)] == wanted


def test_a_code_that_an_area_once_had_is_not_given_again(plan):
    grid_level = type(area("A").level).objects.create(code="grid", depth=9)
    where = area("A1")
    day = dt.date(2021, 1, 1)
    for code, until in (("A1007", dt.date(2022, 1, 1)), ("A1008", None)):
        Area.objects.create(
            code=code, level=grid_level, parent=where, path=f"{where.path}/{code}", since=day,
            until=until,
        )  # fmt: skip
    assert {"A1007", "A1008"} <= codes.taken("A1")
    assert next(codes.new_codes("A1", {"A1007", "A1006"})) == "A1009"


def test_neighbour_groups_with_outlines_make_the_outlines_of_grids():
    prefecture()
    level = type(area("A").level).objects.create(code="group", depth=10)
    where = area("A1")
    for n in range(5):  # groups are stripes from west to east, settlements in the first four
        made = Area.objects.create(
            code=f"g{n}", level=level, parent=where, path=f"{where.path}/g{n}",
            since=dt.date(2020, 1, 1),
        )  # fmt: skip
        edges = [0, 1.2, 2.4, 3.7, 4.9, 5]
        x0, x1 = 102 + edges[n] / 10, 102 + edges[n + 1] / 10
        Boundary.objects.create(area=made, wkb=shapely.to_wkb(shapely.box(x0, 34, x1, 34.5)))
    plan = draft()
    west = shapely.from_wkb(bytes(grid(plan, "A1-01").wkb))
    assert west.bounds[2] == pytest.approx(102.24)
    assert_tiles(plan, "A1")
    editing.move(plan, [1], grid(plan, "A1-02"), by=None)  # cuts through a group: drawn anew
    assert_tiles(plan, "A1")
    assert shapely.from_wkb(bytes(grid(plan, "A1-01").wkb)).bounds[2] != pytest.approx(102.24)


def test_a_settlement_with_an_outline_is_never_cut(plan):
    where = plan.gazetteer.rows.get(position=5)
    wide = shapely.box(where.lon - 0.02, where.lat - 0.02, where.lon + 0.1, where.lat + 0.02)
    plan.gazetteer.rows.filter(position=5).update(wkb=shapely.to_wkb(wide))
    editing.move(plan, [6], grid(plan, "A1-01"), by=None)
    assert_tiles(plan, "A1")
    assert shapely.from_wkb(bytes(grid(plan, "A1-01").wkb)).contains(wide)


def test_what_cannot_be_drawn_has_no_outline(plan):
    here = plan.gazetteer.rows.get(position=1)
    plan.gazetteer.rows.filter(position=2).update(lon=here.lon, lat=here.lat)
    plan.gazetteer.imported_at += dt.timedelta(hours=1)  # what was imported never changes
    plan.gazetteer.save()
    editing.move(plan, [0], grid(plan, "A1-02"), by=None)
    assert {bytes(one.wkb) for one in plan.grids.filter(line="A1")} == {b""}
    editing.move(plan, [2], grid(plan, "A1-01"), by=None)
    assert_tiles(plan, "A1")
