"""The generated prefecture: exact counts, an exact tiling at every level, and nothing forbidden."""

import re
from functools import cache

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.engines.prefecture import Prefecture, Size, build
from linli.engines.prefecture.build import ALL_LEVELS

UNITS = 10_000_000
SMALL = 0.01


@cache
def made(seed: int, scale: float) -> Prefecture:
    return build(seed=seed, scale=scale)


def doubled_area(polygon: shapely.Polygon) -> int:
    """Twice the area in exact integers of 1e-14 square degrees, by the shoelace formula."""
    total = 0
    for ring in (polygon.exterior, *polygon.interiors):
        points = np.rint(np.asarray(ring.coords) * UNITS).astype(np.int64).astype(object)
        x, y = points[:, 0], points[:, 1]
        total += int((x[:-1] * y[1:] - x[1:] * y[:-1]).sum())
    return abs(total)


def assert_tiles_exactly(prefecture: Prefecture) -> None:
    by_code = {area.code: area for area in prefecture.areas}
    for level in ALL_LEVELS[1:]:
        areas = prefecture.level(level)
        polygons = np.array([area.polygon for area in areas])
        assert shapely.is_valid(polygons).all()
        assert shapely.coverage_is_valid(polygons)
        sums: dict[str, int] = {}
        for area in areas:
            assert area.polygon.geom_type == "Polygon"
            sums[area.parent] = sums.get(area.parent, 0) + doubled_area(area.polygon)
        for parent, total in sums.items():
            assert by_code[parent].polygon.geom_type == "Polygon"
            assert doubled_area(by_code[parent].polygon) == total


@pytest.mark.slow
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32), scale=st.floats(0.002, 0.02))
@example(seed=1717, scale=0.0078125)  # no river inside
@example(seed=1375, scale=0.002)  # no river but near the rim
def test_children_tile_their_parent_exactly(seed: int, scale: float) -> None:
    prefecture = build(seed=seed, scale=scale)
    size = prefecture.size
    assert_tiles_exactly(prefecture)
    counts = {level: len(prefecture.level(level)) for level in ALL_LEVELS}
    assert counts == {
        "prefecture": 1,
        "county": size.counties,
        "township": size.townships,
        "village": size.villages,
        "grid": size.grids,
        "group": size.groups,
    }


@pytest.mark.slow
def test_the_whole_prefecture_has_its_exact_size_and_tiles() -> None:
    prefecture = build(seed=7)
    assert [len(prefecture.level(level)) for level in ALL_LEVELS] == [1, 8, 102, 700, 1015, 8636]
    assert sum(place.kind == "road-post" for place in prefecture.places) == 25
    assert_tiles_exactly(prefecture)


def test_every_area_stands_in_its_parent_with_code_and_outline() -> None:
    prefecture = made(7, 0.05)
    by_code = {area.code: area for area in prefecture.areas}
    assert len(by_code) == len(prefecture.areas)
    width = {"prefecture": 6, "county": 6, "township": 9, "village": 12, "grid": 15, "group": 17}
    for area in prefecture.areas:
        assert re.fullmatch(r"9930\d*", area.code)
        assert len(area.code) == width[area.level]
        assert shapely.contains_xy(area.polygon, *area.seat)
        if area.level not in ("prefecture", "county"):
            assert area.code.startswith(area.parent)
        if area.parent:
            parent = by_code[area.parent]
            assert parent.polygon.contains(area.polygon.representative_point())


def test_households_add_up_and_a_group_has_about_ten_to_twenty() -> None:
    prefecture = made(7, 0.05)
    total = prefecture.areas[0].households
    for level in ALL_LEVELS:
        assert sum(area.households for area in prefecture.level(level)) == total
    groups = [area.households for area in prefecture.level("group")]
    assert min(groups) >= 11
    assert max(groups) <= 22


def test_coordinates_lie_on_the_grid_of_seven_decimals() -> None:
    for area in made(3, SMALL).areas:
        points = shapely.get_coordinates(area.polygon)
        assert (np.rint(points * UNITS) / UNITS == points).all()


def test_the_same_seed_makes_the_same_prefecture_and_another_does_not() -> None:
    first, again, other = build(5, SMALL), build(5, SMALL), build(6, SMALL)
    assert first == again
    assert first.areas[0].polygon != other.areas[0].polygon


def test_names_are_there_in_three_scripts_and_differ_within_a_level() -> None:
    prefecture = made(7, 0.05)
    for level in ALL_LEVELS:
        areas = prefecture.level(level)
        for language in ("zh", "bo", "en"):
            assert len({area.names.json()[language] for area in areas}) == len(areas)
    for area in prefecture.areas:
        assert re.fullmatch(r"[一-鿿]+", area.names.zh)
        assert re.fullmatch(r"[ༀ-࿿]+", area.names.bo)
        assert re.fullmatch(r"[A-Za-z0-9 ,]+", area.names.en)


def test_settlements_are_never_single_dwellings() -> None:
    settlements = [f for f in made(7, 0.05).features if f.layer == "settlement"]
    assert settlements
    assert all(f.households and f.households >= 11 for f in settlements)


def test_places_lie_in_their_village_and_none_is_for_worship_or_dwelling() -> None:
    prefecture = made(7, 0.05)
    villages = {area.code: area.polygon for area in prefecture.level("village")}
    kinds = {place.kind for place in prefecture.places}
    assert {"school", "clinic", "bridge", "gauge", "slope", "road-post", "service-centre"} <= kinds
    for place in prefecture.places:
        assert shapely.intersects_xy(villages[place.village], place.lon, place.lat)
        assert not re.search(r"temple|monaster|mosque|church|tent|camp|dwelling", place.kind)
        assert not re.search(r"[寺庙宫塔堂庵观]", place.names.zh)


def test_every_village_has_a_settlement_and_a_road() -> None:
    prefecture = made(7, 0.05)
    dots = shapely.STRtree([f.geometry for f in prefecture.features if f.layer == "settlement"])
    roads = shapely.STRtree([f.geometry for f in prefecture.features if f.layer == "road"])
    for village in prefecture.level("village"):
        assert len(dots.query(village.polygon, predicate="contains"))
        assert len(roads.query(village.polygon, predicate="intersects"))


def test_codes_run_from_west_to_east_in_rows_from_the_north() -> None:
    from linli.engines.prefecture.codes import reading_order

    points = np.array([[0.0, 0.0], [1.0, 0.1], [0.0, 5.0], [1.0, 5.1]])
    assert reading_order(points).tolist() == [2, 3, 0, 1]


@pytest.mark.parametrize("scale", [0, -1, 1.5])
def test_a_scale_that_makes_no_sense_is_refused(scale: float) -> None:
    with pytest.raises(ValueError, match="scale"):
        Size.scaled(scale)
