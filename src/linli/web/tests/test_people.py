"""The people page: for administrators; to everybody else it does not exist."""

import re

import pytest
from click.testing import CliRunner

from linli.kernel.models import Account, Entry
from linli.web.commands import administrator

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def lhamo():
    return Account.objects.create(
        username="lhamo", names={"en": "Lhamo", "zh": "拉姆"}, is_administrator=True
    )


@pytest.fixture
def dolma():
    return Account.objects.create(username="dolma", names={"en": "Dolma", "bo": "སྒྲོལ་མ།"})


@pytest.fixture
def desk(client, lhamo):
    client.force_login(lhamo)
    return client


def test_only_administrators_find_it(client, dolma, lhamo):
    paths = ["/people/", "/people/open/", f"/people/{lhamo.pk}/", "/people/999999/"]
    for path in paths:
        assert client.get(path).url.startswith("/sign-in/")
    client.force_login(dolma)
    forbidden = {client.get(path).content.partition(b"<main")[2] for path in paths}
    assert [client.get(path).status_code for path in paths] == [404] * 4
    assert len(forbidden) == 1  # what exists reads like what does not
    for what in ("close", "reopen", "link", "reset", "promote", "demote", "praise"):
        assert client.post(f"/people/{lhamo.pk}/{what}/").status_code == 404
    lhamo.refresh_from_db()
    assert lhamo.is_active
    assert lhamo.is_administrator


def test_a_list_that_can_be_searched(desk, dolma):
    for words, found in (("", 2), ("DOL", 1), ("སྒྲོལ", 1), ("拉姆", 1), ("nobody", 0)):
        page = desk.get("/people/", {"q": words}).context["page"]
        assert page.paginator.count == found
    assert desk.get("/people/", {"kind": "liaison"}).context["page"].paginator.count == 0
    assert desk.get("/people/", {"state": "closed"}).context["page"].paginator.count == 0


def test_another_language_in_the_middle_opens_and_renames_nobody(desk, dolma):
    for path in ("/people/open/", f"/people/{dolma.pk}/"):
        typed = {"username": "tashi", "bo": "བཀྲ་ཤིས།", "kind": "liaison", "step": "keep:bo"}
        response = desk.post(path, typed)
        page = response.content.decode()
        assert '<html lang="bo">' in page
        assert 'value="བཀྲ་ཤིས།"' in page
        assert response.cookies["django_language"].value == "bo"
    assert not Account.objects.filter(username="tashi").exists()
    dolma.refresh_from_db()
    assert dolma.names["bo"] == "སྒྲོལ་མ།"


def test_opening_gives_a_link_that_works(desk, client):
    form = {"username": "Tashi", "en": "Tashi", "kind": "liaison", "language": "bo"}
    response = desk.post("/people/open/", form)
    address = re.search(r"http://testserver(/account/link/\d+/[\w-]+/)", response.content.decode())
    assert "no-store" in response.headers["Cache-Control"]
    account = Account.objects.get(username="tashi")
    assert (account.kind, account.language, account.names) == ("liaison", "bo", {"en": "Tashi"})
    desk.logout()
    assert client.get(address[1]).status_code == 200


@pytest.mark.parametrize(
    ("change", "field"),
    [({"username": "lhamo"}, "username"), ({"en": ""}, "zh"), ({"kind": "resident"}, "kind")],
)
def test_opening_wrongly_says_where(desk, change, field):
    form = {"username": "tashi", "en": "Tashi", "kind": "staff", "language": "en", **change}
    response = desk.post("/people/open/", form)
    assert field in response.context["form"].errors
    assert Account.objects.count() == 1


def test_what_an_administrator_does(desk, dolma, lhamo):
    path = f"/people/{dolma.pk}/"
    assert desk.get(path).status_code == 200
    for what, status in [("promote", 302), ("demote", 302), ("link", 200), ("reset", 200),
                         ("close", 302), ("reopen", 302)]:  # fmt: skip
        assert desk.post(f"{path}{what}/").status_code == status
        assert desk.get(path).status_code == 200
    done = Entry.objects.order_by("id").values_list("event", flat=True)
    assert list(done) == [
        "administrator-set", "administrator-set", "password-link-made",
        "second-factor-reset", "password-link-made", "account-closed", "account-reopened",
    ]  # fmt: skip
    assert {e.by for e in Entry.objects.all()} == {lhamo}


def test_what_cannot_be_done_says_why(desk, lhamo):
    response = desk.post(f"/people/{lhamo.pk}/demote/", follow=True)
    assert "One administrator must remain" in response.content.decode()
    response = desk.post(f"/people/{lhamo.pk}/close/", follow=True)
    assert "Nobody closes their own account" in response.content.decode()
    assert desk.post(f"/people/{lhamo.pk}/praise/").status_code == 404
    assert desk.post("/people/999999/close/").status_code == 404
    assert desk.get(f"/people/{lhamo.pk}/close/").status_code == 405


def test_the_page_shows_nothing_about_activity(desk, dolma):
    page = desk.get(f"/people/{dolma.pk}/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert not re.search(r"last|since|20\d\d|\d\d:\d\d", main.lower().replace("lasts", ""))


def test_names_are_corrected(desk, dolma):
    path = f"/people/{dolma.pk}/"
    assert desk.post(path, {"en": "Drolma"}).url == path
    dolma.refresh_from_db()
    assert dolma.names == {"en": "Drolma"}
    assert desk.post(path, {"en": " "}).context["form"].errors["zh"]


def test_the_first_administrator_by_command():
    runner = CliRunner()
    first = runner.invoke(administrator, ["lhamo", "--address", "https://here.example/"])
    path = re.search(r"https://here\.example(/account/link/\d+/\S+)", first.output)
    assert path
    assert Account.objects.get().is_administrator
    second = runner.invoke(administrator, ["tashi"])
    assert second.exit_code == 1
    assert Account.objects.count() == 1
