"""A plan as a file: what is in it, and what is said when it cannot be made."""

import datetime as dt
import json
import zlib

import numpy as np
import pyogrio.raw
import pytest
import shapely
from click.testing import CliRunner

from linli.kernel.errors import Unavailable
from linli.territory import commands_files, exports
from linli.territory.actions import editing
from linli.territory.exports import fonts, maps, pages, typesetting
from linli.territory.models import Plan
from linli.territory.tests.drafts import draft, prefecture
from linli.territory.tests.test_editing import CODES, grid

pytestmark = pytest.mark.django_db
BUILT = fonts.BUILT.exists()
needs_fonts = pytest.mark.skipif(not BUILT, reason="the front end is not built")


@pytest.fixture
def plan():
    prefecture()
    before = draft(grids=CODES)
    later = draft(before.gazetteer, before=before, grids=CODES)
    editing.move(later, [0, 4], grid(later, "A1-02"), by=None)
    editing.split(later, grid(later, "A2-01"), by=None)
    return Plan.objects.get(pk=later.pk)


def page_count(pdf):
    """The pages of a PDF, whose page tree Typst packs into compressed streams."""
    parts = pdf.split(b"stream")
    text = pdf
    for part in parts:
        try:
            text += zlib.decompress(part.strip(b"\r\n"))
        except zlib.error:
            continue
    return text.count(b"/Type /Page\n") + text.count(b"/Type/Page/")


def test_geojson_holds_every_grid_with_names_in_all_languages(plan):
    found = json.loads(exports.geojson(plan))
    values = {f["properties"]["code"]: f["properties"] for f in found["features"]}
    assert sorted(values) == ["A1-01", "A1-02", "A2-01", "A2-02", "A2-03"]
    assert values["A1-01"]["name_en"] == "Area A1 grid 1"
    assert values["A1-02"]["joining"] == 40
    assert values["A1-02"]["way"] == round(grid(plan, "A1-02").way, 2)
    assert values["A1-02"]["cut_off"] == 0
    assert all(f["geometry"]["type"] in ("Polygon", "MultiPolygon") for f in found["features"])


def test_a_geopackage_has_both_layers_with_their_reference_system(plan, tmp_path):
    path = tmp_path / "plan.gpkg"
    exports.geopackage(plan, path)
    exports.geopackage(plan, path)  # replaced, not added to
    assert sorted(name for name, _kind in pyogrio.list_layers(path)) == ["grids", "settlements"]
    meta, _ids, shapes, columns = pyogrio.raw.read(path, layer="grids")
    values = dict(zip(meta["fields"], columns, strict=True))
    assert meta["crs"] == "EPSG:4326"
    by_code = dict(zip(values["code"], shapely.from_wkb(shapes), strict=True))
    own = shapely.from_wkb(bytes(grid(plan, "A1-02").wkb))
    assert by_code["A1-02"].equals(own)
    meta, _ids, _shapes, columns = pyogrio.raw.read(path, layer="settlements")
    values = dict(zip(meta["fields"], columns, strict=True))
    assert (values["code"][0], values["grid"][0], len(values["code"])) == ("A1-s0", "A1-02", 32)


def test_a_grid_without_a_way_has_no_value_in_any_file(plan, tmp_path):
    plan.grids.filter(code="A1-01").update(way=None, cut_off=160)
    found = {
        f["properties"]["code"]: f["properties"]
        for f in json.loads(exports.geojson(plan))["features"]
    }
    assert (found["A1-01"]["way"], found["A1-01"]["cut_off"]) == (None, 160)
    path = tmp_path / "plan.gpkg"
    exports.geopackage(plan, path)
    meta, _ids, _shapes, columns = pyogrio.raw.read(path, layer="grids")
    values = dict(zip(meta["fields"], columns, strict=True))
    assert np.isnan(values["way"]).tolist() == [code == "A1-01" for code in values["code"]]
    rows = pages.figures_of_grid(("en",), grid(plan, "A1-01"))
    assert {row["names"][0]["text"]: row["value"] for row in rows}[
        "Way on the ground, kilometres"
    ] == "–"


def test_heights_leave_with_the_settlements_and_come_in_again(plan, tmp_path):
    plan.gazetteer.rows.update(height=3450.5)
    plan.gazetteer.imported_at += dt.timedelta(hours=1)  # what was imported never changes
    path = tmp_path / "plan.gpkg"
    exports.geopackage(plan, path)
    shapes = shapely.from_wkb(pyogrio.raw.read(path, layer="settlements")[2])
    assert {shape.z for shape in shapes} == {3450.5}


@needs_fonts
def test_an_atlas_is_a_pdf_with_a_page_for_each_grid(plan):
    made = exports.atlas(plan, address="https://example.org/grids/7/")
    assert made.startswith(b"%PDF-")
    assert page_count(made) == 2 + 5  # the whole, the list, five grids


