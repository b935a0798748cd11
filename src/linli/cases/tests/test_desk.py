"""The board and the inbox as pages: who has them, what they show, and what they never show."""

import json

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from linli.cases import actions, numbers, photos
from linli.cases.models import State
from linli.cases.tests.at_the_desk import picture, see, signed_in, text_of
from linli.cases.tests.factories import (
    IN_A1,
    IN_A2,
    IN_B,
    a_case,
    help_for,
    later,
    person,
    post,
    resolved,
)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
BOARD, INBOX, POINTS = "/desk/board/", "/desk/inbox/", "/desk/board/points.geojson"


@pytest.fixture(autouse=True)
def _keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


def lines(answer):
    return [line["number"] for line in answer.context["lines"]]


@pytest.mark.parametrize("address", [BOARD, INBOX, POINTS, "/desk/"])
def test_nobody_is_sent_to_sign_in(address):
    answer = Client().get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/sign-in/")


@pytest.mark.parametrize(
    ("name", "status"),
    [("drolma", 200), ("lina", 200), ("tashi", 404), ("dekyi", 404), ("tenzin", 404),
     ("admin", 404)],
)  # fmt: skip
def test_the_board_is_for_service_centres(name, status):
    assert see(name, BOARD).status_code == status
    assert see(name, POINTS).status_code == status
    assert see(name, INBOX).status_code == 200


def test_the_day_begins_at_the_board_or_at_the_inbox():
    assert see("drolma", "/desk/")["Location"] == BOARD
    assert see("tashi", "/desk/")["Location"] == INBOX
    assert see("tenzin", "/desk/")["Location"] == INBOX
    assert see("admin", "/desk/")["Location"] == "/desk/coverage/"


@pytest.mark.parametrize(("name", "holds"), [("tashi", True), ("tenzin", False), ("admin", False)])
def test_whoever_holds_no_post_is_told_so_and_offered_no_report_to_take(name, holds):
    page = see(name, INBOX).content.decode()
    assert ("You hold no post" in page) is not holds
    assert ('href="/desk/new/"' in page) is holds


def test_only_the_duty_area():
    here, there, far = a_case(at=IN_A1), a_case(at=IN_A2), a_case(at=IN_B)
    assert lines(see("drolma", BOARD)) == [here.number]
    assert set(lines(see("lina", BOARD))) == {here.number, there.number}
    assert set(lines(see("pema", BOARD))) == {here.number, there.number, far.number}
    assert lines(see("drolma", BOARD, q=there.number)) == []


def test_filters_stand_in_the_address():
    hole, light, done = a_case(), a_case("street-light"), resolved()
    assert lines(see("drolma", BOARD, service="street-light")) == [light.number]
    assert lines(see("drolma", BOARD, state="resolved")) == [done.number]
    assert lines(see("drolma", BOARD, q=numbers.spoken(hole.number))) == [hole.number]
    actions.triage(hole, by=person("drolma"))
    assert hole.number not in lines(see("drolma", BOARD, untriaged="1"))
    page = text_of(see("drolma", BOARD, service="street-light", order="newest"))
    assert '<option value="street-light" selected>' in page
    assert '<option value="newest" selected>' in page


def test_late_ones(monkeypatch):
    case = a_case()
    assert lines(see("drolma", BOARD, late="1")) == []
    later(monkeypatch, days=30)
    assert lines(see("drolma", BOARD, late="1")) == [case.number]
    assert "1 late" in text_of(see("drolma", BOARD))


@pytest.mark.parametrize(
    "odd",
    [{"state": "nonsense"}, {"page": "minus"}, {"page": "99999"}, {"order": "; drop"},
     {"q": "\0" + "x" * 5000}, {"area": "nowhere"}, {"service": "../.."}],
)  # fmt: skip
def test_an_odd_address_still_gives_a_board(odd):
    a_case()
    assert see("drolma", BOARD, **odd).status_code == 200
    assert see("drolma", POINTS, **odd).status_code == 200


