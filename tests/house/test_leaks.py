"""Each kind of leak is noticed: Linli is made to leak, and the canaries' own checks look again.

The leaks are in `leaking/slips.py`. Before each one is opened, the same look finds nothing.
"""

import os
import time
from contextlib import contextmanager

import pytest

from linli.cases.photos import prepare
from tests.browsing import NOBODY, Visitor
from tests.house import canaries
from tests.house.plant import picture
from tests.serving import ROOT, SOURCE, serving

pytestmark = pytest.mark.slow
ROLES = ("operator", "auditor", "roads")
# leak, who looks, where ({number}: the published case), and where the word then stands
MISREAD = [
    ("wrong text", NOBODY, "/list/{number}/", "body"),  # a public page
    ("wrong text", NOBODY, "/api/cases/{number}", "body"),  # an answer of the API
    ("wrong text", NOBODY, "/api/cases", "body"),
    ("wrong text", NOBODY, "/open/cases.csv", "body"),  # exports
    ("wrong text", NOBODY, "/open/cases.geojson", "body"),
    ("no rule", "auditor", "/desk/cases/{number}/", "body"),  # a page of staff
    ("tile", NOBODY, "/tiles/areas/0/0/0.mvt", "body"),
    ("header", NOBODY, "/list/{number}/", "header"),
    ("header", "roads", "/desk/cases/{number}/", "header"),
    ("cookie", NOBODY, "/list/{number}/", "header"),
    ("redirect", NOBODY, "/desk/cases/{number}/", "header"),
]  # fmt: skip


@pytest.fixture(scope="module")
def opened(tmp_path_factory):
    """A function that opens one leak of a Linli with canaries in it, for as long as it is asked."""
    control = tmp_path_factory.mktemp("leak") / "open"
    added = {"DJANGO_SETTINGS_MODULE": "tests.house.leaking.settings", "LEAK": str(control),
             "PYTHONPATH": os.pathsep.join((str(SOURCE), str(ROOT)))}  # fmt: skip

    @contextmanager
    def opening(leak):
        control.write_text(leak)
        yield
        control.unlink()

    with serving(tmp_path_factory.mktemp("var"), **added) as server:
        people = {NOBODY: Visitor(server)} | {n: Visitor(server).sign_in(n) for n in ROLES}
        yield canaries.plant(server, people), opening


def road(planted):
    """The published case."""
    return planted.cases[0]


@pytest.mark.parametrize(("leak", "who", "where", "place"), MISREAD)
def test_a_word_that_is_read_in_the_wrong_place(opened, leak, who, where, place):
    planted, opening = opened
    path = where.format(number=road(planted)["number"])
    assert path in canaries.addresses(planted)  # the crawl of everything looks there

    def look():
        return canaries.misread(planted, [(who, planted.people[who].get(path))])

    assert look() == []
    with opening(leak):
        assert {(w, p, at) for w, p, at, _column in look()} == {(who, path, place)}


@pytest.mark.parametrize("where", ["/grids/{}/", "/grids/{}/planted/"])
def test_a_comment_that_nobody_has_read_is_shown(opened, where):
    planted, opening = opened
    path = where.format(planted.told["plan"])
    assert path in canaries.addresses(planted)

    def look():
        return canaries.misread(planted, [(NOBODY, planted.people[NOBODY].get(path))])

    assert look() == []
    with opening("comment"):
        assert {column for *_, column in look()} == {"territory.Comment.text_locked"}


def test_a_page_that_is_kept_for_whoever_asks_next(opened):
    planted, opening = opened
    path = f"/desk/cases/{road(planted)['number']}/"
    with opening("cache"):
        read = [(who, planted.people[who].get(path)) for who in ("operator", "auditor")]
    assert {who for who, *_ in canaries.misread(planted, read)} == {"auditor"}


def test_a_page_that_caches_on_the_way_may_keep(opened):
    planted, opening = opened
    path = f"/desk/cases/{road(planted)['number']}/"

    def look():
        return canaries.kept_by_caches(
            planted, [("operator", planted.people["operator"].get(path))]
        )

    assert look() == []
    with opening("kept by caches"):
        assert [where for _who, where, _policy in look()] == [path]


def test_a_search_that_finds_private_words(opened):
    planted, opening = opened
    [word] = [c["word"] for c in planted.canaries if c["column"] == "cases.Case.text_locked"
              and road(planted)["token"] in c["links"]]  # fmt: skip
    assert canaries.found_by_search(planted, NOBODY, word) == []
    with opening("search"):
        found = canaries.found_by_search(planted, NOBODY, word)
    assert {name for _door, name in found} == {"road"}
    assert {door for door, _name in found} == set(canaries.SEARCHES)


def new(planted, column, word, **more):
    """One more canary, planted by what the test does now."""
    added = {"column": column, "word": word, "readers": [], "pages": [], "links": [],
             "public": False, "plain": False}  # fmt: skip
    planted.told["canaries"].append(added | more)


def visit(planted):
    """The reporter opens the secret link."""
    assert planted.people[NOBODY].get(f"/f/{road(planted)['token']}/").status == 200


def export(planted):
    """Somebody takes the table of open data."""
    assert planted.people[NOBODY].get("/open/cases.csv").status == 200


def note(planted):
    """An operator writes a note."""
    new(planted, "cases.Note.words_locked", "zwqjournaled")
    path = f"/desk/cases/{road(planted)['number']}/do/note/"
    got = planted.people["operator"].post(path, {"note-words": "zwqjournaled"})
    assert got.status == 302, got.text


def photo(planted):
    """The reporter adds a photo."""
    data = picture(5, "zwqadded")
    planted.told["cases"].append(road(planted) | {"pixels": prepare(data).jpeg[-400:-300].hex()})
    path = f"/f/{road(planted)['token']}/"
    sent = {"do": "add", "more": ""}
    got = planted.people[NOBODY].post(path, sent, {"photos": ("a.jpg", data, "image/jpeg")})
    assert got.status == 303, got.text


def message(planted):
    """An operator tells the reporter something; the worker writes the message when it comes to it."""
    path = f"/desk/cases/{road(planted)['number']}/do/update/"
    got = planted.people["operator"].post(path, {"update-words": "好", "update-kind": "progress"})
    assert got.status == 302, got.text


def until(look):
    """What this finds, as soon as it finds something; nothing after a minute."""
    for _ in range(120):
        if found := look():
            return found
        time.sleep(0.5)
    return set()


def lying(planted):
    """Where what lies open, by folder; a database moves what it holds between files of its own."""
    found = canaries.lying_open(planted, canaries.stored(planted.server))
    return {("the database" if canaries.is_database(n) else n.partition("/")[0], c)
            for n, c in found}  # fmt: skip


@pytest.mark.parametrize(("leak", "act", "where", "column"), [
    ("log", visit, "serve.log", "secret link"),
    ("left file", export, "export.csv.gz", "cases.Case.text_locked"),
    ("journal", note, "the database", "cases.Note.words_locked"),
    ("photo", photo, "files", "cases.Photo"),
    ("message", message, "the database", "kernel.Contact.sealed"),
])  # fmt: skip
def test_what_is_left_lying_open(opened, leak, act, where, column):
    planted, opening = opened
    before = lying(planted)
    with opening(leak):
        act(planted)
        places = until(lambda: lying(planted) - before)
    assert (where, column) in places
    assert {c for _name, c in places} == {column}
