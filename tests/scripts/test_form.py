"""A resident's form with scripts: drafts, photos, my location, place search."""

import io

import pytest
from PIL import Image
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def tab(chromium, live_server, settings):
    settings.ROOT_URLCONF = "tests.scripts.pages"
    settings.ALLOWED_HOSTS = ["*"]
    context = chromium.new_context(base_url=live_server.url, locale="en")
    context.add_cookies([{"name": "django_language", "value": "en", "url": live_server.url}])
    tab = context.new_page()
    tab.complaints = []
    tab.on("pageerror", lambda error: tab.complaints.append(str(error)))
    tab.on("console", lambda m: tab.complaints.append(m.text) if m.type == "error" else None)
    yield tab
    assert tab.complaints == []
    context.close()


def picture(width, height):
    buffer = io.BytesIO()
    noise = Image.effect_noise((width // 8, height // 8), 80).resize((width, height))
    noise.convert("RGB").save(buffer, "JPEG", quality=95)
    return {"name": "bridge.jpg", "mimeType": "image/jpeg", "buffer": buffer.getvalue()}


def until(tab, expression):
    """Waits for something to become true; the policy forbids the page's own way of waiting."""
    for _try in range(100):
        if tab.evaluate(expression):
            return
        tab.wait_for_timeout(50)
    pytest.fail(f"never true: {expression}")


def kept(tab):
    return tab.evaluate("localStorage.getItem('linli-draft:report')")


def test_a_draft_survives_a_reload_without_the_contact_and_is_forgotten_after_sending(tab):
    tab.goto("/test/form/")
    tab.fill("#words", "Hole before the bridge")
    tab.check("[name=kind][value=b]")
    tab.fill("#phone", "00000000")
    until(tab, "localStorage.getItem('linli-draft:report')?.includes('bridge')")
    assert "00000000" not in kept(tab)
    tab.reload()
    tab.get_by_text("here again").wait_for()
    assert tab.input_value("#words") == "Hole before the bridge"
    assert tab.is_checked("[name=kind][value=b]")
    assert tab.input_value("#phone") == ""
    tab.get_by_role("button", name="Send").click()
    tab.get_by_role("heading", name="Receipt").wait_for()
    assert kept(tab) is None


def test_a_draft_can_be_discarded(tab):
    tab.goto("/test/form/")
    tab.fill("#words", "Hole before the bridge")
    until(tab, "localStorage.getItem('linli-draft:report')")
    tab.reload()
    tab.get_by_role("button", name="Discard it").click()
    assert tab.input_value("#words") == ""
    assert kept(tab) is None


def test_photos_are_made_small_before_they_travel(tab):
    tab.goto("/test/form/")
    large, small = picture(3200, 2400), picture(320, 240)
    tab.set_input_files("#id_photos", [large, small, small])
    tab.get_by_text("Only the first photos were taken.").wait_for()
    expect(tab.locator(".photos li")).to_have_count(2)
    sizes = tab.evaluate(
        """async () => Promise.all([...document.querySelector('#id_photos').files].map(async f => {
             const b = await createImageBitmap(f); return [b.width, b.height]}))"""
    )
    assert sizes == [[1600, 1200], [320, 240]]
    tab.get_by_role("button", name="Send").click()
    sent = tab.inner_text("#sizes").split(", ")
    assert len(sent) == 2
    assert int(sent[0].split()[0]) < len(large["buffer"]) / 2


def test_what_is_no_picture_is_left_as_it_is(tab):
    tab.goto("/test/form/")
    text = {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"<p>not a picture</p>"}
    tab.set_input_files("#id_photos", [text])
    tab.locator(".photos li").wait_for()
    tab.get_by_role("button", name="Send").click()
    assert tab.inner_text("#sizes") == f"{len(text['buffer'])} image/jpeg"


def test_my_location_is_asked_for_only_when_pressed(tab):
    tab.context.set_geolocation({"longitude": 101.12345, "latitude": 33.54321, "accuracy": 12})
    tab.context.grant_permissions(["geolocation"])
    tab.goto("/test/form/")
    assert tab.input_value("#lon") == ""
    tab.get_by_role("button", name="Use my location").click()
    tab.get_by_text("Found, to about 12 m.").wait_for()
    assert (tab.input_value("#lon"), tab.input_value("#lat")) == ("101.12345", "33.54321")


def test_a_refused_location_says_what_to_do_instead(tab):
    tab.goto("/test/form/")
    tab.get_by_role("button", name="Use my location").click()
    tab.get_by_text("Choose the place by name or on the map").wait_for()
    assert tab.input_value("#lon") == ""


def test_places_are_found_while_typing_and_chosen_by_keyboard(tab):
    tab.goto("/test/form/")
    box = tab.get_by_role("combobox", name="Place")
    box.press_sequentially("lower")
    tab.get_by_role("option", name="Lower ford").wait_for()
    assert box.get_attribute("aria-expanded") == "true"
    box.press("ArrowDown")
    box.press("Enter")
    assert box.input_value() == "Lower ford"
    assert tab.input_value("[name=spot]") == "place:one"
    assert (tab.input_value("#lon"), tab.input_value("#lat")) == ("101.25000", "33.50000")
    box.press_sequentially("x")
    assert tab.locator("[name=spot]").is_disabled()
