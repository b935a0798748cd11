"""What hostile input gets over the wire: a page that says so, in the reader's language, and nothing
half done. Each field alone is tested in its room; here stand the doors that only a server has."""

import re
from urllib.parse import quote

import pytest

from tests.browsing import NOBODY, Visitor

pytestmark = pytest.mark.slow
HOSTILE = {
    "nul": "a\0b",
    "turned": "\u202egnp.exe\u2066\u2069",
    "unseen": "\u200b\u200c\ufeff\u2060",
    "long": "桥" * 3000,
    "half": "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    "sql": "' OR 1=1 --",
    "tags": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "huge": "9" * 400,
    "format": "%s%n%x{{7*7}}${7*7}",
    "minus": "-1",
    "infinite": "1e999",
}
QUERIES = {
    NOBODY: ["/list/?q={}", "/list/?service={}", "/list/?area={}", "/list/?page={}", "/map/?area={}",
             "/list/?state={}", "/map/points.json?area={}", "/open/cases.csv?area={}",
             "/open/cases.geojson?service={}", "/places/search?q={}", "/report/?q={}",
             "/report/?group={}", "/who/?place={}", "/who/?area={}",
             "/areas/?q={}", "/services/?q={}", "/register/?q={}", "/follow/?done={}",
             "/areas/x.geojson?at={}"],
    "operator": ["/desk/board/?q={}", "/desk/board/?area={}", "/desk/board/?service={}",
                 "/desk/board/?state={}", "/desk/board/?page={}", "/desk/board/?owner={}",
                 "/desk/board/points.geojson?area={}", "/desk/inbox/?page={}", "/desk/?q={}",
                 "/desk/new/?q={}", "/desk/coverage/?area={}", "/desk/coverage/?duty={}",
                 "/desk/coverage/?more={}&view=loads", "/desk/coverage/?page={}"],
    "administrator": ["/desk/posts/?q={}", "/desk/posts/?area={}", "/desk/posts/?page={}",
                      "/people/?q={}", "/people/?page={}", "/calendars/?year={}",
                      "/desk/services/?area={}", "/desk/services/?q={}"],
}  # fmt: skip
PATHS = ["/list/{}/", "/list/{}/1.jpg", "/areas/{}/", "/areas/{}.geojson", "/f/{}/", "/report/{}/",
         "/log/proof/{}", "/follow/{}/", "/tiles/areas/{}/0/0.mvt", "/calendars/{}/",
         "/desk/cases/{}/", "/people/{}/", "/desk/posts/{}/"]  # fmt: skip
TEXTS = {
    "nul": ("text", "桥头\0有坑"),
    "a megabyte": ("text", "坑" * 350_000),
    "turned": ("text", "\u202e\u2066" * 20),
}
FILES = {
    "a page that calls itself a photo": b"<!doctype html><script>alert(1)</script>",
    "a program": b"MZ\x90\0" + bytes(4000),
    "nothing": b"",
    "a picture that is also an archive": b"GIF89a" + b"PK\x03\x04" * 200,
    "a torn picture": b"\xff\xd8\xff\xe0\0\x10JFIF\0" + b"\xff" * 300,
}


@pytest.fixture(scope="module")
def people(server):
    return {who: Visitor(server) if who == NOBODY else Visitor(server).sign_in(who)
            for who in QUERIES}  # fmt: skip


def stored(server):
    """How many cases and photos there are."""
    return server.rows("cases_case"), server.rows("cases_photo")


@pytest.mark.parametrize("who", QUERIES)
def test_no_query_breaks_a_page_or_comes_back_as_markup(people, who):
    broken = []
    for query in QUERIES[who]:
        for name, text in HOSTILE.items():
            got = people[who].get(query.replace("{}", quote(text)))
            if got.status >= 500 or "<script>alert(1)" in got.text and got.is_page:
                broken.append((query, name, got.status))
    assert broken == []


