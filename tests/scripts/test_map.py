"""The map: it starts under the strict policy, and a point is picked by pointer or keyboard."""

import pytest
from playwright.sync_api import expect

from tests.scripts.test_form import tab  # noqa: F401

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def map_page(tab):  # noqa: F811
    tab.goto("/test/map/")
    tab.locator("linli-map[data-ready]").wait_for()
    return tab


def point(page):
    return float(page.input_value("#lon")), float(page.input_value("#lat"))


def test_a_press_fills_the_point(map_page):
    map_page.locator(".maplibregl-canvas").click()
    lon, lat = point(map_page)
    assert lon == pytest.approx(101, abs=0.05)
    assert lat == pytest.approx(33.5, abs=0.05)
    expect(map_page.locator(".linli-map__status")).to_contain_text("101.")


def test_the_arrow_keys_move_the_map_and_enter_takes_its_middle(map_page):
    canvas = map_page.locator(".maplibregl-canvas")
    canvas.focus()
    canvas.press("Enter")
    before = point(map_page)
    assert before[0] == pytest.approx(101, abs=0.01)
    canvas.press("ArrowRight")
    map_page.wait_for_timeout(600)  # the map glides
    canvas.press("Enter")
    assert point(map_page)[0] > before[0]
    assert point(map_page)[1] == pytest.approx(before[1], abs=0.001)


def test_a_typed_point_is_shown(map_page):
    map_page.fill("#lon", "100.5")
    map_page.fill("#lat", "33.2")
    map_page.locator("#lat").press("Tab")
    map_page.locator(".maplibregl-marker").wait_for()
    expect(map_page.locator(".linli-map__status")).to_contain_text("100.50000, 33.20000")


def test_the_map_has_a_name_for_those_who_do_not_see_it(map_page):
    assert map_page.locator(".maplibregl-canvas").get_attribute("aria-label") == "Where is it?"
