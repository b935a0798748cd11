import json

import pytest
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import path

from linli.kernel.errors import Conflict, Forbidden, Invalid, TooMany
from linli.web.middleware import policy
from linli.web.urls import urlpatterns as real


def raising(error):
    def view(request):
        raise error

    return view


def own(request):
    return HttpResponse(headers={"Content-Security-Policy": "default-src 'none'"})


TOO_LATE = Invalid("too-late", "Not on that day.", fields={"day": "It has passed."})
urlpatterns = [
    *real,
    path("fails/conflict/", raising(Conflict())),
    path("fails/forbidden/", raising(Forbidden())),
    path("fails/other/", raising(ValueError("secret words"))),
    path("api/fails/invalid/", raising(TOO_LATE)),
    path("api/fails/many/", raising(TooMany())),
    path("api/fails/missing/", raising(Http404("secret words"))),
    path("own/", own),
    path("asked/", lambda request: JsonResponse(request.GET.dict())),
    path("closed/", lambda request: redirect("/sign-in/?next=/closed/")),
]


@pytest.fixture(autouse=True)
def _addresses(settings):
    settings.ROOT_URLCONF = __name__
    settings.ALLOWED_HOSTS = ["testserver"]


@pytest.mark.parametrize("address", ["/design/", "/fails/conflict/", "/nowhere/"])
def test_every_page_carries_the_strict_policy(client, address):
    value = client.get(address).headers["Content-Security-Policy"]
    assert "default-src 'self'" in value
    assert "unsafe" not in value
    assert "frame-ancestors 'none'" in value


def test_a_page_may_be_stricter(client):
    assert client.get("/own/").headers["Content-Security-Policy"] == "default-src 'none'"


def test_only_the_host_of_the_base_map_is_let_in():
    value = policy("https://tiles.example.org/{z}/{x}/{y}.png?key=abc")
    assert "connect-src 'self' https://tiles.example.org;" in value
    assert "abc" not in value
    assert "https" not in policy("")


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Somebody else was faster"), ("bo", '<html lang="bo">')]
)
def test_an_error_is_a_page_in_the_readers_language_with_its_code(client, language, words):
    client.cookies["django_language"] = language
    answer = client.get("/fails/conflict/")
    assert answer.status_code == 409
    assert words in answer.content.decode()
    assert "<code>conflict</code>" in answer.content.decode()


def test_pages_and_sheets_travel_compressed(client):
    headers = {"Accept-Encoding": "gzip"}
    for address in ("/design/", "/static/design/linli.css"):
        answer = client.get(address, headers=headers)
        assert answer.status_code == 200
        assert answer.headers["Content-Encoding"] == "gzip"
        assert "Content-Encoding" not in client.get(address).headers


def test_forbidden_reads_like_missing(client):
    answer = client.get("/fails/forbidden/")
    assert answer.status_code == 404
    assert "<code>not-found</code>" in answer.content.decode()


@pytest.mark.parametrize(
    ("address", "status", "code"),
    [("conflict", 409, "conflict"), ("nowhere", 404, "error"), ("other", 500, "error")],
)
def test_a_part_of_a_page_gets_a_notice_at_the_top(client, address, status, code):
    client.raise_request_exception = False
    answer = client.get(f"/fails/{address}/", headers={"HX-Request": "true"})
    assert answer.status_code == status
    assert answer.headers["HX-Retarget"] == "#notices"
    html = answer.content.decode()
    assert f"<code>{code}</code>" in html
    assert "<html" not in html
    assert "secret words" not in html


def test_who_was_signed_out_is_led_to_signing_in(client):
    answer = client.get("/closed/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer.headers["HX-Refresh"]) == (204, "true")
    assert client.get("/closed/").status_code == 302


def test_the_api_answers_with_problem_details(client):
    answer = client.get("/api/fails/invalid/")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert json.loads(answer.content) == {
        "type": "about:blank",
        "status": 400,
        "code": "too-late",
        "title": "Not on that day.",
        "errors": {"day": "It has passed."},
    }
    assert client.get("/api/fails/many/").status_code == 429


def test_a_missing_thing_of_the_api_tells_nothing(client):
    answer = client.get("/api/fails/missing/")
    assert json.loads(answer.content) == {
        "type": "about:blank",
        "status": 404,
        "code": "not-found",
    }


def test_an_unknown_error_shows_nothing_of_itself(client):
    client.raise_request_exception = False
    answer = client.get("/fails/other/")
    assert answer.status_code == 500
    assert "secret words" not in answer.content.decode()
    assert "Something went wrong" in answer.content.decode()


@pytest.mark.django_db
def test_what_somebody_signed_in_is_shown_is_kept_by_no_cache(client, settings):
    assert "Cache-Control" not in client.get("/services/").headers
    client.cookies[settings.SESSION_COOKIE_NAME] = "anything"
    assert client.get("/services/").headers["Cache-Control"] == "private, no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/own/%00", "/list/x%00/", "/api/areas/%00"])
def test_an_address_with_a_nul_is_none_of_ours(client, address):
    assert client.get(address).status_code == 404


def test_a_question_with_a_nul_is_asked_without_it(client):
    assert client.get("/asked/?q=a%00b&p=%00").json() == {"q": "ab", "p": ""}
