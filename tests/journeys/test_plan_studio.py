"""A planner's afternoon: looks at a draft, moves a settlement, undoes, locks, calculates, compares."""

import pytest

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
now = now or plans.take_stock(where, settlements, title="Grids of now", by=by)
plan = plans.begin(where, settlements, title="{title}", wanted={{"grids": now.grids.count()}},
                   lines=Level.objects.get(code="township"), weights=Weights(), by=by)
print(now.pk, plan.pk)
"""


def first_grid(page):
    """Open the heaviest grid; returns how many settlements it has."""
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
    assert int(page.locator(".studio__key dd").nth(1).inner_text()) == before - 1
    page.get_by_role("button", name="Undo: settlements moved").click()
    page.get_by_role("button", name="Undo").wait_for(state="detached")

    page.locator("linli-studio canvas").click()
    page.locator("#grid-title").wait_for()
    name = page.locator("#grid-title").inner_text()
    lock = tool(page, "Lock this grid")
    lock.locator("textarea").fill("The school stays with its village.")
    lock.locator("form button[type=submit]").click()
    page.locator(".studio__fixed", has_text="The school stays with its village.").wait_for()
    assert name in page.locator(".studio__fixed").inner_text()

    page.get_by_role("button", name="Calculate").click()
    page.locator("#studio-run progress").wait_for()
    page.get_by_role("button", name="Stop, and keep the best so far").click()
    page.get_by_text("Last calculation:").wait_for(timeout=60_000)

    page.goto(f"/desk/grids/compare/?a={now}&b={draft}")
    assert page.locator(".studio__compare svg[role=group]").count() == 2
    assert page.get_by_role("heading", name="Grid by grid").is_visible()


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
