"""The studio without scripts: lists, forms, what comes back; and what its map reads."""

import datetime as dt
import gzip
import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest
from django.contrib.staticfiles import finders
from django.db import connection
from django.db.models import Count
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from linli.areas.tests.factories import area
from linli.kernel.models import Entry
from linli.territory import parts, shades
from linli.territory.labels import unpacked
from linli.territory.models import Binding, BindingKind, Group, Plan, PlanState, Run, RunState
from linli.territory.tests.factories import account, county, plan, planner

pytestmark = pytest.mark.django_db


@pytest.fixture
def where():
    return county()


@pytest.fixture
def draft(where):
    return plan(where, titles={"en": "Grids of 2027"})


@pytest.fixture
def desk(client, where):
    client.force_login(planner("ann", where))
    client.cookies["django_language"] = "en"
    return client


def address(name, *args):
    return reverse(f"territory:{name}", args=args)


def page(desk, draft, **asked):
    got = desk.get(address("desk-plan", draft.pk), asked)
    assert got.status_code == 200
    return got.content.decode()


def neighbours(draft):
    one = draft.grids.order_by("code").first()
    return one, draft.grids.filter(line=one.line).exclude(pk=one.pk).first()


def position_in(draft, grid):
    return int((unpacked(draft.labels) == grid.number).nonzero()[0][0])


def send(desk, name, draft, **data):
    draft.refresh_from_db()
    return desk.post(address(name, draft.pk), {"revision": draft.revision, **data})


def test_planners_alone_find_the_studio(client, draft):
    client.force_login(account("somebody"))
    for path in (address("desk-list"), address("desk-begin"), address("desk-compare"),
                 address("desk-plan", draft.pk), address("desk-map", draft.pk)):  # fmt: skip
        assert client.get(path).status_code == 404
    assert client.post(address("desk-run", draft.pk)).status_code == 404
    assert not Run.objects.exists()


def test_a_planner_of_another_county_does_not_see_it(client, where, draft):
    from linli.areas.models import Area

    client.force_login(planner("bob", Area.objects.get(code="C1")))
    assert client.get(address("desk-plan", draft.pk)).status_code == 404
    assert "Grids of 2027" not in client.get(address("desk-list")).content.decode()


def test_the_list_leads_to_the_plan(desk, draft):
    text = desk.get(address("desk-list")).content.decode()
    assert "Grids of 2027" in text
    assert address("desk-plan", draft.pk) in text


def test_the_page_draws_every_grid_and_says_its_load(desk, draft):
    text = page(desk, draft)
    assert text.count('class="plan-map__grid plan-map__grid--') == draft.grids.count()
    assert text.count("mean of its township") >= draft.grids.count()
    for grid in draft.grids.all():
        assert f"?grid={grid.code}" in text


def test_a_chosen_grid_shows_its_settlements_and_what_can_be_done(desk, draft):
    one, _two = neighbours(draft)
    text = page(desk, draft, grid=one.code, at=position_in(draft, one))
    assert text.count('name="at"') == one.settlements
    for name in ("desk-move", "desk-fix", "desk-split", "desk-join", "desk-rename", "desk-centre"):
        assert f'action="{address(name, draft.pk)}"' in text
    assert f'name="at" value="{position_in(draft, one)}"' in text


def test_htmx_is_given_the_panel_alone(desk, draft):
    got = desk.get(address("desk-plan", draft.pk), headers={"HX-Request": "true"})
    text = got.content.decode()
    assert "<html" not in text
    assert 'id="studio-panel"' in text


def test_a_settlement_moves_and_moves_back(desk, draft):
    one, two = neighbours(draft)
    at = position_in(draft, one)
    got = send(desk, "desk-move", draft, grid=one.code, at=[at], to=two.code)
    assert got.status_code == 302
    draft.refresh_from_db()
    assert unpacked(draft.labels)[at] == two.number
    assert desk.post(address("desk-undo", draft.pk)).status_code == 302
    draft.refresh_from_db()
    assert unpacked(draft.labels)[at] == one.number


