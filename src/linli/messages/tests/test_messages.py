"""Messages: written once, as codes, emptied with the key."""

import string

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from linli.kernel import contacts, vault
from linli.kernel.errors import Invalid, Missing
from linli.kernel.jobs import JOBS
from linli.kernel.models import Account, CaseKey, Contact, Entry
from linli.messages import actions, queries, texts
from linli.messages.models import Outgoing

pytestmark = pytest.mark.django_db
DUE = "2026-03-04T09:30:00+00:00"
OFFICE = {"number": "K7-2", "office": "roads-t1"}


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def key():
    return vault.new_key()


@pytest.fixture
def contact(key):
    return contacts.keep(key, "phone", "5550100")


def send(key, contact, template="assigned", codes=OFFICE, language="en", **fields):
    return actions.send(key, contact, template, language=language, codes=codes, by=None, **fields)


def test_a_message_is_codes_and_names_nobody(key, contact):
    row = send(key, contact)
    (message,) = queries.about([key.pk], {"roads-t1": {"en": "Roads, Upper Valley"}})
    assert message.text == "K7-2 is now with Roads, Upper Valley. Follow it: …"
    assert "5550100" not in str(vars(row)) + str(message)
    entry = Entry.objects.get(event="message-written")
    assert b"K7-2" not in bytes(entry.body)


def test_times_are_read_in_the_place_and_the_language(key, contact):
    send(key, contact, "received", {"number": "K7-2", "due": DUE}, language="zh-hans")
    (message,) = queries.about([key.pk])
    assert "17:30" in message.text
    assert "2026" in message.text
    assert DUE not in message.text


def test_a_day_is_read_as_a_day(key, contact):
    send(key, contact, "plan-adopted", {"number": "7", "until": "2026-03-04"})
    (message,) = queries.about([key.pk])
    assert "begins on 4 Mar 2026:" in message.text


def test_a_reaction_that_runs_twice_writes_one_message(key, contact):
    assert send(key, contact, cause=9) == send(key, contact, cause=9)
    assert Outgoing.objects.count() == Entry.objects.count() == 1
    send(key, contact, cause=10)
    assert Outgoing.objects.count() == 2


def test_without_a_contact_nothing_is_written(key):
    assert send(key, None) is None
    assert not Outgoing.objects.exists()


@pytest.mark.parametrize(
    ("template", "codes", "language"),
    [
        ("gossip", {}, "en"),
        ("assigned", {"number": "K7-2"}, "en"),
        ("assigned", {**OFFICE, "words": "x"}, "en"),
        ("assigned", {**OFFICE, "office": "the neighbour did it"}, "en"),
        ("assigned", OFFICE, "xx"),
    ],
)
def test_words_and_unknown_codes_are_refused(key, contact, template, codes, language):
    with pytest.raises(Invalid):
        send(key, contact, template, codes, language)
    assert not Outgoing.objects.exists()


def test_a_contact_of_another_case_is_refused(contact):
    with pytest.raises(Missing):
        send(vault.new_key(), contact)


def test_a_left_colleague_sends_nothing(key, contact):
    left = Account.objects.create(username="left", is_active=False)
    with pytest.raises(Missing):
        actions.send(key, contact, "assigned", language="en", codes=OFFICE, by=left)


def test_when_the_key_dies_the_row_is_emptied(key, contact):
    send(key, contact)
    other = vault.new_key()
    kept = send(other, contacts.keep(other, "phone", "5550101"))
    vault.destroy(key)
    with pytest.raises(Missing):
        send(CaseKey.objects.get(pk=key.pk), contact)
    assert actions.empty(key, by=None) == 1
    assert actions.empty(key, by=None) == 0
    row = Outgoing.objects.exclude(pk=kept.pk).get()
    assert (row.contact, row.template, row.language, row.codes) == (None, "", "", {})
    assert queries.about([key.pk]) == []
    assert len(queries.about([other.pk])) == 1


def test_the_job_empties_what_an_eraser_left(key, contact):
    send(key, contact)
    job = JOBS["messages.empty-erased"].work
    assert job() == 0
    CaseKey.objects.update(destroyed_at=timezone.now())
    assert job() == 1
    assert job() == 0


def test_rows_are_locked_in_one_order_before_they_are_emptied(key, contact):
    send(key, contact)
    with CaptureQueriesContext(connection) as asked:
        assert actions.empty(key, by=None) == 1
    table = Outgoing._meta.db_table
    said = [query["sql"] for query in asked if table in query["sql"]]
    locking, changing = said[0], said[1]
    assert locking.startswith(f'SELECT "{table}"."id" AS "')
    assert "ORDER BY 1 ASC" in locking  # by the one column that is asked for, the key
    assert changing.startswith("UPDATE")
    if connection.features.has_select_for_no_key_update:
        assert "FOR NO KEY UPDATE" in locking


def test_a_message_outlives_its_contact_without_an_address(key, contact):
    send(key, contact)
    contacts.erase(contact)
    assert Outgoing.objects.get().contact is None
    assert not Contact.objects.exists()


@pytest.mark.parametrize("template", sorted(texts.read()))
@pytest.mark.parametrize("language", sorted(texts.KEYS))
def test_every_text_fills_in_every_language(template, language):
    values = dict.fromkeys(texts.needed(template), "K7-2")
    text = texts.fill(template, language, values)
    assert not set("{}") & set(text)
    assert len(text) <= 280
    assert ("…" in text) == ("link" in texts.slots(texts.read()[template]["zh"]))


@pytest.mark.parametrize(
    "toml",
    [
        "[a]\nzh='x'\nen='x'\n",
        "[a]\nzh='{number}'\nbo='x'\nen='{number}'\n",
        "[a]\nzh='{who}'\nbo='{who}'\nen='{who}'\n",
    ],
)
def test_a_broken_list_of_texts_is_refused(tmp_path, toml):
    path = tmp_path / "texts.toml"
    path.write_text(toml)
    with pytest.raises(Invalid):
        texts.read(path)


def test_slots_are_plain_names():
    """A slot like {number.__class__} would reach into the program."""
    for table in texts.read().values():
        for text in table.values():
            names = [f for _, f, _, _ in string.Formatter().parse(text) if f is not None]
            assert all(name.isidentifier() for name in names)
