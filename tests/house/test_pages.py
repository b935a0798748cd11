"""Every page that anybody is offered, as every role and as nobody."""

import re

import pytest

from tests.browsing import LANGUAGE_COOKIE, NOBODY, Visitor, everybody, pattern

pytestmark = pytest.mark.slow
STARTS = ["/", "/desk/", "/account/", "/api/openapi.json", "/people/", "/calendars/",
          "/desk/board/", "/desk/inbox/", "/desk/new/", "/desk/coverage/", "/desk/posts/",
          "/desk/services/", "/desk/grids/", "/design/staff/"]  # fmt: skip
STAFF = re.compile(r"^/(desk|people|calendars|account)/")
SECRET = re.compile(r"^/(desk|people|calendars|account|f|follow|sign-in)/")
NONSENSE = "/desk/cases/AAAA-AAAA-A/"
HANDLERS = {"operator", "clerk", "roads", "water", "verifier", "inspector", "grid", "liaison"}
ADMINISTRATORS = ("/people/", "/people/open/", "/desk/services/")


@pytest.fixture(scope="module")
def people(server):
    return everybody(server)


@pytest.fixture(scope="module")
def seen(people):
    """What each of them finds: who → path → answer."""
    return {w: v.crawl(*STARTS, most=2, assets=w == NOBODY) for w, v in people.items()}


def everything(seen):
    return [(who, got) for who, found in seen.items() for got in found.values()]


def pages(seen):
    return [(who, got) for who, got in everything(seen) if got.is_page and got.status == 200]


def wrong(found):
    """What a failed assertion shows: who, where, and the page that offered it."""
    return [(who, got.path, got.status, f"offered by {got.offered_by}") for who, got in found]


def test_the_crawl_reaches_every_kind_of_page(seen):
    kinds = {pattern(got.path).partition("?")[0] for _who, got in pages(seen)}
    expected = {
        "", "report/", "report/<slug:code>/", "follow/", "who/", "areas/<str:code>/",
        "map/", "list/", "list/<str:number>/", "open/", "register/", "log/", "services/",
        "services/proposed/", "design/", "sign-in/", "desk/board/", "desk/inbox/",
        "desk/cases/<str:number>/", "desk/new/", "desk/new/<slug:code>/", "desk/coverage/",
        "desk/posts/", "desk/posts/<int:pk>/", "desk/services/", "desk/grids/", "people/", "people/<int:pk>/",
        "calendars/", "account/", "account/password/",
    }  # fmt: skip
    assert expected - kinds == set()


def test_nothing_breaks(seen):
    assert wrong((w, g) for w, g in everything(seen) if g.status >= 500) == []


def test_no_page_offers_what_is_not_there(seen):
    offered = [(w, g) for w, g in everything(seen) if g.offered_by and g.path not in STARTS]
    assert wrong((w, g) for w, g in offered if g.status >= 400) == []


def test_every_page_says_its_language_its_title_and_one_heading(seen):
    for who, got in pages(seen):
        if is_fragment(got):
            continue
        assert re.search(r'<html[^>]* lang="(zh-Hans|zh-hans|bo|en)"', got.text), (who, got.path)
        assert re.search(r"<title>\s*[^<\s]", got.text), (who, got.path)
        assert len(re.findall(r"<h1\b", got.text)) == 1, (who, got.path)


def is_fragment(got):
    """A part of a page, as htmx asks for it."""
    return "<html" not in got.text and got.path.startswith("/desk/board/")