def test_what_was_said_never_stands_on_a_list():
    case = a_case(text="门前第三户的秘密", contact=("phone", "0971-5550123"))
    help_for()
    for name, address in [("drolma", BOARD), ("tashi", INBOX), ("drolma", POINTS)]:
        page = text_of(see(name, address))
        assert "秘密" not in page
        assert "5550123" not in page
    assert lines(see("drolma", BOARD, q="秘密")) == []
    assert case.number in text_of(see("drolma", POINTS))


def test_flags_of_a_line():
    with_photo = a_case(photos=photos.prepare_all([picture()]), language="bo")
    help_for()
    page = text_of(see("drolma", BOARD))
    assert page.count("photo to check") == 1
    assert "Tibetan" in page
    assert "private" in page
    actions.clear_photo(with_photo.photos.get(), by=person("drolma"))
    assert "photo to check" not in text_of(see("drolma", BOARD))


def test_points_for_the_map(monkeypatch):
    case = a_case(at=IN_A1)
    help_for()  # an area only: no point
    (found,) = json.loads(see("drolma", POINTS).content)["features"]
    assert found["geometry"]["coordinates"] == list(IN_A1)
    assert found["properties"]["url"] == f"/desk/cases/{case.number}/"
    assert found["properties"]["tone"] == "warning"
    later(monkeypatch, days=30)
    answer = see("drolma", POINTS)
    assert json.loads(answer.content)["features"][0]["properties"]["tone"] == "error"
    assert answer["Cache-Control"] == "private, no-store"


def test_the_list_refreshes_only_when_it_changed():
    case, client = a_case(), signed_in("drolma")
    tag = client.get(BOARD).context["tag"]
    poll = {"HX-Request": "true", "If-None-Match": tag}
    unchanged = client.get(BOARD, headers=poll)
    assert (unchanged.status_code, unchanged.content) == (204, b"")
    actions.triage(case, by=person("kunga"))
    changed = client.get(BOARD, headers=poll)
    assert changed.status_code == 200
    assert changed["ETag"] != tag
    assert b"<html" not in changed.content
    assert f'data-line="{case.number}"'.encode() in changed.content
    again = client.get(BOARD, headers=poll | {"If-None-Match": changed["ETag"]})
    assert again.status_code == 204


def test_a_page_of_fifty():
    for _ in range(51):
        a_case()
    first, second = see("drolma", BOARD), see("drolma", BOARD, page="2")
    assert (len(lines(first)), len(lines(second))) == (50, 1)
    assert "51 cases" in text_of(first)
    assert not set(lines(first)) & set(lines(second))


@pytest.mark.parametrize(("name", "address"), [("drolma", BOARD), ("tashi", INBOX)])
def test_the_number_of_questions_does_not_grow(name, address):
    def questions():
        client.get(address)  # what is asked every few seconds only is asked now
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked)

    client = signed_in(name)
    a_case(photos=photos.prepare_all([picture()]))
    before = questions()
    for _ in range(4):
        a_case(photos=photos.prepare_all([picture()]))
    assert questions() == before


def test_the_inbox_says_what_waits():
    mine, offered, helping = a_case(), a_case(at=IN_A2), a_case(at=IN_A2)
    actions.offer(offered, to=post("roads-a1"), by=person("wangli"))
    actions.support(helping, to=post("roads-a1"), task="借车", by=person("wangli"))
    answer = see("tashi", INBOX)
    sections = {name: [x["number"] for x in rows] for name, _t, rows in answer.context["sections"]}
    assert sections == {
        "offered": [offered.number], "due": [mine.number], "helping": [helping.number]
    }  # fmt: skip
    assert "Post roads-a1" in text_of(answer)


def test_an_inbox_without_a_post_says_so():
    a_case()
    assert "You hold no post" in text_of(see("tenzin", INBOX))
    assert "Nothing is waiting for you" in text_of(see("zhaomin", INBOX))


def test_every_state_has_a_tone():
    from linli.cases.views.desk.lists import TONES

    assert set(State) - set(TONES) == {State.ERASED}  # which no list shows
