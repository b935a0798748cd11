"""Passkeys in a real browser, with an authenticator that the browser plays itself."""

import re

import pytest
from django.core.cache import cache
from playwright.sync_api import expect

from linli.kernel.models import Account

pytestmark = [
    pytest.mark.browser,
    pytest.mark.second_factor,
    pytest.mark.django_db(transaction=True),
]
PASSWORD = "seven yaks on a green hill"


@pytest.fixture
def tashi(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    settings.LOGIN_REDIRECT_URL = "/account/"
    cache.clear()
    account = Account(username="tashi", names={"en": "Tashi"}, language="en")
    account.set_password(PASSWORD)
    account.save()
    return account


@pytest.fixture
def page(chromium, live_server):
    """A page with a security device that knows who is there."""
    context = chromium.new_context(base_url=live_server.url, locale="en")
    page = context.new_page()
    page.blocked = []
    page.on("console", lambda m: page.blocked.append(m.text) if "Content Security" in m.text else 0)
    device = context.new_cdp_session(page)
    device.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
               "hasUserVerification": True, "isUserVerified": True,
               "automaticPresenceSimulation": True}  # fmt: skip
    page.authenticator = device.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    page.device = device
    yield page
    context.close()


def enter_password(page):
    page.goto("/sign-in/")
    page.get_by_label("Name").fill("tashi")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()


def set_up(page):
    enter_password(page)
    page.wait_for_url("**/account/second-factor/")
    page.get_by_role("link", name="A passkey").click()
    page.get_by_label("A name for it").fill("Blue key")
    page.get_by_role("button", name="Set up the passkey").click()
    page.wait_for_url("**/account/codes/")
    assert len(page.locator(".recovery li").all()) == 10
    page.get_by_role("link", name="I have them").click()
    page.wait_for_url("**/account/")


def sign_out(page):
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile(r":\d+/$"))


def test_set_up_sign_in_with_it_alone_and_as_the_second_step(page, tashi):
    set_up(page)
    expect(page.get_by_text("Passkey: Blue key")).to_be_visible()
    sign_out(page)

    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url("**/account/")
    sign_out(page)

    enter_password(page)
    page.wait_for_url("**/sign-in/code/")
    page.get_by_role("button", name="Use a passkey instead").click()
    page.wait_for_url("**/account/")
    assert page.blocked == []


def test_a_device_that_does_not_know_us_says_so_and_lets_nobody_in(page, tashi):
    set_up(page)
    sign_out(page)
    page.device.send("WebAuthn.clearCredentials", page.authenticator)
    page.device.send("WebAuthn.setUserVerified", {**page.authenticator, "isUserVerified": False})
    page.goto("/sign-in/")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.get_by_text("The passkey did not answer").wait_for()
    page.goto("/account/")
    assert "/sign-in/" in page.url


def test_without_scripts_the_password_and_the_application_remain(chromium, live_server, tashi):
    context = chromium.new_context(base_url=live_server.url, locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto("/sign-in/")
    expect(page.get_by_role("button", name="Sign in with a passkey")).not_to_be_visible()
    enter_password(page)
    page.get_by_role("link", name="A passkey").click()
    expect(page.get_by_text("This browser has no passkeys")).to_be_visible()
    page.get_by_role("link", name="Use an application instead").click()
    expect(page.get_by_label("Code")).to_be_visible()
    context.close()
