"""An English speaker says: not solved. Another office checks, and the first promise stays."""

import pytest

pytestmark = pytest.mark.browser

RESOLVE = """
from linli.cases import actions, follow
from linli.organisations.models import Holding
case = follow.case_for({token!r})
holding = Holding.objects.filter(post=case.owner, until=None).select_related("account").first()
if case.state == "received":
    actions.add_note(case, words="bitumen is ordered", by=holding.account)
actions.resolve(case, words={words!r}, by=holding.account)
print(case.owner.code)
"""


def reported(page):
    """A report about a street light; returns its token."""
    page.goto("/report/street-light/")
    page.locator("#id_find").fill("school")
    page.locator("button[value=find]").click()
    page.locator("input[name=spot]").first.check()
    page.locator("button[value=where]").last.click()
    page.locator("textarea[name=text]").fill("The light by the gate is dark.")
    page.locator("button[value=send]").last.click()
    if page.locator(".error-summary").count():
        for wrong in page.locator(".field--wrong").all():
            wrong.locator("input").first.check()
        page.locator("button[value=send]").last.click()
    page.locator(".receipt__number").wait_for()
    return page.url.split("/f/")[1].split("/")[0]


def test_not_solved_then_solved(visitor, colleagues):
    page = visitor("en", scripts=False)
    token = reported(page)
    first = colleagues(RESOLVE.format(token=token, words="The lamp was changed."))

    page.goto(f"/f/{token}/")
    assert page.get_by_text("The lamp was changed.").is_visible()
    assert not page.get_by_text("bitumen").count()
    page.get_by_label("No, not solved").check()
    page.locator("textarea[name=words]").fill("It is still dark.")
    page.locator("[name=satisfaction]").select_option("2")
    page.get_by_role("button", name="Send my answer").click()

    assert page.get_by_text("Your answer is recorded").is_visible()
    assert page.get_by_text("Another post checks it now").is_visible()
    assert page.locator(".clock__due").count() == 2
    assert not page.get_by_role("button", name="Send my answer").count()

    second = colleagues(RESOLVE.format(token=token, words="The cable was broken; it is mended."))
    assert second != first
    page.reload()
    page.get_by_label("Yes, solved").check()
    page.get_by_role("button", name="Send my answer").click()
    assert page.get_by_text("You said: solved").is_visible()
    assert page.get_by_text("bitumen is ordered").is_visible()


def test_a_wrong_code_is_said_and_kept(visitor):
    page = visitor("en", scripts=False)
    page.goto("/follow/")
    page.get_by_label("Code from the receipt").fill("aaaa bbbb")
    with page.expect_response("**/follow/") as answer:
        page.get_by_role("button", name="Show my report").click()
    assert answer.value.status == 404
    assert page.locator("#id_code").input_value() == "aaaa bbbb"
