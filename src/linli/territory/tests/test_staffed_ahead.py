"""A grid gets a post before its day: it is held, keeps that post, and nothing is left behind."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from linli.areas import queries as areas
from linli.areas.actions import adopt as import_areas
from linli.areas.models import Area
from linli.areas.tests.factories import area_row
from linli.cases import actions as cases
from linli.cases.models import Case
from linli.cases.tests.factories import later
from linli.kernel.events import parse
from linli.kernel.models import Entry
from linli.organisations import actions as organisations
from linli.organisations.models import Answering, Duty, Holding, Post
from linli.organisations.tests.factories import account, administrator, organisation, post
from linli.territory import carrying
from linli.territory.actions import adopting
from linli.territory.models import OpenCases, Plan, PlanState
from linli.territory.rules import next_to_begin
from linli.territory.tests.adopted import a_published_plan, case_in, posts_of_grids
from linli.territory.tests.factories import planner

pytestmark = pytest.mark.django_db
ADOPTING = {"since": "2999-01-01", "open_cases": "all-stay", "confirmed": "1"}


def soon(days=10):
    return timezone.localdate() + dt.timedelta(days=days)


@pytest.fixture
def plan():
    """Adopted for ten days from now: C1x gets a post of C1b1 or C1b2, C2y or C2z has none."""
    plan = a_published_plan()
    posts_of_grids(plan.area)
    return adopting.adopt(plan, since=soon(), open_cases=OpenCases.ALL_MOVE, by=None)


def name_for(code, who="new", duty="roads"):
    """A post is named for a grid of the plan, with a holder."""
    made = Post.objects.filter(code=who).first() or post(who, holder=f"w-{who}", kind="grid")
    where = areas.by_code(code, soon())
    return organisations.answer_for(
        made, duty=Duty.objects.get(code=duty), area=where, by=administrator()
    )


def seen(plan):
    found = carrying.preview(Plan.objects.get(pk=plan.pk))
    return found, {one.code: one for one in found.carried}


def answers(code):
    rows = Answering.objects.filter(area__code=code, until=None)
    return sorted(rows.values_list("post__code", "duty__code"))


def test_a_grid_that_was_staffed_ahead_is_held(plan):
    before, _grids = seen(plan)
    [bare] = before.without
    name_for(bare.code)
    after, grids = seen(plan)
    assert after.without == []
    assert grids[bare.code].posts == ("new",)
    assert [one.code for one in carrying.carried(plan, {bare.code}) if one.held] == [bare.code]
    assert after.without_grid == before.without_grid
    # A post that nobody holds yet is no holder.
    organisations.add_post(
        "waits", {"zh": "空岗"}, organisation=Post.objects.first().organisation, by=administrator()
    )
    Answering.objects.filter(post__code="new").update(post=Post.objects.get(code="waits"))
    assert [one.code for one in seen(plan)[0].without] == [bare.code]


def test_what_was_named_ahead_stays_and_nobody_comes_in_addition(plan, monkeypatch):
    source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
    bare = seen(plan)[0].without[0].code
    name_for("C1x")
    name_for(bare, "other")
    foreseen, grids = seen(plan)
    assert (grids["C1x"].posts, grids["C1x"].source) == (("new",), None)
    assert f"post-{source}" in foreseen.without_grid
    case = case_in(source)
    assert case.owner.code == f"post-{source}"
    assert seen(plan)[0].cases.move == foreseen.cases.move + 1
    later(monkeypatch, days=10)
    assert adopting.begin_due() > 0
    began = parse(bytes(Entry.objects.filter(event="plan-began").get().body))
    assert (began.posts, began.without) == (1, 0)  # of C2a1 alone
    assert answers("C1x") == [("new", "roads")]
    assert answers(bare) == [("other", "roads")]
    assert answers(source) == []
    assert Case.objects.get(pk=case.pk).owner.code == "new"
    assert case_in(source).owner.code == "new"
    rows = Answering.objects.count()
    assert adopting.begin_due() == 0
    assert Answering.objects.count() == rows
    assert {one.code: one.posts for one in carrying.carried(plan)}["C1x"] == ("new",)


@pytest.mark.parametrize(
    ("rule", "moving", "left"),
    [(OpenCases.ALL_STAY, 0, 2), (OpenCases.BEGUN_STAY, 1, 1), (OpenCases.ALL_MOVE, 2, 0)],
)
def test_what_stays_with_a_post_that_no_grid_gets_is_counted_ahead(
    plan, monkeypatch, rule, moving, left
):
    source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
    name_for("C1x")
    begun, _other = case_in(source), case_in(source, 0.02)
    cases.add_update(begun, words="明天去看。", by=account(f"w-{source}"))
    Plan.objects.filter(pk=plan.pk).update(open_cases=rule)
    foreseen = seen(plan)[0].cases
    assert (foreseen.moving(rule), foreseen.left_by(rule)) == (moving, left)
    later(monkeypatch, days=10)
    adopting.begin_due()
    owners = list(Case.objects.values_list("owner__code", flat=True))
    assert (owners.count("new"), owners.count(f"post-{source}")) == (moving, left)


def test_only_the_duty_that_was_named_ahead_is_not_carried(plan, monkeypatch):
    source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
    old = Post.objects.get(code=f"post-{source}")
    where = areas.by_code(source)
    water = Duty.objects.get(code="water")
    organisations.answer_for(old, duty=water, area=where, by=administrator())
    name_for("C1x")
    assert seen(plan)[1]["C1x"].posts == ("new", old.code)
    later(monkeypatch, days=10)
    adopting.begin_due()
    assert answers("C1x") == [("new", "roads"), (old.code, "water")]


def test_the_post_that_would_have_come_can_be_named_too(plan, monkeypatch):
    source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
    name_for("C1x", f"post-{source}")
    later(monkeypatch, days=10)
    adopting.begin_due()
    assert answers("C1x") == [(f"post-{source}", "roads")]


def test_taking_back_calls_off_what_was_given_and_keeps_the_posts(plan):
    rows = Answering.objects.count()
    name_for("C1x")
    name_for(seen(plan)[0].without[0].code, "other")
    name_for("C1a1")  # has this code today, too, and keeps it
    assert carrying.arranged(plan).count() == 3
    adopting.take_back(plan, by=None)
    assert Answering.objects.count() == rows
    assert Post.objects.filter(code__in=("new", "other")).count() == 2
    assert not Area.objects.filter(code__in=("C1x", "C2y", "C2z")).exists()
    again = adopting.adopt(Plan.objects.get(pk=plan.pk), since=soon(), by=None)
    assert len(seen(again)[0].without) == 1


def test_everybody_reads_who_will_answer(plan, client):
    [bare] = seen(plan)[0].without
    name_for(bare.code, duty="neighbourhood")
    there = reverse("territory:grid", args=[plan.pk, bare.code])
    assert "Post new" in client.get(there, HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_a_grid_of_today_that_goes_on_keeps_what_was_given_today(plan):
    today = areas.by_code("C1a1")
    made = post("today", holder="w-today", kind="grid")
    organisations.answer_for(
        made, duty=Duty.objects.get(code="roads"), area=today, by=administrator()
    )
    adopting.take_back(plan, by=None)
    assert ("today", "roads") in answers("C1a1")


class TestThePage:
    @pytest.fixture
    def page(self, client, plan):
        client.cookies["django_language"] = "en"
        return reverse("territory:desk-adopt", args=[plan.pk])

    @pytest.fixture
    def head(self, plan):
        """Of an office that answers for grids in the first two townships."""
        office = organisation("of-the-head")
        post("office", holder="head", kind="chief", office=office)
        ground = [("neighbourhood", areas.by_code(code)) for code in ("C1", "C2")]
        post("desk", office=office, answers=ground)
        return account("head")

    def test_whoever_staffs_posts_is_led_from_the_list_to_each_grid(self, client, page, plan, head):
        [bare] = seen(plan)[0].without
        there = reverse("organisations:fill", args=[bare.code])
        for by in (head, administrator()):
            client.force_login(by)
            shown = client.get(page).content.decode()
            assert f'href="{there}"' in shown
            assert reverse("territory:desk-take-back", args=[plan.pk]) not in shown
            assert client.get(there).status_code == 200
            assert client.get(reverse("territory:desk-coming")).url == page
            assert "Grids that begin soon" in shown
            take_back = reverse("territory:desk-take-back", args=[plan.pk])
            assert client.post(take_back).status_code == 404
            assert client.post(page, ADOPTING).status_code == 404
        assert Plan.objects.get().state == PlanState.ADOPTED

    def test_grids_that_the_reader_may_give_a_post_come_first_and_the_others_lead_nowhere(
        self, client, page, plan, head
    ):
        Holding.objects.filter(post__code__in=("post-C1a1", "post-C3a1")).delete()
        client.force_login(head)
        answer = client.get(page)
        empty = [(one.code, one.fill) for one in answer.context["lists"]["empty"].all]
        assert empty == [("C1a1", True), ("C3a1", False)]
        shown = answer.content.decode()
        assert reverse("organisations:fill", args=["C1a1"]) in shown
        assert reverse("organisations:fill", args=["C3a1"]) not in shown
        client.force_login(administrator())
        empty = client.get(page).context["lists"]["empty"].all
        assert [one.fill for one in empty] == [True, True]

    def test_a_planner_reads_who_gives_the_posts_and_what_taking_back_undoes(
        self, client, page, plan
    ):
        client.force_login(planner("dolkar", plan.area))
        name_for("C1x")
        shown = client.get(page).content.decode()
        assert "1 duty was given" in shown
        assert "gives each grid a post there" in shown
        assert reverse("organisations:fill", args=["C2y"]) not in shown
        assert client.get(reverse("organisations:fill", args=["C2y"])).status_code == 404

    def test_the_page_says_what_stays_with_a_post_without_a_grid(self, client, page, plan):
        source = {one.code: one.source for one in carrying.carried(plan)}["C1x"]
        name_for("C1x")
        case_in(source)
        client.force_login(planner("dolkar", plan.area))
        assert "no grid from then on" not in client.get(page).content.decode()
        Plan.objects.filter(pk=plan.pk).update(open_cases=OpenCases.ALL_STAY)
        assert "1 open case stays with a post" in client.get(page).content.decode()

    def test_the_page_names_what_is_not_as_the_plan_left_it(self, client, page, plan, monkeypatch):
        client.force_login(planner("dolkar", plan.area))
        assert "Areas were changed" not in client.get(page).content.decode()
        import_areas([area_row("C4new", "grid", "C4a")], since=soon(5), by=None)
        shown = client.get(page).content.decode()
        assert "Take the adoption back, put the areas right" in shown
        assert "1 grid among the areas is not in this plan" in shown
        assert "<code>C4new</code>" in shown
        later(monkeypatch, days=10)
        client.force_login(account("dolkar"))
        shown = client.get(page).content.decode()
        assert "Posts and open cases are following them now" in shown
        assert "The plan goes by the areas as they are." in shown
        assert reverse("territory:desk-take-back", args=[plan.pk]) not in shown
        adopting.begin_due()
        shown = client.get(page).content.decode()
        assert "These grids are in force" in shown
        assert "<code>C4new</code>" in shown

    def test_others_have_nothing_there(self, client, page, plan):
        client.force_login(account("w-C1a1"))
        assert client.get(page).status_code == 404
        assert client.get(reverse("territory:desk-coming")).status_code == 404
        assert next_to_begin(account("w-C1a1")) is None

    def test_on_the_day_there_is_no_plan_to_wait_for(self, client, page, plan, head, monkeypatch):
        assert next_to_begin(head) == plan
        later(monkeypatch, days=10)
        adopting.begin_due()
        assert next_to_begin(head) is None
        client.force_login(head)
        assert client.get(page).status_code == 200


def test_the_page_tells_posts_named_ahead_from_those_that_come_over(plan, client, monkeypatch):
    name_for("C2y")
    who = planner("sonam", plan.area)

    def listed():
        client.force_login(who)
        answer = client.get(reverse("territory:desk-adopt", args=[plan.pk]))
        lists = answer.context["lists"]
        return [[(one.code, one.source) for one in lists[name].all] for name in ("new", "named")]

    came, named = listed()
    assert ("C2y", "") in named
    assert all(source for _code, source in came)
    assert "C1x" in {code for code, _source in came}
    later(monkeypatch, days=11)
    adopting.begin_due()
    came, named = listed()
    assert came == []
    assert {("C2y", ""), ("C1x", "")} <= set(named)
