"""A herder with an old phone, in Chinese: no scripts, 320 pixels, no name, no point on a map."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TEXT = "过河的桥板断了两块，马过不去。"


def fits(page):
    """Nothing has to be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_report_from_the_first_page_to_the_follow_up(visitor):
    page = visitor("zh", width=320, scripts=False)
    page.goto("/")
    page.get_by_role("link", name="反映问题").first.click()
    page.get_by_label("用一两个词说").fill("桥断了")
    page.get_by_role("button", name="查找").click()
    page.locator("a.service__name[href$='/bridge-damage/']").click()

    page.get_by_role("button", name="显示下一级").wait_for()

    # By lists: each opens when the one above it is chosen.
    while page.get_by_role("button", name="显示下一级").count():
        page.locator("select[name=area]").last.select_option(index=1)
        with page.expect_navigation():
            page.get_by_role("button", name="显示下一级").click()
    expect(page.locator("select[name=area]")).to_have_count(3)
    page.locator("button[value=where]").last.click()
    page.locator(".error-summary").wait_for()
    page.get_by_label("用您的话说明地点").fill("渡口往上游三百米")
    page.locator("button[value=where]").last.click()
    expect(page.locator(".here")).to_contain_text("渡口往上游三百米")

    # Another language in the middle costs nothing, and Enter still means "go on".
    page.locator("textarea[name=text]").fill(TEXT)
    page.get_by_role("button", name="བོད་ཡིག").click()
    page.locator("html[lang=bo]").wait_for()
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    page.get_by_role("button", name="中文").click()
    page.locator("html[lang=zh-Hans]").wait_for()
    page.locator("input[name=reach][value=phone]").check()
    page.locator("input[name=contact]").press("Enter")
    page.locator(".error-summary").wait_for()
    page.locator("input[name=reach][value='']").check()

    # A forgotten answer costs nothing.
    page.locator("textarea[name=text]").fill(TEXT)
    with page.expect_navigation():
        page.locator("button[value=send]").last.click()
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    for required in page.locator(".field--wrong").all():
        required.locator("input").first.check()
    page.locator("button[value=send]").last.click()

    number = page.locator(".receipt__number").inner_text()
    assert re.search(r"\d{4}-\d{4}-\d{3}", number)
    code = page.locator(".secret__code").inner_text()
    page.goto("/follow/")
    page.get_by_label("回执上的代码").fill(code.upper())
    page.get_by_role("button", name="显示我的报告").click()
    expect(page.locator("blockquote")).to_contain_text(TEXT)
    assert re.search(r"\d{4}-\d{4}-\d{3}", page.locator(".case-head__number").inner_text())
    cookies = {cookie["name"] for cookie in page.context.cookies()}
    assert cookies <= {"django_language"}


@pytest.mark.parametrize("path", ["/", "/report/", "/report/pothole/", "/follow/"])
@pytest.mark.parametrize("language", ["zh", "bo", "en"])
def test_nothing_is_wider_than_the_phone(visitor, language, path):
    page = visitor(language, width=320)
    page.goto(path)
    assert fits(page)
