"""A draft shaped, fixed, published and given up from the command line."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from linli.territory.commands import grids
from linli.territory.labels import unpacked
from linli.territory.models import Plan, PlanState
from linli.territory.tests.drafts import draft, prefecture

pytestmark = pytest.mark.django_db


@pytest.fixture
def plan():
    prefecture()
    return draft()


def say(*words):
    """What the command answers, as it says it to scripts."""
    done = CliRunner().invoke(grids, [*map(str, words), "--json"], catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return json.loads(done.output)


def refused(*words):
    """What it says where it does not do it."""
    done = CliRunner().invoke(grids, [*map(str, words)], env={"LC_ALL": "C"})
    assert done.exit_code == 1
    return done.output


def labels(plan):
    return unpacked(Plan.objects.get(pk=plan.pk).labels).tolist()


def codes(plan):
    """The grids of the first township, those of its first settlements and of its last."""
    by_number = dict(plan.grids.values_list("number", "code"))
    now = labels(plan)
    return by_number[now[0]], by_number[now[3]]


def test_a_settlement_moves_and_the_step_is_undone(plan):
    before, (_west, east) = labels(plan), codes(plan)
    assert say("move", plan.pk, "A1-s1", "--to", east)["kind"] == "moved"
    after = labels(plan)
    assert [n for n, pair in enumerate(zip(before, after, strict=True)) if pair[0] != pair[1]] == [
        1
    ]
    assert after[1] == before[3]
    done = say("undo", plan.pk)
    assert labels(plan) == before
    step = plan.steps.get(kind="moved")
    assert (done["step"], done["undone"]) == (step.pk, step.get_kind_display())
    assert done["made_at"] == step.made_at.isoformat(timespec="seconds")


def test_with_a_revision_only_the_plan_that_was_seen_is_changed(plan):
    [seen] = say("list")["plans"]
    west, east = codes(plan)
    say("move", plan.pk, "A1-s1", "--to", east)
    until = timezone.localdate() + dt.timedelta(days=9)
    told = [
        ("undo",), ("retitle", "--title", "Mine"), ("rename", west, "--en", "West"),
        ("publish", "--until", until), ("withdraw",),
    ]  # fmt: skip
    for name, *words in told:
        said = [name, plan.pk, *words, "--revision", seen["revision"]]
        assert "plan-changed" in refused(*said)
    assert Plan.objects.get(pk=plan.pk).state == PlanState.DRAFT
    for name, *words in told:
        [now] = say("list")["plans"]
        say(name, plan.pk, *words, "--revision", now["revision"])


def test_grids_are_split_and_joined(plan):
    west, east = codes(plan)
    assert say("split", plan.pk, west)["grids"] == 5
    assert say("join", plan.pk, west, east)["grids"] == 4


def test_a_grid_gets_its_names(plan):
    west, _east = codes(plan)
    say("rename", plan.pk, west, "--zh", "河西", "--en", "West bank")
    assert plan.grids.get(code=west).names == {"zh": "河西", "en": "West bank"}
    assert "nothing-to-do" in refused("rename", plan.pk, west)


def test_a_plan_is_called_something_else_and_the_other_languages_stay(plan):
    assert say("retitle", plan.pk, "--title-bo", "སང་ལོ།")["titles"] == {"en": "Plan", "bo": "སང་ལོ།"}
    say("retitle", plan.pk, "--title", "Next year")
    assert Plan.objects.get(pk=plan.pk).titles == {"en": "Next year", "bo": "སང་ལོ།"}
    say("withdraw", plan.pk)
    assert "plan-over" in refused("retitle", plan.pk, "--title", "Late")


def test_what_is_fixed_has_its_reason_and_can_be_released(plan):
    west, _east = codes(plan)
    made = say("fix", plan.pk, "lock", "--grid", west, "--reason", "A new office stands there.")
    assert plan.bindings.get().reason == "A new office stands there."
    say("release", plan.pk, made["binding"])
    assert not plan.bindings.exists()
    apart = ["--settlement", "A1-s0", "--settlement", "A1-s3"]
    say("fix", plan.pk, "apart", *apart, "--reason", "A gorge lies between.")
    assert plan.bindings.get().positions == [0, 3]


def test_a_draft_is_published_and_given_up(plan):
    until = timezone.localdate() + dt.timedelta(days=9)
    assert say("publish", plan.pk, "--until", until)["state"] == PlanState.PUBLISHED
    assert Plan.objects.get(pk=plan.pk).comments_until == until
    assert say("withdraw", plan.pk)["state"] == PlanState.WITHDRAWN


def test_what_is_not_there_is_named(plan):
    west, _east = codes(plan)
    assert "no plan with this number. (plan: 999)" in refused("undo", 999)
    assert "no grid of this code. (grid: nowhere)" in refused("split", plan.pk, "nowhere")
    assert "no such settlement. (code: nobody)" in refused("move", plan.pk, "nobody", "--to", west)
    assert "under this number. (binding: 7)" in refused("release", plan.pk, 7)


@pytest.mark.parametrize("words", [("undo", 999), ("take-back", 999), ("compare", 999, 998)])
def test_scripts_are_told_by_a_code_what_is_not_there(words):
    done = CliRunner().invoke(grids, [*map(str, words), "--json"])
    assert done.exit_code == 1
    assert json.loads(done.stdout) == {"error": "plan-missing", "fields": {"plan": 999}}


def test_change_is_counted_against_the_plan_in_force(plan):
    assert "nothing-to-do" in refused("recount", plan.pk)
    now = draft(plan.gazetteer)
    Plan.objects.filter(pk=now.pk).update(state=PlanState.IN_FORCE, since=timezone.localdate())
    assert say("recount", plan.pk)["before"] == now.pk
