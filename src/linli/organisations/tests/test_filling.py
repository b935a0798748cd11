"""A post for an area that begins on a day to come: the action, the rules, the page."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from linli.areas import actions as areas
from linli.areas.models import Area
from linli.kernel.errors import Conflict, Forbidden, LinliError
from linli.kernel.models import Entry
from linli.organisations import actions, coverage, queries, rules
from linli.organisations.filling import Opening, usual_duties
from linli.organisations.models import Answering, Organisation, Post
from linli.organisations.tests.factories import (
    account,
    administrator,
    area,
    duty,
    organisation,
    post,
)

pytestmark = pytest.mark.django_db
TODAY, COMING = "pf/c1/t1/v1/g1", "pf/c1/t1/v1/g2"


def soon(days=3):
    return timezone.localdate() + dt.timedelta(days=days)


def noon(day):
    return timezone.make_aware(dt.datetime.combine(day, dt.time(12)))


@pytest.fixture
def village():
    """A village with a grid of today and its post, a grid that begins in three days, and above both
    a township whose office answers for grids; `head` heads it."""
    today = area(TODAY)
    area(COMING, since=soon())
    government = organisation("gov-t1", kind="government")
    committee = organisation("committee", parent=government)
    post("head", holder="head", kind="chief", office=government)
    post("desk", holder="tashi", office=government, answers=[("neighbourhood", area("pf/c1/t1"))])
    post("g1", holder="dolma", office=committee, kind="grid", answers=[("neighbourhood", today)])
    return area("pf/c1/t1/v1")


def new_grid():
    return Area.objects.get(code="g2")


def give(name="g1", by=None):
    where = Post.objects.get(code=name)
    return actions.answer_for(
        where, duty=duty("neighbourhood"), area=new_grid(), by=by or account("head")
    )


def who(at=None):
    found = queries.duty_for(new_grid(), "neighbourhood", at)
    return found.post.code


def test_a_post_answers_from_the_day_on_which_the_area_begins(village):
    answering = give()
    assert timezone.localtime(answering.since).date() == soon()
    assert timezone.localtime(answering.since).time() == dt.time(0)
    assert who() == who(noon(soon(2))) == "desk"
    assert who(noon(soon())) == "g1"
    with pytest.raises(Conflict, match="answers-already"):
        give()
    day = {a.duty.code: a.post.code for a in coverage.answers_in(new_grid(), noon(soon())) if a.own}
    assert day["neighbourhood"] == "g1"
    assert "g2" not in {gap.area.code for gap in coverage.gaps(area("pf"), duty("neighbourhood"))}


def test_what_has_not_begun_leaves_nothing_behind_when_it_is_ended(village):
    answering = give()
    actions.stop_answering(answering, by=account("head"))
    assert not Answering.objects.filter(area__code="g2").exists()
    events = list(Entry.objects.order_by("-pk").values_list("event", flat=True)[:2])
    assert events == ["duty-left", "duty-taken"]
    areas.take_back(soon(), ["g2"], by=None)
    assert not Area.objects.filter(code="g2").exists()


def test_an_area_for_which_somebody_answers_is_not_taken_back_from_under_them(village):
    answering = give()
    with pytest.raises(Conflict, match="areas-in-use"):
        areas.take_back(soon(), ["g2"], by=None)
    assert Answering.objects.get(pk=answering.pk).area == new_grid()


def test_an_area_that_is_gone_meanwhile_gets_no_post(village):
    gone = new_grid()
    areas.take_back(soon(), ["g2"], by=None)
    with pytest.raises(Conflict):
        actions.answer_for(
            Post.objects.get(code="g1"),
            duty=duty("neighbourhood"), area=gone, by=administrator(),
        )  # fmt: skip
    assert not Answering.objects.filter(area__code="g2").exists()


def test_a_post_of_its_own_comes_whole_or_not_at_all(village):
    office = Organisation.objects.get(code="committee")

    def add(code, holder=None):
        return actions.add_post_for(
            new_grid(), duty("neighbourhood"), code=code, names={"zh": "新岗"},
            organisation=office, kind=Post.Kind.GRID, holder=holder, by=account("head"),
        )  # fmt: skip

    left = account("left", is_active=False)
    with pytest.raises(LinliError, match="account-closed"):
        add("g2", left)
    assert not Post.objects.filter(code="g2").exists()
    assert not Answering.objects.filter(area__code="g2").exists()
    add("g2", account("pema"))
    assert queries.holds(account("pema"), Post.objects.get(code="g2"))
    assert who(noon(soon())) == "g2"


def test_giving_and_adding_agree_with_what_is_offered(village):
    post("elsewhere", office=organisation("beside"))
    post("check", office=organisation("committee"), oversight=True)
    people = [account("head"), account("tashi"), account("stranger"), administrator()]
    for by in people:
        for code in ("neighbourhood", "roads", "inspection"):
            for where in (new_grid(), area("pf/c2")):
                able = set(rules.posts_to_give(by, duty(code), where))
                rows = Post.objects.all()
                assert able == {p for p in rows if rules.may_give(by, p, duty(code), where)}
        for kind in Post.Kind.values:
            offices = set(rules.offices_to_add_to(by, kind))
            rows = Organisation.objects.all()
            assert offices == {o for o in rows if rules.may_add_post(by, o, kind)}


def test_a_head_gives_what_the_office_has_and_nothing_else(village):
    head, mine = account("head"), Post.objects.get(code="g1")
    beside = post("elsewhere", office=organisation("beside"))
    for what, where, to in [
        ("roads", new_grid(), mine),  # not the office's duty
        ("neighbourhood", area("pf/c2"), mine),  # not its area
        ("neighbourhood", area("pf/c1"), mine),  # above its area
        ("neighbourhood", new_grid(), beside),  # not its post
        ("inspection", new_grid(), mine),
    ]:
        with pytest.raises(Forbidden):
            actions.answer_for(to, duty=duty(what), area=where, by=head)
    office = Organisation.objects.get(code="committee")
    for kind in (Post.Kind.CHIEF, Post.Kind.SERVICE_CENTRE, Post.Kind.VERIFIER):
        with pytest.raises(Forbidden):
            actions.add_post("x", {"en": "X"}, organisation=office, kind=kind, by=head)
    with pytest.raises(Forbidden):
        actions.add_post(
            "x", {"en": "X"}, organisation=office, kind="handler", oversight=True, by=head
        )
    with pytest.raises(Forbidden):
        actions.stop_answering(Answering.objects.get(post=mine), by=account("dolma"))


def test_what_is_usual_at_a_level_comes_nearest_first(village):
    assert [d.code for d in usual_duties(new_grid())] == ["neighbourhood"]
    codes = [d.code for d in usual_duties(village)]
    assert codes[-1] == "neighbourhood"
    assert "inspection" not in codes


def test_posts_next_door_and_offices_near_are_offered(village):
    opening = Opening(new_grid(), duty("neighbourhood"))
    assert [p.code for p in opening.beside(account("head"))] == ["g1"]
    assert opening.beside(account("stranger")) == []
    offices = {o.code for o in opening.offices(account("head"))}
    assert offices == {"committee", "gov-t1"}
    give()
    assert opening.beside(account("head")) == []
    assert [(one.post.code, one.held) for one in opening.has] == [("g1", True)]


class TestPage:
    @pytest.fixture
    def page(self, client, village):
        client.force_login(account("head"))
        return reverse("organisations:fill", args=["g2"])

    def read(self, client, page):
        return client.get(page, HTTP_ACCEPT_LANGUAGE="en").content.decode()

    def test_one_click_gives_the_grid_to_a_post_next_door(self, client, page):
        assert "No post yet." in self.read(client, page)
        here = reverse("organisations:fill-by", args=["g2"])
        assert f'action="{here}?duty=neighbourhood"' in self.read(client, page)
        answer = client.post(f"{here}?duty=neighbourhood", {"post": "g1"}, follow=True)
        assert answer.status_code == 200
        assert who(noon(soon())) == "g1"
        assert "No post yet." not in self.read(client, page)
        row = reverse("organisations:post", args=[Post.objects.get(code="g1").pk])
        assert "from " in self.read(client, row)

    def test_a_new_post_waits_for_its_holder(self, client, page):
        shown = self.read(client, page)
        assert 'value="grid-g2"' in shown
        sent = {"office": "committee", "code": "grid-g2", "zh": "新岗", "username": ""}
        assert client.post(page, sent).status_code == 302
        made = Post.objects.get(code="grid-g2")
        assert (made.kind, made.organisation.code) == ("grid", "committee")
        assert "nobody holds it yet" in self.read(client, page)
        appoint = reverse("organisations:appoint", args=[made.pk])
        client.post(appoint, {"username": "dolma"})
        assert queries.holds(account("dolma"), made)
        assert "nobody holds it yet" not in self.read(client, page)

    @pytest.mark.parametrize(
        ("wrong", "says"),
        [
            ({"username": "nobody-of-this-name"}, "no open account"),
            ({"office": "beside"}, "Select a valid choice"),
            ({"code": "g1"}, "is taken"),
        ],
    )
    def test_what_is_wrong_is_said_and_changes_nothing(self, client, page, wrong, says):
        organisation("beside")
        sent = {"office": "committee", "code": "new", "zh": "新岗", **wrong}
        text = client.post(page, sent, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert says in text
        assert not Answering.objects.filter(area__code="g2").exists()

    @pytest.mark.parametrize("code", ["g2", "g1", "v1"])
    def test_areas_of_today_have_the_page_too(self, client, page, code):
        assert client.get(reverse("organisations:fill", args=[code])).status_code == 200

    @pytest.mark.parametrize(
        ("name", "code"), [("tashi", "g2"), ("stranger", "g2"), ("head", "nowhere")]
    )
    def test_it_is_for_those_who_staff_posts_and_areas_that_are(self, client, page, name, code):
        client.force_login(account(name))
        assert client.get(reverse("organisations:fill", args=[code])).status_code == 404
        where = reverse("organisations:fill-by", args=[code])
        assert client.post(where, {"post": "g1"}).status_code == 404
        assert not Answering.objects.filter(area__code="g2").exists()

    @pytest.mark.parametrize("code", ["elsewhere", "nothing", "head", ""])
    def test_a_post_that_is_not_theirs_to_staff_is_refused_in_words(self, client, page, code):
        post("elsewhere", office=organisation("beside"))
        here = reverse("organisations:fill-by", args=["g2"])
        answer = client.post(here, {"post": code}, follow=True, HTTP_ACCEPT_LANGUAGE="en")
        assert "no post of this code" in answer.content.decode()
        assert not Answering.objects.filter(area__code="g2").exists()

    def test_a_code_that_is_free_is_proposed(self, client, page):
        post("grid-g2")
        assert 'value="grid-g2-2"' in self.read(client, page)

    def test_the_form_of_a_post_knows_areas_to_come(self, client, village):
        client.force_login(administrator())
        where = reverse("organisations:answer", args=[Post.objects.get(code="g1").pk])
        client.post(where, {"duty": "neighbourhood", "area": "g2"})
        assert who(noon(soon())) == "g1"

    def test_a_gap_leads_to_the_page(self, client, village):
        post("v2", holder="pema", answers=[("neighbourhood", area("pf/c1/t1/v2"))])
        client.force_login(account("head"))
        gaps = self.read(client, reverse("organisations:coverage") + "?duty=neighbourhood")
        assert f'href="{reverse("organisations:fill", args=["v1"])}?duty=neighbourhood"' in gaps
