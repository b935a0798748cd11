"""Published plans as everybody reads them, and the planners' desk of comments."""

import datetime as dt
import gzip
import json
import uuid

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.areas.actions import load
from linli.areas.models import Level
from linli.areas.tests.factories import area, area_row, box, point, small_prefecture
from linli.organisations.tests.factories import post
from linli.territory import exports, jobs, labels, parts, queries
from linli.territory.actions import comments
from linli.territory.exports import fonts
from linli.territory.models import BindingKind, Comment, Gazetteer, Grid, Plan, PlanState
from linli.territory.tests.factories import bare_comment, bare_gazetteer, bare_plan, planner
from linli.territory.views.public import floods

pytestmark = pytest.mark.django_db
SPOTS = [(1, 1), (1, 4), (4, 1), (4, 4)]  # of A1, the first two in the west
WORDS = "The ford cannot be crossed in June."


@pytest.fixture(autouse=True)
def alone(settings, tmp_path):
    settings.KEYS, settings.VAR = tmp_path / "keys", tmp_path
    cache.clear()


@pytest.fixture
def who():
    small_prefecture()
    return planner("sonam", area("A"))


@pytest.fixture
def plan(who):
    """Two grids of A1; the second settlement goes from the west to the east."""
    gazetteer = bare_gazetteer(area("A"))
    for position, spot in enumerate(SPOTS):
        lon, lat = point(*spot)
        gazetteer.rows.create(position=position, code=f"s{position}", lon=lon, lat=lat,
                              households=20 + position, workload=1.0)  # fmt: skip
    before = made(gazetteer, [0, 0, 1, 1], PlanState.IN_FORCE, titles={"en": "Last year"})
    until = timezone.localdate() + dt.timedelta(days=30)
    return made(gazetteer, [0, 1, 1, 1], PlanState.PUBLISHED, titles={"en": "The proposal"},
                before=before, comments_until=until)  # fmt: skip


def made(gazetteer: Gazetteer, numbers, state, **fields) -> Plan:
    lines = Level.objects.get(code="township")
    values = {"gazetteer": gazetteer, "labels": labels.packed(numbers), "lines": lines}
    plan = bare_plan(area("A"), state, **values, **fields)
    for number, (name, corners) in enumerate((("West", (0, 0, 2, 5)), ("East", (2, 0, 5, 5)))):
        Grid.objects.create(
            plan=plan, number=number, code=f"g{number}", line="A1", over=1, load=2,
            wkb=box(*corners), names={"en": name, "zh": name}, settlements=2, households=40,
        )  # fmt: skip
    return plan


def page(client, path, **query):
    client.cookies["django_language"] = "en"
    got = client.get(path, query)
    assert got.status_code == 200
    return got.content.decode()


def send(client, path, **more):
    fields = {"step": "send", "text": WORDS, "mark": str(uuid.uuid4())}
    return client.post(path, fields | more)


@pytest.mark.parametrize("roads", [True, False])
def test_pages_say_whether_a_way_on_the_ground_is_by_road(client, plan, roads):
    if roads:
        Gazetteer.objects.update(net=labels.packed([[0, 1, 1000]]))
    for address in (f"/grids/{plan.pk}/", f"/grids/{plan.pk}/g0/"):
        text = page(client, address)
        assert ("by road, and from the road to the settlement" in text) is roads
        assert ("from settlement to settlement, round rivers" in text) is not roads


def test_published_plans_are_listed_and_drafts_are_not(client, plan):
    draft = bare_plan(area("A"), titles={"en": "A secret draft"})
    text = page(client, "/grids/")
    assert "The proposal" in text
    assert "Last year" in text
    assert "A secret draft" not in text
    for path in (f"/grids/{draft.pk}/", f"/grids/{draft.pk}/plan.geojson", "/grids/999/"):
        assert client.get(path).status_code == 404


def test_the_page_says_what_changes_and_until_when(client, plan):
    text = page(client, f"/grids/{plan.pk}/")
    assert "You can say something about it until" in text
    assert "21 households, " in text  # that get another grid
    assert text.count("<path d=") >= 2
    assert f'href="/grids/{plan.pk}/g1/"' in text
    assert len(text.encode()) < 100_000