def test_nothing_chosen_comes_back_with_the_form_open(desk, draft):
    one, two = neighbours(draft)
    got = send(desk, "desk-move", draft, grid=one.code, to=two.code)
    assert got.status_code == 400
    assert '<details class="tool" open>' in got.content.decode()


def test_who_looked_before_somebody_changed_it_is_told(desk, draft):
    one, two = neighbours(draft)
    got = desk.post(address("desk-move", draft.pk), {
        "revision": draft.revision - 1, "grid": one.code,
        "at": [position_in(draft, one)], "to": two.code})  # fmt: skip
    assert got.status_code == 409
    assert "changed the plan in the meantime" in got.content.decode()


def test_what_one_did_not_see_one_does_not_undo_release_drop_or_calculate(desk, draft):
    one, two = neighbours(draft)
    send(desk, "desk-fix", draft, grid=one.code, reason="The school stands here.")
    lock = Binding.objects.get(plan=draft)
    other = draft.grids.filter(line=two.line).exclude(pk__in=[one.pk, two.pk]).first()
    at = [position_in(draft, two)]
    send(desk, "desk-move", draft, grid=two.code, at=at, to=other.code)
    draft.refresh_from_db()
    Group.objects.create(plan=draft, grid=one.code, code=f"{one.code}-01")
    stale, steps = draft.revision - 1, draft.steps.count()
    lock_said = {"grid": two.code, "reason": "why"}
    tied = {"tie-revision": stale, "tie-kind": "together", "tie-codes": "S000 S001",
            "tie-reason": "why"}  # fmt: skip
    for name, more, said in (
        ("desk-undo", [], {}), ("desk-release", [lock.pk], {}), ("desk-run", [], {}),
        ("desk-fix", [], lock_said), ("desk-tie", [], tied),
    ):  # fmt: skip
        got = desk.post(address(name, draft.pk, *more), {"revision": stale, **said})
        assert got.status_code == 409
        assert "changed the plan in the meantime" in got.content.decode()
    got = desk.post(address("desk-groups-drop", draft.pk), {"revision": stale}, follow=True)
    assert "changed the plan in the meantime" in got.content.decode()
    assert desk.post(address("desk-undo", draft.pk), {"revision": "x"}).status_code == 404
    assert draft.steps.filter(undone_at=None).count() == steps
    assert (draft.bindings.get(), draft.groups.count()) == (lock, 1)
    assert not Run.objects.exists()


def test_the_forms_say_which_plan_they_show(desk, draft):
    one, two = neighbours(draft)
    send(desk, "desk-fix", draft, grid=two.code, reason="why")
    send(desk, "desk-rename", draft, grid=one.code, en="East", zh="东")
    draft.refresh_from_db()
    text = page(desk, draft)
    for name, more in (("desk-undo", []), ("desk-release", [Binding.objects.get().pk])):
        form = text.split(f'action="{address(name, draft.pk, *more)}"', 1)[1].split("</form>", 1)[0]
        assert f'name="revision" value="{draft.revision}"' in form


def test_what_comes_back_can_be_sent_again(desk, draft):
    one, two = neighbours(draft)
    said = {"grid": one.code, "at": [position_in(draft, one)], "to": two.code}
    got = desk.post(address("desk-move", draft.pk), said | {"revision": draft.revision - 1})
    form = got.content.decode().split(f'action="{address("desk-move", draft.pk)}"', 1)[1]
    assert f'name="revision" value="{draft.revision}"' in form.split("</form>", 1)[0]


def test_a_grid_is_split_joined_and_renamed(desk, draft):
    one, two = neighbours(draft)
    before = draft.grids.count()
    assert send(desk, "desk-split", draft, grid=one.code).status_code == 302
    assert draft.grids.count() == before + 1
    assert send(desk, "desk-join", draft, grid=one.code, other=two.code).status_code == 302
    assert draft.grids.count() == before
    left = draft.grids.filter(line=one.line).first()
    assert send(desk, "desk-rename", draft, grid=left.code, zh="河东", en="East").status_code == 302
    left.refresh_from_db()
    assert left.names["en"] == "East"


