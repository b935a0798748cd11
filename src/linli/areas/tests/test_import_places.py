"""Importing places: none of worship, none of somebody's religion, whatever the file calls it."""

import pytest
import shapely

from linli.areas.actions import add_place
from linli.areas.imports.features import import_feature_file
from linli.areas.imports.mapping import mapping_of
from linli.areas.imports.places import import_place_file
from linli.areas.models import MapFeature, Place
from linli.areas.rows import PlaceRow
from linli.areas.tests.factories import LONG_AGO, point, small_prefecture
from linli.areas.tests.files import feature, geojson, table
from linli.areas.worship import names_worship
from linli.kernel.errors import Invalid

pytestmark = pytest.mark.django_db
OSM = mapping_of({"code": "@id", "kind": "amenity"})
TYPED = mapping_of({"code": "id", "kind": {"value": "market"}})


def imported(path, how=OSM, **options):
    """Import into the small prefecture."""
    small_prefecture()
    return import_place_file(path, how, since=LONG_AGO, by=None, **options)


def spot(x=2.0, y=2.0):
    """A point in the small prefecture."""
    return shapely.Point(point(x, y))


def test_places_are_imported_with_the_area_they_lie_in(tmp_path):
    rows = [
        feature(spot(), **{"@id": "node/1", "amenity": "school", "name": "第一小学"}),
        feature(spot(7, 7).buffer(0.01), **{"@id": "way/2", "amenity": "marketplace"}),
    ]
    report = imported(geojson(tmp_path, rows))
    assert report.done == {"places": 2}
    found = {place.code: (place.kind, place.area.code) for place in Place.objects.all()}
    assert found == {"node-1": ("school", "A1"), "way-2": ("market", "B")}


WORSHIP = [
    {"amenity": "place_of_worship", "name": "x"},
    {"amenity": "place_of_worship", "religion": "buddhist"},
    {"amenity": "school", "building": "mosque"},
    {"amenity": "clinic", "historic": "monastery"},
    {"amenity": "school", "landuse": "religious"},
    {"amenity": "marketplace", "name": "拉卜楞寺"},
    {"amenity": "marketplace", "name": "某某清真寺"},
    {"amenity": "marketplace", "name": "清\u200b真\u200b寺"},
    {"amenity": "marketplace", "name": "天主教堂"},
    {"amenity": "marketplace", "name": "文昌庙"},
    {"amenity": "marketplace", "name": "玉皇道观"},
    {"amenity": "marketplace", "name_bo": "བྱང་ཆུབ་དགོན་པ།"},
    {"amenity": "marketplace", "name_bo": "ཇོ་བོ་ལྷ་ཁང་།"},
    {"amenity": "marketplace", "name:en": "Old Monastery"},
    {"amenity": "marketplace", "name:en": "St Mary's Church"},
    {"amenity": "marketplace", "name:en": "MOSQUE"},
    {"amenity": "marketplace", "name:en": "Ｔｅｍｐｌｅ of Heaven"},
    {"amenity": "marketplace", "name:en": "Labuleng Si"},
    {"amenity": "marketplace", "name": "嘛呢石经堂"},
]


@pytest.mark.parametrize("tags", WORSHIP)
def test_a_place_of_worship_is_dropped_and_counted(tmp_path, tags):
    report = imported(geojson(tmp_path, [feature(spot(), **{"@id": "n1", **tags})]))
    assert report.dropped == {"place-of-worship": 1}
    assert not Place.objects.exists()


@pytest.mark.parametrize("tag", ["religion", "denomination", "宗教", "ཆོས་ལུགས", "religion:zh"])
def test_a_religion_is_enough_where_the_file_does_not_say_the_kind(tmp_path, tag):
    report = imported(geojson(tmp_path, [feature(spot(), id="1", **{tag: "x"})]), TYPED)
    assert report.dropped == {"place-of-worship": 1}
    assert report.tags == {tag: 1}


def test_a_school_is_kept_without_the_religion_of_its_founders(tmp_path):
    tags = {"@id": "n1", "amenity": "school", "name": "白塔寺小学", "religion": "x", "民族": "y"}
    report = imported(geojson(tmp_path, [feature(spot(), **tags)]))
    assert report.done == {"places": 1}
    assert report.tags == {"religion": 1, "民族": 1}
    stored = Place.objects.values().get()
    assert not {"x", "y"} & {str(value) for value in stored.values()}
    assert set(stored["names"]) == {"zh"}