def test_what_was_fixed_is_shown_with_its_reason(client, plan):
    reason = "The school bus goes round it.\r\n校车绕过这里。\n\nསློབ་འཁོར་འདི་སྐོར།"
    plan.bindings.create(kind=BindingKind.LOCK, grid=1, reason=reason, made_at=timezone.now())
    for path in (f"/grids/{plan.pk}/", f"/grids/{plan.pk}/g1/"):
        text = page(client, path)
        assert '<p class="row__text" >The school bus goes round it.</p>' in text
        assert 'lang="zh-Hans">校车绕过这里。</p>' in text
        assert 'lang="bo">སློབ་འཁོར་འདི་སྐོར།</p>' in text
        assert '<p class="row__title">East</p>' in text
    assert "The school bus" not in page(client, f"/grids/{plan.pk}/g0/")


def test_settlements_that_are_kept_apart_are_named(client, plan):
    """By the name of the area that they are today, else by their code; on the pages of both."""
    load([area_row("s0", "village", "A1", (0, 0, 2, 2))], by=None)
    plan.bindings.create(kind=BindingKind.APART, positions=[0, 1], reason="A gorge.",
                         made_at=timezone.now())  # fmt: skip
    for path in (f"/grids/{plan.pk}/", f"/grids/{plan.pk}/g0/", f"/grids/{plan.pk}/g1/"):
        text = page(client, path)
        assert '<p class="row__title">Area s0 · s1</p>' in text
        assert "these settlements do not share a grid" in text
    lon, lat = point(*SPOTS[3])
    plan.bindings.create(kind=BindingKind.CENTRE, lon=lon + 1e-4, lat=lat, reason="The clinic.",
                         made_at=timezone.now())  # fmt: skip
    assert '<p class="row__title">s3</p>' in page(client, f"/grids/{plan.pk}/g1/")
    assert "The clinic." not in page(client, f"/grids/{plan.pk}/g0/")


def test_the_pages_speak_of_the_plan_s_own_lines(client, plan):
    village = Level.objects.create(code="village", depth=4, names={"en": "Village"})
    Plan.objects.filter(pk=plan.pk).update(lines=village)
    assert "1 is the mean of the grids of its village" in page(client, f"/grids/{plan.pk}/g1/")


def test_my_place_is_found_by_its_area_its_name_and_a_point(client, plan):
    post("west", answers=[("neighbourhood", area("A1"))], phone="0971 5550100")
    text = page(client, f"/grids/{plan.pk}/", area="A1")
    assert "From West to East" in text
    assert "Stays in West" in text
    assert "0971 5550100" in text
    assert 'href="?area=A1#mine"' in page(client, f"/grids/{plan.pk}/", q="Area A1")
    assert "In East" in here(client, plan, *point(3, 3))
    assert "outside the area of the plan" in here(client, plan, *point(9, 9))
    for lon, lat in (("x", "1e999"), ("nan", "1"), ("", ""), ("1" * 99, "\0")):
        assert "not coordinates" in here(client, plan, lon, lat)
    for query in ({"area": "B"}, {"area": "\0"}, {"in": "\0"}):
        page(client, f"/grids/{plan.pk}/", **query)


def here(client, plan, lon, lat):
    """The page as it answers somebody's place, which it neither writes nor repeats."""
    sent = {"step": "here", "lon": lon, "lat": lat}
    with CaptureQueriesContext(connection) as asked:
        got = client.post(f"/grids/{plan.pk}/", sent)
    assert got.status_code == 200
    assert "no-store" in got["Cache-Control"]
    assert not got.cookies
    assert {query["sql"].split()[0] for query in asked} == {"SELECT"}
    assert not lon or f'value="{lon}"' not in got.content.decode()
    return got.content.decode()


def test_a_place_in_an_address_is_not_looked_at(client, plan):
    lon, lat = point(3, 3)
    assert "In East" not in page(client, f"/grids/{plan.pk}/", lon=lon, lat=lat)


