"""Settlement files: four columns, every format, and a refusal by name of everything else."""

import json

import numpy as np
import pyogrio
import pytest
import shapely
from click.testing import CliRunner
from django.utils import translation

from linli.areas.tests.files import feature, geojson, table
from linli.kernel.errors import Forbidden, Invalid
from linli.territory.commands import grids
from linli.territory.imports import Workload, import_file
from linli.territory.labels import unpacked
from linli.territory.models import Gazetteer, Plan
from linli.territory.problems import Refused
from linli.territory.queries.settlements import places
from linli.territory.rows import SettlementRow
from linli.territory.tests.factories import account, county, gazetteer, settlement_rows

pytestmark = pytest.mark.django_db
HEAD = "code,lon,lat,households,workload\n"


@pytest.fixture
def where():
    return county()


def lines(rows):
    return "".join(f"{r.code},{r.lon},{r.lat},{r.households},{r.workload}\n" for r in rows)


def refused(path, where, **values):
    with pytest.raises(Refused) as found:
        import_file(path, where, by=None, **values)
    assert not Gazetteer.objects.exists()
    return found.value


def test_a_table_with_points(tmp_path, where):
    made = import_file(table(tmp_path, HEAD + lines(settlement_rows())), where, by=None)
    assert made.settlements == 64
    assert made.households == sum(row.households for row in settlement_rows())


def test_a_table_with_outlines_and_chinese_headings(tmp_path, where):
    outline = "POLYGON((102.1 34.1,102.12 34.1,102.12 34.12,102.1 34.1))"
    text = f'编码,WKT,户数,工作量\nS1,"{outline}",40,7\n'
    row = import_file(table(tmp_path, text), where, by=None).rows.get()
    assert shapely.from_wkb(bytes(row.wkb)).contains(shapely.Point(row.lon, row.lat))
    assert (row.code, row.households, row.workload) == ("S1", 40, 7.0)


def house(n, side=0.0002):
    """One of many, half a minute's walk apart; a side of 0.0002 degrees is some twenty metres."""
    west, south = 102.1 + n * 0.001, 34.1
    return shapely.box(west, south, west + side, south + side)


ROUND = shapely.box(102.095, 34.095, 102.115, 34.105)
HOUSES = [house(n) for n in range(11)]
CORNERS = "POLYGON((102.1 34.1,102.102 34.102,102.1 34.102,102.102 34.1,102.1 34.1))"


@pytest.mark.parametrize(
    "outline",
    [
        shapely.MultiPolygon(HOUSES),
        shapely.MultiPolygon([ROUND, house(40)]),
        shapely.difference(ROUND, shapely.union_all(HOUSES)),
        shapely.from_wkt(CORNERS.replace("2 34", "01 34").replace("34.102", "34.101")),
    ],
    ids=["houses", "a village and a house", "houses as holes", "two that meet in a corner"],
)
def test_outlines_of_houses_are_refused_by_name(tmp_path, where, outline):
    path = geojson(tmp_path, [feature(outline, code="S1", households=20, workload=1)])
    assert refused(path, where).fields == {"outline-of-dwellings": "S1"}
    row = SettlementRow("S1", 102.1, 34.1, 20, 1.0, shapely.to_wkb(outline))
    with pytest.raises(Refused, match="outline-of-dwellings"):
        gazetteer(where, [row])


@pytest.mark.parametrize(
    "outline",
    [
        shapely.MultiPolygon([house(0, 0.002), house(5, 0.002)]),
        shapely.MultiPolygon([house(0)]),
        house(0),
        shapely.difference(ROUND, house(0, 0.002)),
    ],
    ids=["two hamlets", "one in a list", "one", "round a lake"],
)
def test_one_outline_or_several_that_are_no_houses_are_kept(tmp_path, where, outline):
    path = geojson(tmp_path, [feature(outline, code="S1", households=20, workload=1)])
    row = import_file(path, where, by=None).rows.get()
    assert shapely.from_wkb(bytes(row.wkb)).equals(outline)


