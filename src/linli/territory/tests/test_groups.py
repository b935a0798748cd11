"""Groups of ten to twenty households; what comes out are outlines, and no household."""

import json

import numpy as np
import pytest
import shapely
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from linli.areas.tests.files import feature, geojson, table
from linli.kernel.errors import Invalid
from linli.territory.commands import grids
from linli.territory.groups import groups_in, groups_of
from linli.territory.models import Gazetteer, Settlement
from linli.territory.problems import Refused
from linli.territory.tests.factories import county, gazetteer, plan


@given(some.integers(0, 5000))
def test_groups_have_ten_to_twenty_households(households):
    sizes = groups_of(households)
    assert sum(sizes) == households
    if households >= 10:
        assert all(10 <= size <= 20 for size in sizes)
        assert max(sizes) - min(sizes) <= 1
    else:
        assert len(sizes) == (households > 0)


@pytest.fixture
def made(db):
    where = county()
    return plan(where, gazetteer(where), grids=4)


def households(made, in_a_grid=60):
    """Invented points, so many inside each grid of a plan."""
    random = np.random.default_rng(3)
    points = []
    for grid in made.grids.order_by("code"):
        shape = shapely.from_wkb(bytes(grid.wkb))
        west, south, east, north = shape.bounds
        inside = 0
        while inside < in_a_grid:
            lon, lat = random.uniform(west, east), random.uniform(south, north)
            if shape.contains(shapely.Point(lon, lat)):
                points.append((round(lon, 7), round(lat, 7)))
                inside += 1
    return points


def shapes_of(found, grid):
    """The outlines of the groups of one grid."""
    return [one.shape for one in found.outlines if one.grid == grid]


def as_table(points):
    return "lon,lat\n" + "".join(f"{lon},{lat}\n" for lon, lat in points)


def test_outlines_tile_the_grids_and_hold_ten_to_twenty(tmp_path, made):
    points = households(made)
    found = groups_in(made, table(tmp_path, as_table(points)))
    assert (found.outside, found.few, found.larger) == (0, 0, 0)
    spots = shapely.points(points)
    for grid in made.grids.all():
        shapes = shapes_of(found, grid.code)
        assert len(shapes) == 4
        whole = shapely.from_wkb(bytes(grid.wkb))
        assert shapely.union_all(shapes).area == pytest.approx(whole.area)
        assert all(10 <= shape.intersects(spots).sum() <= 20 for shape in shapes)


def test_nothing_of_the_file_is_stored_and_no_household_comes_out(tmp_path, made):
    before = Gazetteer.objects.count(), Settlement.objects.count()
    points = households(made)
    path, output = table(tmp_path, as_table(points)), tmp_path / "groups.geojson"
    words = ["groups", path, "--plan", made.pk, "--output", output, "--json"]
    done = CliRunner().invoke(grids, [str(word) for word in words])
    assert json.loads(done.stdout)["groups"] == 16
    features = json.loads(output.read_text())["features"]
    assert {tuple(one["properties"]) for one in features} == {
        ("code", "grid", "name_zh", "name_bo", "name_en")
    }
    shapes = [shapely.geometry.shape(one["geometry"]) for one in features]
    shapes += [shapely.from_wkb(bytes(row.wkb)) for row in made.groups.all()]
    corners = {tuple(one) for shape in shapes for one in shapely.get_coordinates(shape).tolist()}
    assert len(corners) > 16
    assert not corners & set(points)
    assert (Gazetteer.objects.count(), Settlement.objects.count()) == before


def test_few_households_get_no_outline_and_strangers_are_counted(tmp_path, made):
    points = households(made, in_a_grid=9)
    found = groups_in(made, table(tmp_path, as_table([*points, (110.0, 20.0)])))
    assert (found.few, found.outside) == (4, 1)
    assert found.outlines == []


def test_households_at_one_point_are_one_group(tmp_path, made):
    lon, lat = households(made)[0]
    found = groups_in(made, table(tmp_path, as_table([(lon, lat)] * 45)))
    assert (found.larger, len(found.outlines)) == (1, 1)


@given(data=some.data())
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_group_is_smaller_than_ten_households_wherever_they_live(tmp_path, made, data):
    spots = households(made, in_a_grid=4)
    at = data.draw(some.lists(some.sampled_from(spots), min_size=1, max_size=120))
    found = groups_in(made, table(tmp_path, as_table(at)))
    lived = shapely.points(at)
    for grid in made.grids.all():
        whole = shapely.from_wkb(bytes(grid.wkb))
        shapes = shapes_of(found, grid.code)
        if whole.intersects(lived).sum() < 10:
            assert shapes == []
            continue
        assert min(shape.intersects(lived).sum() for shape in shapes) >= 10
        assert shapely.union_all(shapes).area == pytest.approx(whole.area)
        assert sum(shape.area for shape in shapes) == pytest.approx(whole.area)


@pytest.mark.parametrize("column", ["name", "ethnicity", "户主", "households", "id"])
def test_any_other_column_is_refused_by_its_name(tmp_path, made, column):
    with pytest.raises(Refused) as refused:
        groups_in(made, table(tmp_path, f"lon,lat,{column}\n102.1,34.1,x\n"))
    assert refused.value.fields == {"column-refused": column}
    shape = feature(shapely.Point(102.1, 34.1), **{column: "x"})
    with pytest.raises(Refused):
        groups_in(made, geojson(tmp_path, [shape]))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("lon\n102.1\n", "column-missing"),
        ("lon,lat,longitude\n102.1,34.1,7\n", "columns-alike"),
        ("lon,lat\n102.1,\n", "place-missing"),
        ("lon,lat\n34.1,102.1\n", "coordinates-swapped"),
        ("lon,lat\n512000,3790000\n", "coordinates-projected"),
    ],
)
def test_points_that_cannot_be_read_are_named(tmp_path, made, text, code):
    with pytest.raises(Refused, match=code):
        groups_in(made, table(tmp_path, text))


@pytest.mark.parametrize("text", ["lon,lat\n1,2,Wang\n", "lon,lat,\n1,2,Wang\n", "lon,lat,lat\n"])
def test_nothing_hides_beyond_or_between_the_columns(tmp_path, made, text):
    with pytest.raises(Invalid, match="row-too-long|column-unnamed|column-twice"):
        groups_in(made, table(tmp_path, text))


def test_points_of_geojson_are_read_and_grids_need_outlines(tmp_path, made):
    path = geojson(tmp_path, [feature(shapely.Point(p)) for p in households(made)])
    assert len(groups_in(made, path).outlines) == 16
    made.grids.update(wkb=b"")
    with pytest.raises(Invalid, match="outlines-missing"):
        groups_in(made, path)
