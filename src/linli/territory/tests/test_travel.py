"""How people go: neighbours that were brought, rivers, heights; ways and pieces of grids."""

import datetime as dt

import numpy as np
import pytest
import shapely
from django.utils import timezone, translation

from linli.areas import queries as areas
from linli.areas.actions import load, replace_features
from linli.areas.rows import AreaRow, FeatureRow
from linli.areas.tests.factories import SOUTH, WEST
from linli.engines.partition import along
from linli.kernel.actions import writing
from linli.territory import running, travel
from linli.territory.actions import bindings, editing, runs
from linli.territory.actions.row import settle
from linli.territory.jobs import ways_are_known
from linli.territory.labels import packed, unpacked
from linli.territory.models import BindingKind, Plan, Run, RunState, Settlement
from linli.territory.preparing import prepared
from linli.territory.queries import overall
from linli.territory.queries.settlements import places
from linli.territory.tests.drafts import draft, gazetteer, prefecture, settlements
from linli.territory.tests.factories import bare_gazetteer
from linli.territory.tests.test_editing import CODES, grid

pytestmark = pytest.mark.django_db
SIDE = 4
EVERY = [[n, n + 1] for n in range(32) if n % SIDE < SIDE - 1] + [
    [n, n + SIDE] for n in range(32 - SIDE)
]  # neighbours in rows and columns
BESIDE = 0.9  # of a degree's tenth: between the columns 0 and 1 of the settlements


@pytest.fixture(autouse=True)
def land():
    prefecture()


def river(east, low=-1.0, high=20.0):
    """A river from south to north, in tenths of a degree from the corner of the prefecture."""
    line = shapely.LineString([(WEST + east / 10, SOUTH + y / 10) for y in (low, high)])
    replace_features("river", [FeatureRow("river", "R", {}, shapely.to_wkb(line))], by=None)


def road(north):
    """A road from west to east, which crosses the river."""
    line = shapely.LineString([(WEST + x / 10, SOUTH + north / 10) for x in (-1, 20)])
    replace_features("road", [FeatureRow("road", "W", {}, shapely.to_wkb(line))], by=None)


def ground(**values):
    """A gazetteer with more than rows have: `heights`, and `neighbours`."""
    rows = settlements()
    made = gazetteer(rows)
    for n, height in enumerate(values.get("heights", ())):
        Settlement.objects.filter(gazetteer=made, position=n).update(height=height)
    if "neighbours" in values:
        made.neighbours = packed(values["neighbours"])
        made.save()
    return made


def fresh(plan):
    return Plan.objects.get(pk=plan.pk)


def by_code(plan):
    return {row.code: row for row in plan.grids.all()}


def test_on_the_ground_it_is_no_shorter_than_straight():
    plan = draft(grids=CODES)
    editing.move(plan, [2, 6], grid(plan, "A1-01"), by=None)
    here = places(plan.gazetteer)
    at = {"lon": here.lon[4] + 0.01, "lat": here.lat[4]}
    bindings.fix(fresh(plan), BindingKind.CENTRE, **at, reason="school", by=None)
    editing.move(fresh(plan), [10], grid(plan, "A1-01"), by=None)
    for row in plan.grids.all():
        assert row.way >= row.distance
        assert (row.cut_off, row.pieces) == (0, 1)


def test_a_river_lengthens_ways_and_a_bridge_shortens_them():
    dry = draft(ground(), grids=CODES)
    river(0.6 + 1.25 / 2)
    cut = by_code(draft(ground(), grids=CODES))
    assert cut["A1-01"].cut_off == 20 * 4  # one column of the grid lies beyond
    assert cut["A1-02"].cut_off == 0
    road(2.0)
    over = by_code(draft(ground(), grids=CODES))
    assert over["A1-01"].cut_off == 0
    assert over["A1-01"].way > by_code(dry)["A1-01"].way
    assert over["A1-02"].way == by_code(dry)["A1-02"].way


