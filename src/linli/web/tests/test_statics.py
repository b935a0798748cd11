"""Static files: an address that holds the content's hash is kept for a year, any other is not."""

import re

import pytest
from django.contrib.staticfiles import finders
from django.templatetags.static import static
from django.test import Client
from whitenoise.middleware import WhiteNoiseMiddleware

from linli.web import statics

SHEET = "design/linli.css"
YEAR = "immutable"


@pytest.fixture(autouse=True)
def fresh():
    """Names are remembered for as long as the process lives."""
    statics.named.cache_clear()
    yield
    statics.named.cache_clear()


def test_a_page_names_files_by_their_content_and_gets_them(client):
    address = static(SHEET)
    assert re.fullmatch(r"/static/design/linli\.[0-9a-f]{12}\.css", address)
    answer = client.get(address)
    assert answer.status_code == 200
    assert YEAR in answer.headers["Cache-Control"]
    assert "max-age=315360000" in answer.headers["Cache-Control"]
    assert b"".join(answer) == b"".join(client.get(f"/static/{SHEET}"))


def test_the_plain_name_is_kept_for_minutes_only(client):
    assert client.get(f"/static/{SHEET}").headers["Cache-Control"] == "max-age=600, public"


def test_another_content_has_another_address(tmp_path, monkeypatch):
    sheet = tmp_path / "a.css"
    monkeypatch.setattr(finders, "find", lambda name: str(sheet))
    addresses = set()
    for content in ("a{}", "b{}", "a{}"):
        sheet.write_text(content)
        statics.named.cache_clear()
        addresses.add(static("x/a.css"))
    assert len(addresses) == 2


def test_the_address_of_another_content_is_not_there(client):
    wrong = re.sub(r"[0-9a-f]{12}", "0" * 12, static(SHEET))
    assert client.get(wrong).status_code == 404


def test_every_file_is_kept_for_a_year_under_the_name_that_pages_use(client):
    files = set(statics.StaticFiles(lambda request: None).files)
    assert len(files) > 200
    for url in files:
        name = url.removeprefix("/static/")
        if statics.plain(name) == name:
            address = static(name)
            assert address in files, name
            assert YEAR in client.get(address).headers["Cache-Control"], address


@pytest.mark.parametrize("developing", [False, True])
def test_hidden_files_are_not_served(developing, settings, tmp_path, monkeypatch):
    finding = WhiteNoiseMiddleware.add_files_from_finders  # anew, and not what all tests share
    monkeypatch.setattr(statics.StaticFiles, "add_files_from_finders", finding)
    settings.WHITENOISE_AUTOREFRESH, settings.STATICFILES_DIRS = developing, [tmp_path]
    finders.get_finder.cache_clear()
    for name in (".stamp", "seen.txt", ".git/config"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    client = Client()
    assert client.get("/static/seen.txt").status_code == 200
    assert client.get("/static/.stamp").status_code == 404
    assert client.get("/static/.git/config").status_code == 404
    assert client.get("/static/built/.stamp").status_code == 404
    finders.get_finder.cache_clear()


def test_what_scripts_ask_for_by_themselves_is_there(client):
    """The worker and the fonts of the map: the build wrote their names into the script."""
    script = b"".join(client.get("/static/built/map.js")).decode()
    kept = set(re.findall(r"kept/[\w.-]+", script))
    assert {name.split(".")[0] for name in kept} == {"kept/map-worker", "kept/map-fonts"}
    for name in kept:
        answer = client.get(f"/static/built/{name}", headers={"Accept-Encoding": "gzip"})
        assert answer.status_code == 200
        assert YEAR in answer.headers["Cache-Control"]
        assert answer.headers["Content-Encoding"] == "gzip"


def test_while_developing_names_are_plain(settings):
    settings.DEBUG = True
    assert static(SHEET) == f"/static/{SHEET}"


def test_a_file_that_is_not_there_keeps_its_name():
    assert static("design/nothing.css") == "/static/design/nothing.css"