@pytest.mark.parametrize("word", ["house", "tent", "camp", "place_of_worship", "grave_yard"])
def test_kinds_that_are_not_stored_are_dropped_and_counted(tmp_path, word):
    report = imported(geojson(tmp_path, [feature(spot(), **{"@id": "n1", "amenity": word})]))
    assert sum(report.dropped.values()) == 1
    assert not Place.objects.exists()


def test_what_lies_outside_or_is_known_is_left_and_counted(tmp_path):
    rows = [
        feature(spot(99, 99), **{"@id": "far", "amenity": "school"}),
        feature(spot(), **{"@id": "near", "amenity": "school"}),
    ]
    path = geojson(tmp_path, rows)
    assert imported(path).dropped == {"place-outside": 1}
    again = import_place_file(path, OSM, since=LONG_AGO, by=None)
    assert again.dropped == {"place-outside": 1, "place-known": 1}
    assert Place.objects.count() == 1


def test_a_table_of_places_has_its_own_coordinates(tmp_path):
    text = "code,kind,name,lon,lat\nS1,school,小学,102.2,34.2\nS2,clinic,卫生院,102.7,34.2\n"
    assert imported(table(tmp_path, text), mapping_of({})).done == {"places": 2}


@pytest.mark.parametrize("cell", ["", "x", "nan", "inf", "34.2"])
def test_a_table_without_a_usable_point_is_refused_whole(tmp_path, cell):
    lat = "102.2" if cell == "34.2" else "34.2"
    text = f"code,kind,name,lon,lat\nS1,school,小学,102.2,34.2\nS2,school,x,{cell},{lat}\n"
    assert imported(table(tmp_path, text), mapping_of({})).failed
    assert not Place.objects.exists()


@pytest.mark.parametrize("kind", ["temple", "place-of-worship", "house", ""])
def test_the_action_itself_knows_no_other_kinds(kind):
    small_prefecture()
    with pytest.raises(Invalid) as refused:
        add_place(PlaceRow("X", kind, {"en": "x"}, *point(2, 2)), by=None)
    assert refused.value.code == "place-kind-unknown"


def test_the_action_itself_refuses_a_place_of_worship_by_name():
    small_prefecture()
    with pytest.raises(Invalid) as refused:
        add_place(PlaceRow("X", "market", {"zh": "某某清真寺"}, *point(2, 2)), by=None)
    assert refused.value.code == "place-of-worship"


@pytest.mark.parametrize(
    "name",
    [
        "Temple Street School",
        "寺沟村小学",
        "庙坪大桥",
        "Church Road Clinic",
        "第一中学",
        "དགོན་པའི་སློབ་གྲྭ།",
    ],
)
def test_a_public_place_named_after_one_is_none(name):
    assert not names_worship(name)


def settlements(folder):
    """A hamlet of eleven households, one of ten, and one that does not say."""
    return geojson(
        folder,
        [
            feature(spot(1, 1), code="S1", name="大村", households=11),
            feature(spot(2, 2), code="S2", name="小村", households=10),
            feature(spot(3, 3), code="S3", name="帐篷"),
        ],
    )


def test_a_settlement_of_less_than_eleven_households_is_dropped_and_counted(tmp_path):
    report = import_feature_file(settlements(tmp_path), mapping_of({}), "settlements", by=None)
    assert report.dropped == {"settlement-too-small": 2}
    assert list(MapFeature.objects.values_list("code", "households")) == [("S1", 11)]


def test_a_layer_is_replaced_as_a_whole(tmp_path):
    line = shapely.LineString([point(0, 0), point(5, 5)])
    for code in ("R1", "R2"):
        path = geojson(tmp_path, [feature(line, code=code, rank=2)])
        assert import_feature_file(path, mapping_of({}), "rivers", by=None).done == {"rivers": 1}
    assert list(MapFeature.objects.values_list("layer", "code", "rank")) == [("river", "R2", 2)]


def test_the_report_says_in_words_what_was_dropped(tmp_path):
    rows = [feature(spot(), **{"@id": "n", "amenity": "place_of_worship", "religion": "x"})]
    lines = "\n".join(imported(geojson(tmp_path, rows)).lines())
    assert "religion" in lines
