"""With the borders of a plan across today's neighbour groups no point lies in two of them."""

import datetime as dt

import numpy as np
import pytest
import shapely
from django.utils import timezone

from linli.areas import queries as areas
from linli.areas.actions import load
from linli.areas.models import Area, Boundary, Level
from linli.areas.rows import AreaRow
from linli.areas.shapes import from_wkb, to_wkb
from linli.engines.partition import outlines
from linli.territory import carrying, labels
from linli.territory.actions import adopting
from linli.territory.as_areas import Drawn
from linli.territory.cutting import cut
from linli.territory.models import Grid, Group, PlanState
from linli.territory.tests.adopted import a_published_plan
from linli.territory.tests.factories import LONG_AGO, bare_plan, county, gazetteer

TOMORROW = dt.timedelta(days=1)
TOWNSHIPS = ("C1", "C2", "C3", "C4")
NEARBY = np.array([(x, y) for x in (-1, 0, 1) for y in (-1, 0, 1)]) * 1e-7


def cells(random, whole, count):
    """A polygon as so many cells round random points, which tile it."""
    west, south, east, north = whole.bounds
    spots = np.column_stack([random.uniform(west, east, 200), random.uniform(south, north, 200)])
    inside = spots[shapely.contains_xy(whole, spots)][:count].round(7)
    order, line = np.arange(count), np.zeros(count, np.int64)
    return _array(outlines(list(shapely.points(inside)), order, [whole], line))


def _array(shapes):
    return np.array([*shapes, None], dtype=object)[:-1]


def outline(code):
    return from_wkb([Boundary.objects.get(area__code=code, area__until=None).wkb])[0]


def torn_county(seed, where=None):
    """A published plan: six groups in each grid of today, and in each township five new grids.

    New grids run across all of it. The first of each township brings three groups along.
    """
    random = np.random.default_rng(seed)
    where = where or county()
    groups = [
        AreaRow(f"{grid.code}-{n}", "group", grid.code, {"en": f"{grid.code}-{n}"}, wkb)
        for grid in Area.objects.filter(level__code="grid").order_by("code")
        for n, wkb in enumerate(to_wkb(cells(random, outline(grid.code), 6)))
    ]
    load(groups, since=LONG_AGO, by=None)
    rows = gazetteer(where)
    plan = bare_plan(
        where,
        PlanState.PUBLISHED,
        gazetteer=rows,
        lines=Level.objects.get(code="township"),
        published_at=timezone.now() - dt.timedelta(days=30),
        comments_until=timezone.localdate() - TOMORROW,
    )
    shapes, number = [], 0
    for line in TOWNSHIPS:
        for n, shape in enumerate(cells(random, outline(line), 5)):
            code, wkb = f"{line}new{n}", to_wkb(np.array([shape]))[0]
            Grid.objects.create(plan=plan, number=number, code=code, line=line, wkb=wkb)
            shapes.append(shape)
            number += 1
            for k, part in enumerate(cells(random, shape, 3) if n == 0 else ()):
                wkb = to_wkb(np.array([part]))[0]
                Group.objects.create(plan=plan, grid=code, code=f"{code}-{k}", wkb=wkb)
    spots = shapely.points(list(rows.rows.order_by("position").values_list("lon", "lat")))
    plan.labels = labels.packed([int(shapely.covers(shapes, one).argmax()) for one in spots])
    plan.save()
    return plan


def beside_borders(random):
    """Points everywhere; at corners and on sides of all areas of tomorrow, and one step beside."""
    rows = Boundary.objects.filter(area__in=Area.objects.current(timezone.localdate() + TOMORROW))
    corners = shapely.get_coordinates(from_wkb(list(rows.values_list("wkb", flat=True))))
    corners = np.vstack([corners, (corners[1:] + corners[:-1]) / 2])
    some = corners[random.choice(len(corners), 500)]
    beside = (some[:, None] + NEARBY).reshape(-1, 2)
    west, south, east, north = outline("C").bounds
    anywhere = np.column_stack(
        [random.uniform(west, east, 1000), random.uniform(south, north, 1000)]
    )
    inside = shapely.contains_xy(outline("C"), beside)
    return np.round(np.vstack([beside[inside], anywhere]), 7)


