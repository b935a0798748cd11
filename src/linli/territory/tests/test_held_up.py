"""A plan whose day has come and of which something is refused: it waits, says why, and goes on."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from linli.areas import queries as areas
from linli.cases.tests.factories import later
from linli.kernel.errors import Conflict
from linli.kernel.models import Entry
from linli.organisations import actions as organisations
from linli.organisations.models import Answering, Duty, Post
from linli.organisations.tests.factories import START, administrator, post
from linli.territory.actions import adopting
from linli.territory.commands import grids
from linli.territory.models import OpenCases, Plan, PlanState
from linli.territory.tests.adopted import a_published_plan, case_in, posts_of_grids
from linli.territory.tests.factories import planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    """C2a1 ends; its post answers there for inspection, and is no post of oversight any more."""
    plan = a_published_plan()
    posts_of_grids(plan.area)
    row = Answering.objects.get(area__code="C2a1")
    duty = Duty.objects.get_or_create(code="inspection", defaults={"names": {"en": "Inspection"}})
    Answering.objects.create(post=row.post, duty=duty[0], area=row.area, since=START)
    since = timezone.localdate() + dt.timedelta(days=10)
    return adopting.adopt(plan, since=since, open_cases=OpenCases.ALL_MOVE, by=None)


@pytest.fixture
def case(plan):
    """An open case in a grid that ends, other than C2a1."""
    return case_in("C1b1")


def now(plan):
    return Plan.objects.get(pk=plan.pk)


def grid_of(name="post-C2a1"):
    """The grids in which the post answers now, with the duties."""
    rows = Answering.objects.filter(post__code=name, until=None)
    return sorted(rows.values_list("area__code", "duty__code"))


def held_up():
    return Entry.objects.filter(event="plan-held-up")


def test_it_waits_says_for_what_and_the_other_posts_follow(plan, case, monkeypatch):
    at = later(monkeypatch, days=11)
    adopting.begin_due()
    row = now(plan)
    assert (row.state, row.waits_since) == (PlanState.ADOPTED, at)
    [said] = row.waits_for
    new = said.pop("area")
    assert new in ("C2y", "C2z")
    assert said == {
        "code": "not-oversight", "post": "post-C2a1", "duty": "inspection", "old": "C2a1",
    }  # fmt: skip
    assert grid_of() == [("C2a1", "inspection"), ("C2a1", "roads")]
    assert [code for code, _duty in grid_of("post-C1b1") + grid_of("post-C1b2")] == ["C1x"]
    assert row.carried_to < case.pk  # open cases follow after the posts
    assert held_up().get().subject == plan.pk


def test_it_is_tried_again_and_said_once_with_its_first_time(plan, monkeypatch):
    first = later(monkeypatch, days=11)
    adopting.begin_due()
    later(monkeypatch, hours=1)
    adopting.begin_due()
    assert now(plan).waits_since == first
    assert held_up().count() == 1


def make_it_oversight(plan):
    Post.objects.filter(code="post-C2a1").update(oversight=True)


def name_another(plan):
    made = post("another", holder="w-another", kind="grid", oversight=True)
    duty = Duty.objects.get(code="inspection")
    for code in ("C2y", "C2z"):
        organisations.answer_for(made, duty=duty, area=areas.by_code(code), by=administrator())


def end_it(plan):
    row = Answering.objects.get(post__code="post-C2a1", duty__code="inspection", until=None)
    organisations.stop_answering(row, by=administrator())


@pytest.mark.parametrize("mend", [make_it_oversight, name_another, end_it])
def test_once_mended_it_goes_on_by_itself(plan, case, monkeypatch, mend):
    later(monkeypatch, days=11)
    adopting.begin_due()
    mend(plan)
    later(monkeypatch, minutes=1)
    adopting.begin_due()
    row = now(plan)
    assert (row.state, row.waits_since, row.waits_for) == (PlanState.IN_FORCE, None, [])
    assert "C2a1" not in {code for code, _duty in grid_of()}
    assert row.carried_to == case.pk
    adopting.begin_due()
    assert held_up().count() == 1


def test_whatever_else_is_refused_is_said_too(plan, monkeypatch):
    end_it(plan)
    later(monkeypatch, days=11)

    def refused(*_args, **_how):
        raise Conflict("areas-locked")

    with monkeypatch.context() as broken:
        broken.setattr(adopting, "begin", refused)
        adopting.begin_due()
        since = now(plan).waits_since
        adopting.begin_due()
    assert (now(plan).waits_for, now(plan).waits_since) == ([{"code": "areas-locked"}], since)
    assert held_up().count() == 1
    adopting.begin_due()
    assert (now(plan).state, now(plan).waits_since) == (PlanState.IN_FORCE, None)


def test_a_plan_that_begins_was_never_held_up(plan, monkeypatch):
    end_it(plan)
    later(monkeypatch, days=11)
    adopting.begin_due()
    assert now(plan).state == PlanState.IN_FORCE
    assert not held_up().exists()


# ------------------------------------------------------------------ where it is seen


def page(client, who, name, *args):
    client.force_login(who)
    client.cookies["django_language"] = "en"
    return client.get(reverse(f"territory:{name}", args=args)).content.decode()


def test_planners_and_heads_of_office_read_why_and_what_to_do(plan, client, monkeypatch):
    later(monkeypatch, days=11)
    adopting.begin_due()
    words = "Post post-C2a1 answers for “"
    there = reverse("organisations:post", args=[Post.objects.get(code="post-C2a1").pk])
    fill = "post/?duty=inspection"
    who = planner("sonam", plan.area)
    for name in ("desk-plan", "desk-adopt"):
        text = page(client, who, name, plan.pk)
        assert words in text
        assert "only a post of oversight can answer for this" in text
        assert there not in text
        assert fill not in text
    assert "Its day has come, but it has waited since" in page(client, who, "desk-list")
    text = page(client, administrator(), "desk-adopt", plan.pk)
    assert words in text
    assert there in text
    assert fill in text


def test_the_public_page_says_that_it_has_begun_and_nothing_of_posts(plan, client, monkeypatch):
    later(monkeypatch, days=11)
    adopting.begin_due()
    client.cookies["django_language"] = "en"
    text = client.get(reverse("territory:plan", args=[plan.pk])).content.decode()
    assert "Posts and open cases are still following them." in text
    assert "until then the grids of today answer" not in text
    assert "oversight" not in text


def test_the_command_line_says_it(plan, monkeypatch):
    def listed(*more):
        return CliRunner().invoke(grids, ["list", *more]).output

    assert "waits" not in listed()
    assert "waits_for" not in listed("--json")
    later(monkeypatch, days=11)
    adopting.begin_due()
    assert listed().rstrip().endswith("waits")
    [row] = json.loads(listed("--json"))["plans"]
    assert row["waits_for"] == now(plan).waits_for


def test_a_page_without_a_plan_that_waits_says_nothing(plan, client):
    assert "has waited since" not in page(client, planner("sonam", plan.area), "desk-list")
    text = page(client, planner("dolma", plan.area), "desk-adopt", plan.pk)  # fmt: skip
    assert "It has waited since" not in text
