"""The page on which a draft gets neighbour groups, and where the public sees them."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from linli.areas.models import Area
from linli.territory import carrying
from linli.territory.models import Plan, PlanState
from linli.territory.tests.factories import account, county, gazetteer, plan, planner
from linli.territory.tests.test_grouping import households
from linli.territory.tests.test_torn_groups import torn_county
from linli.territory.views.studio import grouping

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    where = county(groups=True)
    return plan(where, gazetteer(where), grids=4)


@pytest.fixture
def desk(client, draft):
    client.force_login(planner("ann", draft.area))
    client.cookies["django_language"] = "en"
    return client


def page(draft, name="desk-groups"):
    return reverse(f"territory:{name}", args=[draft.pk])


def send(desk, draft, text):
    file = SimpleUploadedFile("households.csv", text.encode())
    return desk.post(page(draft), {"file": file}, follow=True)


def everywhere(draft):
    return households(draft, draft.grids.values_list("code", flat=True))


def test_the_studio_leads_there_and_only_planners_of_the_area_find_it(client, desk, draft):
    href = f'href="{page(draft)}"'
    assert href in desk.get(page(draft, "desk-plan")).content.decode()
    client.force_login(account("somebody"))
    assert client.get(page(draft)).status_code == 404
    assert client.post(page(draft, "desk-groups-drop")).status_code == 404


def test_a_draft_that_was_never_calculated_has_a_page_too(desk, draft):
    draft.grids.all().delete()
    answer = desk.get(page(draft))
    assert answer.status_code == 200
    assert answer.context["all"] == 0


def test_a_file_is_drawn_shown_exported_and_dropped(desk, draft):
    text = send(desk, draft, everywhere(draft)).content.decode()
    assert "12 groups were drawn." in text
    assert "The plan brings 12 groups along" in text
    first = draft.groups.first()
    shown = desk.get(page(draft), {"grid": first.grid}).content.decode()
    assert shown.count("plan-map__grid--2") == 3
    assert f"<title>{first.names.get('en') or first.code}: {first.code}" in shown
    file = desk.get(reverse("territory:desk-export-file", args=[draft.pk, "groups.geojson"]))
    assert len(json.loads(file.content)["features"]) == 12
    assert (
        "groups are dropped"
        in desk.post(page(draft, "desk-groups-drop"), follow=True).content.decode()
    )
    assert not draft.groups.exists()


@pytest.mark.parametrize("column", ["ethnicity", "name", "risk"])
def test_any_other_column_stops_it_by_name(desk, draft, column):
    got = send(desk, draft, f"lon,lat,{column}\n102.1,34.1,x\n")
    assert got.status_code == 400
    assert f"<bdi>{column}</bdi>" in got.content.decode()
    assert not draft.groups.exists()


def test_what_cannot_be_drawn_is_said(desk, draft, monkeypatch):
    assert "ten households of the file" in send(desk, draft, "lon,lat\n10,10\n").content.decode()
    monkeypatch.setattr(grouping, "MOST", 100)
    got = send(desk, draft, everywhere(draft))
    assert got.status_code == 400
    assert "linli grids groups" in got.content.decode()


def test_the_studio_says_before_and_after_what_becomes_of_groups(desk, draft):
    send(desk, draft, everywhere(draft))
    grid = draft.grids.order_by("code").first()
    studio = page(draft, "desk-plan")
    before = desk.get(studio, {"grid": grid.code}).content.decode()
    assert "The draft has 12 neighbour groups." in before
    assert "there are 3 neighbour groups; in this grid: 3." in before
    said = {"grid": grid.code, "revision": Plan.objects.get(pk=draft.pk).revision}
    after = desk.post(page(draft, "desk-split"), said, follow=True).content.decode()
    assert "3 neighbour groups were dropped, as their grids have another outline." in after
    assert "3 neighbour groups were dropped by the last step. Undoing brings them back." in after
    assert "that were drawn since" not in after
    send(desk, draft, everywhere(draft))
    shown = desk.get(studio).content.decode()
    assert "Undoing drops 6 neighbour groups for good that were drawn since." in shown
    said = {"revision": Plan.objects.get(pk=draft.pk).revision}
    undone = desk.post(page(draft, "desk-undo"), said, follow=True).content.decode()
    assert "3 neighbour groups are back." in undone
    assert "6 neighbour groups that were drawn since are dropped." in undone
    assert draft.groups.count() == 12


def test_a_draft_says_which_groups_of_today_its_borders_tear(desk, draft):
    assert "Groups of today at new borders" not in desk.get(page(draft)).content.decode()
    made = torn_county(1, Area.objects.get(code="C"))
    Plan.objects.filter(pk=made.pk).update(state=PlanState.DRAFT)
    text = desk.get(page(made)).content.decode()
    torn = carrying.preview(made).torn
    assert f"{len(torn.smaller)} neighbour groups are cut at a border of their grid" in text
    assert f"{len(torn.ending)} of the neighbour groups that end are torn by a border" in text
    assert f"{len(torn.bare)} grids where some people have no neighbour group then" in text
    assert all(code in text for code in torn.bare)
    Plan.objects.filter(pk=made.pk).update(state=PlanState.PUBLISHED)
    shown = desk.get(page(made, "desk-adopt")).content.decode()
    assert f"{len(torn.ending)} of the neighbour groups that end are torn by a border" in shown


def test_a_draft_without_groups_is_not_warned(desk, draft):
    grid = draft.grids.order_by("code").first()
    said = {"grid": grid.code, "revision": draft.revision}
    text = desk.get(page(draft, "desk-plan"), {"grid": grid.code}).content.decode()
    text += desk.post(page(draft, "desk-split"), said, follow=True).content.decode()
    assert "neighbour group" not in text


def test_of_a_published_plan_everybody_sees_the_groups_and_nobody_changes_them(desk, draft):
    send(desk, draft, everywhere(draft))
    Plan.objects.filter(pk=draft.pk).update(state=PlanState.PUBLISHED)
    code = draft.grids.first().code
    public = desk.get(reverse("territory:grid", args=[draft.pk, code])).content.decode()
    assert "3 groups of ten households or more" in public
    text = desk.get(page(draft)).content.decode()
    assert 'type="file"' not in text
    assert send(desk, draft, everywhere(draft)).status_code == 400
    assert draft.groups.count() == 12
