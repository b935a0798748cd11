"""Staff in the journeys: signing in with password and code, and the forms of a case."""

import json
import time

CODE_LIVES = 30  # seconds
_used = set()


def unused_code(server, name):
    """A code that nobody signed in with before: each is taken once."""
    for _second in range(2 * CODE_LIVES):
        code = server.code(name)
        if (server.var, name, code) not in _used:
            _used.add((server.var, name, code))
            return code
        time.sleep(1)
    raise AssertionError(f"no new code for {name}")


def sign_in(page, server, name):
    """Sign in as a sample account, with its password and a fresh code, and read in English."""
    kept = json.loads((server.var / "demo" / "accounts.json").read_text(encoding="utf-8"))
    page.goto("/sign-in/")
    page.locator("input[name=login]").fill(name)
    page.locator("input[name=password]").fill(kept["password"])
    page.locator("input[name=password]").press("Enter")
    page.locator("input[name=code]").fill(unused_code(server, name))
    page.locator("input[name=code]").press("Enter")
    page.locator(".staff-header").wait_for()
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()
    return page


def verb(page, title):
    """The form of one verb on the page of a case, opened."""
    tool = page.locator("details.tool", has=page.locator("summary", has_text=title)).first
    if tool.get_attribute("open") is None:
        tool.locator("summary").first.click()
    return tool


def done(page, tool):
    """Send the form and wait for the page that says so."""
    with page.expect_navigation():
        tool.locator("form > button[type=submit]").last.click()
    page.get_by_text("Done.", exact=True).wait_for()


def choose_post(tool, name):
    """Choose the post whose name begins like this."""
    choice = tool.locator("select option", has_text=name).first.get_attribute("value")
    tool.locator("select").first.select_option(choice)
