"""Keys, contacts and looks."""

import time

import pytest

from linli.kernel import contacts, vault
from linli.kernel.errors import Forbidden, Missing, Unavailable
from linli.kernel.models import Account, CaseKey, Contact, Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def dolma():
    return Account.objects.create(username="dolma", names={"en": "Dolma"})


def test_the_same_number_in_two_cases_gives_unrelated_ciphertexts():
    one, two = vault.new_key(), vault.new_key()
    a, b = (contacts.keep(key, "phone", "5550100") for key in (one, two))
    assert bytes(a.sealed) != bytes(b.sealed)
    assert b"5550100" not in bytes(a.sealed)
    with pytest.raises(Unavailable):
        vault.unlock(two, a.sealed, label=contacts.LABEL)


def test_a_ciphertext_opens_only_under_its_label():
    key = vault.new_key()
    with pytest.raises(Unavailable):
        vault.unlock(key, vault.lock(key, "text", label="a"), label="b")


def test_destroying_the_key_destroys_what_it_locked():
    key = vault.new_key()
    locked = vault.lock(key, "gone", label="text")
    vault.destroy(key)
    with pytest.raises(Missing):
        vault.unlock(CaseKey.objects.get(), locked, label="text")
    assert bytes(CaseKey.objects.get().wrapped) == b""


def hours_later(monkeypatch):
    now = time.time() + 2 * vault.GRACE.total_seconds()
    monkeypatch.setattr(vault.time, "time", lambda: now)


def masters(settings):
    return sorted(p.name for p in settings.KEYS.glob("master-*"))


def test_rotation_wraps_anew_and_drops_the_old_master(settings, monkeypatch):
    key = vault.new_key()
    locked = vault.lock(key, "still here", label="text")
    before = bytes(key.wrapped)
    assert vault.rotate(batch=1) == 1
    key = CaseKey.objects.get()
    assert bytes(key.wrapped) != before
    assert vault.unlock(key, locked, label="text") == "still here"
    assert vault.forget_old_masters() == 0
    hours_later(monkeypatch)
    assert vault.forget_old_masters() == 1
    assert masters(settings) == ["master-2"]
    assert vault.unlock(key, locked, label="text") == "still here"


def test_a_case_that_comes_in_during_a_rotation_keeps_its_key(settings, monkeypatch):
    key = vault.unsaved_key()
    locked = vault.lock(key, "on its way", label="text")
    vault.rotate()
    key.save(force_insert=True)
    hours_later(monkeypatch)
    vault.forget_old_masters()
    assert masters(settings) == ["master-2"]
    assert vault.unlock(CaseKey.objects.get(), locked, label="text") == "on its way"


def test_a_master_that_was_lost_is_not_replaced_unseen(settings):
    vault.new_key()
    (path,) = settings.KEYS.glob("master-*")
    path.unlink()
    vault._masters.clear()
    vault.ready()
    with pytest.raises(Unavailable, match="no-master-key"):
        vault.new_key()
    assert masters(settings) == []


def test_master_key_files_are_private(settings):
    vault.new_key()
    (path,) = settings.KEYS.glob("master-*")
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_look_is_in_the_journal(dolma):
    contact = contacts.keep(vault.new_key(), "phone", "5550100")
    assert contacts.look(contact, by=dolma, why=contacts.Why.CALL_BACK) == "5550100"
    (entry,) = contacts.looks_at(contact)
    assert entry.by == dolma
    assert b"5550100" not in bytes(entry.body)


def test_without_the_journal_there_is_no_look(dolma, monkeypatch):
    contact = contacts.keep(vault.new_key(), "phone", "5550100")

    def broken(*args, **kwargs):
        raise OSError("disk full")

    monkeypatch.setattr(contacts, "record", broken)
    opened = []
    monkeypatch.setattr(contacts.vault, "unlock", lambda *a, **k: opened.append(1))
    with pytest.raises(OSError, match="disk full"):
        contacts.look(contact, by=dolma, why=contacts.Why.CALL_BACK)
    assert opened == []


@pytest.mark.django_db(transaction=True)
def test_a_look_refuses_to_run_inside_a_transaction_that_could_roll_back(dolma):
    from django.db import transaction

    contact = contacts.keep(vault.new_key(), "phone", "5550100")
    with pytest.raises(RuntimeError), transaction.atomic():
        contacts.look(contact, by=dolma, why=contacts.Why.CALL_BACK)
    assert not Entry.objects.exists()


def test_a_left_colleague_cannot_look(dolma):
    dolma.is_active = False
    contact = contacts.keep(vault.new_key(), "phone", "5550100")
    with pytest.raises(Forbidden):
        contacts.look(contact, by=dolma, why=contacts.Why.CALL_BACK)
    assert Contact.objects.exists()


def test_a_secret_follows_from_the_key_stays_through_rotation_and_ends_with_it():
    key, other = vault.new_key(), vault.new_key()
    secret = vault.derive(key, "follow")
    assert len({secret, vault.derive(key, "else"), vault.derive(other, "follow")}) == 3
    vault.rotate()
    key.refresh_from_db()
    assert vault.derive(key, "follow") == secret
    vault.destroy(key)
    with pytest.raises(Missing):
        vault.derive(key, "follow")
