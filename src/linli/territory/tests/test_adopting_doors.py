"""Adoption by its page and from the command line."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.urls import reverse
from django.utils import timezone

from linli.organisations.models import Holding
from linli.territory.commands import grids
from linli.territory.models import OpenCases, Plan, PlanState
from linli.territory.tests.adopted import a_published_plan, case_in, posts_of_grids
from linli.territory.tests.factories import account, planner
from linli.territory.views.studio import changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    plan = a_published_plan()
    posts_of_grids(plan.area)
    return plan


@pytest.fixture
def desk(client, plan):
    client.force_login(planner("dolkar", plan.area))
    client.cookies["django_language"] = "en"
    return client


def soon(days=10):
    return timezone.localdate() + dt.timedelta(days=days)


def at(plan, name="desk-adopt"):
    return reverse(f"territory:{name}", args=[plan.pk])


def said(answer):
    return answer.content.decode()


def test_the_page_says_what_changes_and_who_is_missing(desk, plan):
    case_in("C2a1")
    page = desk.get(at(plan), headers={"accept-language": "en"})
    assert page.status_code == 200
    context = page.context["seen"]
    assert (context.cases.all, len(context.without)) == (1, 1)
    body = said(page)
    for code in [*context.begin, *context.end, *(one.code for one in context.without)]:
        assert code in body
    assert 'name="since"' in body


def test_it_is_adopted_in_two_steps_and_can_be_taken_back(desk, plan):
    fields = {"since": soon().isoformat(), "open_cases": OpenCases.ALL_MOVE}
    asked = desk.post(at(plan), fields)
    assert Plan.objects.get().state == PlanState.PUBLISHED
    assert 'name="confirmed"' in said(asked)
    assert soon().isoformat() in said(asked)
    done = desk.post(at(plan), fields | {"confirmed": "1"})
    assert (done.status_code, done["Location"]) == (302, at(plan))
    row = Plan.objects.get()
    assert (row.state, row.since, row.open_cases) == ("adopted", soon(), "all-move")
    assert at(plan, "desk-take-back") in said(desk.get(at(plan)))
    assert desk.post(at(plan, "desk-take-back")).status_code == 302
    assert Plan.objects.get().state == PlanState.PUBLISHED


def test_a_day_that_cannot_be_is_said_beside_it(desk, plan):
    fields = {"since": soon(0).isoformat(), "open_cases": "all-stay", "confirmed": "1"}
    page = desk.post(at(plan), fields)
    assert page.context["form"].errors["since"]
    assert desk.post(at(plan), {"since": "soon"}).context["form"].errors["since"]
    assert Plan.objects.get().state == PlanState.PUBLISHED


def test_while_people_comment_there_is_nothing_to_send(desk, plan):
    Plan.objects.update(comments_until=soon(0))
    body = said(desk.get(at(plan)))
    assert 'name="since"' not in body
    assert "notice--warning" in body


def test_only_planners_of_the_area_see_the_page(client, plan):
    client.force_login(account("somebody", is_administrator=True))
    for name in ("desk-adopt", "desk-take-back"):
        assert client.post(at(plan, name), {"since": soon()}).status_code == 404
    assert Plan.objects.get().state == PlanState.PUBLISHED


def run(*words):
    return CliRunner().invoke(grids, [str(word) for word in words])


def test_from_the_command_line_too(plan):
    words = (plan.pk, "--since", soon(), "--open-cases", "all-stay", "--json")
    first = json.loads(run("adopt", *words, "--dry-run").stdout)
    assert (first["adopted"], Plan.objects.get().state) == (False, PlanState.PUBLISHED)
    answer = json.loads(run("adopt", *words).stdout)
    assert answer == first | {"adopted": True}
    assert answer["begin"] == ["C1x", "C2y", "C2z"]
    assert len(answer["need_a_holder"]) == 1
    assert Plan.objects.get().open_cases == OpenCases.ALL_STAY
    again = run("adopt", *words)
    assert (again.exit_code, json.loads(again.stdout)["error"]) == (1, "plan-not-published")
    assert json.loads(run("take-back", plan.pk, "--json").stdout)["adopted"] is False
    assert Plan.objects.get().state == PlanState.PUBLISHED
    assert "need a holder: C2" in run("adopt", *words[:-1]).stdout
    assert run("take-back", 999).exit_code == 1


def test_a_new_grid_without_a_post_is_told_apart_from_a_post_that_is_empty_today(desk, plan):
    body = said(desk.get(at(plan)))
    assert "1 new grid for which there is no post yet" in body
    assert "nobody holds the post today" not in body
    Holding.objects.filter(post__code="post-C3a1").delete()
    body = said(desk.get(at(plan)))
    assert "1 new grid for which there is no post yet" in body
    assert "1 grid where nobody holds the post today either" in body


def test_a_long_list_is_cut_and_says_so(desk, plan, monkeypatch):
    monkeypatch.setattr(changes, "SHOWN", 2)
    page = desk.get(at(plan))
    assert len(page.context["lists"]["begin"].all) == 3
    assert "and 1 more" in said(page)
