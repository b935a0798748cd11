"""Which plans in force end when another one begins: for its area, below it, above it."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas.actions import adopt as import_areas
from linli.areas.models import Area
from linli.areas.tests.factories import area_row
from linli.cases.tests.factories import later
from linli.territory.actions import adopting
from linli.territory.models import Grid, Plan, PlanState
from linli.territory.tests.adopted import a_published_plan
from linli.territory.tests.factories import LONG_AGO, bare_plan

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """For the county; beside it in the prefecture lies D with a grid of its own."""
    plan = a_published_plan()
    rows = [
        area_row("D", "county", "P", (8, 0, 12, 8)),
        area_row("D1", "township", "D", (8, 0, 12, 8)),
        area_row("D1a", "grid", "D1", (8, 0, 12, 8)),
    ]
    import_areas(rows, since=LONG_AGO + dt.timedelta(days=1), by=None)
    return plan


def in_force(code, *grids):
    """A plan in force for an area, with grids."""
    made = bare_plan(Area.objects.get(code=code, until=None), PlanState.IN_FORCE)
    for number, grid in enumerate(grids):
        Grid.objects.create(plan=made, number=number, code=grid, line=grid[:2])
    return made


def after_it_began(monkeypatch, plan, *others):
    """The states of other plans once the plan has begun."""
    adopting.adopt(plan, since=timezone.localdate() + dt.timedelta(days=10), by=None)
    later(monkeypatch, days=10)
    adopting.begin_due()
    assert Plan.objects.get(pk=plan.pk).state == PlanState.IN_FORCE
    return [Plan.objects.get(pk=other.pk).state for other in others]


def test_plans_for_its_area_and_below_it_end(monkeypatch, plan):
    # C3a1 and its like go on as areas, and belong to the new plan from now on.
    others = in_force("C", "C1a1", "C3a1"), in_force("C3", "C3a1"), in_force("C3a", "C3a1")
    Plan.objects.filter(pk=plan.pk).update(before=others[0])
    assert after_it_began(monkeypatch, plan, *others) == [PlanState.ENDED] * 3


def test_plans_beside_it_go_on(monkeypatch, plan):
    assert after_it_began(monkeypatch, plan, in_force("D", "D1a")) == [PlanState.IN_FORCE]


def test_a_plan_above_goes_on_for_its_other_grids(monkeypatch, plan):
    above = in_force("P", "C1a1", "C3a1", "D1a")
    assert after_it_began(monkeypatch, plan, above) == [PlanState.IN_FORCE]


@pytest.mark.parametrize("rest", [[], ["was-long-ago"], ["D1a"]])
def test_a_plan_above_ends_with_the_last_of_its_grids(monkeypatch, plan, rest):
    above = in_force("P", "C1a1", "C3a1", *rest)
    others = [in_force("D", "D1a")] if "D1a" in rest else []
    states = after_it_began(monkeypatch, plan, above, *others)
    assert states == [PlanState.ENDED, *(PlanState.IN_FORCE for _one in others)]


# ------------------------------------------------------------------ what the pages say of it


def page(client, path):
    client.cookies["django_language"] = "en"
    return client.get(path).content.decode()


def test_a_grid_says_which_later_plan_counts_there_now(client, monkeypatch, plan):
    above = in_force("P", "C1a1", "C1b1", "D1a")
    Plan.objects.filter(pk=plan.pk).update(titles={"en": "Next year"})
    after_it_began(monkeypatch, plan, above)
    for code in ("C1a1", "C1b1"):  # one goes on, the other one ended
        text = page(client, f"/grids/{above.pk}/{code}/")
        assert "the grids of another plan count here:" in text
        assert f'<a href="/grids/{plan.pk}/">' in text
        assert "Next year" in text
    for own in (f"/grids/{above.pk}/D1a/", f"/grids/{plan.pk}/C1a1/"):
        assert "the grids of another plan" not in page(client, own)


def test_a_grid_that_ended_or_never_began_says_so(client, monkeypatch, plan):
    made = in_force("C", "C1a2", "nowhere", "C3a1")
    row = Area.objects.get(code="C1a2")
    Area.objects.filter(pk=row.pk).update(until=timezone.localdate())
    text = {code: page(client, f"/grids/{made.pk}/{code}/")
            for code in ("C1a2", "nowhere", "C3a1")}  # fmt: skip
    assert "This grid ended on" in text["C1a2"]
    assert "This grid never began" in text["nowhere"]
    assert "This grid" not in text["C3a1"]


def test_a_plan_of_which_no_grid_is_there_says_so(client, plan):
    made = in_force("C", "nowhere")
    words = "none of its grids is there today"
    for path in ("", "nowhere/"):
        assert words in page(client, f"/grids/{made.pk}/{path}")
    Grid.objects.create(plan=made, number=1, code="C1a1", line="C1")
    assert words not in page(client, f"/grids/{made.pk}/")
