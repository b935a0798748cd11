"""Staff write for somebody: the same form, with how and when it came."""

import datetime as dt
import re
from html import unescape

import pytest
from django.utils import timezone

from linli.cases.models import Case, Channel
from linli.cases.tests.factories import IN_A1, person, service

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]


@pytest.fixture
def desk(client, settings):
    settings.LANGUAGE_CODE = "en"
    settings.AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
    service()
    client.force_login(person("drolma"), "django.contrib.auth.backends.ModelBackend")
    return client


def draft_in(response):
    return unescape(re.search(r'name="draft" value="([^"]*)"', response.content.decode()).group(1))


def tell(desk, **fields):
    first = desk.get("/desk/new/pothole/")
    where = {"draft": draft_in(first), "step": "where", "lon": IN_A1[0], "lat": IN_A1[1]}
    second = desk.post("/desk/new/pothole/", where)
    answers = {"draft": draft_in(second), "step": "send", "text": "桥断了", "q-passable": "no"}
    return desk.post("/desk/new/pothole/", answers | fields)


def test_by_telephone_in_another_language(desk):
    said = (timezone.localtime() - dt.timedelta(hours=3)).strftime("%Y-%m-%dT%H:%M")
    response = tell(desk, channel="phone", language="bo", captured_at=said)
    case = Case.objects.get()
    assert (case.channel, case.language) == (Channel.PHONE, "bo")
    assert case.received_at - case.captured_at > dt.timedelta(hours=2)
    assert response.status_code == 303
    receipt = desk.get(response["Location"])
    assert case.number[:4] in receipt.content.decode()


def test_not_from_the_future(desk):
    tomorrow = (timezone.localtime() + dt.timedelta(days=1)).strftime("%Y-%m-%dT%H:%M")
    page = tell(desk, channel="letter", language="bo", captured_at=tomorrow).content.decode()
    assert "has not come yet" in page
    assert "桥断了" in page
    assert not Case.objects.exists()


def test_how_it_came_is_asked(desk):
    assert tell(desk, language="bo").status_code == 200
    assert not Case.objects.exists()


def test_without_a_post_there_is_no_such_page(desk):
    desk.force_login(person("tenzin"), "django.contrib.auth.backends.ModelBackend")
    assert desk.get("/desk/new/").status_code == 404
    assert desk.get("/desk/new/pothole/").status_code == 404


def test_nobody_signed_in_is_asked_to(client):
    service()
    assert client.get("/desk/new/").status_code == 302


def test_forged_requests_are_refused(desk):
    from django.test import Client

    forger = Client(enforce_csrf_checks=True)
    forger.force_login(person("drolma"), "django.contrib.auth.backends.ModelBackend")
    assert forger.post("/desk/new/pothole/", {"step": "where"}).status_code == 403
