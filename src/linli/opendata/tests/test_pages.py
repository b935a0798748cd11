"""Every public page, in every language, for nobody in particular."""

import json
import re

import pytest
from django.urls import reverse

from linli.areas.models import Level
from linli.areas.tests.factories import area
from linli.cases import actions as cases
from linli.cases import photos
from linli.cases.models import Case
from linli.kernel import vault
from linli.opendata import actions
from linli.opendata.models import Release
from linli.opendata.tests.factories import a_case, cleared_photo, fresh, person, released, service

pytestmark = pytest.mark.django_db
ADDRESSES = [
    "/areas/P/", "/areas/A1/", "/map/", "/list/", "/list/?area=A1&state=open&q=hole&page=7",
    "/open/", "/open/?area=A1", "/register/", "/register/?show=all", "/log/",
]  # fmt: skip


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_pages_open_in_every_language(client, place, address, language):
    released()
    client.cookies["django_language"] = language
    page = client.get(address)
    assert page.status_code == 200
    lang = {"zh-hans": "zh-Hans"}.get(language, language)
    assert f'<html lang="{lang}">' in page.content.decode()


def test_the_log_keeps_what_was_pasted_when_the_language_changes(client, place):
    page = client.post("/log/", {"step": "keep:bo", "leaf": "zz", "record": "{}"})
    text = page.content.decode()
    assert '<html lang="bo">' in text
    assert 'value="zz"' in text
    assert "{}</textarea>" in text
    assert "trouble" not in page.context


def test_one_territory_needs_no_choice(client, place):
    assert client.get("/areas/").headers["Location"] == "/areas/P/"


def test_small_and_unknown_areas_have_no_page(client, place):
    assert client.get("/areas/NOPE/").status_code == 404
    assert client.get("/areas/A1/").status_code == 200
    Level.objects.update_or_create(code="village", defaults={"depth": area("A").level.depth})
    assert client.get("/areas/A1/").status_code == 404


def test_the_list_shows_public_cases_only(client, place):
    shown, hidden = released(), a_case()
    text = client.get("/list/").content.decode()
    assert shown.number in text
    assert hidden.number not in text


def test_a_case_of_its_own(client, place):
    case = released()
    page = client.get(f"/list/{case.number}/", HTTP_ACCEPT_LANGUAGE="en")
    assert "A hole before the bridge." in page.content.decode()
    cases.resolve(case, words="Filled.", by=person("tashi"))
    page = client.get(f"/list/{case.number}/", HTTP_ACCEPT_LANGUAGE="en")
    assert "answered, the reporter is asked" in page.content.decode()
    cases.contest(fresh(case), by=person("drolma"))
    page = client.get(f"/list/{case.number}/", HTTP_ACCEPT_LANGUAGE="en")
    assert "not solved, being checked again" in page.content.decode()


def test_hidden_and_unknown_cases_read_alike(client, place):
    hidden = a_case()
    one = client.get(f"/list/{hidden.number}/")
    other = client.get("/list/NOPE/")
    assert one.status_code == other.status_code == 404

    def plain(page, number):
        text = re.sub(r'(csrfmiddlewaretoken" value=")\w+', r"\1", page.content.decode())
        return text.replace(number, "")

    assert plain(one, hidden.number) == plain(other, "NOPE")


def test_photos_only_of_public_cases_and_only_cleared(client, place, settings, tmp_path):
    options = {"location": tmp_path}
    settings.STORAGES = {**settings.STORAGES, "default": {**settings.STORAGES["default"], "OPTIONS": options}}  # fmt: skip  # noqa: E501
    case = released()
    photo = cleared_photo(case)
    picture = photos.Picture(jpeg=b"\xff\xd8 picture", width=1, height=1)
    photo.address = photos.keep(case.key, picture)
    photo.save()
    address = reverse("opendata:photo", args=[case.number, photo.pk])
    assert client.get(address).content == picture.jpeg
    Case.objects.filter(pk=case.pk).update(published=False)
    assert client.get(address).status_code == 404
    Case.objects.filter(pk=case.pk).update(published=True)
    vault.destroy(case.key)
    assert client.get(address).status_code == 404
    photo.cleared_at = None
    photo.save()
    assert client.get(address).status_code == 404


def test_points_of_the_map(client, place):
    case = released()
    data = json.loads(client.get("/map/points.json?area=A1").content)
    (feature,) = data["features"]
    assert feature["properties"]["url"] == f"/list/{case.number}/"
    assert feature["properties"]["tone"] == "info"
    assert json.loads(client.get("/map/points.json?area=B").content)["features"] == []


def test_downloads_are_counted_and_nobody_is_named(client, place):
    released()
    table = b"".join(client.get("/open/cases.csv").streaming_content).decode()
    assert table.count("\n") == 2
    features = b"".join(client.get("/open/cases.geojson?state=ended").streaming_content)
    assert json.loads(features)["features"] == []
    rows = Release.objects.order_by("door").values_list("door", "files", "cases")
    assert list(rows) == [("csv", 1, 1), ("geojson", 1, 0)]
    assert {f.name for f in Release._meta.fields} == {"id", "door", "day", "files", "cases"}
    assert "CSV" in client.get("/open/", HTTP_ACCEPT_LANGUAGE="en").content.decode()


def test_the_register_lists_columns_and_questions(client, place):
    service("help-for-myself")
    service("pothole")
    text = client.get("/register/?show=all").content.decode()
    assert "areas.Area.names" in text
    assert "outgoing.Outgoing.codes" in text
    assert "pothole." in text
    about_people = client.get("/register/").content.decode()
    assert "areas.Area.names" not in about_people


def test_the_area_page_prints_denominator_formula_and_rule(client, place):
    case = released()
    cases.resolve(case, words="Filled.", by=person("tashi"))
    list(actions.rebuild_tallies(by=None))
    text = client.get("/areas/A1/", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    for words in ["100.0", "1 of 1", "Of the closed ones", "figures-1", "counts of whole months"]:
        assert words in text, words


def test_private_cases_are_in_no_public_answer(client, place):
    case = a_case("benefit-errand")
    assert not case.public
    for address in [*ADDRESSES, "/map/points.json", "/open/cases.csv", "/open/cases.geojson"]:
        page = client.get(address)
        body = b"".join(page.streaming_content) if page.streaming else page.content
        assert case.number.encode() not in body, address
