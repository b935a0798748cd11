"""The kinds of pages, who opens each, and how a browser comes there. Used by axe and screenshots."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tests.browsing import LANGUAGE_COOKIE, NOBODY, Visitor, accounts
from tests.serving import ROOT, Server

LANGUAGES = ("zh-hans", "bo", "en")
WIDTHS = {320: 640, 1440: 900}  # width: height, in CSS pixels
SCHEMES = ("light", "dark")
SCENES = ROOT / "tests" / "scenes.py"
NEWCOMER = "newcomer"  # has a password and no second factor yet


def tell(page: Any, found: dict[str, object]) -> None:
    """From the second step of a report to the third."""
    for name in ("lon", "lat"):
        field = page.locator(f"input[name={name}]").first
        field.evaluate("(e, v) => { e.value = v }", str(found[name]))
    press(page, "button[name=step][value=where]")
    page.locator("textarea[name=text]").wait_for()


def tell_wrongly(page: Any, found: dict[str, object]) -> None:
    """The third step, sent with an answer missing and a telephone number that is none."""
    tell(page, found)
    page.locator("textarea[name=text]").fill("The road is broken.")
    page.locator("input[name=reach][value=phone]").check()
    page.locator("input[name=contact]").fill("my sister's")
    press(page, "button[name=step][value=send]")
    page.locator(".error-summary").wait_for()


def press(page: Any, selector: str) -> None:
    """Press the last of these buttons and wait for the page that follows."""
    with page.expect_navigation():
        page.locator(selector).last.evaluate("e => e.click()")


def where_wrongly(page: Any, _found: dict[str, object]) -> None:
    """The second step without a place, after a search that found something."""
    press(page, "button[name=step][value=where]")


def search_a_place(page: Any, _found: dict[str, object]) -> None:
    """The second step with the places of a name."""
    page.locator("input[name=find]").fill("一")
    press(page, "button[name=step][value=find]")


def send_empty(page: Any, _found: dict[str, object]) -> None:
    """Any form, sent without a word."""
    page.locator("main form[method=post]").first.evaluate("e => { e.noValidate = true }")
    press(page, "main form[method=post] button[type=submit]")


def comment_wrongly(page: Any, _found: dict[str, object]) -> None:
    """A comment on a plan without words, and with a telephone number that is none."""
    page.locator("input[name=reach][value=sms]").check()
    page.locator("input[name=contact]").fill("my sister's")
    press(page, "button[name=step][value=send]")
    page.locator(".error-summary").wait_for()


def prove(page: Any, _found: dict[str, object]) -> None:
    """The log, asked for a leaf that it does not have."""
    page.locator("input[name=leaf]").fill("ab" * 32)
    press(page, "main form[method=post] button[type=submit]")


def on_paper(page: Any, _found: dict[str, object]) -> None:
    """As it is printed."""
    page.emulate_media(media="print")


def unfold(page: Any, _found: dict[str, object]) -> None:
    """Everything that is folded, open."""
    page.evaluate("document.querySelectorAll('details').forEach(e => { e.open = true })")


def fill_wrongly(page: Any, _found: dict[str, object]) -> None:
    """A post of its own for an area, with a holder whom nobody knows."""
    unfold(page, {})
    page.locator("input[name=username]").last.fill("nobody")
    press(page, "main form[data-keeps] button[type=submit]")
    page.locator(".error-summary").wait_for()


def ask_for_code(page: Any, found: dict[str, object]) -> None:
    """The second step of signing in."""
    page.locator("input[name=login]").fill("clerk")
    page.locator("input[name=password]").fill(str(found["sample"]))
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").wait_for()


@dataclass(frozen=True)
class Kind:
    """A kind of page: its name, its address, who opens it, and what is done there."""

    name: str
    path: str
    who: str = NOBODY
    do: Callable[[Any, dict[str, object]], None] | None = None


KINDS = (
    Kind("home", "/"),
    Kind("menu", "/areas/", do=unfold),
    Kind("report", "/report/"),
    Kind("report-group", "/report/?group=roads"),
    Kind("report-search", "/report/?q=road"),
    Kind("report-gone", "/report/nothing-of-this-name/"),
    Kind("report-where", "/report/pothole/"),
    Kind("report-where-area", "/report/help-for-another/"),
    Kind("report-where-search", "/report/pothole/", do=search_a_place),
    Kind("report-where-wrong", "/report/pothole/", do=where_wrongly),
    Kind("report-tell", "/report/pothole/", do=tell),
    Kind("report-tell-wrong", "/report/pothole/", do=tell_wrongly),
    Kind("receipt", "/f/{token}/receipt/"),
    Kind("follow", "/f/{token}/"),
    Kind("follow-running", "/f/{running}/"),
    Kind("follow-erased", "/f/{erased}/"),
    Kind("follow-find", "/follow/"),
    Kind("follow-find-wrong", "/follow/", do=send_empty),
    Kind("who", "/who/?area={area}"),
    Kind("who-start", "/who/"),
    Kind("who-found", "/who/?q=一"),
    Kind("areas", "/areas/"),
    Kind("area", "/areas/{area}/"),
    Kind("map", "/map/"),
    Kind("list", "/list/"),
    Kind("list-none", "/list/?q=zzzzzz"),
    Kind("public-case", "/list/{public}/"),
    Kind("data", "/open/"),
    Kind("register", "/register/"),
    Kind("log", "/log/"),
    Kind("log-wrong", "/log/", do=prove),
    Kind("plans", "/grids/"),
    Kind("plan", "/grids/{plan}/"),
    Kind("plan-place", "/grids/{plan}/?area={line}"),
    Kind("plan-force", "/grids/{force}/"),
    Kind("plan-follow", "/grids/{plan}/follow/"),
    Kind("plan-follow-wrong", "/grids/{plan}/follow/", do=send_empty),
    Kind("plan-following", "/grids/following/{following}/"),
    Kind("plan-grid", "/grids/{plan}/{said}/"),
    Kind("plan-grid-wrong", "/grids/{plan}/{said}/", do=comment_wrongly),
    Kind("services", "/services/"),
    Kind("proposed", "/services/proposed/"),
    Kind("sign-in", "/sign-in/"),
    Kind("sign-in-wrong", "/sign-in/", do=send_empty),
    Kind("sign-in-code", "/sign-in/", do=ask_for_code),
    Kind("password-link", "{link}"),
    Kind("missing", "/nowhere/"),
    Kind("error-400", "/design/errors/400/"),
    Kind("error-403", "/design/errors/403/"),
    Kind("error-csrf", "/design/errors/403-csrf/"),
    Kind("error-429", "/design/errors/429/"),
    Kind("error-500", "/design/errors/500/"),
    Kind("design", "/design/"),
    Kind("design-staff", "/design/staff/"),
    Kind("board", "/desk/board/", "operator"),
    Kind("board-none", "/desk/board/?q=zzzzzz", "operator", unfold),
    Kind("inbox", "/desk/inbox/", "roads"),
    Kind("inbox-operator", "/desk/inbox/", "operator"),
    Kind("case", "/desk/cases/{case}/", "operator"),
    Kind("case-work", "/desk/cases/{work}/", "operator"),
    Kind("case-open", "/desk/cases/{work}/", "operator", unfold),
    Kind("case-handler", "/desk/cases/{work}/", "roads"),
    Kind("case-contested", "/desk/cases/{contested}/", "operator"),
    Kind("case-complaint", "/desk/cases/{complaint}/", "inspector"),
    Kind("inbox-verifier", "/desk/inbox/", "verifier"),
    Kind("new", "/desk/new/", "operator"),
    Kind("new-where", "/desk/new/pothole/", "operator"),
    Kind("new-tell", "/desk/new/pothole/", "operator", tell),
    Kind("new-receipt", "/desk/new/receipt/{running}/", "operator"),
    Kind("messages", "{messages}", "operator"),
    Kind("coverage", "/desk/coverage/", "administrator"),
    Kind("coverage-empty", "/desk/coverage/?view=empty", "administrator"),
    Kind("coverage-loads", "/desk/coverage/?view=loads", "administrator"),
    Kind("posts", "/desk/posts/", "administrator"),
    Kind("post", "/desk/posts/{post}/", "administrator"),
    Kind("fill", "/desk/areas/{line}/post/", "administrator", unfold),
    Kind("fill-wrong", "/desk/areas/{line}/post/", "administrator", fill_wrongly),
    Kind("people", "/people/", "administrator"),
    Kind("person", "/people/{person}/", "administrator"),
    Kind("people-open", "/people/open/", "administrator"),
    Kind("people-open-wrong", "/people/open/", "administrator", send_empty),
    Kind("calendar", "/calendars/", "administrator"),
    Kind("calendar-always", "/calendars/always/", "administrator"),
    Kind("services-desk", "/desk/services/", "administrator"),
    Kind("failures", "{failures}", "administrator"),
    Kind("account", "/account/", "administrator"),
    Kind("password", "/account/password/", "administrator"),
    Kind("codes", "/account/codes/", "administrator"),
    Kind("codes-new", "/account/codes/new/", "administrator"),
    Kind("passkey-add", "/account/second-factor/passkey/", "administrator"),
    Kind("confirm", "/account/confirm/", "administrator"),
    Kind("sign-out", "/sign-out/", "administrator"),
    Kind("second-factor", "/account/second-factor/", NEWCOMER),
    Kind("application", "/account/second-factor/application/", NEWCOMER),
    Kind("passkey", "/account/second-factor/passkey/", NEWCOMER),
    Kind("grids", "/desk/grids/", "planner"),
    Kind("comments", "/desk/grids/{plan}/comments/", "planner"),
    Kind("comment", "/desk/grids/{plan}/comments/{comment}/", "planner"),
    Kind("grids-begin", "/desk/grids/begin/", "planner"),
    Kind("grids-begin-wrong", "/desk/grids/begin/", "planner", send_empty),
    Kind("grids-plan", "/desk/grids/{draft}/", "planner"),
    Kind("grids-title", "/desk/grids/{draft}/title/", "planner"),
    Kind("grids-aims", "/desk/grids/{draft}/aims/", "planner"),
    Kind("grids-groups", "/desk/grids/{draft}/groups/", "planner"),
    Kind("grids-import", "/desk/grids/import/", "planner"),
    Kind("grids-publish", "/desk/grids/{draft}/publish/", "planner"),
    Kind("grids-chosen", "/desk/grids/{draft}/?grid={grid}", "planner", unfold),
    Kind("grids-adopt", "/desk/grids/{plan}/adopt/", "planner", unfold),
    Kind("grids-compare", "/desk/grids/compare/?a={other}&b={draft}", "planner", unfold),
    # Last of its reader's: from here on the page shows what is on paper.
    Kind("receipt-paper", "/f/{token}/receipt/", do=on_paper),
    Kind("case-paper", "/desk/cases/{work}/", "operator", on_paper),
)


class House:
    """A served prefecture as a browser sees it: who is signed in, and which cases to open."""

    def __init__(self, server: Server, browser: Any) -> None:
        self.server, self.browser = server, browser
        self.cookies: dict[str, list[dict[str, str]]] = {NOBODY: []}
        env = server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
        said = subprocess.run([sys.executable, str(SCENES)], env=env, check=True, timeout=120,
                              capture_output=True, text=True).stdout  # fmt: skip
        self.found: dict[str, object] = json.loads(said)
        self.found["sample"] = accounts(server)["password"]
        for who in {kind.who for kind in KINDS} - {NOBODY}:
            visitor = Visitor(server)
            if who == NEWCOMER:
                visitor.enter(who, str(self.found["password"]))
            else:
                visitor.sign_in(who)
            self.cookies[who] = [
                {"name": cookie.name, "value": cookie.value or "", "url": server.url}
                for cookie in visitor.session.cookies
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
        """Go to a kind of page, do what is done there, and wait until it stands still."""
        page.goto(kind.path.format(**self.found), wait_until="load")
        if kind.do:
            kind.do(page, self.found)
        page.evaluate("document.fonts.ready.then(() => true)")
