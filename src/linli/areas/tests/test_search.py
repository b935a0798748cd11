"""Finding things by a part of their name."""

import pytest
import shapely

from linli.areas.actions import add_place, load, retire_place
from linli.areas.rows import AreaRow, FeatureRow, PlaceRow
from linli.areas.search import search
from linli.areas.tests.factories import LONG_AGO, area_row, box, point, small_prefecture

pytestmark = pytest.mark.django_db


def a_territory():
    names = {"zh": "玉隆县", "bo": "གཡུ་ལུང་རྫོང་།", "en": "Yulung County"}
    rows = [
        AreaRow("Y", "county", None, names, box(0, 0, 5, 10)),
        area_row("Y1", "township", "Y", (0, 0, 5, 5), name="玉隆镇"),
        area_row("Y2", "township", "Y", (0, 5, 5, 10), name="白马乡"),
    ]
    school = {"zh": "白马小学", "bo": "པད་མ་སློབ་གྲྭ།", "en": "Pema School"}
    village = {"zh": "桑多", "bo": "གསང་མདོ།", "en": "Sangdo"}
    home = shapely.to_wkb(shapely.Point(point(1, 1)))
    river = shapely.to_wkb(shapely.LineString([point(0, 0), point(5, 5)]))
    load(
        rows,
        since=LONG_AGO,
        by=None,
        places=[PlaceRow("P-1", "school", school, *point(2, 7))],
        features=[
            FeatureRow("settlement", "S-1", village, home, 2, 40),
            FeatureRow("river", "R-1", {"zh": "玉隆河"}, river),
        ],
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("玉隆", ["Y", "Y1"]),
        ("白马", ["Y2", "P-1"]),
        ("གཡུ་ལུང", ["Y"]),
        ("yulung", ["Y"]),
        ("ＹＵＬＵＮＧ", ["Y"]),
        ("p-1", ["P-1"]),
        ("学校", ["P-1"]),
        ("school 白马", ["P-1"]),
        ("桑多", ["S-1"]),
        ("小学 玉隆", ["P-1"]),
        ("", []),
        ("   ", []),
        ("没有这里", []),
        ("玉" * 1000, []),
    ],
)
def test_a_part_of_a_name_in_any_language_finds_it(text, codes):
    a_territory()
    assert [found.code for found in search(text)] == codes


def test_a_found_place_says_where_it_is():
    a_territory()
    (found,) = search("Pema School")
    assert found.value == "place:P-1"
    assert (found.kind, found.what, found.area) == ("place", "school", "Y2")
    assert [names["zh"] for names in found.above] == ["白马乡", "玉隆县"]


def test_what_is_new_is_found_and_what_is_gone_is_not():
    small_prefecture()
    assert search("新桥") == []
    bridge = add_place(PlaceRow("B-1", "bridge", {"zh": "新桥"}, *point(2, 2)), by=None)
    assert [found.code for found in search("新桥")] == ["B-1"]
    retire_place(bridge, until=LONG_AGO.replace(year=2099), by=None)
    assert [found.code for found in search("新桥")] == ["B-1"]
    other = add_place(
        PlaceRow("B-2", "bridge", {"zh": "旧桥"}, *point(2, 2), since=LONG_AGO), by=None
    )
    retire_place(other, until=LONG_AGO.replace(year=2021), by=None)
    assert search("旧桥") == []
