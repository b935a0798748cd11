"""The API: the same actions as the pages, and one committed description."""

import json
import uuid
from pathlib import Path

import pytest

from linli.cases import actions
from linli.cases.models import Case
from linli.cases.tests import factories
from linli.web.api import api

pytestmark = pytest.mark.django_db
SNAPSHOT = Path(__file__).parents[4] / "docs" / "openapi.json"


def test_the_committed_description_is_the_real_one():
    """After a change: python -m linli.web.openapi"""
    real = json.loads(json.dumps(api.get_openapi_schema()))
    assert json.loads(SNAPSHOT.read_text(encoding="utf-8")) == real


@pytest.fixture
def place(db):
    factories.a_small_place()
    factories.service("pothole")
    factories.service("ask-a-question")


def sent(**more):
    lon, lat = factories.IN_A1
    words = {"text": "A hole\u202e", "service": "pothole", "answers": {"passable": "no"}}
    return {"op_id": str(uuid.uuid4()), "lon": lon, "lat": lat, **words, **more}


def post(client, data):
    return client.post("/api/reports", json.dumps(data), content_type="application/json")


def test_a_report_gives_a_receipt_and_twice_the_same_one(client, place):
    data = sent()
    first, second = post(client, data), post(client, data)
    assert first.status_code == 201, first.content
    assert first.json()["number"] == second.json()["number"]
    assert Case.objects.count() == 1
    assert client.get(f"/f/{first.json()['token']}/").status_code == 200


@pytest.mark.parametrize(
    ("more", "status", "code"),
    [
        ({"service": "nothing"}, 404, "no-such-service"),
        ({"text": "x" * 5000}, 400, "text-too-long"),
        ({"language": "xx"}, 400, "no-such-language"),
        ({"answers": {"passable": "no", "religion": "?"}}, 400, "bad-answers"),
        ({"answers": {}}, 400, "bad-answers"),
        ({"lon": 500}, 400, None),
        ({"area": "nowhere"}, 400, "no-such-place"),
        ({"op_id": "x"}, 400, "invalid"),
        ({"text": " "}, 400, "words-needed"),
        ({"lon": 0, "lat": 0}, 400, "point-outside"),
        ({"reach": "phone", "contact": "call me"}, 400, "bad-contact"),
        ({"reach": "email", "contact": "0971-5550123"}, 400, "bad-contact"),
        ({"reach": "pigeon", "contact": "0971-5550123"}, 400, "no-such-way"),
        ({"contact": "0971-5550123"}, 400, "no-such-way"),
    ],
)
def test_bad_input_is_a_problem_with_a_code_and_makes_no_case(client, place, more, status, code):
    answer = post(client, sent(**more))
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"
    assert code in (None, answer.json()["code"])
    assert not Case.objects.exists()


def test_what_was_sent_is_not_repeated_in_an_error(client, place):
    answer = post(client, sent(op_id="0971-5550123"))
    assert "5550123" not in answer.content.decode()


def test_the_area_of_a_point(client, place):
    lon, lat = factories.IN_A1
    found = client.get("/api/areas/at", {"lon": lon, "lat": lat}).json()
    assert found["code"] == "A1"
    assert found["path"][0] == "P"
    lon, lat = factories.OUTSIDE
    assert client.get("/api/areas/at", {"lon": lon, "lat": lat}).json()["code"] == "outside"


def test_a_case_is_public_after_triage_and_not_before(client, place):
    case = factories.a_case()
    assert client.get("/api/cases").json() == []
    assert client.get(f"/api/cases/{case.number}").status_code == 404
    actions.triage(case, public_text="A hole", publish=True, by=factories.person("drolma"))
    (shown,) = client.get("/api/cases").json()
    assert shown["text"] == "A hole"
    assert client.get(f"/api/cases/{case.number}").json() == shown


def test_services_are_listed_with_their_questions(client, place):
    codes = {service["code"] for service in client.get("/api/services").json()}
    assert codes == {"pothole", "ask-a-question"}


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 5000])
def test_a_body_that_is_no_json_is_a_problem(client, body):
    response = client.post("/api/reports", body, content_type="application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "unreadable"