def test_a_lock_needs_its_reason_and_can_be_released(desk, draft):
    one, _two = neighbours(draft)
    assert send(desk, "desk-fix", draft, grid=one.code).status_code == 400
    got = send(desk, "desk-fix", draft, grid=one.code, reason="The school stands here.")
    assert got.status_code == 302
    lock = Binding.objects.get(plan=draft)
    assert (lock.kind, lock.grid) == (BindingKind.LOCK, one.number)
    assert "The school stands here." in page(desk, draft)
    assert desk.post(address("desk-release", draft.pk, lock.pk)).status_code == 302
    assert not Binding.objects.exists()


def test_settlements_are_tied_by_their_codes(desk, draft):
    said = {"tie-kind": "together", "tie-codes": "S000, S001", "tie-reason": "One bridge."}
    got = send(desk, "desk-tie", draft, **said | {"tie-codes": "S000 S999"})
    assert got.status_code == 400
    assert "S999" in got.content.decode()
    assert send(desk, "desk-tie", draft, **said).status_code in (302, 409)


def test_a_calculation_is_asked_for_watched_and_stopped(desk, draft):
    assert send(desk, "desk-run", draft).status_code == 302
    assert 'hx-trigger="every 1s"' in page(desk, draft)
    got = desk.get(address("desk-progress", draft.pk))
    assert "HX-Trigger" not in got.headers
    assert desk.post(address("desk-stop", draft.pk)).status_code == 302
    Run.objects.update(state=RunState.STOPPED)
    assert desk.get(address("desk-progress", draft.pk)).headers["HX-Trigger"] == "plan-changed"


def test_why_a_calculation_failed_stands_where_it_was_watched(desk, draft):
    send(desk, "desk-run", draft)
    values = {"settlements": ["S001", "S002"], "more": 0, "lines": [draft.grids.first().line]}
    Run.objects.update(state=RunState.FAILED, error="bindings-contradict", values=values)
    for shown in (page(desk, draft), desk.get(address("desk-progress", draft.pk)).content.decode()):
        assert "S001 · S002" in shown


def test_what_was_refused_is_said_in_the_panel_too(desk, draft):
    send(desk, "desk-run", draft)
    got = desk.post(address("desk-run", draft.pk), {"revision": draft.revision},
                    headers={"HX-Request": "true"})  # fmt: skip
    assert got.status_code == 409
    assert got.headers["HX-Retarget"] == "#studio-panel"
    assert "studio-panel" in got.content.decode()
    assert "being calculated" in got.content.decode()


def test_while_it_runs_nothing_is_changed_by_hand(desk, draft):
    one, _two = neighbours(draft)
    send(desk, "desk-run", draft)
    assert address("desk-split", draft.pk) not in page(desk, draft, grid=one.code)


def test_the_best_so_far_is_read_with_its_loads(desk, draft):
    assert json.loads(unzipped(desk.get(address("desk-best", draft.pk)))) == {"labels": []}
    Run.objects.create(plan=draft, asked_at=draft.begun_at, labels=draft.labels, done=3)
    best = json.loads(unzipped(desk.get(address("desk-best", draft.pk))))
    assert best["labels"] == unpacked(draft.labels).tolist()
    for grid in draft.grids.all():
        assert best["over"][str(grid.number)] == pytest.approx(grid.over, abs=0.002)


def unzipped(got):
    assert got.status_code == 200
    return gzip.decompress(got.content) if got.headers.get("Content-Encoding") else got.content


def test_the_map_is_sent_once_for_each_state_of_the_plan(desk, draft):
    for n, name in enumerate(("desk-map", "desk-settlements")):
        got = desk.get(address(name, draft.pk), headers={"Accept-Encoding": "gzip"})
        assert got.headers["Content-Encoding"] == "gzip"
        tag = got.headers["ETag"]
        again = desk.get(address(name, draft.pk), headers={"If-None-Match": tag})
        assert again.status_code == 304
        Plan.objects.filter(pk=draft.pk).update(revision=draft.revision + 7 + n)
        assert desk.get(address(name, draft.pk), headers={"If-None-Match": tag}).status_code == 200