def test_geojson_and_geopackage(tmp_path, where):
    shapes = [feature(shapely.Point(102.1, 34.1), code="S1", households=20, workload=3.5)]
    made = import_file(geojson(tmp_path, shapes), where, by=None)
    assert made.rows.get().workload == 3.5
    path = tmp_path / "s.gpkg"
    columns = [np.array(["S1"], object), np.array([20]), np.array([3.5])]
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(shapely.Point(102.1, 34.1))]), columns,
        ["code", "households", "workload"], geometry_type="Point", crs="EPSG:4326",
    )  # fmt: skip
    assert import_file(path, where, by=None).rows.get().lon == 102.1


@pytest.mark.parametrize(
    "column",
    [
        "ethnicity", "risk", "religion", "name", "民族", "宗教", "风险等级", "户主",
        "མི་རིགས།", "ཆོས་ལུགས།",
        "households_poor", "phone",
    ],
)  # fmt: skip
def test_any_other_column_stops_the_import_by_its_name(tmp_path, where, column):
    text = f"code,lon,lat,households,workload,{column}\nS1,102.1,34.1,20,3,x\n"
    found = refused(table(tmp_path, text), where)
    assert found.code == "column-refused"
    assert found.fields["column-refused"] == column
    shape = feature(shapely.Point(102.1, 34.1), code="S", households=20, workload=1)
    strange = feature(
        shapely.Point(102.1, 34.1), code="T", households=20, workload=1, **{column: "x"}
    )
    assert refused(geojson(tmp_path, [shape, strange]), where).code == "column-refused"


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        (HEAD + "S1,102.1,34.1,20,3\nS2,102.2,34.1,20,3,Tibetan\n", "row-too-long", "2"),
        (HEAD + "S1,102.1,34.1,20,3,\n", "row-too-long", "1"),
        (HEAD[:-1] + ",\nS1,102.1,34.1,20,3,x\n", "column-unnamed", "6"),
        (HEAD[:-1] + ",code\nS1,102.1,34.1,20,3,x\n", "column-twice", "6"),
    ],
)
def test_nothing_hides_beyond_or_between_the_columns(tmp_path, where, text, code, named):
    with pytest.raises(Invalid, match=code) as found:
        import_file(table(tmp_path, text), where, by=None)
    with translation.override("en"):
        assert named in str(found.value.message)
    assert not Gazetteer.objects.exists()


def test_what_stands_beside_the_properties_is_refused_as_well(tmp_path, where):
    shape = feature(shapely.Point(102.1, 34.1), code="S", households=20, workload=1)
    path = geojson(tmp_path, [{**shape, "ethnicity": "x"}])
    assert refused(path, where).fields["column-refused"] == "ethnicity"


def test_a_property_without_a_name_is_refused(tmp_path, where):
    values = {"code": "S", "households": 20, "workload": 1, "": "x"}
    shape = feature(shapely.Point(102.1, 34.1), **values)
    assert refused(geojson(tmp_path, [shape]), where).fields["column-refused"] == "“”"


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("code,lon,lat,households\nS1,102.1,34.1,20\n", "column-missing", "workload"),
        ("code,lon,households,workload\nS1,102.1,20,3\n", "column-missing", "lat"),
        ("code,id,lon,lat,households,workload\nS1,S1,1,1,20,3\n", "columns-alike", "code, id"),
        (HEAD + "S1,102.1,34.1,many,3\n", "households-not-a-number", "S1"),
        (HEAD + "S1,102.1,34.1,20.5,3\n", "households-not-a-number", "S1"),
        (HEAD + "S1,east,34.1,20,3\n", "place-missing", "S1"),
        (HEAD + "S1,102.1,34.1,20,\n", "workload-not-above-zero", "S1"),
        (HEAD + "S1,102.1,34.1,20,0\n", "workload-not-above-zero", "S1"),
        (HEAD + ",102.1,34.1,20,1\n", "code-missing", "102.1, 34.1"),
        (HEAD + "S1,34.1,102.1,20,1\n", "coordinates-swapped", "S1"),
        (HEAD + "S1,512000,3790000,20,1\n", "coordinates-projected", "EPSG:4543"),
        (HEAD + "S1,104.1,34.1,20,1\n", "outside-the-area", "S1"),
        (HEAD + "S1,102.1,34.1,20,1\nS1,102.2,34.1,20,1\n", "code-twice", "S1"),
        (HEAD + "S1,102.1,34.1,9,1\n", "file-empty", "C"),
    ],
)
def test_what_is_wrong_in_a_table_is_named(tmp_path, where, text, code, named):
    found = refused(table(tmp_path, text), where)
    assert found.code == code
    assert named in found.fields[code]