def whole(degrees):
    """In whole steps, in which a point lies on a side or beside it, and nothing is rounded."""
    return np.rint(degrees * 1e7)


def the_tree():
    rows = Area.objects.order_by("code", "since").values_list("code", "path", "since", "until")
    return list(rows), sorted(bytes(wkb) for wkb in Boundary.objects.values_list("wkb", flat=True))


@pytest.mark.django_db
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_no_point_lies_in_two_groups_or_in_one_of_another_grid(seed):
    plan, random = torn_county(seed), np.random.default_rng(seed)
    before = the_tree()
    seen = carrying.preview(plan)
    torn = seen.torn
    assert min(len(torn.smaller), len(torn.ending), len(torn.bare)) > 3
    assert set(torn.ending) < set(seen.groups_end)
    day = timezone.localdate() + TOMORROW
    adopting.adopt(plan, since=day, by=None)
    points = beside_borders(random)
    rows = Area.objects.current(day)
    current = dict(rows.values_list("code", "path"))
    bounds = Boundary.objects.filter(area__in=rows.filter(level__code="group"))
    shapes = {
        code: shapely.transform(shapely.from_wkb(bytes(wkb)), whole)
        for code, wkb in bounds.values_list("area__code", "wkb")
    }
    lost: set[str] = set()
    for lon, lat in points.tolist():
        covering = areas.areas_covering(lon, lat, day)
        grids = [code for code in covering if "new" in code and "-" not in code]
        groups = [code for code in covering if code in shapes]
        if len(groups) > 1:  # on the side that they share
            spot = shapely.Point(whole(np.array([lon, lat])))
            assert sum(shapes[code].contains_properly(spot) for code in groups) == 0
        if len(grids) == 1:
            [grid] = grids
            assert grid in current[areas.area_at(lon, lat, day).code].split("/")
            assert all(grid in current[code].split("/") for code in groups)
    for lon, lat in points[-1000:].tolist():
        if areas.area_at(lon, lat, level="group") and not areas.area_at(
            lon, lat, day, level="group"
        ):
            lost.add(areas.area_at(lon, lat, day, level="grid").code)
    assert lost
    assert lost <= set(torn.bare)
    adopting.take_back(plan, by=None)
    assert the_tree() == before


@pytest.mark.django_db
def test_a_group_goes_on_with_what_holds_a_settlement_of_its_grid():
    plan = torn_county(4)
    day = timezone.localdate() + TOMORROW
    torn = carrying.preview(plan).torn
    today = dict(Area.objects.filter(level__code="group", until=None).values_list("code", "pk"))
    adopting.adopt(plan, since=day, by=None)
    spots = [
        (row.lon, row.lat, areas.area_at(row.lon, row.lat, level="group"))
        for row in plan.gazetteer.rows.all()
    ]
    for code in torn.smaller:
        held = [areas.area_at(x, y, day) for x, y, group in spots if group and group.code == code]
        assert code in {area.code for area in held}
    for code in torn.ending:
        assert not Area.objects.current(day).filter(code=code).exists()
    same = Area.objects.current(day).filter(code__in=today.keys() - set(torn.smaller))
    kept = {area.code for area in same} - {one.code for one in plan.groups.all()}
    for code in kept:
        old, new = Boundary.objects.get(area=today[code]), areas.by_code(code, day).boundary
        was, now = from_wkb([old.wkb, new.wkb])
        assert now.area > 0.998 * was.area


