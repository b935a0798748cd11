"""A herder with a phone, in Tibetan: my location, a photo, a reload in the middle."""

import io
import json

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = pytest.mark.browser
TEXT = "ལམ་ཁའི་ས་དོང་ཆེན་པོ་ཞིག་འདུག འཁོར་ལོ་ཚུད་ཉེན་ཆེ།"


@pytest.fixture
def here(colleagues):
    """A point inside the prefecture."""
    return json.loads(
        colleagues(
            "import json\nfrom linli.areas.models import Place\n"
            "p = Place.objects.order_by('code').first()\n"
            "print(json.dumps({'longitude': p.lon, 'latitude': p.lat}))"
        )
    )


def photo():
    out = io.BytesIO()
    Image.effect_noise((2600, 1900), 80).convert("RGB").save(out, "JPEG", quality=95)
    return {"name": "hole.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def until(page, expression):
    """Wait for the page; its content policy forbids Playwright's own way of waiting."""
    for _try in range(150):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(100)
    pytest.fail(expression)


def test_a_report_with_location_photo_and_reload(visitor, here):
    page = visitor("bo", width=360, geolocation=here, permissions=["geolocation"])
    page.goto("/report/pothole/")
    assert page.locator("html").get_attribute("lang") == "bo"
    page.locator("button[data-locate]").click()
    expect(page.locator("[name=lon]")).not_to_have_value("")
    page.locator("button[value=where]").last.click()

    page.locator("textarea[name=text]").fill(TEXT)
    page.locator("[name=q-passable][value=slowly]").check()
    until(page, "localStorage.length > 0")
    page.reload()
    expect(page.locator("textarea[name=text]")).to_have_value(TEXT)
    expect(page.locator("[name=q-passable][value=slowly]")).to_be_checked()

    big = photo()
    page.locator("input[type=file]").set_input_files(big)
    page.locator(".photos img").wait_for()
    size = page.evaluate("document.querySelector('input[type=file]').files[0].size")
    assert size < len(big["buffer"])
    page.locator("button[value=send]").last.click()

    page.locator(".receipt__number").wait_for()
    assert page.locator(".secret__qr path").get_attribute("d")
    assert page.evaluate("localStorage.length") == 0
    page.locator("a.button--primary").click()
    expect(page.locator("blockquote")).to_contain_text(TEXT)
    picture = page.locator(".pictures img")
    picture.scroll_into_view_if_needed()
    until(page, "document.querySelector('.pictures img').naturalWidth > 0")


def test_letters_have_room_below(visitor):
    page = visitor("bo", width=360)
    page.goto("/report/")
    for selector in ("p", "h1", "a.kind__name", "button"):
        line, size = page.locator(selector).first.evaluate(
            "e => [parseFloat(getComputedStyle(e).lineHeight), parseFloat(getComputedStyle(e).fontSize)]"
        )
        assert line / size >= 1.79, selector


def test_a_place_is_suggested_while_typing(visitor, colleagues):
    name = colleagues(
        "from linli.areas.models import Place\nprint(Place.objects.order_by('code').first().names['bo'])"
    )
    page = visitor("bo", width=360)
    page.goto("/report/pothole/")
    page.locator("#id_find").press_sequentially(name)
    page.locator("ul[role=listbox] [role=option]").first.click()
    page.locator("button[value=where]").last.click()
    assert page.locator(".here").inner_text().strip()
