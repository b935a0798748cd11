"""Somebody who opens the pages of a running Linli: signs in, follows links, keeps what came back."""

import json
import subprocess
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import requests
from django.urls import Resolver404, resolve

from linli.engines import totp
from tests.serving import Server

NOBODY = "nobody"
LANGUAGE_COOKIE = "django_language"
EACH_PATTERN = 3  # addresses opened of each kind of page
LINKS = {"a": "href", "link": "href", "img": "src", "script": "src"}
SECRETS = """
import json
import django
django.setup()
from allauth.mfa.models import Authenticator
from linli.kernel import secondfactor
rows = Authenticator.objects.filter(type="totp").select_related("user")
print(json.dumps({r.user.username: secondfactor.unlock(r.data["secret"]) for r in rows}))
"""
_secrets: dict[str, dict[str, str]] = {}  # by address of the server


@dataclass(frozen=True)
class Answer:
    """What an address gave back; `offered_by` is the page where its link stood."""

    path: str
    status: int
    kind: str
    text: str
    body: bytes = field(repr=False)
    headers: requests.structures.CaseInsensitiveDict[str] = field(repr=False)
    location: str
    offered_by: str

    @property
    def is_page(self) -> bool:
        """Is it HTML?"""
        return self.kind.startswith("text/html")


class Links(HTMLParser):
    """The addresses that a page offers: links, pictures, scripts, forms that are sent by GET."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.found += [given[LINKS[tag]] or ""] if given.get(LINKS.get(tag, "")) else []
        self.found += [given["hx-get"] or ""] if given.get("hx-get") else []
        if tag == "form" and (given.get("method") or "get").lower() == "get":
            self.found.append(given.get("action") or "")


class Visitor:
    """A browser without scripts: keeps cookies, follows links of the same origin."""

    def __init__(self, server: Server, language: str = "en") -> None:
        self.server, self.session = server, requests.Session()
        self.session.trust_env = False
        self.host = urlsplit(server.url).hostname or ""
        self.session.cookies.set(LANGUAGE_COOKIE, language, domain=self.host)

    def get(self, path: str, offered_by: str = "", **headers: str) -> Answer:
        """Open one address of this server; redirections are not followed."""
        url = urljoin(self.server.url, path)
        got = self.session.get(url, headers=headers, allow_redirects=False, timeout=60)
        return answer(path, got, offered_by)

    def post(self, path: str, data: object, files: object = None) -> Answer:
        """Send a form, with the token of this visitor; redirections are not followed."""
        token = self.session.cookies.get("csrftoken", domain=self.host) or ""
        got = self.session.post(
            urljoin(self.server.url, path), data=data, files=files, allow_redirects=False,
            timeout=120, headers={"X-CSRFToken": token, "Referer": self.server.url},
        )  # fmt: skip
        return answer(path, got, "")

    def enter(self, name: str, password: str) -> Answer:
        """Send name and password; what follows is the second step."""
        self.get("/sign-in/")
        return self.post("/sign-in/", {"login": name, "password": password})

    def sign_in(self, name: str) -> "Visitor":
        """Sign in as a sample account, by password and code."""
        step = self.enter(name, str(accounts(self.server)["password"]))
        assert step.location.endswith("/sign-in/code/"), (name, step.status, step.text[:500])
        self.get("/sign-in/code/")
        for _attempt in range(3):
            now = totp.code(secrets(self.server)[name], time.time())
            if self.post("/sign-in/code/", {"code": now}).status == 302:
                return self
            time.sleep(totp.PERIOD - time.time() % totp.PERIOD)  # each opens the door once
        raise AssertionError(f"{name} cannot sign in")

    def crawl(
        self, *starts: str, most: int = EACH_PATTERN, assets: bool = True
    ) -> dict[str, Answer]:
        """Follow links from these addresses; at most `most` addresses of each URL pattern.

        Without `assets`, style sheets, scripts and fonts are left out.
        """
        found: dict[str, Answer] = {}
        opened: Counter[str] = Counter()
        waiting = [(start, "") for start in starts]
        while waiting:
            path, offered_by = waiting.pop(0)
            if path in found or opened[pattern(path)] >= most:
                continue
            if path.startswith("/static/") and not assets:
                continue
            opened[pattern(path)] += 1
            found[path] = got = self.get(path, offered_by)
            links = Links(got.text).found if got.is_page else []
            for link in [*links, *([got.location] if got.location else [])]:
                if (inside := self.inside(path, link)) and inside not in found:
                    waiting.append((inside, path))
        return found

    def inside(self, path: str, link: str) -> str:
        """The path and query of a link of this server; empty for any other."""
        parts = urlsplit(urljoin(urljoin(self.server.url, path), link))
        if parts.netloc != urlsplit(self.server.url).netloc or link.startswith(("data:", "#")):
            return ""
        return parts.path + (f"?{parts.query}" if parts.query else "")


def answer(path: str, got: requests.Response, offered_by: str) -> Answer:
    """A response, with its text where it has one."""
    kind = got.headers.get("Content-Type", "")
    readable = kind.startswith("text/") or "json" in kind or "xml" in kind
    got.encoding = "utf-8"
    return Answer(path, got.status_code, kind, got.text if readable else "", got.content,
                  got.headers, got.headers.get("Location", ""), offered_by)  # fmt: skip


def pattern(path: str) -> str:
    """The kind of page an address belongs to; what is asked (`?page=2`) makes one more kind."""
    plain, _, query = path.partition("?")
    if plain.startswith("/static/"):
        return path
    try:
        route = resolve(plain).route
    except Resolver404:
        return path
    asked = sorted({part.partition("=")[0] for part in query.split("&") if part})
    return f"{route}?{'&'.join(asked)}"


def accounts(server: Server) -> dict[str, object]:
    """The sample accounts: their password, and name and role of each."""
    found: dict[str, object] = json.loads((server.var / "demo" / "accounts.json").read_text())
    return found


def secrets(server: Server) -> dict[str, str]:
    """The secrets of the sample accounts' authenticators; asked once, codes follow from them."""
    if server.url not in _secrets:
        env = server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
        said = subprocess.run([sys.executable, "-c", SECRETS], env=env, check=True, timeout=120,
                              capture_output=True, text=True).stdout  # fmt: skip
        _secrets[server.url] = json.loads(said)
    return _secrets[server.url]


def roles(server: Server) -> list[str]:
    """The sign-in names of the sample accounts."""
    return [name for name, _role in accounts(server)["accounts"]]


def everybody(server: Server) -> dict[str, Visitor]:
    """Nobody, and every sample account signed in."""
    return {NOBODY: Visitor(server)} | {n: Visitor(server).sign_in(n) for n in roles(server)}
