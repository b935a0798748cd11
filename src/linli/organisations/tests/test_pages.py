"""The public page, the coverage page, and the pages of posts."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from linli.areas import queries as areas
from linli.areas.models import Area, Place
from linli.areas.tests.factories import point, small_prefecture
from linli.kernel.models import Entry
from linli.organisations import coverage, explaining, queries
from linli.organisations.models import Absence, Holding
from linli.organisations.tests.factories import (
    account,
    administrator,
    area,
    away,
    duty,
    organisation,
    post,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def county():
    duty("roads")
    area("pf/c1/t1/v1")
    area("pf/c1/t2")
    area("pf/c2/t3")
    return area("pf/c1")


class TestWho:
    def test_shows_posts_and_offices_without_names(self, client, county):
        post("roads-c1", holder="dolma", answers=[("roads", county)], phone="0900 555-0101")
        text = client.get("/who/", {"area": "v1"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "Post roads-c1" in text
        assert "Office office" in text
        assert 'href="tel:0900555-0101"' in text
        assert "Dolma" not in text

    def test_says_when_a_deputy_acts_and_when_nobody_does(self, client, county):
        post("roads-c1", holder="dolma", deputy="tashi", answers=[("roads", county)])
        away("dolma")
        page = client.get("/who/", {"area": "t1"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "a deputy acts" in page
        assert "nobody answers yet" in page
        away("tashi")
        page = client.get("/who/", {"area": "t1"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "nobody is there at the moment" in page

    def test_finds_by_name_code_and_place(self, client, county):
        Place.objects.create(
            code="bridge-1", kind="bridge", names={"en": "Lower ford", "zh": "下渡桥"},
            lon=100, lat=34, area=area("pf/c1/t1"), since=dt.date(2025, 1, 1),
        )  # fmt: skip
        for words, code in [("V1", "v1"), ("ford", "t1"), ("渡桥", "t1")]:
            page = client.get("/who/", {"q": words}).content.decode()
            assert f"?area={code}" in page, words
        nothing = client.get("/who/", {"q": "zzz"}, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "0 places found" in nothing

    @pytest.mark.parametrize(
        "asked",
        [{"area": "nope"}, {"q": "x" * 5000}, {"area": "\x00"}],
    )
    def test_bad_questions_get_a_page(self, client, county, asked):
        assert client.get("/who/", asked).status_code == 200

    @pytest.mark.parametrize(
        "sent",
        [{"lon": "x", "lat": "y"}, {"lon": "999", "lat": "1"}, {"lon": "1"}, {},
         {"lon": "nan", "lat": "nan"}, {"lon": "\x00", "lat": "9" * 400}],
    )  # fmt: skip
    def test_what_is_no_point_is_said(self, client, county, sent):
        got = client.post("/who/", sent, HTTP_ACCEPT_LANGUAGE="en")
        assert got.status_code == 200
        assert "These are not coordinates of a point on earth." in got.content.decode()

    def test_a_point_is_answered_from_the_body_and_stands_in_no_address(self, client):
        small_prefecture()
        lon, lat = point(1, 1)
        sent = {"lon": f"{lon:.5f}", "lat": f"{lat:.5f}"}
        asked = client.get("/who/", sent, HTTP_ACCEPT_LANGUAGE="en").content.decode()
        assert "<h1>Who answers for my place</h1>" in asked  # not looked at
        got = client.post("/who/", sent, HTTP_ACCEPT_LANGUAGE="en")
        text = got.content.decode()
        assert (got.status_code, got["Cache-Control"].count("no-store")) == (200, 1)
        assert areas.area_at(lon, lat).names["en"] in text.split("<h1>", 1)[1]
        assert sent["lon"] not in text
        assert sent["lat"] not in text
        assert not got.cookies

    def test_one_page_costs_few_reads(self, client, county, django_assert_max_num_queries):
        post("roads-c1", holder="dolma", answers=[("roads", county)])
        with django_assert_max_num_queries(12):
            client.get("/who/", {"area": "v1"})


class TestCoverage:
    def test_gaps_are_gathered_under_the_largest_area(self, county):
        post("roads-t1", holder="dolma", answers=[("roads", area("pf/c1/t1"))])
        post("roads-c1", holder="pema", answers=[("roads", county)])
        post("centre", holder="norbu", answers=[("service-centre", area("pf"))])
        found = [
            (g.area.code, g.below, g.post.code) for g in coverage.gaps(area("pf"), duty("roads"))
        ]
        assert sorted(found) == [
            ("c2", 0, "centre"),  # at the county's level
            ("c2", 1, "centre"),  # at the townships'
            ("pf", 0, "centre"),  # at the prefecture's
            ("t2", 0, "roads-c1"),
        ]

    def test_an_answered_duty_has_no_gap_and_an_absent_one_has(self, county):
        rows = [area(p) for p in ("pf", "pf/c1", "pf/c2", "pf/c1/t1", "pf/c1/t2", "pf/c2/t3")]
        post("roads", holder="dolma", answers=[("roads", row) for row in rows])
        assert coverage.gaps(area("pf"), duty("roads")) == []
        away("dolma")
        found = coverage.gaps(area("pf"), duty("roads"))
        assert {(g.area.code, g.below) for g in found} == {("pf", 0), ("pf", 2), ("pf", 3)}
        assert {g.found.seat.acting for g in found} == {None}

    def test_empty_posts(self, county):
        post("full", holder="dolma", answers=[("roads", county)])
        post("empty", answers=[("roads", county)])
        post("away", holder="norbu", answers=[("water", county)])
        post("elsewhere", answers=[("water", area("pf/c2"))])
        away("norbu")
        found = coverage.empty_posts(county)
        assert [(p.code, held) for p, held in found] == [("away", True), ("empty", False)]

    def test_posts_held_together_count_together_and_by_code(self, county):
        areas = [area("pf/c1/t1"), area("pf/c1/t2")]
        both = [("roads", a) for a in areas]
        post("b", holder="dolma", answers=both)
        post("a", holder="dolma", answers=both)
        post("c", holder="norbu", answers=[*both, ("water", county), ("power", county)])
        post("light", holder="tashi", answers=both)
        found = coverage.loads(area("pf"), 3)
        assert [([p.code for p in load.posts], load.answers) for load in found] == [
            (["a", "b"], 4),
            (["c"], 4),
        ]

    @pytest.mark.parametrize("view", ["gaps", "empty", "loads", "x"])
    def test_page_names_nobody(self, client, county, view):
        post("roads", holder="dolma", answers=[("roads", county)])
        client.force_login(account("dolma"))
        page = client.get("/desk/coverage/", {"view": view, "more": "0", "area": "pf"})
        assert page.status_code == 200
        body = page.content.decode().split("<main")[1]
        assert "Dolma" not in body
        assert "dolma" not in body

    def test_strangers_see_nothing(self, client, county):
        assert client.get("/desk/coverage/").status_code == 302
        client.force_login(account("stranger"))
        assert client.get("/desk/coverage/").status_code == 404


class TestPosts:
    def test_an_administrator_staffs_a_post(self, client, county):
        row = post("roads")
        client.force_login(administrator())
        page = reverse("organisations:post", args=[row.pk])
        dolma = account("dolma")
        client.post(f"{page}appoint/", {"username": "DOLMA"})
        holding = Holding.objects.get(account=dolma)
        client.post(f"{page}answer/", {"duty": "roads", "area": "c1"})
        client.post(f"{page}office/", {"phone": "0900", "en": "Window 3"})
        assert "0900" in client.get(page).content.decode()
        until = timezone.localdate() + dt.timedelta(days=2)
        client.post(reverse("organisations:absent", args=[holding.pk]), {"until": str(until)})
        assert Absence.objects.exists()
        client.post(reverse("organisations:back", args=[holding.pk]))
        assert not Absence.objects.exists()
        answering = row.answerings.get()
        client.post(reverse("organisations:stop", args=[answering.pk]))
        client.post(reverse("organisations:relieve", args=[holding.pk]))
        events = set(Entry.objects.values_list("event", flat=True))
        assert {"post-appointed", "post-relieved", "duty-taken", "duty-left"} <= events

    def test_mistakes_come_back_with_words(self, client, county):
        row = post("roads", holder="dolma")
        client.force_login(administrator())
        page = reverse("organisations:post", args=[row.pk])
        for address, data in [
            (f"{page}appoint/", {"username": "nobody"}),
            (f"{page}answer/", {"duty": "roads", "area": "nope"}),
            (f"{page}answer/", {"duty": "gossip", "area": "c1"}),
            (reverse("organisations:absent", args=[Holding.objects.get().pk]), {"until": "x"}),
        ]:
            assert client.post(address, data).status_code == 200
        twice = client.post(f"{page}appoint/", {"username": "dolma"}, follow=True)
        assert "notice" in twice.content.decode()
        assert Holding.objects.count() == 1

    def test_another_language_in_the_middle_keeps_what_was_typed(self, client, county):
        row = post("roads", phone="0900")
        client.force_login(administrator())
        page = reverse("organisations:post", args=[row.pk])
        account("dolma")
        for form, field, typed in [
            ("appoint/", "username", "dolma"),
            ("answer/", "area", "c1"),
            ("office/", "phone", "0901"),
        ]:
            data = {"step": "keep:bo", "duty": "roads", field: typed}
            text = client.post(f"{page}{form}", data).content.decode()
            assert '<html lang="bo">' in text
            assert f'value="{typed}"' in text
            assert f'name="next" value="{page}"' in text
        row.refresh_from_db()
        assert (row.phone, Holding.objects.count(), row.answerings.count()) == ("0900", 0, 0)

    def test_the_list_finds_by_name(self, client, county):
        post("roads", office=organisation("x"))
        post("water")
        client.force_login(administrator())
        page = client.get("/desk/posts/", {"q": "岗位roads"}).content.decode()
        assert "roads" in page.split("<main")[1]
        assert "Post water" not in page

    def test_other_peoples_posts_read_like_missing(self, client, county):
        row = post("roads", holder="dolma")
        client.force_login(account("stranger"))
        page = reverse("organisations:post", args=[row.pk])
        holding = Holding.objects.get().pk
        for address in [page, reverse("organisations:post", args=[99999])]:
            assert client.get(address).status_code == 404
        for address in [f"{page}appoint/", reverse("organisations:relieve", args=[holding])]:
            assert client.post(address, {"username": "stranger"}).status_code == 404


def test_reasons_become_sentences(county):
    post("roads", answers=[("roads", county)])
    post("centre", holder="dolma", answers=[("service-centre", county)])
    codes = queries.duty_for(area("pf/c1/t1"), "roads").codes
    with override("en"):
        found = explaining.sentences(codes)
    assert found[0] == "T1: no post answers for “Roads” here."
    assert found[1] == "C1: the post “Post roads” is empty."
    assert found[-1] == "C1: the post “Post centre” answers for “Service centre”."
    assert explaining.sentences([["gone", "old", "", "nobody"]])


def test_an_area_is_called_as_it_was_then(county):
    soon = timezone.localdate() + dt.timedelta(days=9)
    area("pf/c3", since=dt.date(2025, 1, 1), until=dt.date(2026, 1, 1))
    newer = area("pf/c3", since=dt.date(2026, 1, 1), until=soon)
    Area.objects.filter(pk=newer.pk).update(names={"en": "Newer"})
    coming = area("pf/c3", since=soon)
    Area.objects.filter(pk=coming.pk).update(names={"en": "Coming"})
    codes = [["c3", "roads", "", "nobody"]]
    with override("en"):
        then = explaining.sentences(codes, dt.datetime(2025, 6, 1, tzinfo=dt.UTC))
        assert then[0].startswith("C3:")
        assert explaining.sentences(codes)[0].startswith("Newer:")
