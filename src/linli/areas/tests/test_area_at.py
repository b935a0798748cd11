"""`area_at`: which area covers a point, on which day, for whom on a shared edge."""

import datetime as dt
import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
import shapely

from linli.areas import queries
from linli.areas.actions import adopt
from linli.areas.rows import AreaRow
from linli.areas.tests.factories import LONG_AGO, area, area_row, box, point, small_prefecture
from linli.engines.locate import Locator
from linli.kernel.errors import Invalid

pytestmark = pytest.mark.django_db


def test_the_deepest_area_answers():
    small_prefecture()
    assert queries.area_at(*point(2, 2)).code == "A1"
    assert queries.area_at(*point(7, 2)).code == "B"
    assert queries.area_at(*point(2, 2), level="county").code == "A"


def test_outside_is_an_answer():
    small_prefecture()
    assert queries.area_at(*point(11, 2)) is None
    assert queries.area_at(0, 0) is None


def test_an_empty_territory_answers_outside():
    assert queries.area_at(*point(1, 1)) is None
    assert list(queries.areas_at([102.0], [34.0])) == [None]


@pytest.mark.parametrize(
    ("x", "y", "code"), [(2, 5, "A1"), (5, 7, "A2"), (0, 0, "A1"), (5, 5, "A1"), (10, 10, "B")]
)
def test_on_an_edge_or_corner_the_deepest_then_the_lowest_code_answers(x, y, code):
    small_prefecture()
    assert queries.area_at(*point(x, y)).code == code


def test_yesterdays_case_keeps_yesterdays_boundary():
    small_prefecture()
    day = dt.date(2024, 6, 1)
    adopt(
        [AreaRow("A", boundary=box(0, 0, 6, 10)), AreaRow("B", boundary=box(6, 0, 10, 10))],
        since=day,
        by=None,
    )
    where = point(5.5, 2)
    assert queries.area_at(*where, day - dt.timedelta(days=1), level="county").code == "B"
    assert queries.area_at(*where, day, level="county").code == "A"
    assert queries.area_at(*where, LONG_AGO - dt.timedelta(days=1)) is None


def test_precedence_decides_an_overlap_before_the_code():
    rows = [
        area_row("N1", "county", None, (0, 0, 6, 10)),
        area_row("N2", "county", None, (4, 0, 10, 10)),
    ]
    adopt(rows, since=LONG_AGO, by=None)
    assert queries.area_at(*point(5, 5)).code == "N1"
    adopt([AreaRow("N2", precedence=-1)], since=dt.date(2021, 1, 1), by=None)
    assert queries.area_at(*point(5, 5)).code == "N2"
    assert queries.areas_covering(*point(5, 5)) == ["N2", "N1"]


@pytest.mark.parametrize(
    ("lon", "lat", "code"),
    [
        (math.nan, 34, "coordinates-not-finite"),
        (102, math.inf, "coordinates-not-finite"),
        (34.5, 102.3, "coordinates-swapped"),
        (500, 34, "coordinates-outside-world"),
        (102, -90.0001, "coordinates-outside-world"),
        (1e308, 1e308, "coordinates-outside-world"),
    ],
)
def test_what_is_no_point_on_earth_is_refused(lon, lat, code):
    small_prefecture()
    with pytest.raises(Invalid) as one:
        queries.area_at(lon, lat)
    with pytest.raises(Invalid) as many:
        queries.areas_at([102.1, lon], [34.1, lat])
    assert one.value.code == many.value.code == code
    assert many.value.fields["row"] == 1


def test_swapped_coordinates_near_home_are_noticed():
    rows = [AreaRow("X", "county", None, {"en": "X"}, shapely.to_wkb(shapely.box(10, 45, 12, 47)))]
    adopt(rows, since=LONG_AGO, by=None)
    assert queries.looks_swapped(46, 11)
    assert not queries.looks_swapped(11, 46)
    assert not queries.looks_swapped(0, 0)


def test_the_bulk_question_agrees_with_the_single_one():
    small_prefecture()
    lons, lats = np.meshgrid(np.linspace(101.9, 103.1, 13), np.linspace(33.9, 35.1, 13))
    codes = queries.areas_at(lons.ravel(), lats.ravel())
    for lon, lat, code in zip(lons.ravel(), lats.ravel(), codes, strict=True):
        single = queries.area_at(lon, lat)
        assert (single.code if single else None) == code


def test_ancestors_children_and_subtree():
    small_prefecture()
    assert [a.code for a in queries.ancestors(area("A1"))] == ["A", "P"]
    assert [a.code for a in queries.children(area("P"))] == ["A", "B"]
    assert {a.code for a in queries.within(area("A"))} == {"A", "A1", "A2"}
    assert [a.code for a in queries.roots()] == ["P"]


def test_sixty_four_threads_get_the_answers_of_one():
    rng = np.random.default_rng(1)
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(20) for y in range(20)]
    shapes = [shapely.to_wkb(cell.buffer(0.3, quad_segs=16)) for cell in cells]
    lons, lats = rng.uniform(-1, 21, (2, 400))
    locator = Locator(shapes)
    alone = locator.locate(lons, lats)

    def ask(thread: int):
        """Odd threads ask for all points at once, even ones for a few at a time."""
        if thread % 2:
            return locator.locate(lons, lats)
        return np.concatenate(
            [locator.locate(lons[k : k + 8], lats[k : k + 8]) for k in range(0, 400, 8)]
        )

    with ThreadPoolExecutor(64) as pool:
        answers = list(pool.map(ask, range(256)))
    assert all(np.array_equal(answer, alone) for answer in answers)
