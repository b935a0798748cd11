"""Tables of points: what `linli areas locate` reads and writes, however long they are."""

import builtins
import csv
import gzip
import json

import numpy as np
import pytest
from click.testing import CliRunner

from linli.areas import locating, tables
from linli.areas.commands import areas
from linli.areas.tests.factories import small_prefecture

pytestmark = pytest.mark.django_db

HEAD = "name,lon,lat,note\n"
ROWS = 'one,102.2,34.2,"a, ""b""\nc"\ntwo,102.7,34.2,\n\nthree,0,0\nfour,,x,藏\n'
CODES = ["A1", "B", None, None]


def locate(*arguments, language="en_US.UTF-8"):
    return CliRunner().invoke(areas, ["locate", *map(str, arguments)], env={"LC_ALL": language})


@pytest.fixture
def points(tmp_path):
    small_prefecture()
    path = tmp_path / "points.csv"
    path.write_text(HEAD + ROWS, encoding="utf-8")
    return path


@pytest.fixture(params=[1, 2, 1 << 17])
def _in_pieces(request, monkeypatch):
    monkeypatch.setattr(tables, "PIECE", request.param)
    monkeypatch.setattr(tables, "BATCH", request.param)


@pytest.fixture
def arrow():
    return pytest.importorskip("pyarrow")


def read(path):
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


@pytest.mark.usefixtures("_in_pieces")
@pytest.mark.parametrize("name", ["out.csv", "out.csv.gz"])
def test_a_table_is_written_as_it_was_with_one_more_column(points, tmp_path, name):
    result = locate(points, "--out", tmp_path / name, "--code-column", "area")
    assert result.exit_code == 0, result.output
    assert read(tmp_path / name) == [
        ["name", "lon", "lat", "note", "area"],
        ["one", "102.2", "34.2", 'a, "b"\nc', "A1"],
        ["two", "102.7", "34.2", "", "B"],
        ["three", "0", "0", "", ""],
        ["four", "", "x", "藏", ""],
    ]
    assert "found: 2" in result.output


@pytest.mark.usefixtures("_in_pieces")
def test_rows_are_numbered_through_all_pieces(points):
    assert locate(points).output.split() == ["row,code", "1,A1", "2,B", "3,", "4,"]
    counted = json.loads(locate(points, "--json").stdout)
    assert counted["codes"] == CODES
    assert (counted["rows"], counted["without_coordinates"], counted["outside"]) == (4, 1, 1)


def test_a_table_of_no_rows_is_one(points, tmp_path):
    points.write_text(HEAD)
    assert json.loads(locate(points, "--out", tmp_path / "out.csv", "--json").stdout)["rows"] == 0
    assert read(tmp_path / "out.csv") == [["name", "lon", "lat", "note", "code"]]


