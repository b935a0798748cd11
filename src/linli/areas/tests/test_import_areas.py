"""Importing areas: what is wrong is said by code and size, and nothing is half imported."""

import datetime as dt

import numpy as np
import pyogrio
import pytest
import shapely

from linli.areas import queries
from linli.areas.imports.areas import import_areas
from linli.areas.imports.mapping import mapping_of, read_mapping
from linli.areas.models import Area, Boundary, Level
from linli.areas.tests.factories import small_prefecture
from linli.areas.tests.files import COUNTIES, feature, geojson, mapping, square, table
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.models import Entry

pytestmark = pytest.mark.django_db
DAY = dt.date(2024, 1, 1)


def imported(path, how=COUNTIES, **options):
    """Import with the usual day."""
    return import_areas(path, how, since=options.pop("since", DAY), by=None, **options)


def kinds(report):
    """(kind, codes) of every finding."""
    return [(finding.kind, finding.codes) for finding in report.findings]


def nothing_happened():
    """Neither areas nor levels nor a journal entry."""
    return not (Area.objects.exists() or Level.objects.exists() or Entry.objects.exists())


def test_a_file_of_neighbours_is_imported(tmp_path):
    rows = [feature(square(100, 30), code="A", name="甲县", name_bo="ཀ"),
            feature(square(101, 30), code="B", name="乙县")]  # fmt: skip
    report = imported(geojson(tmp_path, rows))
    assert report.findings == []
    assert report.done == {"versions": 2, "closed": 0, "outlined": 0}
    assert queries.area_at(100.5, 30.5).names == {"zh": "甲县", "bo": "ཀ"}
    assert Entry.objects.get().event == "areas-imported"


@pytest.mark.parametrize("crs", ["", "EPSG:4490", "urn:ogc:def:crs:EPSG::4326",
                                 "urn:ogc:def:crs:OGC:1.3:CRS84"])  # fmt: skip
def test_a_packed_file_in_degrees_is_read_whatever_it_calls_them(tmp_path, crs):
    path = geojson(tmp_path, [feature(square(100, 30), code="A")], crs=crs, packed=True)
    assert imported(path).done["versions"] == 1


def test_a_geopackage_is_read(tmp_path):
    path = tmp_path / "file.gpkg"
    pyogrio.raw.write(
        path,
        shapely.to_wkb(np.array([square(100, 30), square(101, 30)])),
        [np.array(["A", "B"], dtype=object), np.array(["甲县", "乙县"], dtype=object)],
        ["code", "name"],
        crs="EPSG:4490",
        geometry_type="Polygon",
    )
    assert imported(path).done["versions"] == 2
    assert queries.area_at(101.5, 30.5).names == {"zh": "乙县"}


def test_a_table_of_codes_is_read_top_down_in_any_order(tmp_path):
    text = "level,code,name,parent\nvillage,112,村,11\ntownship,11,乡,1\ncounty,1,县,\n"
    assert imported(table(tmp_path, text), mapping()).done["versions"] == 3
    assert Area.objects.get(code="112").path == "1/11/112"


CROSSED = shapely.Polygon([(100, 30), (101, 31), (101, 30), (100, 31)])