@pytest.mark.parametrize("who", ["administrator", NOBODY])
def test_no_address_breaks(people, who):
    broken = []
    for path in PATHS:
        for name, text in HOSTILE.items():
            got = people[who].get(path.replace("{}", quote(text, safe="")))
            if got.status >= 500 or got.status == 200:
                broken.append((path, name, got.status))
    assert broken == []


def at_tell(server, language="en"):
    """Somebody who has said where, and the draft of their form."""
    visitor = Visitor(server, language)
    draft = drafted(visitor.get("/report/pothole/"))
    centre = re.search(r"([\d.]+),([\d.]+),([\d.]+),([\d.]+)", visitor.get("/report/pothole/").text)
    west, south, east, north = (float(n) for n in centre.groups())
    where = {"step": "where", "draft": draft, "lon": f"{(west + east) / 2:.5f}",
             "lat": f"{(south + north) / 2:.5f}"}  # fmt: skip
    page = visitor.post("/report/pothole/", where)
    assert 'name="text"' in page.text, page.text[:2000]
    return visitor, drafted(page)


def drafted(got):
    return re.search(r'name="draft" value="([^"]*)"', got.text).group(1)


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_refused_and_the_words_stay(server, name):
    visitor, draft = at_tell(server, "bo")
    before = stored(server)
    fields = {"step": "send", "draft": draft, "text": "A hole.", "q-passable": "yes"}
    got = visitor.post("/report/pothole/", fields, {"photos": ("a.jpg", FILES[name], "image/jpeg")})
    assert got.status in (200, 400), got.status
    assert "A hole." in got.text
    assert re.search(r'id="errors".*?[\u0f40-\u0fbc]{3}', got.text, re.S), "no message in Tibetan"
    assert stored(server) == before


@pytest.mark.parametrize("name", TEXTS)
def test_a_hostile_text_never_breaks_the_form(server, name):
    visitor, draft = at_tell(server, "zh-hans")
    field, text = TEXTS[name]
    before = stored(server)
    got = visitor.post("/report/pothole/", {"step": "send", "draft": draft, field: text})
    assert got.status in (200, 400), got.status
    assert 'id="errors"' in got.text
    assert re.search(r'id="errors".*?[\u4e00-\u9fff]{3}', got.text, re.S), "no message in Chinese"
    assert "\0" not in got.text
    assert stored(server) == before


@pytest.mark.parametrize("name", ["nul", "long", "turned", "sql"])
def test_signing_in_with_a_hostile_name_is_a_page(server, name):
    visitor = Visitor(server)
    visitor.get("/sign-in/")
    got = visitor.post("/sign-in/", {"login": HOSTILE[name], "password": HOSTILE[name]})
    assert got.status in (200, 400, 429), got.status
    assert got.is_page


@pytest.mark.parametrize(
    "body", [b"{", b"\xff\xfe", b"[" * 5000, b'{"service": "\\u0000"}', b"1e999"]
)
def test_the_api_answers_bad_json_with_a_problem(server, body):
    got = Visitor(server).session.post(
        f"{server.url}/api/reports", data=body, timeout=60,
        headers={"Content-Type": "application/json"},
    )  # fmt: skip
    assert 400 <= got.status_code < 500, got.text[:500]
    assert got.headers["Content-Type"].startswith("application/problem+json")


def test_guessing_links_is_stopped_in_the_readers_language(server):
    """Last: from here on this machine's address is refused for a while (if it was not already)."""
    visitor = Visitor(server, "zh-hans")
    answers = [visitor.get(f"/f/{letter * 32}/") for letter in "abcdefghijklmnopqrstuvwxyz234567"]
    statuses = [got.status for got in answers]
    assert statuses[-1] == 429
    assert set(statuses) <= {404, 429}
    assert re.search(r"<h1[^>]*>[^<]*[\u4e00-\u9fff]", answers[-1].text)
