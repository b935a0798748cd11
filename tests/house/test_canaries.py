"""A word of its own in every personal column; then everything is read, as everybody.

Each word appears only where the privacy register says: on the pages of those who may see it, on
the reporter's own link, and otherwise nowhere: no page, export, tile, log or file.
"""

import base64
import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.browsing import NOBODY, Answer, Visitor, accounts, everybody

pytestmark = pytest.mark.slow
STARTS = ["/", "/desk/", "/account/", "/people/", "/calendars/", "/desk/board/", "/desk/inbox/",
          "/desk/coverage/", "/desk/posts/", "/areas/", "/map/", "/list/", "/open/", "/register/",
          "/log/", "/services/proposed/", "/follow/", "/design/staff/"]  # fmt: skip
DOORS = ["/api/services", "/api/openapi.json", "/open/cases.csv", "/open/cases.geojson",
         "/map/points.json", "/log/heads.json", "/tiles/areas.json", "/places/search?q=zwq",
         "/desk/board/points.geojson", "/desk/board/", "/desk/inbox/", "/desk/"]  # fmt: skip
TILE = "/tiles/areas/{}/{}/{}.mvt"
GUESSED = "zwqguessed"


@dataclass
class Planted:
    """What was planted, and everything that was read afterwards."""

    canaries: list[dict]
    cases: list[dict]
    told: dict
    read: list[tuple[str, Answer]] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, str] = field(default_factory=dict)
    people: dict[str, Visitor] = field(default_factory=dict)


@pytest.fixture(scope="module")
def planted(server):
    """The words planted, every page read by everybody, and what lies on the disk."""
    script = Path(__file__).with_name("plant.py")
    env = server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
    done = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    told = json.loads(done.stdout)
    found = Planted(told["canaries"], told["cases"], told, people=everybody(server))
    stranger = Visitor(server)
    stranger.get("/sign-in/")
    stranger.post("/sign-in/", {"login": GUESSED, "password": f"{GUESSED}password"})
    for who, visitor in found.people.items():
        found.read += [(who, got) for got in visitor.crawl(*STARTS, most=1, assets=False).values()]
        found.read += [(who, visitor.get(path)) for path in [*DOORS, *addresses(found.cases)]]
    for case in found.cases:  # so that a log that keeps addresses is caught
        found.people[NOBODY].get(f"/f/{case['token']}/")
    found.files = {
        str(path.relative_to(server.var)): path.read_bytes()
        for path in sorted(server.var.rglob("*"))
        if path.is_file() and path.relative_to(server.var).parts[0] != "keys"
    }
    found.rows = rows(server.env.get("LINLI_DATABASE", ""))
    return found


def addresses(cases):
    """Everything about the planted cases that has an address."""
    for case in cases:
        number = case["number"]
        yield from (f"/desk/cases/{number}/", f"/list/{number}/", f"/desk/board/?q={number}")
        yield from (f"/list/{number}/{pk}.jpg" for pk in case["photos"])
        yield from (f"/desk/cases/{number}/photos/{pk}.jpg" for pk in case["photos"])
    yield from (TILE.format(zoom, *at) for zoom, at in ((0, (0, 0)), (4, (12, 6)), (6, (50, 25))))


def rows(database):
    """On PostgreSQL: each table as text."""
    if not database:
        return {}
    import psycopg

    with psycopg.connect(database) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            name: "\n".join(r[0] for r in connection.execute(f'SELECT t::text FROM "{name}" t'))
            for (name,) in names.fetchall()
        }


def hidden_forms(word):
    """A word as bytes may hold it: as it is, in hex, in base64 at each of three offsets."""
    plain = word.encode()
    coded = [base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)]
    return [plain, plain.hex().encode(), plain.decode().encode("utf-16-le"), *coded]


def test_every_personal_column_has_a_canary_or_a_reason(planted):
    have = {canary["column"] for canary in planted.canaries} - {"cases.Case.public_text"}
    told = have | set(planted.told["not_planted"]) | {planted.told["guessed"]}
    assert told == set(planted.told["personal"])
    assert all(planted.told["not_planted"].values())


def test_no_word_is_part_of_another(planted):
    words = [canary["word"] for canary in planted.canaries]
    assert [(a, b) for a in words for b in words if a != b and a in b] == []


def test_each_word_is_read_only_by_those_the_register_names(planted):
    found = []
    for who, got in planted.read:
        for canary in planted.canaries:
            inside = canary["word"] in got.text or canary["word"].encode() in got.body
            if inside and not allowed(canary, who, got.path):
                found.append((who, got.path, canary["column"], canary["word"]))
    assert found == []


def allowed(canary, who, path):
    """May this word stand here?"""
    if canary["public"]:
        return True
    return who in canary["readers"] and path.startswith(tuple(canary["pages"]))


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


def test_photos_are_seen_with_their_case_and_lie_locked_on_the_disk(planted):
    for case in planted.cases:
        pixels = bytes.fromhex(case["pixels"])
        if not pixels:
            continue
        seen = {(who, got.path) for who, got in planted.read if pixels in got.body}
        desk = {(who, path) for who, path in seen if path.startswith("/desk/")}
        assert {who for who, _path in desk} == set(case["readers"]), case["name"]
        assert bool(seen - desk) == case["public"], case["name"]
        assert [name for name, data in planted.files.items() if pixels in data] == []


def test_search_finds_no_case_by_a_private_word(planted):
    for who in (NOBODY, "operator", "administrator", "auditor"):
        visitor = planted.people[who]
        for canary in planted.canaries:
            for door in ("/list/?q=", "/desk/board/?q="):
                text = visitor.get(door + canary["word"]).text
                hits = [c["name"] for c in planted.cases if c["number"] in text]
                spoken = [c["name"] for c in planted.cases if in_groups(c["number"]) in text]
                expected = ["road"] if canary["public"] and (hits or spoken) else []
                assert set(hits + spoken) == set(expected), (who, door, canary["word"])
    text = planted.people[NOBODY].get(f"/list/?q={public_word(planted)}").text
    assert f"/list/{planted.cases[0]['number']}/" in text


def in_groups(number):
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


def public_word(planted):
    return next(c["word"] for c in planted.canaries if c["public"])


def test_nothing_lies_on_the_disk_unlocked(planted):
    """The database with its log, log files, photos, tiles: all but the keys."""
    assert len(planted.files) > 3
    assert on_disk(planted, public_word(planted)) or planted.rows
    for canary in planted.canaries:
        if not canary["plain"]:
            assert on_disk(planted, canary["word"]) == [], canary
    for word in (GUESSED, f"{GUESSED}password"):
        assert on_disk(planted, word) == []
    for case in planted.cases:  # a secret link is known by its digest only
        assert on_disk(planted, case["token"]) == [], case["name"]


def on_disk(planted, word):
    """The files that hold a word, in whatever form."""
    forms = hidden_forms(word)
    return [
        name for name, data in planted.files.items() if any(form and form in data for form in forms)
    ]


def test_no_row_holds_it_unlocked(planted):
    for canary in planted.canaries:
        if canary["plain"]:
            continue
        forms = [form.decode("utf-8", "ignore") for form in hidden_forms(canary["word"])[:2]]
        found = [name for name, text in planted.rows.items() if any(f in text for f in forms)]
        assert found == [], canary


def test_the_password_is_nowhere_but_with_the_sample_accounts(server, planted):
    password = str(accounts(server)["password"])
    assert on_disk(planted, password) == [str(Path("demo") / "accounts.json")]