@pytest.mark.parametrize(
    ("features", "crs", "kind", "codes"),
    [
        ([feature(square(500_000, 3_300_000, 1000), code="A")], "", "boundary-projection", ("A",)),
        ([feature(square(100, 30), code="A")], "EPSG:32648", "boundary-projection", ()),
        ([feature(square(30, 100), code="A")], "", "axes-swapped", ("A",)),
        ([feature(CROSSED, code="A")], "", "boundary-crossed", ("A",)),
        ([feature(square(100, 30), code="A"), feature(square(102, 30), code="A")], "",
         "area-code-twice", ("A",)),
        ([feature(square(100, 30), code="A", parent="Z")], "", "area-parent-missing", ("A",)),
        ([feature(square(100, 30), code="A/B")], "", "area-code-not-usable", ("A/B",)),
        ([feature(square(100, 30), name="x")], "", "code-missing", ()),
        ([feature(shapely.Point(100, 30), code="A")], "", "boundary-not-an-area", ("A",)),
        ([feature(shapely.Polygon(), code="A")], "", "boundary-not-an-area", ("A",)),
        ([feature({"type": "Polygon", "coordinates": "?"}, code="A")], "",
         "boundary-unreadable", ("A",)),
        ([feature({"type": "Circle"}, code="A")], "", "boundary-unreadable", ("A",)),
        ([feature(square(100, 30), code="A", level="moon")], "", "area-level-missing", ("A",)),
        ([feature(square(100, 30), code="A", name="x" * 5000)], "", "name-not-usable", ("A",)),
        ([feature(square(100, 30), code="A", name="a\u202eb")], "", "name-not-usable", ("A",)),
    ],
)  # fmt: skip
def test_bad_input_is_said_by_code_and_nothing_is_imported(tmp_path, features, crs, kind, codes):
    fine = feature(square(110, 30), code="FINE", level="county")
    how = mapping() if "level" in features[0]["properties"] else COUNTIES
    report = imported(geojson(tmp_path, [fine, *features], crs=crs), how)
    assert report.failed
    assert (kind, codes) in kinds(report)
    assert nothing_happened()


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[]", "null", '{"type": "FeatureCollection"', '{"features": [{"type": "Feature"',
        '{"type": "FeatureCollection", "features": [1]}', '{"type": "Topology", "features": []}',
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": NaN}]}',
        "[" * 100_000, "\x00\x01\x02", "<html></html>",
    ],
)  # fmt: skip
def test_what_is_no_geojson_is_refused_whole(tmp_path, text):
    path = tmp_path / "file.geojson"
    path.write_text(text)
    with pytest.raises(Invalid) as refused:
        imported(path)
    assert refused.value.code == "file-unreadable"
    assert nothing_happened()


@pytest.mark.parametrize("name", ["file.shp", "file.gpkg", "file.geojson.gz", "file.csv"])
def test_bytes_that_are_no_such_file_are_refused(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"\xff\xfe\x00rubbish\x00\xff" * 99)
    with pytest.raises(Invalid):
        imported(path)
    assert nothing_happened()


def test_a_file_without_the_mapped_column_says_which_ones_it_has(tmp_path):
    path = geojson(tmp_path, [feature(square(100, 30), gb="A")])
    report = imported(path, mapping(level="county", code="kode"))
    assert kinds(report) == [("column-missing", ())]
    assert "gb" in report.findings[0].note


def test_crossed_rings_are_mended_and_listed(tmp_path):
    report = imported(geojson(tmp_path, [feature(CROSSED, code="A")]), repair=True)
    assert kinds(report) == [("boundary-crossed", ("A",))]
    assert report.findings[0].weight == "mended"
    assert 5e9 < report.findings[0].square_metres < 6e9
    assert queries.area_at(100.1, 30.5) is not None or queries.area_at(100.5, 30.1) is not None


def overlapping(folder):
    """B begins a tenth of a degree before A ends."""
    return geojson(
        folder, [feature(square(100, 30), code="A"), feature(square(100.9, 30), code="B")]
    )


def test_an_overlap_is_said_with_its_size_and_the_lower_code_answers(tmp_path):
    report = imported(overlapping(tmp_path))
    assert kinds(report) == [("boundary-overlap", ("A", "B"))]
    assert report.findings[0].square_metres == pytest.approx(0.1 * 96_000 * 110_900, rel=0.02)
    assert queries.area_at(100.95, 30.5).code == "A"
    assert queries.areas_covering(100.95, 30.5) == ["A", "B"]


def test_mending_an_overlap_changes_no_answer(tmp_path):
    report = imported(overlapping(tmp_path), repair=True)
    assert [finding.weight for finding in report.findings] == ["mended"]
    assert queries.areas_covering(100.95, 30.5) == ["A"]
    assert queries.area_at(101.5, 30.5).code == "B"


def test_precedence_of_the_mapping_decides_who_keeps_an_overlap(tmp_path):
    how = mapping_of({"precedence": ["B"]}, level="county")
    imported(overlapping(tmp_path), how, repair=True)
    assert queries.areas_covering(100.95, 30.5) == ["B"]


def test_strict_refuses_what_would_be_a_warning(tmp_path):
    assert imported(overlapping(tmp_path), strict=True).failed
    assert nothing_happened()