def test_two_plans_stand_side_by_side(desk, where, draft):
    other = plan(where, draft.gazetteer, grids=12, titles={"en": "Fewer"})
    got = desk.get(address("desk-compare"), {"a": draft.pk, "b": other.pk})
    text = got.content.decode()
    assert got.status_code == 200
    assert text.count('<svg viewBox="-4') == 2
    assert "not in this plan" in text
    assert desk.get(address("desk-compare"), {"a": draft.pk, "b": 99999}).status_code == 404
    Plan.objects.filter(pk=other.pk).update(area=area("C1"))
    got = desk.get(address("desk-compare"), {"a": draft.pk, "b": other.pk})
    assert got.status_code == 400
    assert "These plans are for two areas." in got.content.decode()


def test_many_grids_are_drawn_a_township_at_a_time(desk, draft, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 5)
    text = page(desk, draft)
    assert "?line=C1#" in text
    assert f'<image href="{address("desk-picture", draft.pk)}"' in text
    one = draft.grids.filter(line="C1").count()
    text = page(desk, draft, line="C1")
    assert text.count('class="plan-map__grid plan-map__grid--') == one


def test_a_plan_begins_by_the_form(desk, draft):
    said = {
        "title_en": "Next",
        "gazetteer": draft.gazetteer_id,
        "lines": draft.lines_id,
        "by": "grids",
        "distance": "1",
        "balance": "3",
        "outline": "1",
        "change": "1",
    }
    got = desk.post(address("desk-begin"), said)
    assert got.status_code == 400
    assert "How many grids should there be?" in got.content.decode()
    got = desk.post(address("desk-begin"), said | {"grids": 8})
    made = Plan.objects.get(titles={"en": "Next"})
    assert got.headers["Location"] == address("desk-plan", made.pk)
    assert made.grids.count() == 8


def test_a_plan_counted_against_another_than_that_in_force_says_so(desk, where, draft):
    recount = address("desk-recount", draft.pk)
    assert recount not in page(desk, draft)
    now = plan(where, draft.gazetteer)
    Plan.objects.filter(pk=now.pk).update(state=PlanState.IN_FORCE, since=timezone.localdate())
    assert f'action="{recount}"' in page(desk, draft)
    assert desk.post(recount).headers["Location"] == address("desk-plan", draft.pk)
    assert recount not in page(desk, draft)
    assert newest_event() == "plan-recounted"
    assert desk.post(recount).status_code == 409


def test_a_plan_has_a_title_in_one_language_at_least(desk, draft):
    said = {
        "gazetteer": draft.gazetteer_id, "lines": draft.lines_id, "by": "grids", "grids": 8,
        "distance": "1", "balance": "3", "outline": "1", "change": "1",
    }  # fmt: skip
    got = desk.post(address("desk-begin"), said | {"title_en": " "})
    assert got.status_code == 400
    assert "A plan needs a title, in one language." in got.content.decode()
    desk.post(address("desk-begin"), said | {"title_zh": "明年", "title_bo": "སང་ལོ།"})
    made = Plan.objects.latest("pk")
    assert made.titles == {"zh": "明年", "bo": "སང་ལོ།"}
    for language, title in (("bo", "སང་ལོ།"), ("zh-hans", "明年")):
        desk.cookies["django_language"] = language
        assert f"{title}</a>" in desk.get(address("desk-list")).content.decode()
    desk.cookies["django_language"] = "en"
    shown = desk.get(address("desk-list")).content.decode()
    assert '<span lang="zh-Hans">明年</span>' in shown


