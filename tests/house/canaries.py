"""Canaries: a word of its own in every personal column, and what finds one where it must not be.

The same functions look through a whole Linli (`test_canaries.py`) and, leak by leak, through one
that was made to leak (`test_leaks.py`).
"""

import base64
import gzip
import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.browsing import NOBODY, Answer, Visitor, everybody
from tests.serving import Server

STARTS = ["/", "/desk/", "/account/", "/people/", "/calendars/", "/desk/board/", "/desk/inbox/",
          "/desk/coverage/", "/desk/posts/", "/desk/grids/", "/areas/", "/map/", "/list/", "/open/",
          "/register/", "/log/", "/grids/", "/services/proposed/", "/follow/",
          "/design/staff/"]  # fmt: skip
DOORS = ["/api/services", "/api/openapi.json", "/api/cases", "/api/cases?q=zwq", "/open/cases.csv",
         "/open/cases.geojson", "/map/points.json", "/log/heads.json", "/tiles/areas.json",
         "/places/search?q=zwq", "/desk/board/points.geojson", "/desk/board/", "/desk/inbox/",
         "/desk/", "/desk/messages/", "/account/confirm/", "/account/confirm/code/",
         "/sign-out/"]  # fmt: skip
TILE = "/tiles/areas/{}/{}/{}.mvt"
SEARCHES = ("/list/?q=", "/api/cases?q=", "/open/cases.csv?q=")
STAFF_SEARCH = "/desk/board/?q="
GUESSED = "zwqguessed"
READ_BY_THE_MAP = ("map.json", "map.svg", "settlements.json", "best.json", "progress/")


@dataclass
class Planted:
    """What was planted, who looks, and everything that they read."""

    server: Server
    told: dict[str, Any]
    people: dict[str, Visitor]
    read: list[tuple[str, Answer]] = field(default_factory=list)

    @property
    def canaries(self) -> list[dict[str, Any]]:
        """The words."""
        found: list[dict[str, Any]] = self.told["canaries"]
        return found

    @property
    def cases(self) -> list[dict[str, Any]]:
        """The cases that they stand in."""
        found: list[dict[str, Any]] = self.told["cases"]
        return found

    @property
    def public_word(self) -> str:
        """The word that everybody may read."""
        return next(str(c["word"]) for c in self.canaries if c["public"])


def plant(server: Server, people: Mapping[str, Visitor] | None = None) -> Planted:
    """Plant the words; everybody is there to look, or only these."""
    script = Path(__file__).with_name("plant.py")
    env = server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
    done = subprocess.run([sys.executable, str(script)], env=env, capture_output=True, text=True,
                          timeout=300)  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return Planted(server, json.loads(done.stdout), dict(people or everybody(server)))


def addresses(planted: Planted) -> list[str]:
    """Every address that is looked at without a link to it: doors, planted cases, tiles."""
    lon, lat = planted.told["centre"]
    found = [*DOORS, f"/api/areas/at?lon={lon}&lat={lat}", f"/log/proof/{planted.told['leaf']}", *(TILE.format(zoom, *at) for zoom, at in (
        (0, (0, 0)), (4, (12, 6)), (6, (50, 25))))]  # fmt: skip
    plan = planted.told["plan"]
    found += [f"/grids/{plan}/", f"/grids/{plan}/planted/", f"/grids/{plan}/plan.geojson",
              f"/desk/grids/{plan}/comments/", f"/desk/grids/{plan}/comments/?state=withheld",
              *(f"/desk/grids/{plan}/comments/{pk}/" for pk in planted.told["comments"]),
              *(f"/desk/grids/{plan}/{name}" for name in READ_BY_THE_MAP),
              f"/desk/grids/{plan}/", f"/desk/grids/{plan}/adopt/",
              f"/desk/grids/{plan}/export/", f"/desk/grids/{plan}/export/plan.geojson",
              f"/desk/grids/{planted.told['draft']}/publish/"]  # fmt: skip
    for case in planted.cases:
        number = case["number"]
        found += [f"/desk/cases/{number}/", f"/list/{number}/", f"/desk/board/?q={number}",
                  f"/api/cases/{number}", f"/api/areas/{case['area']}",
                  f"/areas/{case['area']}.geojson"]  # fmt: skip
        for pk in case["photos"]:
            found += [f"/list/{number}/{pk}.jpg", f"/desk/cases/{number}/photos/{pk}.jpg"]
    return found


def read_everything(planted: Planted) -> None:
    """Follow links from everywhere, and open what no link leads to, as everybody."""
    for who, visitor in planted.people.items():
        crawled = visitor.crawl(*STARTS, most=1, assets=False).values()
        planted.read += [(who, got) for got in crawled]
        planted.read += [(who, visitor.get(path)) for path in addresses(planted)]
    for case in planted.cases:  # so that a log that keeps addresses is caught
        planted.people[NOBODY].get(f"/f/{case['token']}/")