def test_nothing_is_inline_and_the_policy_is_strict(seen):
    for who, got in everything(seen):
        policy = got.headers.get("Content-Security-Policy", "")
        where = (who, got.path)
        if got.path.startswith("/static/"):
            continue
        assert "default-src" in policy, where
        assert "unsafe-" not in policy, where
        assert got.headers.get("X-Content-Type-Options") == "nosniff", where
    for who, got in pages(seen):
        where = (who, got.path)
        scripts = re.findall(r"<script\b([^>]*)>", got.text)
        assert [s for s in scripts if "src=" not in s and "json" not in s] == [], where
        assert not re.search(r"<style\b", got.text), where
        tags = "".join(re.findall(r"<[a-z][^>]*>", got.text))
        assert not re.search(r"""\s(style|on[a-z]+)\s*=\s*["']""", tags), where
        assert "javascript:" not in tags, where


def test_only_this_machine_is_asked(seen):
    for who, got in pages(seen):
        links = re.findall(r'(?:src|<link[^>]*href)="(?:https?:)?//([^/"]+)', got.text)
        assert links == [], (who, got.path)


def test_staff_pages_send_nobody_to_sign_in(people, seen):
    paths = {g.path for _w, g in everything(seen) if STAFF.match(g.path) and g.status == 200}
    assert len(paths) > 30
    for path in sorted(paths):
        got = people[NOBODY].get(path)
        assert got.status == 302, (path, got.status)
        assert got.location.startswith("/sign-in/"), (path, got.location)


def test_reading_sets_no_cookie(server, seen):
    """Nobody's pages, one by one; signing in needs the one against forged forms."""
    paths = [g.path for w, g in pages(seen) if w == NOBODY and not g.path.startswith("/sign-in/")]
    assert len(paths) > 40
    visitor = Visitor(server)
    visitor.session.cookies.clear()
    for path in [*paths, "/nowhere/", "/report/", "/report/pothole/", "/follow/"]:
        got = visitor.get(path)
        assert "Set-Cookie" not in got.headers, path
        assert "Cookie" in got.headers["Vary"] or not got.is_page, path
    asked = [("/log/", {"leaf": "ab" * 32}), ("/follow/", {"code": "abcd"}),
             ("/report/pothole/", {"step": "where", "words": "by the ford"})]  # fmt: skip
    for path, data in asked:
        got = visitor.post(path, data)
        assert got.status in (200, 404), path
        assert "Set-Cookie" not in got.headers, path
    assert visitor.post("/language/", {"language": "bo", "next": "/"}).status == 302
    assert [cookie.name for cookie in visitor.session.cookies] == [LANGUAGE_COOKIE]
    assert 'lang="bo"' in visitor.get("/").text


def test_what_is_not_yours_reads_like_what_is_not_there(people, seen):
    """Cases that others found, and pages of administrators: open, or exactly a missing page."""
    cases = {g.path for _w, g in pages(seen) if re.fullmatch(r"/desk/cases/\d+/", g.path)}
    closed = 0
    for who, visitor in people.items():
        if who == NOBODY:
            continue
        missing = visitor.get(NONSENSE)
        assert missing.status == 404
        for path in [*sorted(cases), *ADMINISTRATORS]:
            got = visitor.get(path)
            if got.status == 200:
                assert path in ADMINISTRATORS or who in HANDLERS, (who, path)
                assert path not in ADMINISTRATORS or who == "administrator", (who, path)
                continue
            closed += 1
            assert got.status == 404, (who, path, got.status)
            assert shape(got) == shape(missing), (who, path)
    assert closed > len(cases)


def shape(got):
    """The body without what differs from one request to the next."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value=|name="next" value=)"[^"]*"', "", got.text)
    for asked in (got.path, NONSENSE):
        text = text.replace(asked, "")
    text = re.sub(r' aria-current="[^"]*"', "", text)
    kept = {k: v for k, v in got.headers.items() if k not in {"Date", "Content-Length", "date"}}
    return text, sorted(k.lower() for k in kept)


def test_pages_about_people_and_cases_are_kept_by_no_cache(seen):
    for who, got in everything(seen):
        if SECRET.match(got.path) and got.status == 200:
            kept = got.headers.get("Cache-Control", "")
            assert "no-store" in kept or "private" in kept, (who, got.path, kept)
