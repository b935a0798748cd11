"""An operator's day: signs in, reads the board, takes a call, hands it on, and hears the end."""

import re

import pytest
from playwright.sync_api import expect

from tests.journeys.staff import choose_post, done, sign_in, verb

pytestmark = pytest.mark.browser

# A point where a sample account takes reports, and the name of its county's post for roads.
PLACE = """
from linli.areas.models import Area
from linli.kernel.models import Account
from linli.organisations.queries import operator_areas
county = operator_areas(Account.objects.get(username="{who}"))[0]
grid = Area.objects.filter(level__code="grid", path__startswith=county.path + "/").order_by("path")
print(grid[0].centre_lon, grid[0].centre_lat, county.code)
"""
POST = """
from linli.organisations.models import Post
print(Post.objects.get(code={code!r}).names["en"])
"""


def take_a_call(page, lon, lat):
    """A report by telephone; returns its number."""
    page.get_by_role("link", name="Take a report").first.click()
    page.wait_for_url("**/desk/new/")
    page.goto("/desk/new/pothole/")
    page.locator("details.figures > summary").click()
    page.locator("input[name=lon]").fill(lon)
    page.locator("input[name=lat]").fill(lat)
    page.locator("button[value=where]").last.click()
    page.locator("textarea[name=text]").fill("A deep hole behind the bridge, Tashi fell into it.")
    page.locator("input[name=channel][value=phone]").check()
    with page.expect_navigation():
        page.locator("button[value=send]").last.click()
    if page.locator(".field--wrong").count():
        for wrong in page.locator(".field--wrong").all():
            wrong.locator("input").first.check()
        page.locator("button[value=send]").last.click()
    page.locator(".receipt__number").wait_for()
    return re.sub(r"\D", "", page.locator(".receipt__number").inner_text())


def test_a_day_at_the_board(visitor, server, colleagues):
    lon, lat, county = colleagues(PLACE.format(who="operator")).split()
    roads = colleagues(POST.format(code=f"roads-{county}"))
    operator = sign_in(visitor("en", width=1440), server, "operator")

    operator.goto("/desk/board/")
    operator.locator("[data-line]").first.wait_for()
    operator.keyboard.press("j")
    focused = "document.activeElement.closest('[data-line]') !== null"
    assert operator.evaluate(focused)

    number = take_a_call(operator, lon, lat)
    operator.goto("/desk/board/")
    operator.locator("#q").fill(number)
    operator.keyboard.press("Enter")
    operator.wait_for_url(f"**q={number}**")
    operator.locator(f'[data-line="{number}"] a').first.click()
    operator.wait_for_url(f"**/desk/cases/{number}/")
    expect(operator.locator(".said").first).to_contain_text("Tashi fell into it")

    tool = verb(operator, "Release it")
    tool.locator("textarea").fill("A deep hole behind the bridge.")
    tool.locator("input[type=checkbox]").check()
    done(operator, tool)
    expect(operator.locator(".said--public")).to_have_text("A deep hole behind the bridge.")

    tool = verb(operator, "Give it to a post")
    choose_post(tool, roads)
    done(operator, tool)
    tool = verb(operator, "Note for colleagues")
    tool.locator("textarea").fill("The school bus passes there at four.")
    done(operator, tool)
    tool = verb(operator, "Tell the reporter")
    tool.locator("[data-replies] summary").click()
    tool.locator("[data-replies] button").first.click()
    assert tool.locator("textarea").input_value()
    done(operator, tool)

    handler = sign_in(visitor("en"), server, "roads")
    handler.goto("/desk/inbox/")
    handler.locator(f'[data-line="{number}"] a').first.click()
    expect(handler.get_by_text("The school bus passes there at four.")).to_be_visible()
    tool = verb(handler, "Say that it is done")
    tool.locator("textarea").fill("Filled and rolled this morning.")
    done(handler, tool)
    expect(handler.locator("summary", has_text="The reporter says")).to_have_count(0)

    operator.reload()
    expect(operator.get_by_text("Filled and rolled this morning.")).to_be_visible()
    tool = verb(operator, "The reporter says: solved")
    tool.locator("textarea").fill("They called: the bus passes again.")
    done(operator, tool)
    expect(operator.locator(".case-head__state", has_text="closed")).to_be_visible()
    expect(operator.get_by_text("entered by staff")).to_be_visible()


def test_the_board_refreshes_without_losing_the_place(visitor, server, colleagues):
    page = visitor("en", width=1440)
    clerk = sign_in(page, server, "clerk")
    lon, lat, _township = colleagues(PLACE.format(who="clerk")).split()
    take_a_call(clerk, lon, lat)
    clerk.goto("/desk/board/")
    clerk.locator("[data-line]").first.wait_for()
    clerk.keyboard.press("j")
    line = "document.activeElement.closest('[data-line]')?.dataset.line"
    before = clerk.evaluate(line)
    list_address = re.compile(r"/desk/board/$")
    with clerk.expect_response(list_address) as answer:
        clerk.evaluate("htmx.ajax('GET', '/desk/board/', "
                       "{source: '#board-list', target: '#board-list', swap: 'outerHTML'})")  # fmt: skip
    assert answer.value.status == 204
    assert clerk.evaluate(line) == before