def test_the_projection_that_a_file_names_is_named(tmp_path, where):
    shape = feature(shapely.Point(102.1, 34.1), code="S1", households=20, workload=1)
    path = geojson(tmp_path, [shape], crs="urn:ogc:def:crs:EPSG::32648")
    assert "EPSG::32648" in refused(path, where).fields["coordinates-projected"]


def test_what_is_no_point_and_no_area_has_no_place(tmp_path, where):
    line = shapely.LineString([(102.1, 34.1), (102.2, 34.1)])
    path = geojson(tmp_path, [feature(line, code="S1", households=20, workload=1)])
    assert refused(path, where).code == "place-missing"


def test_small_settlements_are_counted_and_their_places_not_read(tmp_path, where):
    text = HEAD + "S1,102.1,34.1,20,1\nS2,nowhere,,5,\nS3,102.1,34.1,1,1\n"
    made = import_file(table(tmp_path, text), where, by=None)
    assert (made.settlements, made.left_out) == (1, 2)


def test_without_a_workload_households_can_stand_for_it(tmp_path, where):
    path = table(tmp_path, "code,lon,lat,households\nS1,102.1,34.1,20\n")
    for source in (Workload.HOUSEHOLDS, Workload.CASES):
        assert import_file(path, where, source=source, by=None).workload == 20
    assert import_file(path, where, source=Workload.CASES, base=2.5, by=None).workload == 50


def test_only_planners_of_the_area_import_files(tmp_path, where):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    with pytest.raises(Forbidden):
        import_file(path, where, by=account("nobody"))


def test_other_files_are_not_read(tmp_path, where):
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x")
    with pytest.raises(Invalid, match="file-unreadable"):
        import_file(path, where, by=None)


# ------------------------------------------------------------------ the command line


def call(*words):
    return CliRunner().invoke(grids, [str(word) for word in words])


