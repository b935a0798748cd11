"""The map of the reference prefecture: a view of it is light enough for a slow line."""

import datetime as dt
from itertools import product

import numpy as np
import pytest
import shapely

from linli.areas import queries
from linli.areas.actions import load
from linli.areas.rows import AreaRow, FeatureRow, PlaceRow
from linli.areas.tiles import shelf
from linli.areas.tiles.drawing import MAX_ZOOM
from linli.engines.mercator import to_world
from linli.engines.prefecture import build

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
VIEW = 300_000  # bytes over the line, of the twelve tiles of 512 pixels that 1440 by 900 shows


@pytest.fixture(scope="module")
def small():
    return build(seed=7, scale=0.1)


def loaded(prefecture):
    """The generated prefecture as a territory."""
    outlines = shapely.to_wkb([area.polygon for area in prefecture.areas])
    load(
        [
            AreaRow(area.code, area.level, area.parent or None, area.names.json(), outline)
            for area, outline in zip(prefecture.areas, outlines, strict=True)
        ],
        since=dt.date(2020, 1, 1),
        by=None,
        places=[
            PlaceRow(place.code, place.kind, place.names.json(), place.lon, place.lat)
            for place in prefecture.places
        ],
        features=[
            FeatureRow(
                row.layer, row.code, row.names.json() if row.names else {},
                shapely.to_wkb(row.geometry), row.rank, row.households,
            )
            for row in prefecture.features
        ],
    )  # fmt: skip


def test_no_view_takes_more_than_300_kilobytes():
    prefecture = build(seed=7)
    loaded(prefecture)
    seats = np.array([area.seat for area in prefecture.areas if area.level == "county"])[:3]
    for zoom in range(5, MAX_ZOOM + 1):
        corners = np.floor(to_world(seats) * 2**zoom).astype(int)
        for x, y in corners:
            view = product(range(x - 2, x + 2), range(y - 1, y + 2))
            size = sum(len(shelf.current().tile((zoom, int(a), int(b)))) for a, b in view)
            assert size <= VIEW, f"{size} bytes at zoom {zoom}"


def test_every_place_lies_in_the_village_that_it_was_made_in(small):
    loaded(small)
    lons, lats = np.array([(place.lon, place.lat) for place in small.places]).T
    villages = queries.areas_at(lons, lats, level="village")
    assert list(villages) == [place.village for place in small.places]


def test_every_point_inside_has_an_area_at_every_level(small):
    loaded(small)
    whole = small.areas[0].polygon
    west, south, east, north = whole.bounds
    points = np.random.default_rng(3).uniform([west, south], [east, north], (20_000, 2))
    points = points[shapely.intersects_xy(whole, points[:, 0], points[:, 1])]
    levels = ("county", "township", "village", "grid", "group")
    chains = [queries.areas_at(*points.T, level=level) for level in levels]
    assert all(code is not None for chain in chains for code in chain)
    parents = {area.code: area.parent for area in small.areas}
    for above, below in zip(chains, chains[1:], strict=False):
        assert [parents[code] for code in below] == list(above)