def gapped(folder, width):
    """Four squares in a ring round a hole of `width` degrees, all of them in the county P."""
    w = width / 2
    whole = shapely.box(99, 29, 101, 31)
    hole = shapely.box(100 - w, 30 - w, 100 + w, 30 + w)
    quarters = [square(99, 29), square(100, 29), square(99, 30), square(100, 30)]
    rows = [feature(whole, code="P", level="county")]
    rows += [
        feature(quarter.difference(hole), code=f"P{k}", level="township", parent="P")
        for k, quarter in enumerate(quarters)
    ]
    return geojson(folder, rows)


def test_a_gap_is_said_with_those_around_it(tmp_path):
    report = imported(gapped(tmp_path, 0.1), mapping())
    assert kinds(report) == [("boundary-gap", ("P0", "P1", "P2", "P3"))]
    assert report.findings[0].square_metres == pytest.approx(0.1**2 * 96_500 * 110_850, rel=0.02)
    assert queries.area_at(100, 30).code == "P"


def test_a_thin_gap_is_closed_and_a_wide_one_is_left(tmp_path):
    assert imported(gapped(tmp_path, 0.1), mapping(), repair=True).findings[0].weight == "warning"
    report = imported(gapped(tmp_path, 0.0001), mapping(), repair=True, since=dt.date(2025, 1, 1))
    assert [finding.weight for finding in report.findings] == ["mended"]
    assert queries.area_at(100, 30).level.code == "township"


def test_an_area_beyond_its_parent_is_said(tmp_path):
    rows = [feature(square(100, 30), code="P", level="county"),
            feature(square(100.5, 30), code="Q", level="township", parent="P")]  # fmt: skip
    report = imported(geojson(tmp_path, rows), mapping())
    assert ("boundary-outside-parent", ("Q", "P")) in kinds(report)


def test_axes_exchanged_beside_a_known_territory_are_noticed(tmp_path):
    imported(geojson(tmp_path, [feature(square(10, 45), code="A")]))
    swapped = geojson(tmp_path, [feature(square(45.2, 10.2, 0.1), code="B")])
    assert ("axes-swapped", ("B",)) in kinds(imported(swapped))
    how = mapping_of({"axes": "lat-lon"}, level="county")
    assert not imported(swapped, how).failed


def test_a_column_about_religion_or_descent_is_dropped_and_counted(tmp_path):
    rows = [feature(square(100, 30), code="A", 民族="x", religion="y"),
            feature(square(101, 30), code="B", 民族="x", religion="")]  # fmt: skip
    report = imported(geojson(tmp_path, rows))
    assert report.tags == {"民族": 2, "religion": 1}
    with pytest.raises(Invalid) as refused:
        mapping(names={"zh": "民族"})
    assert refused.value.code == "mapping-tag-refused"


def test_an_area_may_be_named_after_a_temple(tmp_path):
    rows = [feature(square(100, 30), code="A", name="红寺镇")]
    assert imported(geojson(tmp_path, rows)).done["versions"] == 1


def test_a_dry_run_changes_nothing(tmp_path):
    report = imported(overlapping(tmp_path), dry_run=True)
    assert len(report.findings) == 1
    assert nothing_happened()


def test_the_same_file_again_changes_nothing(tmp_path):
    path = geojson(tmp_path, [feature(square(100, 30), code="A", name="甲")])
    imported(path)
    again = imported(path, since=dt.date(2025, 1, 1))
    assert again.done == {"versions": 0, "closed": 0, "outlined": 0}


def test_a_second_version_of_one_day_is_a_conflict_and_leaves_everything(tmp_path):
    small_prefecture(since=DAY)
    path = geojson(
        tmp_path, [feature(square(102, 34), code="A"), feature(square(103, 34), code="Z")]
    )
    with pytest.raises(Conflict) as conflict:
        imported(path)
    assert conflict.value.code == "areas-since-not-later"
    assert not Area.objects.filter(code="Z").exists()
    assert Boundary.objects.count() == 5


@pytest.mark.parametrize(
    "text",
    [
        "level = ",
        "unknown = 1",
        "code = { colum = 'x' }",
        "names = 5",
        "[levels.x]\nnames={}",
        "\xff",
    ],
)
def test_a_mapping_that_is_none_is_refused(tmp_path, text):
    path = tmp_path / "map.toml"
    path.write_bytes(text.encode("latin-1"))
    with pytest.raises(Invalid) as refused:
        read_mapping(path)
    assert refused.value.code == "mapping-not-usable"