# ------------------------------------------------------------------ what must not be


def forms_of(word: str) -> list[bytes]:
    """A word as bytes may hold it: as it is, in hex, UTF-16, base64 at each of three offsets."""
    plain = word.encode()
    coded = [base64.b64encode(b"\0" * n + plain)[4 if n else 0 : -4] for n in range(3)]
    wide = plain.decode().encode("utf-16-le")
    found = [plain, plain.hex().encode(), wide, *coded]
    return [form for form in found if len(form) > 5]  # shorter ones are met by chance


def holds(data: bytes, word: str) -> bool:
    """Does this hold the word, in whatever form?"""
    return any(form in data for form in forms_of(word))


def misread(planted: Planted, read: Iterable[tuple[str, Answer]]) -> list[tuple[str, ...]]:
    """Words that somebody read who must not, or where none belongs: (who, path, place, column)."""
    found = []
    for who, got in read:
        beside = "\n".join(f"{name}: {value}" for name, value in got.headers.items()).encode()
        for canary in planted.canaries:
            if not lawful(canary, who, got.path) and holds(got.body, canary["word"]):
                found.append((who, got.path, "body", canary["column"]))
            if holds(beside, canary["word"]):
                found.append((who, got.path, "header", canary["column"]))
    return found


def lawful(canary: Mapping[str, Any], who: str, path: str) -> bool:
    """May this word stand here?"""
    allowed = who in canary["readers"] and path.startswith(tuple(canary["pages"]))
    return bool(canary["public"]) or allowed


def kept_by_caches(
    planted: Planted, read: Iterable[tuple[str, Answer]]
) -> list[tuple[str, str, str]]:
    """Answers with a word that is not public, which a cache on the way may keep: (who, path, …)."""
    secret = [c["word"] for c in planted.canaries if not c["public"]]
    return [
        (who, got.path, policy)
        for who, got in read
        if any(word.encode() in got.body for word in secret)
        for policy in [got.headers.get("Cache-Control", "")]
        if "no-store" not in policy and "private" not in policy
    ]


def found_by_search(planted: Planted, who: str, word: str) -> list[tuple[str, str]]:
    """Cases that a search for this word names: (door, name of the case)."""
    found = []
    for door in SEARCHES if who == NOBODY else [STAFF_SEARCH]:
        text = planted.people[who].get(door + word).text
        found += [(door, case["name"]) for case in planted.cases
                  if case["number"] in text or in_groups(case["number"]) in text]  # fmt: skip
    return found


def in_groups(number: str) -> str:
    """A number as it is printed."""
    return f"{number[:4]}-{number[4:8]}-{number[8:]}"


def stored(server: Server) -> dict[str, bytes]:
    """What lies on the disk (but the keys) and, on PostgreSQL, in each table, unpacked."""
    found = {
        str(path.relative_to(server.var)): path.read_bytes()
        for path in sorted(server.var.rglob("*"))
        if path.is_file() and path.relative_to(server.var).parts[0] != "keys"
    }
    found = {name: gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data
             for name, data in found.items()}  # fmt: skip
    return found | tables(server.env.get("LINLI_DATABASE", ""))


def tables(database: str) -> dict[str, bytes]:
    """On PostgreSQL: each table as text; bytes are in hex there."""
    if not database:
        return {}
    import psycopg

    with psycopg.connect(database) as connection:
        names = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {
            f"table {name}": "\n".join(
                r[0] for r in connection.execute(f'SELECT t::text FROM "{name}" t')
            ).encode()
            for (name,) in names.fetchall()
        }


def is_database(name: str) -> bool:
    """Where the columns themselves lie."""
    return name.startswith(("table ", "linli.sqlite3"))


def lying_open(planted: Planted, files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """What lies unlocked: (file or table, column). A plain column lies in the database only."""
    found = []
    for canary in planted.canaries:
        if not canary["public"]:
            found += [(name, canary["column"]) for name in files_with(files, canary["word"])
                      if not (canary["plain"] and is_database(name))]  # fmt: skip
    for word in (GUESSED, f"{GUESSED}password"):
        found += [(name, "what was typed to sign in") for name in files_with(files, word)]
    for case in planted.cases:  # a secret link is known by its digest only
        found += [(name, "secret link") for name in files_with(files, case["token"])]
        found += [(name, "cases.Photo") for name, data in files.items()
                  if pixels(case) and pixels(case) in data]  # fmt: skip
    return found


def files_with(files: Mapping[str, bytes], word: str) -> list[str]:
    """The files that hold a word, in whatever form."""
    return [name for name, data in files.items() if holds(data, word)]


def pixels(case: Mapping[str, Any]) -> bytes:
    """A piece of the case's photo."""
    return bytes.fromhex(case["pixels"])
