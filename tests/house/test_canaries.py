"""A word of its own in every personal column; then everything is read, as everybody.

Each word appears only where the privacy register says: on the pages of those who may see it, on
the reporter's own link, and otherwise nowhere: no page, export, tile, log or file.
"""

import re
from pathlib import Path

import pytest
from django.urls import URLResolver, get_resolver

from tests.browsing import NOBODY, Visitor, accounts, pattern
from tests.house import canaries
from tests.house.canaries import GUESSED, pixels

pytestmark = pytest.mark.slow
# Addresses that nobody opens with 200 here, and why not.
UNSEEN = {
    "account/codes/": "asks for the password again first; web/tests/test_sign_in.py",
    "account/confirm/passkey/": "needs a passkey; tests/journeys/test_passkeys.py",
    "account/link/<int:pk>/<str:token>/": "lives until it is used; web/tests/test_sign_in.py",
    "account/second-factor/": "asks for the password again first; web/tests/test_sign_in.py",
    "account/second-factor/application/": "asks for the password again first; likewise",
    "api/": "has no page of its own",
    "areas/": "leads to the page of the one territory",
    "desk/": "leads to the board or to the inbox",
    "desk/grids/coming/": "while grids are to begin; territory/tests/test_staffed_ahead.py",
    "grids/following/<str:token>/": "stands in a message; territory/tests/test_following.py",
    "language/": "leads back to the page where the language was chosen",
    "log/growth/<int:first>/<int:second>": "needs two signed days; opendata/tests/test_log.py",
    "sign-in/code/": "needs the first step; web/tests/test_sign_in.py",
    "sign-in/passkey/": "needs a passkey; tests/journeys/test_passkeys.py",
}


@pytest.fixture(scope="module")
def planted(server):
    """The words planted, and every page read by everybody."""
    found = canaries.plant(server)
    stranger = Visitor(server)
    stranger.get("/sign-in/")
    stranger.post("/sign-in/", {"login": GUESSED, "password": f"{GUESSED}password"})
    canaries.read_everything(found)
    return found


@pytest.fixture(scope="module")
def files(server, planted):  # noqa: ARG001 - after everything was read
    """What lies on the disk and in the tables."""
    return canaries.stored(server)


def test_every_personal_column_has_a_canary_or_a_reason(planted):
    have = {canary["column"] for canary in planted.canaries} - {"cases.Case.public_text"}
    told = have | set(planted.told["not_planted"]) | {planted.told["guessed"]}
    assert told == set(planted.told["personal"])
    assert all(planted.told["not_planted"].values())


def test_no_word_is_part_of_another(planted):
    words = [canary["word"] for canary in planted.canaries]
    assert [(a, b) for a in words for b in words if a != b and a in b] == []


def test_each_word_is_read_only_by_those_the_register_names(planted):
    assert canaries.misread(planted, planted.read) == []


def test_no_cache_keeps_a_word_that_is_not_public(planted):
    assert canaries.kept_by_caches(planted, planted.read) == []


def test_those_who_should_read_it_do(planted):
    """The other half: a word that nobody finds would prove nothing."""
    met = {
        (canary["word"], who)
        for who, got in planted.read
        for canary in planted.canaries
        if canary["word"] in got.text
    }
    cases = {canary["word"]: canary for canary in planted.canaries if canary["links"]}
    missing = {(w, r) for w, canary in cases.items() for r in canary["readers"]} - met
    assert missing == set()
    public = {c["word"] for c in planted.canaries if c["public"]}
    assert {(word, NOBODY) for word in public} <= met


def test_planners_read_what_was_said_about_a_plan(planted):
    """Before it is released, and where it never will be."""
    said = [c for c in planted.canaries if c["column"] == "territory.Comment.text_locked"]
    assert len(said) == 2
    for canary in said:
        met = {who for who, got in planted.read if canary["word"] in got.text}
        assert met == {"planner"}, canary


def test_the_reporters_link_shows_their_own_words_and_no_others(planted):
    nobody = planted.people[NOBODY]
    for case in planted.cases:
        pages = [nobody.get(f"/f/{case['token']}/"), nobody.get(f"/f/{case['token']}/receipt/")]
        assert [got.status for got in pages] == [200, 200]
        text = "".join(got.text for got in pages)
        for canary in planted.canaries:
            own = case["token"] in canary["links"] or canary["public"]
            assert own or canary["word"] not in text, (case["name"], canary)
        opening = [c for c in planted.canaries if case["token"] in c["links"]]
        assert opening[0]["word"] in text


def test_a_case_opens_for_its_readers_and_for_nobody_else(planted):
    for case in planted.cases:
        path = f"/desk/cases/{case['number']}/"
        opened = {who for who, got in planted.read if got.path == path and got.status == 200}
        assert opened == set(case["readers"]), case["name"]
        listed = [g.status for w, g in planted.read if g.path == f"/list/{case['number']}/"]
        public = case["public"] or case["name"] == "point"
        assert set(listed) == ({200} if public else {404}), case["name"]


def test_photos_are_seen_with_their_case(planted):
    for case in planted.cases:
        if not pixels(case):
            continue
        seen = {(who, got.path) for who, got in planted.read if pixels(case) in got.body}
        desk = {(who, path) for who, path in seen if path.startswith("/desk/")}
        assert {who for who, _path in desk} == set(case["readers"]), case["name"]
        assert bool(seen - desk) == case["public"], case["name"]


def test_search_finds_no_case_by_a_private_word(planted):
    for canary in planted.canaries:
        if not canary["public"]:
            for who in (NOBODY, "operator", "administrator", "auditor"):
                assert canaries.found_by_search(planted, who, canary["word"]) == [], canary
    found = canaries.found_by_search(planted, NOBODY, planted.public_word)
    assert {name for _door, name in found} == {"road"}
    assert {door for door, _name in found} == set(canaries.SEARCHES)


def test_nothing_lies_on_the_disk_or_in_a_row_unlocked(planted, files):
    """The database with its log, log files, photos, tiles: all but the keys."""
    assert len(files) > 3
    assert canaries.files_with(files, planted.public_word)
    assert canaries.lying_open(planted, files) == []


def test_the_password_is_nowhere_but_with_the_sample_accounts(server, files):
    password = str(accounts(server)["password"])
    assert canaries.files_with(files, password) == [str(Path("demo") / "accounts.json")]


def routes(resolver, before=""):
    """The pattern of every address there is."""
    for one in resolver.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from routes(one, here)
        else:
            yield here


def test_every_address_was_opened_by_somebody_or_says_why_not(planted):
    """With 200 by one at least; else it is only sent to (405), or named with its reason."""
    nobody, keeper = planted.people[NOBODY], planted.people["administrator"]
    answers = [got for _who, got in planted.read]
    for case in planted.cases:
        link, photos = f"/f/{case['token']}/", (f"photos/{pk}.jpg" for pk in case["photos"])
        answers += [nobody.get(link + rest) for rest in ("", "receipt/", *photos)]
        answers.append(planted.people["operator"].get(f"/desk/new/receipt/{case['token']}/"))
    opened = {pattern(got.path).partition("?")[0] for got in answers if got.status == 200}
    left = set(routes(get_resolver())) - opened
    assert sorted(one for one in left if keeper.get("/" + filled(one)).status != 405) == [*UNSEEN]


def filled(route):
    """An address of this pattern."""
    return re.sub(r"<(?:(\w+):)?\w+>", lambda m: "1" if m[1] == "int" else "x", route)
