"""The planners' desk of comments: what is opened, shown, taken away."""

import pytest
from django.urls import reverse

from linli.kernel.models import Entry
from linli.territory.actions import comments
from linli.territory.models import Comment, CommentState, Grid, PlanState
from linli.territory.tests.factories import area, bare_plan, planner
from linli.territory.tests.test_comments import WORDS, later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def who():
    return planner("sonam", area("pf/c1"))


@pytest.fixture
def row():
    plan = bare_plan(area("pf/c1"), state=PlanState.PUBLISHED, comments_until=later())
    Grid.objects.create(plan=plan, number=0, code="g1", line="t1", wkb=b"x")
    return comments.comment(plan, text=WORDS, grid="g1", language="en")


@pytest.fixture
def desk(client, who):
    client.force_login(who)
    client.cookies["django_language"] = "en"
    return client


def listed(desk, row, state=""):
    return desk.get(reverse("territory:desk-comments", args=[row.plan_id]), {"state": state})


def one(row):
    return reverse("territory:desk-comment", args=[row.plan_id, row.pk])


def looks():
    return list(Entry.objects.filter(event="comment-seen").values_list("subject", "by__username"))


def test_the_list_opens_nothing_and_the_page_says_that_it_is_kept(desk, row):
    assert "zwqwords" not in listed(desk, row).content.decode()
    assert looks() == []
    text = desk.get(one(row)).content.decode()
    assert "zwqwords" in text
    assert "The journal keeps who opened these words" in text
    assert looks() == [(row.pk, "sonam")]


def test_whoever_may_not_read_it_leaves_no_look(client, row):
    client.force_login(planner("beside", area("pf/c2")))
    assert client.get(one(row)).status_code == 404
    assert looks() == []


def test_the_list_of_what_is_shown_has_its_words(desk, row, who):
    desk.post(one(row), {"step": "show", "public_text": "The ford."})
    assert "The ford." in listed(desk, row, "released").content.decode()


@pytest.mark.parametrize("sent", [{"step": "hide"}, {"step": "erase", "sure": "1"}])
def test_a_name_noticed_late_is_taken_away(desk, row, who, sent):
    comments.read(row, release=True, public_text="Ask Tsering at the ford.", by=who)
    comments.erase_in_time(row)
    text = desk.get(one(row)).content.decode()
    assert "What was written is erased." in text
    assert "Take it away for good" in text
    assert looks() == []
    assert desk.post(one(row), {"step": "show", "public_text": "Ask at the ford."}).status_code
    assert Comment.objects.get().public_text == "Ask at the ford."
    assert desk.post(one(row), sent).status_code == 302
    left = Comment.objects.get()
    assert (left.state, left.public_text) == (CommentState.ERASED, "")
    text = desk.get(one(row)).content.decode()
    assert 'name="step"' not in text
    assert desk.post(one(row), {"step": "hide"}).status_code == 404
