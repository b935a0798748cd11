import re
from pathlib import Path

import pytest

STATIC = Path(__file__).parents[1] / "static" / "design"
PAIRS = [
    ("ink", "paper"), ("ink", "surface"), ("ink", "sunken"), ("ink-soft", "paper"),
    ("ink-soft", "surface"), ("ink-soft", "sunken"), ("lake", "paper"), ("lake", "surface"),
    ("lake", "lake-tint"), ("lake-strong", "lake-tint"), ("on-lake", "lake"),
    ("on-lake", "lake-strong"), ("good", "surface"), ("good", "good-tint"), ("warn", "surface"),
    ("warn", "warn-tint"), ("bad", "surface"), ("bad", "bad-tint"), ("on-bad", "bad"),
    ("ink", "bad-tint"), ("ink", "warn-tint"), ("ink", "good-tint"), ("on-strip", "strip"),
    ("madder", "paper"),
]  # fmt: skip


@pytest.fixture
def page(client, settings):
    settings.ALLOWED_HOSTS = ["*"]

    def get(path, language="en"):
        client.cookies["django_language"] = language
        return client.get(path)

    return get


@pytest.mark.parametrize(
    ("language", "lang", "word"),
    [("zh-hans", "zh-Hans", "按时"), ("bo", "bo", "དུས་ཐོག"), ("en", "en", "On time")],
)
@pytest.mark.parametrize("path", ["/design/", "/design/staff/"])
def test_pages_speak_the_readers_language(page, path, language, lang, word):
    html = page(path, language).content.decode()
    assert f'<html lang="{lang}">' in html
    assert word in html
    assert "{{" not in html


def test_the_language_changes_without_javascript(page, client):
    answer = client.post("/language/", {"language": "bo", "next": "/design/"})
    assert (answer.status_code, answer.headers["Location"]) == (302, "/design/")
    assert '<html lang="bo">' in client.get("/design/").content.decode()


def test_the_language_form_leads_nowhere_else(client, settings):
    settings.ALLOWED_HOSTS = ["*"]
    answer = client.post("/language/", {"language": "bo", "next": "//elsewhere.example/"})
    assert "elsewhere" not in answer.headers["Location"]


def test_emergency_numbers_come_first(page, settings):
    settings.EMERGENCY_NUMBERS = ["119"]
    html = page("/design/").content.decode()
    assert html.index('href="tel:119"') < html.index("<h1")


def test_what_was_typed_stays_with_its_error(page):
    html = page("/design/").content.decode()
    assert re.search(r"<textarea[^>]*aria-invalid=\"true\"[^>]*>\s*Hole", html)
    assert "What you wrote is still here" in html


def test_dates_are_written_the_readers_way(page):
    assert re.search(r"promised by \d+ \w{3} \d{4}, \d\d:\d\d", page("/design/").content.decode())
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", page("/design/", "bo").content.decode())
    assert re.search(r"\d{4}年\d+月\d+日", page("/design/", "zh-hans").content.decode())


def tokens():
    """Colours of light and of dark."""
    sheet = (STATIC / "linli.css").read_text(encoding="utf-8")
    light, dark = sheet.split("@media (prefers-color-scheme: dark)")[:2]

    def read(text):
        return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", text))

    return {"light": read(light), "dark": read(light) | read(dark)}


def luminance(colour):
    """Relative luminance as WCAG 2.2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_told_from_its_ground(scheme):
    colours = tokens()[scheme]
    weak = {pair: contrast(colours[pair[0]], colours[pair[1]]) for pair in PAIRS}
    assert {pair: round(c, 2) for pair, c in weak.items() if c < 4.5} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("line", ["line-strong", "focus"])
def test_edges_of_controls_can_be_seen(scheme, line):
    colours = tokens()[scheme]
    assert min(contrast(colours[line], colours[g]) for g in ("paper", "surface")) >= 3


def test_tibetan_has_room_between_its_lines():
    sheet = (STATIC / "linli.css").read_text(encoding="utf-8")
    block = re.search(r":lang\(bo\) \{([^}]*--leading[^}]*)\}", sheet).group(1)
    leadings = [float(x) for x in re.findall(r"--leading[\w-]*: ([\d.]+)", block)]
    assert len(leadings) == 2
    assert min(leadings) >= 1.8
