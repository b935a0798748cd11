"""`linli areas`: what it prints, and its exit codes."""

import json

import pytest
from click.testing import CliRunner

from linli.areas.commands import areas
from linli.areas.models import Area
from linli.areas.tests.factories import small_prefecture
from linli.areas.tests.files import feature, geojson, square
from linli.areas.tests.test_import_areas import CROSSED

pytestmark = pytest.mark.django_db


def run(*arguments, language="en_US.UTF-8"):
    """The command's result."""
    return CliRunner().invoke(areas, [str(a) for a in arguments], env={"LC_ALL": language})


def test_import_reports_for_people_and_for_scripts(tmp_path):
    path = geojson(tmp_path, [feature(square(100, 30), code="A", religion="x")])
    people = run("import", path, "--level", "county", "--since", "2024-01-01")
    assert people.exit_code == 0, people.output
    assert "1 rows read, 1 with an outline." in people.output
    assert "religion" in people.output
    scripts = run("import", path, "--level", "county", "--since", "2025-01-01", "--json")
    report = json.loads(scripts.stdout)
    assert report["imported"]
    assert report["tags_dropped"] == {"religion": 1}


def test_what_cannot_be_imported_ends_with_one_and_says_the_code(tmp_path):
    path = geojson(tmp_path, [feature(CROSSED, code="A")])
    result = run("import", path, "--level", "county")
    assert result.exit_code == 1
    assert "boundary-crossed" in result.output
    assert "Nothing was imported." in result.output
    assert run("check", path, "--level", "county").exit_code == 1
    assert run("import", path, "--level", "county", "--repair").exit_code == 0
    assert Area.objects.count() == 1


def test_check_imports_nothing(tmp_path):
    path = geojson(tmp_path, [feature(square(100, 30), code="A")])
    assert run("check", path, "--level", "county").exit_code == 0
    assert not Area.objects.exists()


def test_an_unreadable_file_ends_with_one_in_both_tongues(tmp_path):
    path = tmp_path / "file.geojson"
    path.write_text("{")
    assert run("import", path).exit_code == 1
    answer = run("import", path, "--json")
    assert answer.exit_code == 1
    assert json.loads(answer.stdout)["error"] == "file-unreadable"


def test_the_report_speaks_the_language_of_the_terminal(tmp_path):
    path = geojson(tmp_path, [feature(CROSSED, code="A")])
    assert (
        "未导入任何内容" in run("check", path, "--level", "county", language="zh_CN.UTF-8").output
    )


@pytest.mark.parametrize(
    "arguments",
    [["import"], ["import", "no-such-file"], ["locate"], ["locate", "--lon", "5"], ["fly"]],
)
def test_a_call_that_cannot_be_understood_ends_with_two(arguments):
    assert run(*arguments).exit_code == 2


def test_locate_says_the_area_and_those_above_it():
    small_prefecture()
    result = run("locate", "--lon", "102.2", "--lat", "34.2")
    assert [line.split()[0] for line in result.output.splitlines()] == ["A1", "A", "P"]
    found = json.loads(run("locate", "--lon", "102.2", "--lat", "34.2", "--json").stdout)
    assert found["covering"] == ["A1", "A", "P"]
    assert run("locate", "--lon", "0", "--lat", "0").output == "Outside.\n"
    assert run("locate", "--lon", "34.2", "--lat", "102.2").exit_code == 1


def test_locate_reads_a_table_and_leaves_what_it_cannot_place(tmp_path):
    small_prefecture()
    path = tmp_path / "points.csv"
    path.write_text("x,y\n102.2,34.2\n102.7,34.2\n0,0\n,\n34.2,102.2\nabc,5\n")
    columns = ("--lon-column", "x", "--lat-column", "y")
    assert run("locate", path, *columns).output.splitlines() == [
        "row,code", "1,A1", "2,B", "3,", "4,", "5,", "6,",
    ]  # fmt: skip
    counts = json.loads(run("locate", path, *columns, "--json").stdout)
    assert counts.pop("codes") == ["A1", "B", None, None, None, None]
    assert counts == {
        "rows": 6,
        "found": 2,
        "outside": 1,
        "without_coordinates": 2,
        "not_on_earth": 1,
    }
    assert run("locate", path).exit_code == 1


def test_tiles_are_made_beforehand(settings):
    small_prefecture()
    result = run("tiles")
    assert result.exit_code == 0
    assert len(list((settings.VAR / "tiles").rglob("*.gz"))) == int(result.output)
