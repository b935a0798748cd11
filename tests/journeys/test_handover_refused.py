"""A road keeper offers a case upwards; it is refused with a reason, offered again, and taken."""

import pytest
from playwright.sync_api import expect

from tests.journeys.staff import choose_post, done, sign_in, verb

pytestmark = pytest.mark.browser

# A hole in the road that the sample account "roads" has, and the post of the one above.
CASE = """
from linli.areas.models import Area
from linli.cases import actions
from linli.cases.catalogue import queries as catalogue
from linli.cases.routing import Where
from linli.kernel.models import Account
from linli.organisations.models import Answering, Holding
posts = Holding.objects.filter(account__username="roads", until=None).values("post")
top = Answering.objects.filter(post__in=posts).order_by("-area__path").first().area
grids = Area.objects.filter(level__code="grid", path__startswith=top.path + "/")
grid = grids.order_by("path").first()
where = Where(lon=grid.centre_lon, lat=grid.centre_lat)
sent = actions.Sent(catalogue.current_version("pothole"), "A hole on the pass road.", where)
case = actions.report(sent, by=None).case
above = Holding.objects.get(account__username="verifier", until=None).post
print(case.number, above.names["en"], sep="|")
"""


def offer(page, above, words):
    tool = verb(page, "Offer it to another post")
    choose_post(tool, above)
    tool.locator("textarea").fill(words)
    done(page, tool)
    expect(page.get_by_text("Waiting for the other post")).to_be_visible()


def test_refused_offered_again_and_taken(visitor, server, colleagues):
    number, above = colleagues(CASE).split("|")
    giver = sign_in(visitor("en"), server, "roads")
    giver.goto("/desk/inbox/")
    giver.locator(f'[data-line="{number}"] a').first.click()
    offer(giver, above, "This is the provincial road.")

    taker = sign_in(visitor("en"), server, "verifier")
    taker.goto("/desk/inbox/")
    taker.locator(f'#in-offered ~ ul [data-line="{number}"] a').first.click()
    panel = taker.locator(".offer")
    expect(panel.get_by_text("This is the provincial road.")).to_be_visible()
    panel.locator("summary").click()
    panel.locator("select").select_option("needs-more")
    panel.locator("textarea").fill("Which kilometre stone?")
    with taker.expect_navigation():
        panel.locator("button[value=refuse]").click()
    expect(taker.get_by_text("It stays where it was.")).to_be_visible()
    assert taker.goto(f"/desk/cases/{number}/").status == 404

    giver.reload()
    expect(giver.get_by_text("Which kilometre stone?")).to_be_visible()
    offer(giver, above, "At stone 214.")
    taker.goto("/desk/inbox/")
    taker.locator(f'#in-offered ~ ul [data-line="{number}"] a').first.click()
    with taker.expect_navigation():
        taker.locator("button[value=accept]").click()
    expect(taker.get_by_text("You have it now.")).to_be_visible()
    taker.goto("/desk/inbox/")
    expect(taker.locator(f'#in-due ~ ul [data-line="{number}"]')).to_be_visible()
    giver.goto("/desk/inbox/")
    expect(giver.locator(f'[data-line="{number}"]')).to_have_count(0)