def answer(*words):
    done = call(*words, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_the_whole_way_from_the_command_line(tmp_path, where):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    assert answer("import", path, "--area", "C")["settlements"] == 64
    stock = answer("take-stock", "--area", "C")
    assert (stock["grids"], stock["state"]) == (16, "in-force")
    assert stock["titles"] == where.names
    asked = ("--title", "Next", "--title-bo", "སང་ལོ།", "--grids", 14, "--steps", 30, "--change", 1)
    made = answer("propose", "--area", "C", *asked)
    assert (made["ended"], made["grids"], made["lines"]) == ("done", 14, "township")
    assert made["titles"] == {"bo": "སང་ལོ།", "en": "Next"}
    assert made["worst"] >= 1
    assert Plan.objects.get(pk=made["plan"]).before_id == stock["plan"]
    again = answer("propose", "--area", "C", "--plan", made["plan"], "--steps", 30, "--fresh")
    assert again["plan"] == made["plan"]
    found = answer("list", "--area", "C")["plans"]
    assert [row["plan"] for row in found] == [made["plan"], stock["plan"]]
    assert str(made["plan"]) in call("list").output


def test_what_is_wrong_is_said_and_ends_with_one(tmp_path, where):
    path = table(tmp_path, "code,lon,lat,households,workload,religion\nS1,1,1,20,3,x\n")
    done = call("import", path, "--area", "C")
    assert done.exit_code == 1
    assert "column-refused" in done.stderr
    assert "religion" in done.stderr
    spoken = call("import", path, "--area", "C", "--json")
    assert (spoken.exit_code, json.loads(spoken.stdout)["error"]) == (1, "column-refused")
    for words, error in (
        (("take-stock", "--area", "nowhere"), "area-missing"),
        (("take-stock", "--area", "C"), "gazetteer-missing"),
        (("propose", "--area", "C", "--plan", "99"), "plan-missing"),
        (("stop", "99"), "plan-missing"),
    ):
        failed = call(*words, "--json")
        assert (failed.exit_code, json.loads(failed.stdout)["error"]) == (1, error)
    assert call("propose").exit_code == 2


def test_a_proposal_that_cannot_be_made_says_why(where):
    gazetteer(where)
    failed = call("propose", "--area", "C", "--grids", 3, "--json")
    assert (failed.exit_code, json.loads(failed.stdout)["error"]) == (1, "grids-too-few")
    assert call("propose", "--area", "C", "--lines", "moon", "--grids", 9).exit_code == 1
    made = answer("propose", "--area", "C", "--grids", 8, "--steps", 5)
    assert call("stop", made["plan"]).exit_code == 1


# ------------------------------------------------------------------ heights


def points(tmp_path, coordinates):
    """GeoJSON points of these coordinates, S0, S1 …"""
    shapes = [
        feature({"type": "Point", "coordinates": at}, code=f"S{n}", households=20, workload=1)
        for n, at in enumerate(coordinates)
    ]
    return geojson(tmp_path, shapes)


def test_a_height_is_the_third_coordinate(tmp_path, where):
    made = import_file(points(tmp_path, [(102.1, 34.1, 3450.04), (102.2, 34.1, 0)]), where, by=None)
    assert list(made.rows.values_list("height", flat=True)) == [3450.0, 0.0]
    outline = "POLYGON Z((102.1 34.1 3000,102.12 34.1 3000,102.12 34.12 3400,102.1 34.1 3000))"
    text = f'code,wkt,households,workload\nS1,"{outline}",40,7\nS2,POINT Z (102.2 34.1 3500),20,1\n'
    made = import_file(table(tmp_path, text), where, by=None)
    assert list(made.rows.values_list("height", flat=True)) == [3100.0, 3500.0]
    assert not shapely.from_wkb(bytes(made.rows.get(code="S1").wkb)).has_z
    made = import_file(table(tmp_path, HEAD + "S1,102.1,34.1,20,1\n"), where, by=None)
    assert made.rows.get().height is None


def test_a_geopackage_keeps_heights(tmp_path, where):
    path = tmp_path / "s.gpkg"
    columns = [np.array(["S1"], object), np.array([20]), np.array([3.5])]
    pyogrio.raw.write(
        path, np.array([shapely.to_wkb(shapely.Point(102.1, 34.1, 3450))]), columns,
        ["code", "households", "workload"], geometry_type="Point Z", crs="EPSG:4326",
    )  # fmt: skip
    assert import_file(path, where, by=None).rows.get().height == 3450


@pytest.mark.parametrize(
    ("coordinates", "code", "named"),
    [
        ([(102.1, 34.1, -501), (102.2, 34.1, 9001)], "height-not-usable", "S0, S1"),
        ([(102.1, 34.1, 3000), (102.2, 34.1), (102.3, 34.1)], "height-missing", "S1, S2"),
        ([(102.1, 34.1)] * 7 + [(102.2, 34.1, 1)], "height-missing", "S4 … (+2)"),
    ],
)
def test_heights_that_cannot_be_are_named(tmp_path, where, coordinates, code, named):
    found = refused(points(tmp_path, coordinates), where)
    assert found.code == code
    assert found.fields[code].endswith(named)


def test_a_small_settlement_needs_no_height(tmp_path, where):
    text = (
        "code,wkt,households,workload\nS1,POINT Z (102.1 34.1 9),20,1\nS2,POINT (102.1 34.1),3,1\n"
    )
    assert import_file(table(tmp_path, text), where, by=None).left_out == 1


# ------------------------------------------------------------------ neighbours


def beside(tmp_path, text, name="beside.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_neighbours_are_kept_as_pairs_of_positions(tmp_path, where):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    pairs = beside(tmp_path, "从,到\nS003,S001\nS000,S001\n")
    made = import_file(path, where, neighbours=pairs, by=None)
    assert unpacked(Gazetteer.objects.get(pk=made.pk).neighbours).tolist() == [0, 1, 1, 3]
    assert not import_file(path, where, by=None).neighbours


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("from,to\nS001,S999\nX,S001\n", "neighbour-unknown", "S999, X"),
        ("from,to\nS001,S001\n", "neighbour-of-itself", "S001"),
        ("from,to\nS001,S002\nS002,S001\n", "neighbours-twice", "S001 – S002"),
        ("from,to\nS001,\n", "neighbour-missing", "#1"),
        ("from,to\n", "neighbours-empty", "0"),
        ("from,to,who\nS001,S002,x\n", "neighbour-column-refused", "who"),
        ("from,relatives\nS001,S002\n", "neighbour-column-refused", "relatives"),
        ("from\nS001\n", "column-missing", "to"),
        ("from,从,to\nS001,S001,S002\n", "columns-alike", "from, 从, to"),
    ],
)
def test_what_is_wrong_with_neighbours_is_named(tmp_path, where, text, code, named):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    found = refused(path, where, neighbours=beside(tmp_path, text))
    assert named in found.fields[code]


