"""Two plans side by side."""

import json

import pytest
from click.testing import CliRunner
from django.utils import translation

from linli.areas.tests.factories import area
from linli.kernel.errors import Invalid
from linli.territory import commands_files
from linli.territory.actions import editing
from linli.territory.comparing import compare
from linli.territory.models import Plan
from linli.territory.tests.drafts import draft, prefecture, settlements
from linli.territory.tests.test_editing import CODES, grid

pytestmark = pytest.mark.django_db


@pytest.fixture
def plans():
    prefecture()
    first = draft(grids=CODES)
    return first, draft(first.gazetteer, before=first, grids=CODES)


def compared(plans):
    return compare(*(Plan.objects.get(pk=plan.pk) for plan in plans))


def test_a_plan_and_its_twin_differ_in_nothing(plans):
    found = compared(plans)
    assert not found.moving
    assert not any(pair.changed for pair in found.grids)
    assert all(pair.words == "" for pair in found.figures())
    with translation.override("en"):
        assert found.words == "No household gets another grid."


def test_who_moves_is_said_settlement_by_settlement_and_grid_by_grid(plans):
    editing.move(plans[1], [0, 4], grid(plans[1], "A1-02"), by=None)
    found = compared(plans)
    moving = [(one.code, one.before, one.after) for one in found.moving]
    assert moving == [("A1-s0", "A1-01", "A1-02"), ("A1-s4", "A1-01", "A1-02")]
    assert found.households == 40
    pairs = {pair.code: pair for pair in found.grids}
    assert pairs["A1-01"].load == (8, 6)
    assert pairs["A1-01"].leaving == pairs["A1-02"].joining == 40
    assert [code for code, pair in pairs.items() if pair.changed] == ["A1-01", "A1-02"]
    assert pairs["A1-01"].outline
    with translation.override("en"):
        words = {pair.first.key: pair.words for pair in found.figures()}
        assert found.words.startswith("2 settlements with 40 households, 6 % of all")
    assert words["worst"] == "Work is shared less evenly: the heaviest grid has more of it."
    assert words["grids"] == ""


def test_ways_on_the_ground_are_compared_in_words(plans):
    editing.move(plans[1], [0, 4, 8, 12], grid(plans[1], "A1-02"), by=None)
    found = compared(plans)
    pair = {pair.code: pair for pair in found.grids}["A1-02"]
    assert pair.way == tuple(grid(plan, "A1-02").way for plan in plans)
    assert pair.way[1] > pair.way[0]
    assert (pair.cut_off, pair.pieces) == ((0, 0), (1, 2))
    with translation.override("en"):
        words = {pair.first.key: pair.words for pair in found.figures()}
    assert words["way"] == "People have a longer way to the centre of their grid."
    assert words["cut_off"] == ""
    assert json.loads(json.dumps(found.as_json()))["second"]["way"] == found.second.way


def test_a_plan_that_was_never_looked_at_is_compared_without_ways(plans):
    plans[0].grids.update(way=None, pieces=None)
    keys = {pair.first.key for pair in compared(plans).figures()}
    assert "distance" in keys
    assert not {"way", "cut_off", "torn"} & keys


def test_grids_of_one_plan_only_are_shown_beside_nothing(plans):
    editing.join(plans[1], [grid(plans[1], "A1-01"), grid(plans[1], "A1-02")], by=None)
    pairs = {pair.code: pair for pair in compared(plans).grids}
    gone = pairs["A1-02"]
    assert (gone.load, gone.changed, gone.leaving) == ((8, None), True, 160)


def test_plans_of_two_gazetteers_meet_by_code_and_then_by_place(plans):
    rows = settlements()
    rows[0] = ("new", *rows[0][1:])
    rows.reverse()
    labels = [2 * (row[-1] == "A2") + ((row[1] - 102) > 0.25) for row in rows]
    other = draft(rows=rows, labels=labels, grids=CODES)
    found = compare(plans[0], other)
    assert (found.moving, found.strange) == ([], 1)


def test_a_comparison_can_be_read_by_scripts(plans):
    editing.split(plans[1], grid(plans[1], "A2-02"), by=None)
    with translation.override("en"):
        found = json.loads(json.dumps(compared(plans).as_json()))
    assert found["households"] == 80
    assert found["words"]["grids"] == "There are more grids."
    assert [row["code"] for row in found["grids"] if row["load"][0] is None] == ["A2-03"]


def test_plans_of_two_areas_are_not_compared(plans):
    Plan.objects.filter(pk=plans[1].pk).update(area=area("A1"))
    with pytest.raises(Invalid, match="plans-of-two-areas"):
        compared(plans)
    asked = [str(plan.pk) for plan in plans]
    got = CliRunner().invoke(commands_files.compare, asked, env={"LC_ALL": "en"})
    assert got.exit_code == 1
    assert "These plans are for two areas." in got.output
