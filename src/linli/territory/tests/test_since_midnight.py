"""A case that comes between midnight and the posts of its new grid goes to the grid after all."""

import datetime as dt

import pytest
from django.utils import timezone

from linli.areas import queries as areas
from linli.cases import actions as cases
from linli.cases.models import Case, Routing, Why
from linli.cases.tests.factories import a_case, later
from linli.kernel.events import parse
from linli.kernel.models import Entry
from linli.organisations import actions as organisations
from linli.organisations.models import Duty, Post
from linli.organisations.tests.factories import account, administrator, post
from linli.territory.actions import adopting
from linli.territory.models import OpenCases
from linli.territory.tests.adopted import a_published_plan, case_in, posts_of_grids

pytestmark = pytest.mark.django_db


@pytest.fixture(params=list(OpenCases))
def plan(request, monkeypatch):
    """Its day has come, its posts have not; a post for roads in township C1, and none in C2."""
    plan = a_published_plan()
    posts_of_grids(plan.area)
    post("town", holder="w-town", kind="handler", answers=[("roads", areas.by_code("C1"))])
    since = timezone.localdate() + dt.timedelta(days=10)
    adopting.adopt(plan, since=since, open_cases=request.param, by=None)
    later(monkeypatch, days=10)
    return plan


def after_the_round(monkeypatch, *rows):
    """Whose the cases are, a minute on, when posts and open cases have followed."""
    later(monkeypatch, minutes=1)
    adopting.begin_due()
    return [Case.objects.get(pk=case.pk).owner.code for case in rows]


def test_it_goes_to_the_post_that_the_grid_gets(plan, monkeypatch):
    case = case_in("C1b1")
    rows = [case_in("C2a1"), case_in("C2a1", 0.03)]
    assert [one.owner.code for one in (case, *rows)] == ["town", "centre", "centre"]
    now, *others = after_the_round(monkeypatch, case, *rows)
    assert now in ("post-C1b1", "post-C1b2")
    assert now == case_in("C1b1").owner.code
    assert sorted(others) == ["centre", "post-C2a1"]  # of the two halves one gets the post
    assert case.routings.latest("pk").why == Why.REDRAWN
    began = parse(bytes(Entry.objects.get(event="plan-began").body))
    assert began.moved == 2
    count = Routing.objects.count()
    adopting.begin_due()
    assert Routing.objects.count() == count


def test_it_stays_where_work_has_begun_or_somebody_chose_the_post(plan, monkeypatch):
    told, chosen = case_in("C1b1"), case_in("C1b1")
    cases.add_update(told, words="明天去看。", by=account("w-town"))
    cases.assign(chosen, to=Post.objects.get(code="post-C3a1"), by=account("centre"))
    assert after_the_round(monkeypatch, told, chosen) == ["town", "post-C3a1"]


def test_private_ones_stay_with_who_has_them(plan, monkeypatch):
    case = case_in("C1b1")
    Case.objects.filter(pk=case.pk).update(public=False)
    assert after_the_round(monkeypatch, case) == ["town"]


def test_in_a_grid_that_goes_on_nothing_is_looked_for_again(plan, monkeypatch):
    case = case_in("C1a1")  # it has another outline from this day on
    assert case.owner.code == "post-C1a1"
    made = post("second", holder="w-second", kind="grid")
    duty = Duty.objects.get(code="roads")
    organisations.answer_for(made, duty=duty, area=areas.by_code("C1"), by=administrator())
    assert after_the_round(monkeypatch, case) == ["post-C1a1"]


def test_what_comes_later_than_its_post_has_it_already(plan, monkeypatch):
    adopting.begin_due()
    case = a_case("pothole", at=(case_in("C1b1").lon, case_in("C1b1").lat))
    assert case.owner.code.startswith("post-C1b")
    assert case.routings.count() == 1