@pytest.mark.django_db
def test_a_group_that_lay_in_no_grid_goes_to_the_one_round_it():
    plan = a_published_plan(groups=False)
    grid = areas.by_code("C3a1")
    inside = shapely.Point(grid.centre_lon, grid.centre_lat).buffer(0.01, quad_segs=1)
    load([AreaRow("free", "group", "C3a", {"en": "Free"}, inside.wkb)], since=LONG_AGO, by=None)
    day = timezone.localdate() + TOMORROW
    assert carrying.preview(plan).groups == 1
    adopting.adopt(plan, since=day, by=None)
    assert areas.area_at(grid.centre_lon, grid.centre_lat, day).path.endswith("C3a/C3a1/free")
    assert areas.by_code("free").path.endswith("C3a/free")


@pytest.mark.django_db
def test_a_group_that_lies_in_no_grid_of_the_plan_either_stays_where_it_is():
    plan = a_published_plan(groups=False)
    box = areas.bounds_of(areas.by_code("C3b1"))
    north = shapely.box(box[0], box[3] - 0.01, box[2], box[3])  # of its village, and in no grid
    grid = plan.grids.get(code="C3b1")
    grid.wkb = shapely.to_wkb(shapely.box(box[0], box[1], box[2], box[3] - 0.01))
    grid.save()
    rows = [
        AreaRow("blank", "group", "C3b", {"en": "Blank"}),
        AreaRow("free", "group", "C3b", {"en": "Free"}, north.wkb),
    ]
    load(rows, since=LONG_AGO, by=None)
    found = carrying.preview(plan)
    assert (found.groups, found.groups_end) == (0, [])
    assert Drawn(plan).grid_on(areas.by_code("blank").path) is None
    day = timezone.localdate() + TOMORROW
    adopting.adopt(plan, since=day, by=None)
    for row in rows:
        assert areas.by_code(row.code, day).path.endswith(f"C3b/{row.code}")


# ---------------------------------------------------------------- cutting alone

WEST, EAST = shapely.box(0, 0, 1, 1), shapely.box(1, 0, 2, 1)


def halved(*groups, home=0, spots=()):
    """Groups that go to a square, which has another one beside it; spots are in the first."""
    return cut(
        np.array(groups, dtype=object),
        np.full(len(groups), home),
        np.array([WEST, EAST], dtype=object),
        np.array([shapely.Point(*one) for one in spots], dtype=object),
        np.zeros(len(spots), np.int64),
    )


def test_a_group_inside_its_grid_stays_as_it_is_even_at_the_border():
    done = halved(shapely.box(0.5, 0, 1, 1))
    assert done.outlines.tolist() == [None]
    assert not done.ends.any()
    assert not done.smaller.any()
    assert not len(done.beyond)


def test_a_group_across_a_border_is_cut_where_a_settlement_says_on_which_side_people_live():
    done = halved(shapely.box(0.5, 0.2, 1.5, 0.8), spots=[(0.9, 0.5)])
    assert (done.ends.tolist(), done.smaller.tolist()) == ([False], [True])
    assert done.beyond.tolist() == [[0, 1]]
    assert done.outlines[0].area == pytest.approx(0.3, abs=1e-6)
    assert done.outlines[0].distance(EAST) == pytest.approx(2e-7, abs=1.5e-8)


def test_a_group_across_a_border_without_a_settlement_ends():
    done = halved(shapely.box(0.5, 0.2, 1.5, 0.8))
    assert (done.ends.tolist(), done.smaller.tolist()) == ([True], [False])
    assert done.beyond.tolist() == [[0, 1]]


def test_a_sliver_beyond_a_border_is_cut_off_and_nobody_is_told():
    done = halved(shapely.box(0.5, 0.2, 1.00001, 0.8))
    assert not done.ends.any()
    assert not done.smaller.any()
    assert not len(done.beyond)
    assert done.outlines[0].disjoint(EAST)


def test_a_group_with_nothing_in_its_grid_ends():
    done = halved(shapely.box(1.2, 0.2, 1.8, 0.8))
    assert (done.ends.tolist(), done.beyond.tolist()) == ([True], [[0, 1]])
