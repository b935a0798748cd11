"""In each language: reported, routed, answered, not solved; another office checks, and solves it."""

import pytest
from django.utils.translation import gettext, override
from playwright.sync_api import expect

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
ROUTED = """
from linli.cases import follow, queries
case = follow.case_for({token!r})
steps = [step.found for turn in queries.why(case).turns for step in turn.steps]
print(case.owner.organisation.names[{language!r}], case.version.service.code, steps[-1])
"""
SPOKEN = {
    "zh": ("zh-hans", "学校", "校门口的路灯不亮。", "灯泡换好了。", "还是不亮。", "电缆断了，已经修好。"),
    "bo": ("bo", "སློབ་གྲྭ", "སློབ་གྲྭའི་སྒོ་འགྲམ་གྱི་གློག་སྒྲོན་མི་འཁྲུངས།", "སྒྲོན་མེ་བརྗེས་ཟིན།", "ད་དུང་ནག་ཁུང་རེད།", "གློག་སྐུད་ཆད་པ་བཟོས་ཟིན།"),
    "en": ("en", "school", "The light by the gate is dark.", "The lamp was changed.", "It is still dark.", "The cable was broken; it is mended."),
}  # fmt: skip


def reported(page, place, words):
    """A report about a street light; returns its token."""
    page.goto("/report/street-light/")
    page.locator("#id_find").fill(place)
    page.locator("button[value=find]").click()
    page.locator("input[name=spot]").first.check()
    page.locator("button[value=where]").last.click()
    page.locator("textarea[name=text]").fill(words)
    with page.expect_navigation():
        page.locator("button[value=send]").last.click()
    if page.locator(".error-summary").count():
        for wrong in page.locator(".field--wrong").all():
            wrong.locator("input").first.check()
        page.locator("button[value=send]").last.click()
    page.locator(".receipt__number").wait_for()
    return page.url.split("/f/")[1].split("/")[0]


@pytest.mark.parametrize("language", SPOKEN)
def test_not_solved_then_solved(visitor, colleagues, language):
    locale, place, words, done, still, at_last = SPOKEN[language]

    def shown(text):
        with override(locale):
            expect(page.get_by_text(gettext(text)).first).to_be_visible()

    def answer(label, **words):
        with override(locale):
            page.get_by_label(gettext(label), exact=True).check()
            for name, text in words.items():
                page.locator(f"textarea[name={name}]").fill(text)
            page.locator("[name=satisfaction]").select_option("2")
            with page.expect_navigation():
                page.get_by_role("button", name=gettext("Send my answer")).click()

    page = visitor(language, scripts=False)
    token = reported(page, place, words)
    office, service, found = colleagues(ROUTED.format(token=token, language=language)).rsplit(
        " ", 2
    )
    assert (service, found) == ("street-light", "holder")
    page.goto(f"/f/{token}/")
    assert page.locator("html").get_attribute("lang") == {"zh": "zh-Hans"}.get(language, language)
    expect(page.locator("main")).to_contain_text(office)

    first = colleagues(RESOLVE.format(token=token, words=done))
    page.goto(f"/f/{token}/")
    expect(page.get_by_text(done)).to_be_visible()
    expect(page.get_by_text("bitumen")).to_have_count(0)
    answer("No, not solved", words=still)
    shown("Thank you. Your answer is recorded.")
    shown("Another post checks it now:")
    expect(page.locator(".clock__due")).to_have_count(2)
    expect(page.locator("[name=satisfaction]")).to_have_count(0)

    second = colleagues(RESOLVE.format(token=token, words=at_last))
    assert second != first
    page.reload()
    answer("Yes, solved")
    shown("You said: solved")
    expect(page.get_by_text("bitumen is ordered")).to_be_visible()


def test_a_wrong_code_is_said_and_kept(visitor):
    page = visitor("en", scripts=False)
    page.goto("/follow/")
    page.get_by_label("Code from the receipt").fill("aaaa bbbb")
    with page.expect_response("**/follow/") as answer:
        page.get_by_role("button", name="Show my report").click()
    assert answer.value.status == 404
    expect(page.locator("#id_code")).to_have_value("aaaa bbbb")
