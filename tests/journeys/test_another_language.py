"""Staff who change the language in the middle of a sentence go on with it in the other one."""

import pytest
from playwright.sync_api import expect

from tests.journeys.staff import sign_in

pytestmark = pytest.mark.browser
WORDS = "The culvert is blocked; the digger comes on Monday."


def test_a_note_is_kept_until_it_is_sent(visitor, server):
    page = sign_in(visitor("en"), server, "roads")
    page.goto("/desk/inbox/")
    page.locator("[data-line] a").first.click()
    page.wait_for_url("**/desk/cases/*/")
    page.locator("details.tool summary", has_text="Note for colleagues").click()
    page.locator("#do-note textarea").fill(WORDS)
    for language, name in (("bo", "བོད་ཡིག"), ("zh-Hans", "中文")):
        page.get_by_role("button", name=name).click()
        page.locator(f"html[lang={language}]").wait_for()
        expect(page.locator("#do-note textarea")).to_have_value(WORDS)
        expect(page.locator("details.tool[open]")).to_have_count(1)
        expect(page.locator(".panel--internal", has_text=WORDS)).to_have_count(0)
    with page.expect_navigation():
        page.locator("#do-note button[type=submit]").last.click()
    expect(page.locator(".panel--internal", has_text=WORDS)).to_have_count(1)


def test_what_is_typed_into_one_of_several_forms(visitor, server):
    page = sign_in(visitor("en"), server, "administrator")
    page.goto("/calendars/")
    page.locator("input[name=en]").fill("Herders' day")
    page.get_by_role("button", name="中文").click()
    page.locator("html[lang=zh-Hans]").wait_for()
    expect(page.locator("input[name=en]")).to_have_value("Herders' day")
    page.get_by_role("button", name="English").click()
    page.locator("html[lang=en]").wait_for()