@needs_fonts
def test_sheets_are_one_page_a_grid_or_one_for_the_plan(plan):
    assert page_count(exports.sheets(plan)) == 5
    assert page_count(exports.sheets(plan, code="A1-01")) == 1
    assert page_count(exports.sheets(plan, code="")) == 1


@needs_fonts
def test_a_grid_that_was_not_drawn_has_a_page_all_the_same(plan):
    plan.grids.update(wkb=b"")
    assert page_count(exports.atlas(plan)) == 2 + 5


def test_missing_fonts_are_said_and_not_printed_as_boxes(plan, monkeypatch, tmp_path, settings):
    settings.VAR = tmp_path
    monkeypatch.setattr(fonts, "BUILT", tmp_path / "nothing")
    with pytest.raises(Unavailable, match="fonts-missing"):
        exports.atlas(plan)


@needs_fonts
def test_what_cannot_be_set_is_said():
    with pytest.raises(Unavailable, match="not-printed"):
        typesetting.pdf("sheets.typ", {"plan": "without what the template asks for"})


@needs_fonts
def test_a_character_that_no_font_has_is_printed_as_its_number():
    made = fonts.folder()
    assert fonts.printable("第2网格 བོད། A", made) == "第2网格 བོད། A"
    assert fonts.printable("村\U0002a6d6", made) == "村[U+2A6D6]"


def test_the_map_of_a_grid_shows_who_comes_and_who_goes(plan):
    ground = maps.Ground(plan)
    found = maps.of_grid(ground, grid(plan, "A1-02"))
    assert found["svg"].count('stroke="#2a6639"') == 2
    assert {"A1-01", "A2-02"} <= {label["text"] for label in found["labels"]}
    assert maps.of_grid(ground, grid(plan, "A1-01"))["svg"].count('stroke="#a13d2d"') == 2


@pytest.mark.parametrize(
    ("size", "km"), [(0.5, "0.2"), (3, "1"), (10, "2"), (70, "20"), (400, "100")]
)
def test_a_scale_bar_is_a_round_number_of_kilometres(size, km):
    frame = maps.Frame.round((0, 0, size, size), 178, 122, 0.1)
    length, found = frame.bar()
    assert f"{found:g}" == km
    assert length == pytest.approx(found * frame.scale)
    assert length <= maps.BAR


def test_what_changes_is_said_in_every_language(plan):
    ground = maps.Ground(plan)
    said = pages.changes(("zh", "en"), plan, grid(plan, "A1-01"), ground, {"A1-01"})
    assert [row["text"] for row in said[0]] == [
        "40 户转到以下网格：A1-02。",
        "40 households go from it to: A1-02.",
    ]
    new = pages.changes(("en",), plan, grid(plan, "A2-03"), ground, {"A1-01"})
    assert new[0][0]["text"] == "This grid is new."
    same = pages.changes(("en",), plan, grid(plan, "A2-02"), ground, {"A2-02"})
    assert same[0][0]["text"] == "Nothing changes for anybody in this grid."


def test_plans_are_compared_and_written_from_the_command_line(plan, tmp_path):
    run = CliRunner().invoke
    found = run(commands_files.compare, [str(plan.before_id), str(plan.pk), "--json"])
    assert json.loads(found.output)["households"] == 120
    said = run(commands_files.compare, [str(plan.before_id), str(plan.pk)], env={"LC_ALL": "en"})
    assert "4 settlements with" not in said.output
    assert "6 settlements with 120 households" in said.output
    path = tmp_path / "plan.json"
    made = run(commands_files.export, [str(plan.pk), "--format", "geojson", "--output", str(path)])
    assert (made.exit_code, path.read_bytes()) == (0, exports.geojson(plan))


def test_what_cannot_be_written_is_said(plan, tmp_path):
    run = CliRunner().invoke
    missing = run(commands_files.compare, ["9999", str(plan.pk)])
    assert (missing.exit_code, "plan-missing" in missing.output) == (1, True)
    where = str(tmp_path / "no" / "folder.json")
    refused = run(commands_files.export, [str(plan.pk), "--format", "geojson", "--output", where])
    assert (refused.exit_code, "folder.json" in refused.output) == (1, True)


def test_on_the_map_of_a_plan_each_township_has_one_clean_outline(plan):
    svg = maps.of_plan(maps.Ground(plan))["svg"]
    outlines = [path for path in svg.split("<path ") if 'stroke="#4c5a57"' in path]
    assert [path.count("M") for path in outlines] == [1, 1]


def test_paper_says_what_a_plan_is_called_in_its_languages(plan):
    plan.titles = {"zh": "明年", "en": "Next year"}
    assert pages.called(("zh", "bo", "en"), plan) == "明年 · Next year"
    assert pages.called(("bo",), plan) == "明年"
