"""A neighbour asks which grid they will be in: by where they are, by a name, without scripts.

Where somebody is goes to the server in the body of one request, and is kept by nobody.
"""

import json

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

# A settlement of the published proposal, far enough from borders; its grid, its village's name.
HERE = """
import json
from linli.areas.models import Area
from linli.territory import moving
from linli.territory.models import Plan, PlanState
plan = Plan.objects.filter(state=PlanState.PUBLISHED).earliest("pk")
for one in plan.gazetteer.rows.order_by("code"):
    [flow] = moving.at_point(plan, round(one.lon, 3), round(one.lat, 3)) or [None]
    if flow:
        break
grid = plan.grids.get(code=flow.to)
village = Area.objects.current().get(code=grid.line)
print(json.dumps({"plan": plan.pk, "longitude": one.lon + 2e-4, "latitude": one.lat - 2e-4,
                  "run": plan.runs.first().state,
                  "grid": grid.names["en"], "village": village.names["en"]}))
"""


@pytest.fixture
def here(colleagues):
    return json.loads(colleagues(HERE))


def at(here, **where):
    """Options of a browser that tells where it is."""
    point = {key: here[key] for key in ("longitude", "latitude")} | where
    return {"geolocation": {**point, "accuracy": 20}, "permissions": ["geolocation"]}


def digits(here):
    """How the place would look wherever it was kept: its three decimals."""
    return [f"{here[key]:.3f}" for key in ("longitude", "latitude")]


def test_the_grid_of_where_i_am_is_named_and_my_place_stays_nowhere(visitor, server, here):
    page = visitor("en", width=320, **at(here))
    sent = []
    page.on("request", lambda request: sent.append((request.url, request.post_data or "")))
    page.goto(f"/grids/{here['plan']}/")
    page.get_by_role("button", name="Use my location").click()
    page.locator("#mine ~ ul .row__title", has_text=here["grid"]).wait_for()

    asked = [body for url, body in sent if body]
    assert len(asked) == 1
    assert all(number in asked[0] for number in digits(here))
    kept = [page.url, *(url for url, _body in sent), page.content()]
    kept += [cookie["value"] for cookie in page.context.cookies()]
    kept += [page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")]
    kept += (server.var / "serve.log").read_text().splitlines()
    assert not [text for text in kept for number in digits(here) if number in text]


def test_outside_of_the_plan_it_says_so(visitor, here):
    page = visitor("en", **at(here, longitude=2.35, latitude=48.85))
    page.goto(f"/grids/{here['plan']}/")
    page.get_by_role("button", name="Use my location").click()
    page.get_by_text("This point lies outside the area of the plan.").wait_for()


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (1, "Your device did not allow it."),
        (2, "Your place could not be found now."),
        (3, "Your place could not be found now."),
    ],
)
def test_a_device_that_does_not_tell_is_answered_in_words(visitor, here, why, words):
    page = visitor("en", width=320)
    page.add_init_script(
        "navigator.geolocation.getCurrentPosition = (_found, failed) => "
        f"failed({{code: {why}, PERMISSION_DENIED: 1}})"
        if why > 1
        else ""
    )
    page.goto(f"/grids/{here['plan']}/")
    button = page.get_by_role("button", name="Use my location")
    button.click()
    page.get_by_role("status").filter(has_text=words).wait_for()
    assert button.is_enabled()
    assert page.url.endswith(f"/grids/{here['plan']}/")


def test_without_scripts_the_place_is_found_by_its_name(visitor, here):
    page = visitor("en", width=320, scripts=False)
    page.goto(f"/grids/{here['plan']}/")
    expect(page.get_by_role("button", name="Use my location")).not_to_be_visible()
    page.get_by_label("Name of your village or a place nearby").fill(here["village"])
    page.get_by_role("button", name="Search").click()
    page.locator(".plan-places a", has_text=here["village"]).first.click()
    page.locator("#mine ~ ul .row__title").first.wait_for()
    expect(page.locator("section[aria-labelledby=mine]")).to_contain_text(here["grid"])


@pytest.mark.parametrize(
    ("language", "tag", "words"),
    [
        ("en", "", "Clinic, school and grid office"),
        ("bo", "bo", "སྨན་ཁང་"),
        ("zh", "zh-Hans", "卫生室"),
    ],
)
def test_what_is_fixed_is_published_with_its_reason(visitor, here, language, tag, words):
    """A grid that stays, and two settlements apart; what was calculated kept to it."""
    assert here["run"] == "done"
    page = visitor(language, width=320)
    page.goto(f"/grids/{here['plan']}/")
    fixed = page.locator("h2 + ul.rows > li", has=page.locator(".row__meta + .row__text"))
    expect(fixed).to_have_count(2)
    said = fixed.first.locator(".row__text", has_text=words)
    assert (said.get_attribute("lang") or "") == tag
