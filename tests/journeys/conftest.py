"""What the journeys share: somebody's browser, and colleagues who act behind the scenes."""

import subprocess
import sys

import pytest

SETUP = "import django; django.setup()\n"


@pytest.fixture
def visitor(chromium, server):
    """Opens a page as somebody: language, width, with or without scripts.

    A page that logs an error, or asks another machine for something, fails the test.
    """
    contexts, wrong = [], []

    def open_as(language, *, width=1280, scripts=True, **options):
        context = chromium.new_context(
            base_url=server.url,
            locale={"zh": "zh-CN", "bo": "bo", "en": "en-US"}[language],
            extra_http_headers={"Accept-Language": {"zh": "zh-hans"}.get(language, language)},
            viewport={"width": width, "height": 740},
            java_script_enabled=scripts,
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("console", lambda m: wrong.append(m.text) if _complaint(m) else None)
        page.on("request", lambda r: wrong.append(r.url) if _elsewhere(r.url, server.url) else None)
        return page

    yield open_as
    for context in contexts:
        context.close()
    assert wrong == []


def _complaint(message):
    """An error that is the page's own; a refused request is the test's to judge."""
    return message.type == "error" and "Failed to load resource" not in message.text


def _elsewhere(address, own):
    return not address.startswith((own, "data:", "blob:", "about:"))


@pytest.fixture
def colleagues(server):
    """Runs a few lines of Python as the service itself would; returns what they print."""

    def act(lines):
        done = subprocess.run(
            [sys.executable, "-c", SETUP + lines],
            env=server.env | {"DJANGO_SETTINGS_MODULE": "linli.web.settings"},
            capture_output=True, text=True, timeout=60,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    return act