def lines_file(tmp_path, *geometries, name="roads.geojson", crs=None):
    made = {"type": "FeatureCollection", "features": [feature(one) for one in geometries]}
    if crs:
        made["crs"] = {"type": "name", "properties": {"name": crs}}
    return beside(tmp_path, json.dumps(made), name)


def line(*corners):
    return {"type": "LineString", "coordinates": [list(corner) for corner in corners]}


def test_roads_make_neighbours_and_what_lies_between_is_kept(tmp_path, where):
    rows = settlement_rows()[:3]
    path = table(tmp_path, HEAD + lines(rows))
    way = line(*((row.lon, row.lat) for row in rows))
    made = import_file(path, where, neighbours=lines_file(tmp_path, way), by=None)
    kept = Gazetteer.objects.get(pk=made.pk)
    assert unpacked(kept.neighbours).tolist() == [0, 1, 1, 2]
    km = places(kept).km
    between = np.hypot(*(km[1:] - km[:-1]).T).sum() * 1000
    metres = unpacked(kept.net).reshape(-1, 3)[:, 2]
    assert metres.sum() == pytest.approx(between, abs=len(metres))


@pytest.mark.parametrize(
    ("shapes", "code"),
    [
        ([], "roads-empty"),
        ([line((102.1, 34.1), (102.1, 34.1))], "roads-empty"),
        ([{"type": "Point", "coordinates": [102.1, 34.1]}], "road-not-a-line"),
        ([None], "road-not-a-line"),
        ([line((10.0, 50.0), (10.1, 50.0))], "roads-elsewhere"),
        ([line((34.1, 102.1), (34.2, 102.1))], "coordinates-swapped"),
        ([line((500_000.0, 3_700_000.0), (500_100.0, 3_700_000.0))], "coordinates-projected"),
    ],
)
def test_what_is_wrong_with_roads_is_named(tmp_path, where, shapes, code):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    found = refused(path, where, neighbours=lines_file(tmp_path, *shapes))
    assert code in found.fields
    assert not Gazetteer.objects.exists()


def test_roads_on_another_sheet_are_refused_by_its_name(tmp_path, where):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    roads = lines_file(tmp_path, line((102.1, 34.1), (102.2, 34.1)), crs="EPSG:4513")
    found = refused(path, where, neighbours=roads)
    assert "EPSG:4513" in found.fields["coordinates-projected"]


def test_neighbours_from_the_command_line(tmp_path, where):
    path = table(tmp_path, HEAD + lines(settlement_rows()))
    good = beside(tmp_path, "from,to\nS000,S001\n")
    made = answer("import", path, "--area", "C", "--neighbours", good)
    assert Gazetteer.objects.get(pk=made["gazetteer"]).neighbours
    bad = beside(tmp_path, "from,to\nS000,S999\n", "bad.csv")
    done = call("import", path, "--area", "C", "--neighbours", bad)
    assert done.exit_code == 1
    assert "S999" in done.stderr