def test_who_answers_now_and_who_would(client, plan, who):
    load([area_row("g0", "grid", "A1", (0, 0, 5, 5))], by=None)
    post("stays", holder="pema", answers=[("neighbourhood", area("g0"))])
    text = page(client, f"/grids/{plan.pk}/", area="A1")
    assert text.count("Answers there today: Post stays") == 2  # for who stays, and for who goes
    assert text.count("the same as today") == 1
    assert text.count("somebody new, who is not named yet") == 2  # in g1, twice
    assert "the same as today" in page(client, f"/grids/{plan.pk}/g0/")
    assert "somebody new, who is not named yet" in page(client, f"/grids/{plan.pk}/g1/")
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.ENDED, since=timezone.localdate())
    for path in (f"/grids/{plan.pk}/?area=A1", f"/grids/{plan.pk}/g1/"):
        text = page(client, path)
        assert "Answers there" not in text
        assert "With the plan:" not in text


def test_a_plan_in_force_says_since_when_and_takes_no_comments(client, plan):
    Plan.objects.filter(state=PlanState.IN_FORCE).update(state=PlanState.ENDED)
    load([area_row("g0", "grid", "A1", (0, 0, 2, 5))], by=None)
    since = timezone.localdate()
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.IN_FORCE, since=since)
    text = page(client, f"/grids/{plan.pk}/")
    assert "These grids have answered since" in text
    assert "Which grid am I in?" in text
    assert "21 households, " not in text  # "get another grid than they have now" is over
    assert 'id="comment"' not in text
    assert "What changed with this plan" in page(client, f"/grids/{plan.pk}/g1/")


def test_many_grids_are_shown_area_by_area(client, plan, monkeypatch):
    monkeypatch.setattr(parts, "MOST", 1)
    plan.grids.filter(code="g1").update(joining=21)
    text = page(client, f"/grids/{plan.pk}/")
    assert 'href="?in=A1#grids"' in text
    assert f'href="/grids/{plan.pk}/?in=A1#grids"' in text  # on the map
    assert f'href="/grids/{plan.pk}/g1/"' not in text
    assert "many get another grid" in text  # 21 of 80 households
    assert "get another grid" not in page(client, f"/grids/{plan.before_id}/")
    inside = page(client, f"/grids/{plan.pk}/?in=A1")
    assert f'href="/grids/{plan.pk}/g1/"' in inside
    assert 'href="?in=A#grids"' in inside  # and back
    assert page(client, f"/grids/{plan.pk}/?in=B").count("?in=B") == 0


@pytest.mark.parametrize("where", ["", "g1/"])
def test_the_button_that_sends_is_the_main_one(client, plan, where):
    assert 'class="button button--primary" type="submit" name="step"' in page(
        client, f"/grids/{plan.pk}/{where}"
    )


def test_a_grid_says_who_comes_and_who_goes(client, plan):
    text = page(client, f"/grids/{plan.pk}/g1/")
    assert "21 households come from West." in text
    assert "45 households stay in this grid." in text
    assert "21 households go to East." in page(client, f"/grids/{plan.pk}/g0/")
    assert client.get(f"/grids/{plan.pk}/g9/").status_code == 404


def test_outlines_and_figures_leave_as_a_file(client, plan):
    got = client.get(f"/grids/{plan.pk}/plan.geojson")
    features = json.loads(got.content)["features"]
    assert [f["properties"]["code"] for f in features] == ["g0", "g1"]
    assert {f["geometry"]["type"] for f in features} <= {"Polygon", "MultiPolygon"}
    assert "settlements" in features[0]["properties"]


def test_the_file_is_built_once_for_many_and_not_sent_again_unchanged(client, plan, monkeypatch):
    built, build = [], queries.map_features
    monkeypatch.setattr(queries, "map_features", lambda row: built.append(row) or build(row))
    where = f"/grids/{plan.pk}/plan.geojson"
    first = client.get(where, headers={"accept-encoding": "gzip"})
    again = client.get(where)
    assert json.loads(gzip.decompress(first.content)) == json.loads(again.content)
    assert client.get(where, headers={"if-none-match": first["ETag"]}).status_code == 304
    assert len(built) == 1
    Plan.objects.filter(pk=plan.pk).update(revision=plan.revision + 1)
    assert client.get(where)["ETag"] != first["ETag"]
    assert len(built) == 2


