"""Plans are whole from the start, keep codes, and take stock of what areas have today."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest
from django.utils import timezone

from linli.areas.models import Level
from linli.kernel.errors import Conflict, Forbidden, Invalid
from linli.territory.actions import adopting, editing, plans, publishing
from linli.territory.labels import unpacked
from linli.territory.models import Plan, PlanState
from linli.territory.preparing import prepared
from linli.territory.tests.factories import (
    account,
    county,
    gazetteer,
    plan,
    planner,
    settlement_rows,
)
from linli.territory.weights import Weights

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    return county()


@pytest.fixture
def settlements(where):
    return gazetteer(where)


def townships(made):
    rows = list(made.gazetteer.rows.order_by("position"))
    return np.array([1 + int(row.lon >= 102.4) + 2 * int(row.lat >= 34.4) for row in rows])


def test_a_plan_is_whole_from_the_start(where, settlements):
    made = plan(where, settlements, grids=14)
    labels = unpacked(made.labels)
    assert made.grids.count() == len(set(labels)) == made.grids_made == 14
    lines = {grid.number: grid.line for grid in made.grids.all()}
    own = [f"C{township}" for township in townships(made)]
    assert [lines[number] for number in labels.tolist()] == own
    assert sum(grid.settlements for grid in made.grids.all()) == 64
    assert made.state == PlanState.DRAFT


def test_as_many_grids_as_the_wanted_load_needs(where, settlements):
    made = plan(where, settlements, wanted={"from": 100.0, "to": 250.0})
    for line in {grid.line for grid in made.grids.all()}:
        own = made.grids.filter(line=line)
        load = sum(grid.load for grid in own)
        assert len(own) == np.ceil(load / 250)
    assert prepared(made).missed == ()
    narrow = plan(where, settlements, wanted={"from": 249.0, "to": 250.0})
    assert prepared(narrow).missed


@pytest.mark.parametrize(
    "wanted",
    [
        {}, {"grids": 0}, {"grids": 2.5}, {"grids": True}, {"from": 3}, {"from": 5, "to": 4},
        {"from": 0, "to": 4}, {"grids": 4, "from": 1, "to": 2}, {"grids": 4, "more": 1},
        {"grids": 4, "barriers": "yes"}, {"from": float("nan"), "to": 1.0},
    ],
)  # fmt: skip
def test_aims_that_say_nothing_are_refused(where, settlements, wanted):
    with pytest.raises(Invalid, match="aims-not-usable"):
        plan(where, settlements, wanted=wanted)


def test_too_few_and_too_many_grids_are_said_with_the_limit(where, settlements):
    with pytest.raises(Invalid) as refused:
        plan(where, settlements, grids=3)
    assert (refused.value.code, refused.value.fields["least"]) == ("grids-too-few", 4)
    with pytest.raises(Invalid) as refused:
        plan(where, settlements, grids=65)
    assert refused.value.code == "grids-more-than-settlements"
    assert refused.value.fields["most"] == 64


def test_settlements_at_one_place_count_once(where):
    rows = settlement_rows()
    rows[1] = replace(rows[1], lon=rows[0].lon, lat=rows[0].lat)
    both = gazetteer(where, rows)
    with pytest.raises(Invalid, match="grids-more-than-settlements"):
        plan(where, both, grids=64)
    labels = unpacked(plan(where, both, grids=63).labels)
    assert labels[0] == labels[1]


def test_a_settlement_on_no_line_is_named(where, settlements):
    Level.objects.get_or_create(code="group", defaults={"depth": 6})
    with pytest.raises(Invalid) as refused:
        plan(where, settlements, lines="group")
    assert refused.value.code == "settlement-on-no-line"
    assert refused.value.fields["count"] == 64
    assert refused.value.fields["settlements"][0] == "S000"


def test_stock_is_what_areas_have_today(where, settlements):
    stock = plans.take_stock(where, settlements, titles={"en": "Today"}, by=None)
    assert stock.state == PlanState.IN_FORCE
    assert stock.lines.code == "village"
    assert set(stock.grids.values_list("code", flat=True)) == {
        f"C{t}{v}{g}" for t in range(1, 5) for v in "ab" for g in (1, 2)
    }
    assert all(grid.settlements == 4 for grid in stock.grids.all())
    with pytest.raises(Conflict, match="plan-in-force"):
        plans.take_stock(where, settlements, titles={"en": "Again"}, by=None)


def test_a_plan_begins_with_the_grids_that_people_have(where, settlements):
    stock = plans.take_stock(where, settlements, titles={"en": "Today"}, by=None)
    made = plan(where, settlements, like=stock)
    codes = {grid.number: grid.code for grid in made.grids.all()}
    old = {grid.number: grid.code for grid in stock.grids.all()}
    here = [codes[n] for n in unpacked(made.labels).tolist()]
    assert here == [old[n] for n in unpacked(stock.labels).tolist()]
    assert not any(grid.joining or grid.leaving for grid in made.grids.all())
    ready = prepared(made)
    assert (ready.begin == ready.before).all()
    assert (ready.numbers[ready.begin] == unpacked(made.labels)).all()


def test_change_is_counted_against_the_plan_in_force_whatever_it_begins_with(where, settlements):
    stock = plans.take_stock(where, settlements, titles={"en": "Today"}, by=None)
    first = plan(where, settlements, like=stock)
    one, two = first.grids.filter(line=first.grids.first().line)[:2]
    editing.join(first, [one, two], by=None)
    moved = first.grids.get(number=one.number).joining
    assert moved
    second = plan(where, settlements, like=Plan.objects.get(pk=first.pk))
    assert (second.before, second.grids.get(code=one.code).joining) == (stock, moved)
    assert plan(where, settlements).before == stock


@pytest.fixture
def outdated(where, settlements):
    """A draft that changes nothing, but for the plan that came into force meanwhile."""
    stock = plans.take_stock(where, settlements, titles={"en": "Today"}, by=None)
    draft, other = (plan(where, settlements, like=stock) for _one in range(2))
    editing.join(other, other.grids.filter(line=other.grids.first().line)[:2], by=None)
    with pytest.raises(Conflict, match="nothing-to-do"):
        plans.recount(draft, by=None)
    Plan.objects.filter(pk=stock.pk).update(state=PlanState.ENDED)
    Plan.objects.filter(pk=other.pk).update(state=PlanState.IN_FORCE, since=timezone.localdate())
    return draft, other


def test_a_draft_counted_against_another_plan_is_counted_anew_before_it_is_published(outdated):
    draft, other = outdated
    until = timezone.localdate() + dt.timedelta(days=9)
    with pytest.raises(Conflict, match="plan-outdated"):
        publishing.publish(draft, until=until, by=None)
    with pytest.raises(Forbidden):
        plans.recount(draft, by=account("nobody"))
    outlines = list(draft.grids.values_list("wkb", flat=True))
    made = plans.recount(draft, by=None)
    assert (made.before, made.revision) == (other, draft.revision + 1)
    assert list(made.grids.values_list("wkb", flat=True)) == outlines
    assert made.grids.exclude(joining=0).count() == 1
    assert publishing.publish(made, until=until, by=None).state == PlanState.PUBLISHED


def test_a_published_plan_counted_against_another_is_not_adopted_before_it_is_counted(outdated):
    draft, other = outdated
    day = timezone.localdate()
    Plan.objects.filter(pk=draft.pk).update(
        state=PlanState.PUBLISHED, comments_until=day - dt.timedelta(days=1)
    )
    with pytest.raises(Conflict, match="plan-outdated"):
        adopting.adopt(draft, since=day + dt.timedelta(days=1), by=None)
    assert plans.recount(draft, by=None).before == other
    Plan.objects.filter(pk=draft.pk).update(state=PlanState.WITHDRAWN)
    with pytest.raises(Conflict, match="plan-adopted"):
        plans.recount(draft, by=None)


def test_settlements_that_are_new_begin_in_the_nearest_grid(where, settlements):
    stock = plans.take_stock(where, settlements, titles={"en": "Today"}, by=None)
    rows = settlement_rows()
    newer = [*rows[4:], replace(rows[5], code="NEW", lon=rows[5].lon + 1e-4)]
    made = plan(where, gazetteer(where, newer), like=stock)
    labels = unpacked(made.labels)
    assert labels[-1] == labels[1]
    assert made.grids.count() == 15  # the first grid has no settlement any more


def test_weights_are_checked(where, settlements):
    assert Weights.of({"balance": 2}).for_engine().even == 2
    for wrong in ({"balance": -1}, {"band": 0.6}, {"change": float("nan")}, {"change": True}):
        with pytest.raises(Invalid, match="weight-not-usable"):
            Weights.of(wrong)
    with pytest.raises(Invalid, match="weight-unknown"):
        Weights.of({"ethnicity": 1})


def test_aims_of_a_draft_are_set_and_of_no_other(where, settlements):
    made = plan(where, settlements)
    made = plans.set_aims(made, wanted={"grids": 12}, weights=Weights(change=2.0), by=None)
    assert (made.wanted, made.weights["change"]) == ({"grids": 12}, 2.0)
    plans.withdraw(made, by=None)
    with pytest.raises(Conflict, match="plan-not-draft"):
        plans.set_aims(made, wanted={"grids": 12}, weights=Weights(), by=None)
    with pytest.raises(Conflict, match="plan-adopted"):
        plans.withdraw(made, by=None)


def test_only_planners_of_the_area_begin_plans(where, settlements):
    level = Level.objects.get(code="township")
    values = {"titles": {"en": "Plan"}, "lines": level, "wanted": {"grids": 8}}
    assert plans.begin(where, settlements, **values, by=planner("p", where)).begun_by
    with pytest.raises(Forbidden):
        plans.begin(where, settlements, **values, by=account("nobody"))
    with pytest.raises(Forbidden):
        plans.take_stock(where, settlements, titles={"en": "Today"}, by=account("nobody"))
    with pytest.raises(Invalid, match="title-missing"):
        plans.begin(where, settlements, **{**values, "titles": {"en": " "}}, by=None)
    with pytest.raises(Invalid, match="name-not-usable"):
        plans.begin(where, settlements, **{**values, "titles": {"xx": "Plan"}}, by=None)
