"""Where a draft goes from the studio: to everybody, into files, or away."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from linli.territory.actions import plans
from linli.territory.models import PlanState
from linli.territory.tests.factories import account, county, plan, planner
from linli.territory.views.studio import exporting

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return plan(county(), titles={"en": "Grids of 2027"})


@pytest.fixture
def desk(client, draft):
    client.force_login(planner("ann", draft.area))
    client.cookies["django_language"] = "en"
    return client


def at(name, draft, *more):
    return reverse(f"territory:{name}", args=[draft.pk, *more])


def in_days(days):
    return (timezone.localdate() + dt.timedelta(days=days)).isoformat()


def state_of(draft):
    draft.refresh_from_db()
    return draft.state


def test_the_studio_leads_to_both_pages(desk, draft):
    text = desk.get(at("desk-plan", draft)).content.decode()
    for name in ("desk-publish", "desk-export"):
        assert f'href="{at(name, draft)}"' in text
        assert desk.get(at(name, draft)).status_code == 200


def test_only_planners_come_there(client, draft):
    client.force_login(account("somebody"))
    file = at("desk-export-file", draft, "plan.geojson")
    for path in (at("desk-publish", draft), at("desk-export", draft), file):
        assert client.get(path).status_code == 404
    for name in ("desk-publish", "desk-withdraw"):
        assert client.post(at(name, draft), {"until": in_days(20)}).status_code == 404
    assert state_of(draft) == PlanState.DRAFT


def test_a_draft_is_published_until_a_day(desk, draft):
    got = desk.post(at("desk-publish", draft), {"until": in_days(-1)})
    assert got.status_code == 400
    assert "Comments need a day that is still to come." in got.content.decode()
    assert state_of(draft) == PlanState.DRAFT
    assert desk.post(at("desk-publish", draft), {"until": in_days(20)}).status_code == 302
    assert state_of(draft) == PlanState.PUBLISHED
    assert draft.comments_until.isoformat() == in_days(20)
    assert desk.get(at("desk-publish", draft)).status_code == 404


def test_a_draft_is_given_up(desk, draft):
    assert desk.post(at("desk-withdraw", draft)).status_code == 302
    assert state_of(draft) == PlanState.WITHDRAWN


def test_who_saw_an_older_draft_does_not_publish_retitle_or_give_it_up(desk, draft):
    stale = draft.revision
    plans.retitle(draft, {"en": "Another"}, by=None)
    draft.refresh_from_db()
    sent = {
        "desk-publish": {"until": in_days(20)},
        "desk-withdraw": {"sure": "1"},
        "desk-title": {"title_en": "Mine"},
    }
    for name, said in sent.items():
        assert desk.post(at(name, draft), {**said, "revision": "x"}).status_code == 404
        got = desk.post(at(name, draft), {**said, "revision": stale}, follow=True)
        text = got.content.decode()
        assert "changed the plan in the meantime" in text
        forms = desk.get(at("desk-publish" if name == "desk-withdraw" else name, draft))
        hidden = f'name="revision" value="{draft.revision}"'
        assert forms.content.decode().count(hidden) == (1 if name == "desk-title" else 2)
    assert state_of(draft) == PlanState.DRAFT
    assert draft.titles == {"en": "Another"}
    now = {**sent["desk-publish"], "revision": draft.revision}
    assert desk.post(at("desk-publish", draft), now).status_code == 302
    assert state_of(draft) == PlanState.PUBLISHED


def test_files_for_maps_hold_every_grid(desk, draft):
    got = desk.get(at("desk-export-file", draft, "plan.geojson"))
    assert len(json.loads(got.content)["features"]) == draft.grids.count()
    packed = desk.get(at("desk-export-file", draft, "plan.gpkg"))
    assert packed.content.startswith(b"SQLite format 3")
    assert "no-store" in packed.headers["Cache-Control"]
    assert desk.get(at("desk-export-file", draft, "plan.exe")).status_code == 404


def test_an_atlas_of_many_pages_is_left_to_the_command_line(desk, draft, monkeypatch):
    monkeypatch.setattr(exporting, "MOST", 5)
    assert "linli grids export" in desk.get(at("desk-export", draft)).content.decode()
    assert desk.get(at("desk-export-file", draft, "atlas.pdf")).status_code == 404
