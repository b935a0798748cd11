"""The operator's board by keyboard."""

import pytest
from playwright.sync_api import expect

from tests.scripts.test_form import tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def focused(page):
    return page.evaluate("document.activeElement.closest('[data-line]')?.dataset.line ?? ''")


def test_j_and_k_move_slash_filters_and_the_question_mark_helps(tab):  # noqa: F811
    tab.goto("/design/staff/")
    lines = tab.eval_on_selector_all("[data-line]", "all => all.map(one => one.dataset.line)")
    assert len(lines) == 3
    tab.keyboard.press("j")
    assert focused(tab) == lines[0]
    tab.keyboard.press("j")
    assert focused(tab) == lines[1]
    tab.keyboard.press("k")
    assert focused(tab) == lines[0]
    tab.keyboard.press("k")
    assert focused(tab) == lines[0]
    tab.keyboard.press("/")
    assert tab.evaluate("document.activeElement.name") == "q"
    tab.keyboard.type("jk?")
    assert tab.input_value("[data-filter]") == "jk?"
    tab.evaluate("document.activeElement.blur()")
    tab.keyboard.press("?")
    tab.get_by_role("dialog", name="Keys").wait_for()
    tab.keyboard.press("Escape")
    expect(tab.get_by_role("dialog")).to_have_count(0)


def test_htmx_starts_under_the_strict_policy(tab):  # noqa: F811
    tab.goto("/design/staff/")
    assert tab.evaluate("htmx.config.allowEval") is False
    assert tab.evaluate("htmx.config.includeIndicatorStyles") is False
