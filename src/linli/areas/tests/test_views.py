"""The public addresses of the territory."""

import gzip
import json
import shutil

import mapbox_vector_tile
import pytest
import shapely
from django.template import engines

from linli.areas.actions import adopt
from linli.areas.models import Area
from linli.areas.rows import AreaRow
from linli.areas.templatetags.areas_map import AreaValue
from linli.areas.tests.factories import area, box, small_prefecture
from linli.areas.tests.test_search import a_territory
from linli.areas.tiles import shelf

pytestmark = pytest.mark.django_db


def tile_over(client, zoom=8, **headers):
    """The tile over the middle of the small prefecture."""
    n = 2**zoom
    x, y = int((102.5 + 180) / 360 * n), {8: 101, 6: 25}[zoom]
    return client.get(f"/tiles/areas/{zoom}/{x}/{y}.mvt", headers=headers)


def test_a_tile_holds_the_areas_and_their_names(client):
    a_territory()
    response = tile_over(client)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/vnd.mapbox-vector-tile"
    layers = mapbox_vector_tile.decode(response.content)
    codes = {f["properties"]["code"] for f in layers["areas"]["features"]}
    assert codes == {"Y", "Y1", "Y2"}
    county = next(f for f in layers["labels"]["features"] if f["properties"]["code"] == "Y")
    assert county["properties"] == {
        "code": "Y", "level": "county", "name_bo": "གཡུ་ལུང་རྫོང་།",
        "name_en": "Yulung County", "name_zh": "玉隆县",
    }  # fmt: skip
    assert [f["properties"]["code"] for f in layers["rivers"]["features"]] == ["R-1"]


