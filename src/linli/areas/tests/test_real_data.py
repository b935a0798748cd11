"""Real boundaries and real requests, where they are at hand: $LINLI_REAL_DATA or ../shared/data."""

import csv
import datetime as dt
import gzip
import os
from pathlib import Path

import pytest
import shapely

from linli.areas import queries
from linli.areas.imports.areas import import_areas
from linli.areas.imports.mapping import read_mapping
from linli.areas.models import Area, Boundary

ROOT = Path(__file__).parents[4]
DATA = Path(os.environ.get("LINLI_REAL_DATA", ROOT.parent / "shared" / "data"))
MAPS = Path(__file__).parent / "maps"
DAY = dt.date(2019, 1, 1)

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.skipif(
        not DATA.is_dir(), reason=f"no real data at {DATA}; name it with LINLI_REAL_DATA"
    ),
]


def imported(file, mapping, *, level=None, repair=False):
    """Import one of the files with its mapping."""
    how = read_mapping(MAPS / mapping, level=level)
    return import_areas(DATA / file, how, since=DAY, by=None, repair=repair)


def requests():
    """The requests that have coordinates."""
    with gzip.open(DATA / "la311-2020-01.csv.gz", "rt", encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["longitude"].strip()]


def routed(rows, level):
    """The code of each request's area of a level."""
    lons = [float(row["longitude"]) for row in rows]
    lats = [float(row["latitude"]) for row in rows]
    return queries.areas_at(lons, lats, dt.date(2020, 1, 2), level=level)


def test_statistical_codes_and_county_outlines_make_one_tree():
    codes = imported("gannan-areas-2023.csv", "gannan-codes.toml")
    assert codes.done == {"versions": 808, "closed": 0, "outlined": 0}
    outlines = imported("gannan-counties.geojson.gz", "gannan-counties.toml")
    assert outlines.done == {"versions": 0, "closed": 0, "outlined": 8}
    assert not outlines.findings
    levels = Area.objects.values_list("level__code", flat=True)
    counts = {level: list(levels).count(level) for level in set(levels)}
    assert counts == {"prefecture": 1, "county": 8, "township": 102, "village": 697}
    county = queries.by_code("623001")
    assert (
        queries.within(county).count()
        == 1 + Area.objects.filter(path__startswith="6230/623001/").count()
    )
    assert queries.area_at(county.centre_lon, county.centre_lat) == county
    assert [a.code for a in queries.ancestors(county)] == ["6230"]


def test_council_districts_agree_with_the_citys_own_record():
    report = imported("la-council-districts.geojson.gz", "la-council-districts.toml")
    assert report.done["versions"] == 15
    rows = requests()
    found = routed(rows, "council-district")
    assert len(rows) == 9586
    assert sum(code == f"CD-{row['cd']}" for code, row in zip(found, rows, strict=True)) >= 9553


def test_two_neighborhood_councils_are_invalid_and_said_by_code():
    report = imported("la-neighborhood-councils.geojson.gz", "la-neighborhood-councils.toml")
    assert report.failed
    assert not Area.objects.exists()
    crossed = [finding.codes for finding in report.findings if finding.kind == "boundary-crossed"]
    assert sorted(crossed) == [("NC-127",), ("NC-38",)]


def test_neighborhood_councils_agree_with_the_citys_own_record():
    report = imported(
        "la-neighborhood-councils.geojson.gz", "la-neighborhood-councils.toml", repair=True
    )
    assert report.done["versions"] == 99
    rows = requests()
    found = routed(rows, "neighborhood-council")
    assert sum(code == f"NC-{row['nc']}" for code, row in zip(found, rows, strict=True)) >= 9428


def test_mending_overlaps_and_gaps_moves_no_request_to_another_council():
    imported("la-neighborhood-councils.geojson.gz", "la-neighborhood-councils.toml", repair=True)
    rows = requests()
    mended = routed(rows, "neighborhood-council")
    how = read_mapping(MAPS / "la-neighborhood-councils.toml")
    before = published(how)
    order = sorted(before, key=lambda code: (how.precedence.get(code, 0), code))
    for row, code in zip(rows, mended, strict=True):
        lon, lat = float(row["longitude"]), float(row["latitude"])
        first = next((c for c in order if shapely.intersects_xy(before[c], lon, lat)), None)
        assert code == first


def published(how):
    """The outlines as the file has them, only uncrossed."""
    from linli.areas.imports.gather import areas_of
    from linli.areas.imports.report import Report
    from linli.areas.imports.sources import Source
    from linli.engines.coverage import uncrossed

    drafts = areas_of(Source(DATA / "la-neighborhood-councils.geojson.gz"), how, Report())
    return {
        draft.code: draft.shape if draft.shape.is_valid else uncrossed(draft.shape)
        for draft in drafts
    }


def test_everything_together_is_three_trees_side_by_side():
    imported("gannan-areas-2023.csv", "gannan-codes.toml")
    imported("gannan-counties.geojson.gz", "gannan-counties.toml")
    imported("la-council-districts.geojson.gz", "la-council-districts.toml")
    imported("la-neighborhood-councils.geojson.gz", "la-neighborhood-councils.toml", repair=True)
    assert Boundary.objects.count() == 8 + 15 + 99
    rows = requests()[:200]
    districts = routed(rows, "council-district")
    assert all(code is None or code.startswith("CD-") for code in districts)
    deepest = queries.area_at(float(rows[0]["longitude"]), float(rows[0]["latitude"]))
    assert deepest.level.code == "neighborhood-council"