def test_where_nobody_has_a_way_there_is_none():
    plan = draft(ground(neighbours=[[0, 1]]), grids=CODES)
    found = by_code(plan)["A2-01"]
    assert found.cut_off == found.households - 20  # who lives in the middle is there
    assert 0 < found.way < found.distance  # straight from there to the centre
    bindings.fix(plan, BindingKind.CENTRE, lon=places(plan.gazetteer).lon[0],
                 lat=places(plan.gazetteer).lat[0], reason="school", by=None)  # fmt: skip
    editing.move(plan, [5], grid(plan, "A1-02"), by=None)
    assert by_code(fresh(plan))["A1-01"].cut_off == 20 * 5  # all but 0 and 1
    assert overall(fresh(plan)).cut_off == sum(row.cut_off for row in plan.grids.all())


def by_road(made, *lines, at=1.0):
    """The gazetteer with roads through the places of settlements, numbered from 0."""
    here = places(made)
    corners = np.vstack([here.km[list(row)] for row in lines])
    found = along(here.km, corners, np.cumsum([0, *map(len, lines)]))
    made.neighbours = packed(found.pairs)
    made.net = packed(np.column_stack([found.net.links, found.net.km * at * 1000]).round())
    made.save()
    return made


def test_by_road_it_is_as_far_as_the_road():
    rows = [[n + row * SIDE for n in range(SIDE)] for row in range(8)]
    spine = [row[0] for row in rows]
    made = by_road(ground(), *rows, spine)
    plan = draft(made, grids=CODES, wanted={"grids": 4, "barriers": True})
    river(0.6 + 1.25 / 2)  # the roads cross it
    known = overall(plan)
    assert (known.roads, known.cut_off) == (True, 0)
    for row in plan.grids.all():
        assert row.way >= row.distance
    far = overall(draft(by_road(ground(), *rows, spine, at=2.0), grids=CODES))
    assert far.way > known.way
    with translation.override("en"):
        words = {figure.key: figure.words for figure in known.figures()}["way"]
    assert "By road" in words
    bounds = prepared(plan).bounds
    assert not len(bounds.barriers)
    pairs = {tuple(sorted(pair)) for pair in bounds.roads.tolist()}
    assert {(0, 1), (0, SIDE)} <= pairs
    assert (1, 1 + SIDE) not in pairs


def test_a_calculation_keeps_grids_in_one_piece_along_roads():
    ends = [[0, 1, 2], [14, 15], [16, 17, 18], [30, 31]]
    columns = [[n + row * SIDE for row in range(half, half + 4)] for half in (0, 4)
               for n in range(SIDE)]  # fmt: skip
    plan = draft(by_road(ground(), *columns, *ends), grids=CODES, wanted={"grids": 4})
    done = running.direct(runs.ask(plan, fresh=True, steps=400, by=None))
    assert done.state == RunState.DONE
    assert overall(fresh(plan)).torn == 0


def test_heights_make_a_way_longer_by_what_is_climbed():
    flat = draft(ground(heights=[3000.0] * 32), grids=CODES)
    steep = draft(ground(heights=[3000.0 + 120 * (n % SIDE) for n in range(32)]), grids=CODES)
    for code, row in by_code(flat).items():
        climb = by_code(steep)[code].way - row.way
        assert climb == pytest.approx(120 * 5 / 600 / 2 / 2)  # half of a grid climbs a column
        assert by_code(steep)[code].distance == row.distance
    assert overall(steep).climbs
    with translation.override("en"):
        words = {figure.key: figure.words for figure in overall(steep).figures()}["way"]
        plain = {f.key: f.words for f in overall(draft(grids=CODES)).figures()}["way"]
    assert "Climbing makes a way longer" in words
    assert "Heights are not known" in plain