def test_a_sheet_of_paper_while_comments_are_taken(client, plan, monkeypatch):
    made = []
    assert client.get(f"/grids/{plan.pk}/sheet.pdf").status_code == 503  # no fonts yet
    monkeypatch.setattr(fonts, "ready", lambda: True)
    monkeypatch.setattr(exports, "sheets", lambda _plan, **asked: made.append(asked) or b"%PDF-1")
    for path in (f"/grids/{plan.pk}/sheet.pdf", f"/grids/{plan.pk}/g1/sheet.pdf"):
        got = client.get(path)
        assert (got.status_code, got["Content-Type"]) == (200, "application/pdf")
        assert client.get(path).content == b"%PDF-1"  # kept, and not made again
    assert [asked["code"] for asked in made] == ["", "g1"]
    assert made[0]["address"] == f"http://testserver/grids/{plan.pk}/"
    assert client.get(f"/grids/{plan.pk}/g9/sheet.pdf").status_code == 404
    assert f'href="/grids/{plan.pk}/sheet.pdf"' in page(client, f"/grids/{plan.pk}/")
    Plan.objects.filter(pk=plan.pk).update(comments_until=timezone.localdate() - dt.timedelta(1))
    assert client.get(f"/grids/{plan.pk}/sheet.pdf").status_code == 404
    assert "sheet.pdf" not in page(client, f"/grids/{plan.pk}/")


def test_fonts_for_sheets_are_made_once_a_plan_is_published(plan, monkeypatch, tmp_path):
    started = []

    class Process:
        def __init__(self, command, **_more):
            started.append(command[-1])

        def poll(self):
            return None

    monkeypatch.setattr(jobs.subprocess, "Popen", Process)
    monkeypatch.setattr(jobs, "_making", [])
    monkeypatch.setattr(fonts, "BUILT", tmp_path)
    assert [jobs.fonts_for_paper(), jobs.fonts_for_paper()] == [1, 0]  # it is still going on
    assert started == ["linli.territory.typefaces"]
    monkeypatch.setattr(jobs, "_making", [])
    Plan.objects.filter(pk=plan.pk).update(state=PlanState.DRAFT)
    assert jobs.fonts_for_paper() == 0
    assert len(started) == 1


@pytest.mark.slow
@pytest.mark.skipif(not fonts.BUILT.exists(), reason="the front end is not built")
def test_the_process_that_makes_the_fonts_ends_with_fonts(plan, settings, monkeypatch):
    settings.SETTINGS_MODULE = "linli.web.settings"
    monkeypatch.setenv("LINLI_VAR", str(settings.VAR))
    monkeypatch.setattr(jobs, "_making", [])
    assert not fonts.ready()
    assert jobs.fonts_for_paper() == 1
    assert jobs._making[0].wait(timeout=300) == 0
    assert fonts.ready()
    assert jobs.fonts_for_paper() == 0


def test_a_comment_is_shown_after_a_planner_has_read_it(client, plan, who):
    path = f"/grids/{plan.pk}/g1/"
    got = send(client, path, reach="sms", contact="0971 5550123")
    assert (got.status_code, got["Location"]) == (303, f"{path}?said=1#comments")
    row = Comment.objects.get()
    assert (row.grid, row.contact.channel) == ("g1", "sms")
    seen = page(client, path, said=1)
    assert "A planner reads it before it is shown here." in seen
    assert "not read yet 1" in seen
    assert WORDS not in seen
    comments.read(row, release=True, by=who)
    comments.answer(row, text="It ends at the ford now.", by=who)
    seen = page(client, path)
    assert WORDS in seen
    assert "It ends at the ford now." in seen
    assert f'href="{path}#comments">East</a>' in page(client, f"/grids/{plan.pk}/")
    comments.read(row, release=False, by=who)
    seen = page(client, path)
    assert WORDS not in seen
    assert "not shown 1" in seen


def test_sent_twice_is_one_and_other_words_are_another(client, plan):
    mark = str(uuid.uuid4())
    for text in (WORDS, WORDS, "And there is no bridge."):
        assert send(client, f"/grids/{plan.pk}/", text=text, mark=mark).status_code == 303
    assert Comment.objects.count() == 2


