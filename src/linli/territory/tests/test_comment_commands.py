"""Comments read, shown, answered and erased from the command line."""

import json

import pytest
from click.testing import CliRunner

from linli.kernel.models import Contact, Entry
from linli.territory.actions import comments
from linli.territory.commands import grids
from linli.territory.models import Comment, CommentState, Grid, PlanState
from linli.territory.tests.factories import area, bare_plan, planner
from linli.territory.tests.test_comments import SMS, WORDS, later

pytestmark = pytest.mark.django_db
BY = ("--by", "sonam")


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def plan():
    planner("sonam", area("pf/c1"))
    made = bare_plan(area("pf/c1"), state=PlanState.PUBLISHED, comments_until=later())
    Grid.objects.create(plan=made, number=0, code="g1", line="t1", wkb=b"x")
    return made


@pytest.fixture
def row(plan):
    return comments.comment(plan, text=WORDS, grid="g1", language="en", contact=SMS)


def run(*words, code=0):
    """What `linli grids` prints, and that it ends with this code."""
    done = CliRunner().invoke(grids, [*map(str, words)], env={"LC_ALL": "C"})
    assert done.exit_code == code, done.output
    return done.output


def say(*words, code=0):
    return json.loads(run(*words, "--json", code=code))


def newest():
    return Entry.objects.filter(event__startswith="comment").latest("pk")


def test_the_list_says_what_everybody_may_know(plan, row):
    comments.comment(plan, text="Second.", language="en")
    found = say("comments", plan.pk)
    assert found["counts"] == {"waiting": 2, "released": 0, "withheld": 0, "erased": 0}
    assert [one["grid"] for one in found["comments"]] == ["g1", ""]
    for told in (
        json.dumps(found),
        run("comments", plan.pk),
        run("comments", plan.pk, "--state", "waiting"),
    ):
        assert "zwqwords" not in told
        assert "5550123" not in told
    assert say("comments", plan.pk, "--state", "released")["comments"] == []
    run("comments", plan.pk, "--state", "lost", code=2)


def test_a_planner_reads_shows_answers_and_hides(plan, row):
    assert say("comment", "read", row.pk, *BY)["text"] == WORDS
    assert (newest().event, newest().by.username) == ("comment-seen", "sonam")
    assert say("comment", "show", row.pk, *BY, "--text", "The ford.")["public_text"] == "The ford."
    assert (newest().event, newest().by.username) == ("comment-read", "sonam")
    answered = run("comment", "answer", row.pk, *BY, "--text", "It ends at the ford.")
    assert "answer: It ends at the ford." in answered
    assert f"{row.pk}  " in run("comments", plan.pk)
    assert "The ford." in run("comments", plan.pk, "--state", "released")
    assert "5550123" not in run("comment", "read", row.pk, *BY)
    hidden = say("comment", "hide", row.pk, *BY)
    assert (hidden["state"], hidden["public_text"], hidden["answer"]) == ("withheld", "", "")
    assert say("comment", "answer", row.pk, *BY, "--text", "No.", code=1)["error"] == "not-released"
    assert say("comment", "show", row.pk, *BY)["public_text"] == WORDS


def test_erasing_asks_once_more(plan, row):
    run("comment", "erase", row.pk, *BY, code=1)
    assert Comment.objects.get().state == CommentState.WAITING
    assert say("comment", "erase", row.pk, *BY, "--yes")["state"] == "erased"
    assert not Contact.objects.exists()
    assert say("comment", "read", row.pk, *BY)["text"] == ""
    assert say("comment", "show", row.pk, *BY, code=1)["error"] == "erased"


def test_what_was_shown_is_taken_away_after_the_words_were_erased(plan, row):
    for verb in ("hide", "erase"):
        one = comments.comment(plan, text=WORDS, language="en")
        say("comment", "show", one.pk, *BY)
        comments.erase_in_time(one)
        sure = ["--yes"] if verb == "erase" else []
        done = say("comment", verb, one.pk, *BY, *sure)
        assert (done["state"], done["public_text"]) == ("erased", "")


@pytest.mark.parametrize("verb", [("read",), ("show",), ("hide",), ("answer", "--text", "x")])
def test_nobody_but_planners_of_the_area(plan, row, verb):
    planner("beside", area("pf/c2"))
    name, *more = verb
    run("comment", name, row.pk, *more, code=2)  # without --by
    assert say("comment", name, row.pk, *more, "--by", "x", code=1)["error"] == "account-missing"
    assert say("comment", name, row.pk, *more, "--by", "beside", code=1)["error"] == "not-found"
    assert Comment.objects.get().state == CommentState.WAITING


def test_what_is_not_there(plan):
    assert say("comment", "read", 999, *BY, code=1)["error"] == "not-found"
    assert say("comments", 999, code=1)["error"] == "plan-missing"