def test_a_calculation_is_told_of_heights_and_of_neighbours_that_were_brought():
    heights = np.arange(32) * 10.0
    plan = draft(ground(heights=heights, neighbours=EVERY), grids=CODES, wanted={"grids": 4})
    bounds = prepared(plan).bounds
    assert (bounds.heights == heights).all()
    pairs = {tuple(sorted(pair)) for pair in bounds.roads.tolist()}
    assert pairs == {tuple(pair) for pair in EVERY}
    assert prepared(draft(wanted={"grids": 4})).bounds.heights is None


def test_a_calculation_keeps_grids_in_one_piece_along_what_was_brought():
    columns = [[n, n + SIDE] for n in range(32 - SIDE)]  # one can go north and south only
    ends = [[0, 1], [14, 15], [1, 2], [16, 17], [17, 18], [30, 31]]
    plan = draft(ground(neighbours=columns + ends), grids=CODES, wanted={"grids": 4})
    done = running.direct(runs.ask(plan, fresh=True, steps=400, by=None))
    assert done.state == RunState.DONE
    plan = fresh(plan)
    assert overall(plan).torn == 0
    assert {row.pieces for row in plan.grids.all()} == {1}


def test_a_split_follows_what_was_brought():
    plan = draft(ground(neighbours=EVERY), grids=CODES)
    editing.split(plan, grid(plan, "A1-01"), by=None)
    assert overall(fresh(plan)).torn == 0


def test_figures_after_steps_are_those_of_the_whole():
    river(BESIDE)
    road(2.0)
    plan = draft(ground(heights=np.arange(32) * 30.0), grids=CODES)
    editing.move(plan, [1, 5], grid(plan, "A1-02"), by=None)
    editing.split(fresh(plan), grid(plan, "A2-01"), by=None)
    editing.undo(fresh(plan), by=None)
    stepwise = [(row.code, row.way, row.cut_off, row.pieces) for row in plan.grids.all()]
    plan.grids.update(pieces=None)
    plan = fresh(plan)
    with writing():
        settle(plan, unpacked(plan.labels), grids={})
    assert stepwise == [(row.code, row.way, row.cut_off, row.pieces) for row in plan.grids.all()]


def test_rivers_that_change_are_heeded_by_the_next_step():
    plan = draft(grids=CODES)
    river(0.6 + 1.25 / 2)
    editing.move(plan, [2], grid(plan, "A1-01"), by=None)
    assert by_code(fresh(plan))["A1-01"].cut_off == 80


def test_plans_from_before_are_looked_at_one_at_a_time():
    plans = [draft(grids=CODES), draft(grids=CODES, titles={"en": "Two"})]
    known = [row.way for row in plans[0].grids.all()]
    for plan in plans:
        plan.grids.update(way=None, pieces=None)
    run = Run.objects.create(plan=plans[1], asked_at=timezone.now())
    assert (ways_are_known(), ways_are_known()) == (1, 0)
    assert [row.way for row in plans[0].grids.all()] == known
    run.delete()
    assert (ways_are_known(), ways_are_known()) == (1, 0)
    assert [row.way for row in plans[1].grids.all()] == known


def test_groups_that_begin_are_heeded_from_their_day_on(monkeypatch):
    made, later = ground(), timezone.now() + dt.timedelta(days=1)
    whole = shapely.box(*areas.bounds_of(areas.by_code("A1"))).wkb
    row = AreaRow("A1-g", "group", "A1", {"en": "All"}, whole)
    load([row], since=timezone.localdate(later), by=None)
    before = travel.of(made).pairs
    assert travel.of(made).pairs is before
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert travel.of(made).pairs.tolist() != before.tolist()


def test_an_import_that_was_undone_leaves_nothing_behind():
    first = ground()
    known = travel.of(first)
    first.imported_at = first.imported_at.replace(year=2001)
    first.neighbours = packed([[0, 1]])
    first.save()
    assert len(travel.of(first).pairs) < len(known.pairs)
    empty = bare_gazetteer(first.area)
    assert len(travel.of(empty).pairs) == 0
