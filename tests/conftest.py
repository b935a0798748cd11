"""What the tests of the whole house share: a served prefecture and a browser."""

import os
import shutil

import pytest
from django.contrib.staticfiles.handlers import StaticFilesHandler

from tests.serving import serving

FLAGS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--disable-gpu",
         "--no-first-run", "--disable-component-update", "--disable-sync"]  # fmt: skip


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A running Linli with a prefecture of its own, one for each test module."""
    with serving(tmp_path_factory.mktemp("var")) as running:
        yield running


@pytest.fixture
def live_server(live_server, monkeypatch):
    """Static files by our own middleware, as in the world, and not by the test server's."""
    monkeypatch.setattr(StaticFilesHandler, "_should_handle", lambda self, path: False)
    return live_server


@pytest.fixture(scope="session")
def chromium():
    """A headless Chromium: the one named by CHROMIUM, or the system's."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=15_000)  # a click does not wait for the page it leads to
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("no Chromium: install the package chromium, or name one with CHROMIUM=")
    # Playwright's loop would make Django refuse database work in this thread.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
