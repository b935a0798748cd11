"""The day of a plan: who adopts, who is given the new grid, who reports there, and who has it."""

import datetime as dt

import pytest
from django.test import Client
from django.utils import timezone
from playwright.sync_api import expect

from linli.cases import numbers
from linli.cases.tests.factories import later, service
from linli.organisations.tests.factories import account, organisation, post
from linli.territory import carrying
from linli.territory.actions import adopting
from linli.territory.models import Grid
from linli.territory.tests.adopted import a_published_plan, case_in, middle_of, posts_of_grids
from linli.territory.tests.factories import planner

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LANES = {"C2y": "Willow Lane", "C2z": "Upper Spring"}  # both lie in what is C2a1 today


@pytest.fixture
def files(settings, tmp_path):
    """Keys and files of this test are its own."""
    settings.KEYS, settings.VAR = tmp_path / "keys", tmp_path
    options = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path / "files"}}
    settings.STORAGES = {**settings.STORAGES, "default": options}


@pytest.fixture
def plan(files):
    """A published plan; a post for every grid of today; a head of the office above them."""
    service("small-repair")
    plan = a_published_plan(groups=False)
    posts_of_grids(plan.area, "neighbourhood")
    for code, name in LANES.items():
        Grid.objects.filter(plan=plan, code=code).update(names={"en": name, "zh": name})
    office = organisation("office")
    post("head", holder="head", kind="chief", office=office)
    post("desk", holder="desk", office=office, answers=[("neighbourhood", plan.area)])
    planner("dolkar", plan.area)
    account("pema")
    return plan


@pytest.fixture
def browser(chromium, live_server):
    """Opens a page as somebody who is signed in, or as a resident at a place."""
    contexts, wrong = [], []

    def open_as(name=None, *, at=None):
        where = {"longitude": at[0], "latitude": at[1], "accuracy": 8} if at else None
        context = chromium.new_context(
            base_url=live_server.url, locale="en-US", geolocation=where,
            permissions=["geolocation"] if at else [], viewport={"width": 1280, "height": 740},
        )  # fmt: skip
        contexts.append(context)
        cookies = {"django_language": "en"}
        if name:
            client = Client()
            client.force_login(account(name))
            cookies["sessionid"] = client.cookies["sessionid"].value
        context.add_cookies(
            [{"name": k, "value": v, "url": live_server.url} for k, v in cookies.items()]
        )
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert wrong == []


def adopt_for_tomorrow(page, plan):
    page.goto(f"/desk/grids/{plan.pk}/adopt/")
    tomorrow = timezone.localdate() + dt.timedelta(days=1)
    page.get_by_label("First day of the new grids").fill(tomorrow.isoformat())
    page.locator("input[name=open_cases][value=all-stay]").check()
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("button", name="Adopt from this day").click()
    page.get_by_text("The plan is adopted.").wait_for()


def staff(page, name):
    """From the list to the grid that nobody has, and a post of its own for it."""
    page.goto("/desk/inbox/")
    page.get_by_role("link", name="Grids that begin soon").click()
    page.get_by_role("link", name=name).click()
    page.get_by_text("This area begins on").wait_for()
    page.get_by_label("Sign-in name of its holder").fill("pema")
    page.get_by_role("button", name="Add the post").click()
    page.get_by_text("Done.", exact=True).wait_for()
    page.get_by_role("link", name="Grids that begin soon").click()
    page.get_by_text("Every grid has somebody.").wait_for()


def report(page):
    """Report from where the reader stands; the number, and why this office has it."""
    page.goto("/report/small-repair/")
    page.locator("button[data-locate]").click()
    expect(page.locator("[name=lon]")).not_to_have_value("")
    page.locator("button[value=where]").last.click()
    page.locator("textarea[name=text]").fill("The bench at the well is broken.")
    page.locator("input[name=q-thing]").first.check()
    page.locator("button[value=send]").last.click()
    number = page.locator(".receipt__number").inner_text().split()[-1]
    page.locator("a.button--primary").click()
    page.get_by_text("Why this office?").click()
    return number, page.locator("section[aria-labelledby=owner]").inner_text()


def handled(page):
    """The one case of somebody's inbox: its number, and why it is theirs."""
    page.goto("/desk/inbox/")
    page.locator("main .row__title").click()
    page.locator(".steps summary").last.click()
    return page.locator("main").inner_text(), page.locator("ol.why").inner_text()


def test_from_its_day_a_new_case_is_the_new_posts_and_yesterdays_the_old_ones(
    plan, browser, monkeypatch
):
    yesterdays = case_in("C2a1", service="small-repair")
    [bare] = [one.code for one in carrying.preview(plan).without]
    adopt_for_tomorrow(browser("dolkar"), plan)
    staff(browser("head"), LANES[bare])

    later(monkeypatch, days=1)
    adopting.begin_due()
    lon, lat = middle_of("C2a1")
    number, why = report(browser(at=(lon if bare == "C2y" else lon + 0.03, lat)))
    assert f"{LANES[bare]}: the post" in why

    opened, because = handled(browser("pema"))
    assert number in opened
    assert f"{LANES[bare]}: the post" in because
    opened, because = handled(browser("w-C2a1"))
    assert numbers.spoken(yesterdays.number) in opened
    assert "Area C2a1: the post" in because
    assert not any(name in because for name in LANES.values())
