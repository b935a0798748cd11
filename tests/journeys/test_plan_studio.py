"""A planner's afternoon: looks at a draft, moves a settlement, undoes, locks, calculates, compares;
and some weeks: publishes a draft, waits for comments, adopts it, takes that back, adopts it again."""

import datetime as dt

import pytest
from playwright.sync_api import expect

from tests.journeys.staff import sign_in

pytestmark = pytest.mark.browser

# The groups of the planner's area as settlements, the grids of today, and a draft beside them.
DRAFT = """
from linli.areas.models import Area, Level
from linli.kernel.models import Account
from linli.territory import rules
from linli.territory.actions import gazetteer, plans
from linli.territory.models import Plan, PlanState
from linli.territory.rows import SettlementRow
from linli.territory.weights import Weights
by = Account.objects.get(username="planner")
where = rules.planned_areas(by)[0]
groups = Area.objects.current().within(where).filter(level__code="group")
rows = [SettlementRow(g.code, g.centre_lon, g.centre_lat, 11 + n * 7 % 30, 11.0 + n * 7 % 30)
        for n, g in enumerate(groups)]
now = Plan.objects.filter(area=where, state=PlanState.IN_FORCE).first()
settlements = now.gazetteer if now else gazetteer.import_settlements(where, rows, by=by)
now = now or plans.take_stock(where, settlements, titles={{"en": "Grids of now"}}, by=by)
plan = plans.begin(where, settlements, titles={{"en": "{title}"}},
                   wanted={{"grids": now.grids.count()}}, lines=Level.objects.get(code="township"), weights=Weights(), by=by)
print(now.pk, plan.pk)
"""


def first_grid(page):
    """Open the heaviest grid, of a list that is folded on a telephone; how many settlements it has."""
    fold = page.locator("#grids .fold > summary")
    if fold.is_visible():
        fold.click()
    page.locator(".studio__grids a").first.click()
    page.locator("#grid-title").wait_for()
    return int(page.locator(".studio__key dd").nth(1).inner_text())


def tool(page, title):
    """One tool of the chosen grid, opened."""
    found = page.locator("details.tool", has=page.locator("summary", has_text=title)).first
    found.locator("summary").first.click()
    return found


def move_one(page):
    """Send the first settlement of the chosen grid to its nearest neighbour."""
    form = tool(page, "Move settlements")
    form.locator("input[name=at]").first.check()
    form.locator("form button[type=submit]").click()
    page.get_by_text("Done.", exact=True).wait_for()


def test_a_planner_shapes_a_draft_on_the_map(visitor, server, colleagues):
    now, draft = colleagues(DRAFT.format(title="Grids of 2027")).split()
    page = sign_in(visitor("en", width=1440), server, "planner")
    page.locator(".staff-nav a", has_text="Service grids").click()
    page.get_by_role("link", name="Grids of 2027").click()
    page.locator("linli-studio[data-ready]").wait_for()

    before = first_grid(page)
    move_one(page)
    page.locator("#grid-title").wait_for()
    expect(page.locator(".studio__key dd").nth(1)).to_have_text(str(before - 1))
    page.get_by_role("button", name="Undo: settlements moved").click()
    page.get_by_role("button", name="Undo").wait_for(state="detached")

    page.locator("linli-studio canvas").click()
    page.locator("#grid-title").wait_for()
    name = page.locator("#grid-title").inner_text()
    lock = tool(page, "Lock this grid")
    lock.locator("textarea").fill("The school stays with its village.")
    lock.locator("form button[type=submit]").click()
    page.locator(".studio__fixed", has_text="The school stays with its village.").wait_for()
    expect(page.locator(".studio__fixed")).to_contain_text(name)

    # With a heavy grid locked no division is even: the calculation would say so and not begin.
    page.get_by_role("button", name=f"Release {name}").click()
    page.locator(".studio__fixed").wait_for(state="detached")

    page.get_by_role("button", name="Calculate").click()
    page.locator("#studio-run progress").wait_for()
    page.get_by_role("button", name="Stop, and keep the best so far").click()
    page.get_by_text("Last calculation:").wait_for(timeout=60_000)

    page.goto(f"/desk/grids/compare/?a={now}&b={draft}")
    expect(page.locator(".studio__compare svg[role=group]")).to_have_count(2)
    expect(page.get_by_role("heading", name="Grid by grid")).to_be_visible()


def test_the_same_without_scripts(visitor, server, colleagues):
    _now, draft = colleagues(DRAFT.format(title="Another")).split()
    signed = sign_in(visitor("en"), server, "planner")
    page = visitor("en", width=320, scripts=False)
    page.context.add_cookies(signed.context.cookies())
    page.goto(f"/desk/grids/{draft}/")
    assert page.locator(".plan-map svg a").count() > 0
    first_grid(page)
    move_one(page)
    page.get_by_role("button", name="Undo: settlements moved").click()
    page.get_by_text("Done.", exact=True).wait_for()


# Weeks go by: the last day for comments was yesterday.
LATER = """
import datetime as dt
from django.utils import timezone
from linli.territory.models import Plan
Plan.objects.filter(pk={pk}).update(comments_until=timezone.localdate() - dt.timedelta(days=1))
"""
STATE = """
from linli.territory.models import Plan
print(Plan.objects.get(pk={pk}).state)
"""


def adopt(page, day):
    """Choose the day, read once more, and adopt."""
    page.get_by_label("First day of the new grids").fill(day.isoformat())
    page.get_by_role("button", name="Go on").click()
    page.get_by_role("heading", name="Please read once more").wait_for()
    page.get_by_role("button", name="Adopt from this day").click()
    page.get_by_text("The plan is adopted.").wait_for()


def test_a_draft_is_published_adopted_taken_back_and_adopted(visitor, server, colleagues):
    _now, draft = colleagues(DRAFT.format(title="Grids to come")).split()
    page = sign_in(visitor("en", width=1440), server, "planner")
    page.goto(f"/desk/grids/{draft}/")
    page.get_by_role("link", name="Publish for comment").click()
    today = dt.datetime.now(dt.UTC).date()
    page.get_by_label("Last day for comments").fill((today + dt.timedelta(days=20)).isoformat())
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("Everybody sees the plan now.").wait_for()
    neighbour = visitor("en", width=320, scripts=False)
    neighbour.goto(f"/grids/{draft}/")
    expect(neighbour.locator("h1")).to_contain_text("Grids to come")

    page.get_by_role("link", name="Adopt").click()
    expect(page.locator("main")).to_contain_text("People can comment until")
    expect(page.get_by_label("First day of the new grids")).to_have_count(0)
    colleagues(LATER.format(pk=draft))
    page.reload()
    page.get_by_role("heading", name="Grids that need a holder").wait_for()
    adopt(page, today + dt.timedelta(days=30))
    page.get_by_role("button", name="Take the adoption back").click()
    page.get_by_text("The adoption is taken back.").wait_for()
    assert colleagues(STATE.format(pk=draft)) == "published"
    adopt(page, today + dt.timedelta(days=40))
    assert colleagues(STATE.format(pk=draft)) == "adopted"
