"""A plan in figures with their sentences, and as GeoJSON."""

import json

import pytest
import shapely
from django.utils import translation

from linli.territory import queries
from linli.territory.actions import editing
from linli.territory.models import Plan
from linli.territory.tests.drafts import draft, prefecture
from linli.territory.tests.factories import bare_plan
from linli.territory.tests.test_editing import CODES, grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    prefecture()
    before = draft(grids=CODES)
    return draft(before.gazetteer, before=before, grids=CODES)


def fresh(plan):
    return Plan.objects.get(pk=plan.pk)


def overall(plan):
    return queries.overall(fresh(plan))


def test_overall_figures_of_an_even_plan(plan):
    found = overall(plan)
    assert (found.grids, found.settlements, found.households) == (4, 32, 640)
    assert (found.load, found.worst, found.torn, found.changing) == (8, 1, 0, 0)
    assert (found.heaviest, found.lightest) == (1, 1)
    assert 5 < found.distance < 30


def test_overall_figures_follow_a_move(plan):
    editing.move(plan, [0, 9], grid(plan, "A1-02"), by=None)
    editing.move(plan, [2], grid(plan, "A1-01"), by=None)
    found = overall(plan)
    assert (found.worst, found.worst_code) == (1.125, "A1-02")
    assert (found.changing, found.share) == (60, 60 / 640)
    editing.join(plan, [grid(plan, "A1-01"), grid(plan, "A1-02")], by=None)
    found = overall(plan)
    assert found.heaviest == pytest.approx(16 / (32 / 3))
    assert found.lightest == pytest.approx(8 / (32 / 3))


def test_a_settlement_cut_off_from_its_grid_is_seen(plan):
    editing.move(plan, [3], grid(plan, "A1-01"), by=None)
    assert overall(plan).torn == 1


def test_what_was_never_looked_at_is_not_said(plan):
    plan.grids.update(pieces=None, way=None)
    found = overall(plan)
    assert (found.way, found.torn) == (None, None)
    assert not {"way", "cut_off", "torn"} & {figure.key for figure in found.figures()}
    editing.move(plan, [1], grid(plan, "A1-02"), by=None)
    assert overall(plan).torn == 0


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("en", ["Every grid is in one piece.", "Every household keeps the grid that it has now."]),
        ("zh-hans", ["每个网格都连成一片。", "每户都保留现在的网格。"]),
    ],
)
def test_every_figure_says_what_it_means(plan, language, sentences):
    with translation.override(language):
        found = overall(plan).figures()
    keys = [figure.key for figure in found]
    assert keys == [
        "grids", "load", "worst", "spread", "distance", "way", "cut_off", "roundness", "torn",
        "change",
    ]  # fmt: skip
    words = [figure.words for figure in found]
    assert all(figure.name and figure.value for figure in found)
    assert set(sentences) <= set(words)


def test_the_heaviest_grid_is_said_in_words(plan):
    editing.move(plan, [0], grid(plan, "A1-02"), by=None)
    with translation.override("en"):
        worst = {f.key: f for f in overall(plan).figures()}["worst"]
    assert worst.value == "+12 %"
    assert worst.words.startswith("The heaviest grid, Area A1 grid 2, has 1")


def test_a_plan_of_nothing_has_figures_too():
    prefecture()
    plan = bare_plan(Plan._meta.get_field("area").related_model.objects.get(code="A"))
    assert overall(plan).grids == 0
    assert len(overall(plan).figures()) == 5
    assert queries.map_features(fresh(plan))["features"] == []
    assert queries.settlement_features(plan)["features"] == []


def test_grids_are_features_that_lie_where_they_are_drawn(plan):
    found = json.loads(json.dumps(queries.map_features(fresh(plan))))
    assert found["type"] == "FeatureCollection"
    by_code = {f["properties"]["code"]: f for f in found["features"]}
    assert set(by_code) == {"A1-01", "A1-02", "A2-01", "A2-02"}
    first = by_code["A1-01"]["properties"]
    assert (first["load"], first["over"], first["households"], first["locked"]) == (
        8,
        1,
        160,
        False,
    )
    whole = shapely.union_all([shapely.geometry.shape(f["geometry"]) for f in by_code.values()])
    assert whole.bounds == pytest.approx((102, 34, 102.5, 35))


def test_for_screens_grids_have_fewer_corners_and_still_share_their_borders(plan):
    bent = shapely.segmentize(shapely.box(102, 34, 102.25, 34.5), 0.01)
    row = plan.grids.get(code="A1-01")
    row.wkb = shapely.to_wkb(bent)
    row.save()
    fine = shaped(queries.map_features(fresh(plan)))
    coarse = shaped(queries.map_features(fresh(plan), for_screens=True))
    assert set(coarse) == set(fine)
    assert shapely.get_num_coordinates(fine["A1-01"]) > 100
    assert shapely.get_num_coordinates(coarse["A1-01"]) < 20
    assert coarse["A1-01"].symmetric_difference(fine["A1-01"]).area < 1e-6


def shaped(found):
    """The outline of each grid by its code."""
    return {
        one["properties"]["code"]: shapely.geometry.shape(one["geometry"])
        for one in found["features"]
    }


def test_settlements_are_points_with_the_number_of_their_grid(plan):
    found = queries.settlement_features(plan)["features"]
    assert len(found) == 32
    assert found[2]["properties"] == {
        "position": 2, "code": "A1-s2", "households": 20, "grid": grid(plan, "A1-02").number
    }  # fmt: skip
    assert found[2]["geometry"]["coordinates"] == pytest.approx([102.31, 34.06])


def test_nothing_smaller_than_eleven_households_is_shown(plan):
    """Settlements have eleven or more, and only whole ones move: every count is 0 or 11 and up."""
    editing.move(plan, [0], grid(plan, "A1-02"), by=None)
    for feature in queries.map_features(fresh(plan))["features"]:
        values = feature["properties"]
        assert all(
            values[key] == 0 or values[key] >= 11 for key in ("households", "joining", "leaving")
        )