@pytest.mark.parametrize(
    ("content", "arguments", "error"),
    [
        (HEAD, ("--code-column", "note"), "column-exists"),
        ("a,b\n1,2\n", (), "column-missing"),
        ("", (), "column-missing"),
        (HEAD + "a,102.2,34.2,b\na,1,2,3,4\n", (), "row-too-long"),
        (HEAD.encode() + b"\xff,1,2,3\n", (), "file-unreadable"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_written(points, tmp_path, content, arguments, error):
    points.write_bytes(content if isinstance(content, bytes) else content.encode())
    out = tmp_path / "out.csv"
    out.write_text("before")
    result = locate(points, "--out", out, "--json", *arguments)
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"] == error
    assert out.read_text() == "before"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.csv", "points.csv"]


def test_a_packed_file_that_is_not_whole_is_said(points, tmp_path):
    packed = tmp_path / "points.csv.gz"
    packed.write_bytes(gzip.compress((HEAD + ROWS * 2000).encode())[:200])
    assert json.loads(locate(packed, "--json").stdout)["error"] == "file-unreadable"


def test_a_bar_shows_how_much_is_read_where_somebody_looks_on(points, tmp_path, monkeypatch):
    bars = []

    class Bar:
        def __init__(self, length, file):
            self.pos, self.length = 0, length
            bars.append(self)

        __enter__ = lambda self: self  # noqa: E731
        __exit__ = lambda self, *_: None  # noqa: E731

        def update(self, more):
            self.pos += more

    monkeypatch.setattr(locating.click, "progressbar", Bar)
    assert locate(points, "--out", tmp_path / "1.csv").exit_code == 0
    assert bars == []
    monkeypatch.setattr(locating, "_looks_on", lambda stream: True)
    assert locate(points, "--out", tmp_path / "2.csv").exit_code == 0
    assert [(bar.pos, bar.length) for bar in bars] == [(points.stat().st_size,) * 2]
    assert locate(points).exit_code == 0  # the answer itself is on the terminal
    assert locate(points, "--json").exit_code == 0
    assert len(bars) == 1


def test_without_pyarrow_one_sentence_says_how_to_have_it(points, tmp_path, monkeypatch):
    really = builtins.__import__

    def absent(name, *rest, **more):
        if name.partition(".")[0] == "pyarrow":
            raise ImportError(name)
        return really(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", absent)
    path = tmp_path / "points.parquet"
    path.write_bytes(b"PAR1")
    result = locate(path)
    assert result.exit_code == 1
    assert "pip install pyarrow" in result.output
    assert "Parquet 另需" in locate(path, language="zh_CN.UTF-8").output


def test_one_form_is_not_written_from_the_other(points, tmp_path):
    result = locate(points, "--out", tmp_path / "out.parquet", "--json")
    assert json.loads(result.stdout)["error"] == "file-form"


# ---------------------------------------------------------------- Parquet


@pytest.fixture
def parquet(arrow, tmp_path):
    import pyarrow.parquet

    small_prefecture()
    table = arrow.table(
        {
            "n": arrow.array([1, 2, 3, 4], arrow.int16()),
            "lon": arrow.array([102.2, 102.7, 0, None]),
            "lat": arrow.array([34.2, 34.2, 0, 34.0]),
            "tags": arrow.array([["a"], [], None, ["b", "c"]]),
        }
    ).replace_schema_metadata({"whose": "ours"})
    path = tmp_path / "points.parquet"
    pyarrow.parquet.write_table(table, path, row_group_size=3)
    return path


@pytest.mark.usefixtures("_in_pieces")
def test_parquet_keeps_its_columns_types_and_order(arrow, parquet, tmp_path):
    import pyarrow.parquet

    before = pyarrow.parquet.read_table(parquet)
    assert locate(parquet).output.split() == ["row,code", "1,A1", "2,B", "3,", "4,"]
    assert locate(parquet, "--out", tmp_path / "out.parquet").exit_code == 0
    after = pyarrow.parquet.read_table(tmp_path / "out.parquet")
    assert after.column("code").to_pylist() == CODES
    assert after.drop_columns(["code"]).equals(before)
    assert after.schema.metadata[b"whose"] == b"ours"


@pytest.mark.parametrize("kind", ["float32", "int64", "string", "decimal128"])
def test_parquet_coordinates_of_any_kind_of_number(arrow, tmp_path, kind):
    import pyarrow.parquet

    small_prefecture()
    made = {"decimal128": lambda: arrow.decimal128(9, 6)}.get(kind, getattr(arrow, kind))()
    texts = ["102", "103", None] + (["x"] if kind == "string" else [])
    lons = arrow.array(texts).cast(made)
    lats = arrow.array(["34"] * len(texts)).cast(made)
    path = tmp_path / "points.parquet"
    pyarrow.parquet.write_table(arrow.table({"lon": lons, "lat": lats}), path)
    found = json.loads(locate(path, "--json").stdout)["codes"]
    assert found == ["A1", "B", *[None] * (len(texts) - 2)]


def test_parquet_that_cannot_be_read_is_said(arrow, tmp_path):
    import pyarrow.parquet

    small_prefecture()
    path = tmp_path / "points.parquet"
    path.write_bytes(b"no table")
    assert json.loads(locate(path, "--json").stdout)["error"] == "file-unreadable"
    table = arrow.table({"lon": [[1.0]], "lat": [2.0]})
    pyarrow.parquet.write_table(table, path)
    assert json.loads(locate(path, "--json").stdout)["error"] == "column-no-numbers"
    assert (
        json.loads(locate(path, "--lon-column", "x", "--json").stdout)["error"] == "column-missing"
    )


def test_parquet_and_csv_give_the_same_codes(arrow, tmp_path):
    import pyarrow.csv
    import pyarrow.parquet

    small_prefecture()
    lons, lats = np.random.default_rng(5).uniform([101.9, 33.9], [103.1, 35.1], (500, 2)).T
    table = arrow.table({"lon": lons, "lat": lats})
    pyarrow.parquet.write_table(table, tmp_path / "points.parquet")
    pyarrow.csv.write_csv(table, tmp_path / "points.csv")
    assert locate(tmp_path / "points.parquet").output == locate(tmp_path / "points.csv").output