def test_a_title_is_changed_and_gets_more_languages(desk, draft):
    assert address("desk-title", draft.pk) in page(desk, draft)
    shown = desk.get(address("desk-title", draft.pk)).content.decode()
    assert 'value="Grids of 2027"' in shown
    got = desk.post(address("desk-title", draft.pk), {"title_en": " "})
    assert (got.status_code, Plan.objects.get().titles) == (400, {"en": "Grids of 2027"})
    said = {"title_en": "Grids of 2028", "title_bo": "དྲ་མིག"}
    assert desk.post(address("desk-title", draft.pk), said).status_code == 302
    assert Plan.objects.get().titles == {"en": "Grids of 2028", "bo": "དྲ་མིག"}
    assert newest_event() == "plan-retitled"
    desk.post(address("desk-title", draft.pk), said)  # nothing new
    assert Entry.objects.filter(event="plan-retitled").count() == 1
    Plan.objects.update(state=PlanState.WITHDRAWN)
    assert desk.post(address("desk-title", draft.pk), said).status_code == 404


def test_an_adopted_plan_leads_to_where_it_is_taken_back(desk, draft):
    assert address("desk-adopt", draft.pk) not in page(desk, draft)
    day = timezone.localdate() + dt.timedelta(days=30)
    Plan.objects.update(state=PlanState.ADOPTED, since=day)
    text = page(desk, draft)
    assert f'href="{address("desk-adopt", draft.pk)}"' in text
    assert "Take the adoption back" in text
    assert f'href="/grids/{draft.pk}/"' in text


def test_a_plan_that_was_given_up_leads_to_no_public_page(desk, draft):
    Plan.objects.update(state=PlanState.WITHDRAWN)
    text = page(desk, draft)
    assert f'href="/grids/{draft.pk}/"' not in text
    assert address("desk-title", draft.pk) not in text


def newest_event():
    return Entry.objects.latest("pk").event


def questions(desk, draft):
    """How many questions the database is asked for the page, with a grid chosen."""
    page(desk, draft, grid=draft.grids.first().code)
    with CaptureQueriesContext(connection) as asked:
        page(desk, draft, grid=draft.grids.order_by("code").first().code)
    return len(asked)


def test_more_grids_ask_no_more_questions(desk, where, draft):
    """Eight grids and thirty-two; what is read for each row would show."""
    few = plan(where, draft.gazetteer, grids=8)
    many = plan(where, draft.gazetteer, grids=32)
    assert (few.grids.count(), many.grids.count()) == (8, 32)
    # The edition of the areas is believed for a second, and then asked for again.
    asked = [min(questions(desk, one) for _again in range(3)) for one in (many, few)]
    assert asked[0] <= asked[1]


def test_a_plan_of_villages_speaks_of_villages(desk, where, draft):
    text = page(desk, plan(where, draft.gazetteer, lines="village"))
    assert "Work of a grid, beside the mean of its village:" in text
    assert "mean of its township" not in text
    draft = Plan.objects.latest("pk")
    line = draft.grids.values_list("line").annotate(n=Count("pk")).filter(n__gt=1)[0][0]
    text = page(desk, draft, grid=draft.grids.filter(line=line).first().code)
    assert text.count("Grids of the same village, the nearest first.") == 2
    assert "township" not in text.lower().split("<main", 1)[1]


def test_the_picture_of_all_grids_is_a_file_of_its_own(desk, draft):
    got = desk.get(address("desk-picture", draft.pk))
    assert got.headers["Content-Type"] == "image/svg+xml"
    drawn = ElementTree.fromstring(unzipped(got))
    paths = [path.get("d") for path in drawn.iter("{http://www.w3.org/2000/svg}path")]
    assert sum(path.count("M") for path in paths) == draft.grids.count()
    for step, path in enumerate(paths):
        there = sum(shades.step(grid.over) == step for grid in draft.grids.all())
        assert path.count("M") == there


def test_the_picture_has_the_colours_of_the_style_sheet():
    sheet = Path(finders.find("territory/studio.css")).read_text()
    for step, (light, dark) in enumerate(shades.COLOURS):
        assert re.findall(rf"--load-{step}: (#\w+);", sheet) == [light, dark]