def test_what_was_typed_stays_when_something_is_wrong_or_the_language_changes(client, plan):
    path = f"/grids/{plan.pk}/"
    got = send(client, path, reach="email", contact="no address")
    assert got.status_code == 400
    assert WORDS in got.content.decode()
    got = send(client, path, step="keep:bo")
    assert got.status_code == 200
    text = got.content.decode()
    assert WORDS in text
    assert 'lang="bo"' in text
    assert not Comment.objects.exists()


def test_a_flood_is_stopped_and_nothing_typed_is_lost(client, plan):
    for number in range(floods.MOST):
        assert send(client, f"/grids/{plan.pk}/", text=f"{number}").status_code == 303
    got = send(client, f"/grids/{plan.pk}/")
    assert got.status_code == 429
    assert WORDS in got.content.decode()
    assert Comment.objects.count() == floods.MOST


def test_after_the_last_day_there_is_no_form(client, plan):
    Plan.objects.filter(pk=plan.pk).update(comments_until=timezone.localdate() - dt.timedelta(1))
    assert 'id="comment"' not in page(client, f"/grids/{plan.pk}/")
    got = send(client, f"/grids/{plan.pk}/")
    assert got.status_code == 400
    assert not Comment.objects.exists()


def test_nobody_is_asked_for_a_name_and_reading_sets_no_cookie(client, plan):
    got = client.get(f"/grids/{plan.pk}/")
    assert not got.cookies
    assert 'name="name"' not in got.content.decode()


def test_the_desk_reads_shows_answers_and_erases(client, plan, who):
    row = comments.comment(plan, text=WORDS, language="en")
    client.force_login(who)
    desk, one = f"/desk/grids/{plan.pk}/comments/", f"/desk/grids/{plan.pk}/comments/{row.pk}/"
    listed = page(client, desk)  # what is locked is opened one by one, and each look is journaled
    assert one in listed
    assert WORDS not in listed
    assert WORDS in page(client, one)
    client.post(one, {"step": "show", "public_text": "The ford floods."})
    client.post(one, {"step": "answer", "answer": "Thank you."})
    row.refresh_from_db()
    assert (row.public_text, row.answer) == ("The ford floods.", "Thank you.")
    assert "answered" in page(client, desk, state="released")
    assert "Thank you." in page(client, one)
    client.post(one, {"step": "hide"})
    assert "The ford floods." not in page(client, f"/grids/{plan.pk}/")
    client.post(one, {"step": "erase"})
    assert WORDS in page(client, one)
    client.post(one, {"step": "erase", "sure": "1"})
    assert WORDS not in page(client, one)


def test_the_desk_keeps_what_was_typed_when_the_language_changes(client, plan, who):
    row = comments.comment(plan, text=WORDS, language="en")
    client.force_login(who)
    one = f"/desk/grids/{plan.pk}/comments/{row.pk}/"
    got = client.post(one, {"step": "keep:bo", "public_text": "Half a sentence"})
    assert "Half a sentence" in got.content.decode()
    assert client.post(one, {"step": "show", "public_text": " "}).status_code == 400
    row.refresh_from_db()
    assert row.public_text == ""


def test_the_desk_is_for_planners_of_the_area(client, plan):
    row = bare_comment(plan)
    paths = [f"/desk/grids/{plan.pk}/comments/", f"/desk/grids/{plan.pk}/comments/{row.pk}/"]
    assert {client.get(path).status_code for path in paths} == {302}
    client.force_login(planner("beside", area("B")))
    assert {client.get(path).status_code for path in paths} == {404}


@pytest.mark.parametrize("path", ["g0/", "?area=A1", ""])
def test_a_page_reads_no_outlines_but_those_that_it_draws(client, plan, path):
    page(client, f"/grids/{plan.pk}/{path}")
    with CaptureQueriesContext(connection) as seen:
        page(client, f"/grids/{plan.pk}/{path}")
    outlined = [one["sql"] for one in seen if '"territory_grid"."wkb"' in one["sql"]]
    assert outlined  # of the map
    for sql in outlined:
        assert '"territory_grid"."id" IN' in sql or '"territory_grid"."code" =' in sql
    assert not any('FROM "territory_settlement"' in one["sql"] and "height" in one["sql"]
                   for one in seen)  # fmt: skip
