"""The page of written messages: for operators, about their own cases, without recipients."""

import pytest

from linli.cases.tests import factories
from linli.kernel import reactions, sealer
from linli.web.signin.middleware import SET_UP_HERE

pytestmark = pytest.mark.django_db
PHONE = "0971-5550177"


@pytest.fixture
def written(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"
    factories.a_small_place()
    receipt = factories.a_receipt(contact=("phone", PHONE), language="en")
    sealer.seal()
    reactions.react()
    return receipt


def page(client, name):
    client.force_login(factories.person(name))
    session = client.session

    session[SET_UP_HERE] = factories.person(name).pk
    session.save()
    return client.get("/desk/messages/")


def test_an_operator_reads_what_was_written(client, written):
    text = page(client, "drolma").content.decode()
    assert "We have your report" in text
    assert PHONE not in text
    assert written.token not in text


def test_messages_about_other_places_are_not_shown(client, written):
    factories.a_post("centre-b", "prefecture-p", "service-centre", "service-centre", "B", "tenzin")
    text = page(client, "tenzin").content.decode()
    assert "We have your report" not in text


@pytest.mark.parametrize("name", ["tashi", "admin", "tenzin"])
def test_others_find_nothing_here(client, written, name):
    assert page(client, name).status_code == 404


def test_visitors_are_asked_to_sign_in(client, written):
    assert client.get("/desk/messages/").status_code == 302
