"""What a draft aims at is changed on a page and from the command line, before it is calculated."""

import json

import pytest
from click.testing import CliRunner
from django.urls import reverse

from linli.territory.commands import grids
from linli.territory.models import Plan, PlanState
from linli.territory.tests.factories import account, county, gazetteer, plan, planner
from linli.territory.weights import Weights

pytestmark = pytest.mark.django_db
SAID = {"by": "grids", "grids": 6, "distance": "1", "balance": "1", "outline": "1", "change": "1"}


@pytest.fixture
def draft():
    where = county()
    return plan(where, gazetteer(where), grids=4, weights=Weights(distance=1.7, change=2.5))


@pytest.fixture
def desk(client, draft):
    client.force_login(planner("ann", draft.area))
    client.cookies["django_language"] = "en"
    return client


def page(draft):
    return reverse("territory:desk-aims", args=[draft.pk])


def now(draft):
    return Plan.objects.get(pk=draft.pk)


def test_the_studio_leads_there_and_the_page_shows_what_is(desk, draft):
    studio = desk.get(reverse("territory:desk-plan", args=[draft.pk])).content.decode()
    assert f'href="{page(draft)}"' in studio
    form = desk.get(page(draft)).context["form"]
    shown = {name: form[name].value() for name in form.fields}
    assert shown["grids"] == 4
    assert (shown["distance"], shown["change"], shown["band"]) == ("1", "3", 3)


def test_what_is_said_counts_and_what_is_left_stays_exactly(desk, draft):
    got = desk.post(page(draft), {**SAID, "change": "3", "band": 8, "barriers": "on"}, follow=True)
    assert "Calculate the plan" in got.content.decode()
    assert now(draft).wanted == {"grids": 6, "barriers": True}
    weights = now(draft).weights
    assert (weights["distance"], weights["change"], weights["band"]) == (1.7, 2.5, 0.08)
    desk.post(page(draft), {**SAID, "by": "band", "least": 200, "most": 900, "band": 8})
    assert now(draft).wanted == {"from": 200.0, "to": 900.0}
    assert now(draft).weights["change"] == 1.0


@pytest.mark.parametrize("wrong", [{"grids": ""}, {"band": 0}, {"band": 51}, {"by": "band"}])
def test_what_is_no_aim_is_said_and_changes_nothing(desk, draft, wrong):
    assert desk.post(page(draft), {**SAID, "band": 3, **wrong}).status_code == 400
    assert now(draft).revision == draft.revision


def test_a_plan_that_was_changed_meanwhile_is_looked_at_again(desk, draft):
    stale = draft.revision
    desk.post(page(draft), {**SAID, "band": 5, "revision": stale})
    got = desk.post(page(draft), {**SAID, "grids": 9, "band": 5, "revision": stale})
    assert got.status_code == 400
    assert f'name="revision" value="{now(draft).revision}"' in got.content.decode()
    assert now(draft).wanted == {"grids": 6}


def test_only_drafts_have_aims_to_change_and_only_for_their_planners(client, desk, draft):
    Plan.objects.filter(pk=draft.pk).update(state=PlanState.PUBLISHED)
    assert desk.get(page(draft)).status_code == 404
    Plan.objects.filter(pk=draft.pk).update(state=PlanState.DRAFT)
    client.force_login(account("somebody"))
    assert client.get(page(draft)).status_code == 404
    assert client.post(page(draft), {**SAID, "band": 3}).status_code == 404


def run(*words):
    done = CliRunner().invoke(grids, [str(word) for word in (*words, "--json")])
    return done.exit_code, json.loads(done.stdout) if done.exit_code == 0 else done.output


def test_the_command_line_sets_what_is_named_and_leaves_the_rest(draft):
    _code, said = run("aims", draft.pk, "--band", 0.1, "--barriers")
    assert said["wanted"] == {"grids": 4, "barriers": True}
    assert (said["weights"]["band"], said["weights"]["distance"]) == (0.1, 1.7)
    _code, said = run("aims", draft.pk, "--from", 100, "--to", 300)
    assert said["wanted"] == {"from": 100.0, "to": 300.0, "barriers": True}
    _code, said = run("aims", draft.pk, "--grids", 5, "--no-barriers")
    assert said["wanted"] == {"grids": 5}
    assert run("aims", draft.pk, "--grids", 5, "--from", 3)[0] == 1
    assert run("aims", draft.pk, "--band", 0.9)[0] == 1
    assert now(draft).wanted == {"grids": 5}