def test_a_tile_is_compressed_for_who_can_read_that(client):
    small_prefecture()
    plain, packed = tile_over(client), tile_over(client, Accept_Encoding="gzip, br")
    assert packed["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.content) == plain.content
    assert "Accept-Encoding" in packed["Vary"]


def test_a_tile_made_once_asks_the_database_no_more(client, django_assert_num_queries):
    small_prefecture()
    first = tile_over(client)
    with django_assert_num_queries(0):
        again = tile_over(client)
        unchanged = tile_over(client, If_None_Match=first["ETag"])
    assert again.content == first.content
    assert unchanged.status_code == 304


def test_a_tile_survives_a_restart_on_the_disk(client, settings):
    small_prefecture()
    first = tile_over(client).content
    shelf._current._shelf = None
    files = list((settings.VAR / "tiles").rglob("*.mvt.gz"))
    assert len(files) == 1
    assert tile_over(client).content == first
    shutil.rmtree(settings.VAR / "tiles")
    shelf._current._shelf = None
    assert tile_over(client).content == first


def test_a_change_of_boundaries_changes_the_tiles(client, settings):
    small_prefecture()
    before = tile_over(client)
    rows = [AreaRow("A1", boundary=box(0, 0, 5, 4)), AreaRow("A2", boundary=box(0, 4, 5, 10))]
    adopt(rows, since=area("A").since.replace(year=2022), by=None)
    shelf.renewed()
    after = tile_over(client, If_None_Match=before["ETag"])
    assert after.status_code == 200
    assert after.content != before.content
    assert len(list((settings.VAR / "tiles").iterdir())) == 1


def test_the_address_with_the_edition_may_be_kept_for_ever(client):
    small_prefecture()
    address = client.get("/tiles/areas.json").json()["tiles"][0]
    address = address.replace("{z}/{x}/{y}", "8/200/101")
    assert "immutable" in client.get(address)["Cache-Control"]
    assert "immutable" not in client.get(address.partition("?")[0])["Cache-Control"]


@pytest.mark.parametrize("at", ["15/0/0", "8/256/0", "8/0/256", "99999999/1/1"])
def test_a_tile_that_cannot_be_is_missing(client, at):
    assert client.get(f"/tiles/areas/{at}.mvt").status_code == 404


def test_an_empty_sea_is_no_tile_and_no_file(client, settings):
    small_prefecture()
    assert client.get("/tiles/areas/8/0/0.mvt").status_code == 204
    assert list((settings.VAR / "tiles").rglob("*.gz")) == []


def test_neighbours_keep_one_common_line_when_simplified(client):
    coast = [(5 + (0.05 if k % 2 else 0), k / 10) for k in range(101)]
    west = shapely.Polygon([(0, 0), *coast, (0, 10)])
    east = shapely.Polygon([(10, 0), *coast, (10, 10)])
    shift = lambda shape: shapely.transform(shape, lambda xy: xy / 10 + [102, 34])  # noqa: E731
    rows = [
        AreaRow(code, "county", None, {"en": code}, shapely.to_wkb(shift(shape)))
        for code, shape in (("W", west), ("E", east))
    ]
    adopt(rows, since=area_day(), by=None)
    layers = mapbox_vector_tile.decode(tile_over(client, 6).content)
    shapes = [shapely.geometry.shape(f["geometry"]) for f in layers["areas"]["features"]]
    assert sum(shapely.get_num_coordinates(shapes)) < 60
    assert shapely.intersection(*shapes).area == 0
    assert shapely.union_all(shapes).geom_type == "Polygon"
    assert len(shapely.union_all(shapes).interiors) == 0


def area_day():
    """A day long ago."""
    import datetime as dt

    return dt.date(2020, 1, 1)


def test_search_answers_in_the_readers_language(client):
    a_territory()
    results = client.get("/places/search?q=白马", headers={"Accept-Language": "en"}).json()[
        "results"
    ]
    assert [r["value"] for r in results] == ["area:Y2", "place:P-1"]
    assert results[1]["name"] == "Pema School"
    assert results[1]["inside"] == "Area Y2 · Yulung County"


@pytest.mark.parametrize(
    "query", ["", "?q=", "?q=%00", "?q=x&limit=-1", "?q=x&limit=" + "9" * 5000]
)
def test_odd_questions_find_nothing_and_break_nothing(client, query):
    a_territory()
    assert client.get(f"/places/search{query}").json() == {"results": []}


def test_an_outline_as_geojson_on_any_day(client):
    small_prefecture()
    now = client.get("/areas/A.geojson")
    assert now["Content-Type"] == "application/geo+json"
    body = json.loads(now.content)
    assert body["properties"]["parent"] == "P"
    assert shapely.equals(
        shapely.geometry.shape(body["geometry"]), shapely.from_wkb(box(0, 0, 5, 10))
    )
    assert client.get("/areas/A.geojson?at=2019-12-31").status_code == 404
    assert client.get("/areas/A.geojson?at=yesterday").status_code == 400
    assert client.get("/areas/nobody.geojson").status_code == 404
    assert client.get("/areas/%00.geojson").status_code == 404
    assert client.get("/areas/A.geojson", headers={"If-None-Match": now["ETag"]}).status_code == 304


def drawn(text, **context):
    """A template string with the map's tags, rendered."""
    return engines["django"].from_string("{% load areas_map %}" + text).render(context)


def test_a_map_in_the_page_says_everything_in_words_too():
    small_prefecture()
    values = {"A": AreaValue("12 open", 3, "/areas/A/"), "B": AreaValue("none", None)}
    html = drawn("{% area_map area values title='Open' %}", area=area("P"), values=values)
    assert html.count("<path") == 2
    assert 'href="/areas/A/"' in html
    assert "第A区: 12 open" in html
    assert "area-map__area--3" in html
    assert "area-map__area--none" in html
    assert "style=" not in html


def test_an_area_without_parts_is_drawn_itself_and_one_without_outline_not_at_all():
    small_prefecture()
    assert drawn("{% area_map area values %}", area=area("B"), values={}).count("<path") == 1
    adopt([AreaRow("C", "county", None, {"en": "C"})], since=area_day(), by=None)
    assert drawn("{% area_map area values %}", area=area("C"), values={}).strip() == ""


def test_the_scripted_map_is_told_its_tiles_and_bounds():
    small_prefecture()
    assert drawn("{% map_bounds %}") == "102.00000,34.00000,103.00000,35.00000"
    assert drawn("{% map_bounds area %}", area=area("B")).startswith("102.5")
    assert "/tiles/areas/{z}/{x}/{y}.mvt?v=" in drawn("{% map_tiles %}")


def test_names_from_data_are_escaped_in_the_map():
    small_prefecture()
    Area.objects.filter(code="A").update(names={"zh": "<script>"})
    html = drawn("{% area_map area values %}", area=area("P"), values={})
    assert "<script>" not in html
