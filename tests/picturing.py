"""The kinds of pages, who opens each, and how a browser comes there. Used by axe and screenshots."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.browsing import LANGUAGE_COOKIE, NOBODY, Visitor
from tests.serving import Server

LANGUAGES = ("zh-hans", "bo", "en")
WIDTHS = {320: 640, 1440: 900}  # width: height, in CSS pixels
SCHEMES = ("light", "dark")
# Cases of the demonstration to open: one that waits for its reporter, one that a post works on.
LOOK_UP = """
import json
import django
django.setup()
from django.urls import reverse
from linli.cases import follow, rules
from linli.cases.models import Case, State
from linli.kernel.models import Account
from linli.opendata.public import publishable
from linli.organisations.queries import posts_of
roads = Account.objects.get(username="roads")
county = posts_of(roads).order_by("code").first()
mine = rules.visible_to(Account.objects.get(username="operator"))
answered = mine.filter(state=State.RESOLVED, public=True).select_related("key").first()
running = mine.filter(public=True, photos=None).exclude(state=State.RESOLVED).first()
one = publishable().filter(state=State.RESOLVED).first() or publishable().first()
area = county.answerings.first().area
print(json.dumps({"messages": reverse("messages:written"), "token": follow.token(answered.key), "case": running.number,
    "public": one.number, "area": area.code, "post": county.pk,
    "lon": area.centre_lon, "lat": area.centre_lat}))
"""


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, its address, who opens it."""

    name: str
    path: str
    who: str = NOBODY


KINDS = (
    Kind("home", "/"),
    Kind("report", "/report/"),
    Kind("report-where", "/report/pothole/"),
    Kind("report-tell", "/report/pothole/"),
    Kind("receipt", "/f/{token}/receipt/"),
    Kind("follow", "/f/{token}/"),
    Kind("follow-find", "/follow/"),
    Kind("who", "/who/?lon={lon}&lat={lat}"),
    Kind("areas", "/areas/"),
    Kind("area", "/areas/{area}/"),
    Kind("map", "/map/"),
    Kind("list", "/list/"),
    Kind("public-case", "/list/{public}/"),
    Kind("data", "/open/"),
    Kind("register", "/register/"),
    Kind("log", "/log/"),
    Kind("services", "/services/"),
    Kind("sign-in", "/sign-in/"),
    Kind("missing", "/nowhere/"),
    Kind("design", "/design/"),
    Kind("board", "/desk/board/", "operator"),
    Kind("inbox", "/desk/inbox/", "roads"),
    Kind("case", "/desk/cases/{case}/", "operator"),
    Kind("new", "/desk/new/", "operator"),
    Kind("messages", "{messages}", "operator"),
    Kind("coverage", "/desk/coverage/", "administrator"),
    Kind("posts", "/desk/posts/", "administrator"),
    Kind("post", "/desk/posts/{post}/", "administrator"),
    Kind("people", "/people/", "administrator"),
    Kind("calendar", "/calendars/", "administrator"),
    Kind("services-desk", "/desk/services/", "administrator"),
    Kind("account", "/account/", "administrator"),
)


class House:
    """A served prefecture as a browser sees it: who is signed in, and which cases to open."""

    def __init__(self, server: Server, browser: Any) -> None:
        self.server, self.browser = server, browser
        self.cookies: dict[str, list[dict[str, str]]] = {NOBODY: []}
        env = server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
        said = subprocess.run([sys.executable, "-c", LOOK_UP], env=env, check=True, timeout=120,
                              capture_output=True, text=True).stdout  # fmt: skip
        self.found: dict[str, object] = json.loads(said)
        for who in {kind.who for kind in KINDS} - {NOBODY}:
            session = Visitor(server).sign_in(who).session
            self.cookies[who] = [
                {"name": cookie.name, "value": cookie.value or "", "url": server.url}
                for cookie in session.cookies
                if cookie.name != LANGUAGE_COOKIE
            ]

    @contextmanager
    def reader(self, who: str, language: str, width: int, scheme: str) -> Iterator[Any]:
        """A page of somebody: language, width, light or dark. The policy lets axe in."""
        context = self.browser.new_context(
            base_url=self.server.url, viewport={"width": width, "height": WIDTHS[width]},
            color_scheme=scheme, bypass_csp=True, reduced_motion="reduce",
        )  # fmt: skip
        chosen = {"name": LANGUAGE_COOKIE, "value": language, "url": self.server.url}
        context.add_cookies([*self.cookies[who], chosen])
        context.set_default_timeout(30_000)
        try:
            yield context.new_page()
        finally:
            context.close()

    def open(self, page: Any, kind: Kind) -> None:
        """Go to a kind of page and wait until it stands still."""
        page.goto(kind.path.format(**self.found), wait_until="load")
        if kind.name == "report-tell":
            for name in ("lon", "lat"):
                field = page.locator(f"input[name={name}]").first
                field.evaluate("(e, v) => { e.value = v }", str(self.found[name]))
            page.locator("button[name=step][value=where]").last.evaluate("e => e.click()")
            page.locator("textarea[name=text]").wait_for()
        page.evaluate("document.fonts.ready.then(() => true)")
