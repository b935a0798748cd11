"""Accounts: who may open and close them, links, second factors, samples."""

import pytest
from django.apps import apps

from linli.engines import totp
from linli.kernel import accounts, rights, rules, secondfactor
from linli.kernel.errors import Conflict, Forbidden, Invalid, Missing, Unavailable
from linli.kernel.models import Account, Entry

pytestmark = [pytest.mark.django_db, pytest.mark.second_factor]
PASSWORD = "seven yaks on a green hill"
SECRET = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def keys(settings, tmp_path):
    settings.KEYS = tmp_path / "keys"


@pytest.fixture
def lhamo():
    return Account.objects.create(username="lhamo", is_administrator=True)


@pytest.fixture
def dolma(lhamo):
    return accounts.open_account("Dolma", {"en": "Dolma", "zh": "卓玛"}, by=lhamo)


def test_nothing_is_stored_about_when_somebody_was_here():
    columns = {f.name for f in Account._meta.local_fields}
    assert columns == {"id", "username", "names", "password", "kind", "language",
                       "is_active", "is_administrator"}  # fmt: skip


def test_an_account_opens_without_a_password(dolma, lhamo):
    assert dolma.username == "dolma"
    assert not dolma.has_usable_password()
    entry = Entry.objects.latest("id")
    assert (entry.event, entry.subject, entry.by) == ("account-opened", dolma.pk, lhamo)
    assert b"Dolma" not in bytes(entry.body)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"username": "two words"}, "username"),
        ({"username": "卓玛"}, "username"),
        ({"username": "LHAMO"}, "username"),
        ({"names": {}}, "names"),
        ({"names": {"en": "x" * 61}}, "names"),
        ({"names": {"fr": "Dolma"}}, "names"),
        ({"kind": "resident"}, "kind"),
        ({"language": "fr"}, "kind"),
    ],
)
def test_what_an_account_needs(lhamo, change, field):
    with pytest.raises(Invalid) as caught:
        accounts.open_account(**{"username": "tashi", "names": {"en": "Tashi"}, **change}, by=lhamo)
    assert list(caught.value.fields) == [field]


def test_only_administrators_manage_accounts(dolma, lhamo):
    other = accounts.open_account("tashi", {"en": "Tashi"}, by=lhamo)
    gone = Account.objects.create(username="gone", is_administrator=True, is_active=False)
    for by in (dolma, gone):
        for forbidden in (
            lambda by=by: accounts.open_account("norbu", {"en": "Norbu"}, by=by),
            lambda by=by: accounts.close_account(other, by=by),
            lambda by=by: accounts.reopen_account(other, by=by),
            lambda by=by: accounts.set_administrator(other, True, by=by),
            lambda by=by: accounts.make_link(other, by=by),
            lambda by=by: accounts.rename_account(other, {"en": "Other"}, by=by),
            lambda by=by: accounts.choose_language(other, "en", by=by),
            lambda by=by: accounts.reset_second_factor(other, by=by),
            lambda by=by: accounts.set_password(other, PASSWORD, by=by),
        ):
            with pytest.raises(Forbidden):
                forbidden()


def test_may_see_and_visible_to_agree(dolma, lhamo):
    gone = Account.objects.create(username="gone", is_active=False)
    everybody = [dolma, lhamo, gone]
    for by in [*everybody, None]:
        visible = set(rules.accounts_visible_to(by))
        assert visible == {a for a in everybody if rules.may_see_account(by, a)}


def test_a_link_sets_a_password_once(dolma, lhamo):
    token = accounts.make_link(dolma, by=lhamo)
    assert accounts.account_of_link(dolma.pk, token) == dolma
    accounts.set_password(dolma, PASSWORD, by=dolma, token=token)
    dolma.refresh_from_db()
    assert dolma.check_password(PASSWORD)
    with pytest.raises(Missing):
        accounts.account_of_link(dolma.pk, token)
    with pytest.raises(Missing):
        accounts.set_password(dolma, PASSWORD + "!", by=dolma, token=token)


def test_a_guessed_link_or_one_of_somebody_else_is_missing(dolma, lhamo):
    token = accounts.make_link(dolma, by=lhamo)
    for pk, guess in (
        (lhamo.pk, token),
        (dolma.pk, token[:-1] + "01"[token[-1] == "0"]),
        (10**9, token),
    ):
        with pytest.raises(Missing):
            accounts.account_of_link(pk, guess)


def test_a_new_link_ends_the_old_password_and_the_old_link(dolma, lhamo):
    old = accounts.make_link(dolma, by=lhamo)
    accounts.set_password(dolma, PASSWORD, by=dolma, token=old)
    before = Account.objects.get(pk=dolma.pk).get_session_auth_hash()
    first = accounts.make_link(dolma, by=lhamo)
    second = accounts.make_link(dolma, by=lhamo)
    dolma.refresh_from_db()
    assert not dolma.check_password(PASSWORD)
    assert dolma.get_session_auth_hash() != before
    with pytest.raises(Missing):
        accounts.account_of_link(dolma.pk, first)
    assert accounts.account_of_link(dolma.pk, second)


@pytest.mark.parametrize("password", ["short", "123456789012345", "password1234"[:11]])
def test_an_easy_password_is_refused(dolma, password):
    with pytest.raises(Invalid):
        accounts.set_password(dolma, password, by=dolma)
    dolma.refresh_from_db()
    assert not dolma.has_usable_password()


def test_closing_and_opening_again(dolma, lhamo):
    accounts.close_account(dolma, by=lhamo)
    dolma.refresh_from_db()
    assert not dolma.is_active
    with pytest.raises(Conflict):
        accounts.close_account(dolma, by=lhamo)
    with pytest.raises(Conflict):
        accounts.make_link(dolma, by=lhamo)
    accounts.reopen_account(dolma, by=lhamo)
    with pytest.raises(Conflict):
        accounts.reopen_account(dolma, by=lhamo)
    events = Entry.objects.order_by("id").values_list("event", flat=True)
    assert list(events) == ["account-opened", "account-closed", "account-reopened"]


def test_names_are_corrected_and_the_sign_in_name_stays(dolma, lhamo):
    accounts.rename_account(dolma, {"en": "Drolma"}, by=lhamo)
    dolma.refresh_from_db()
    assert (dolma.username, str(dolma)) == ("dolma", "Drolma")
    for names in ({}, {"en": ""}, {"en": "x" * 61}):
        with pytest.raises(Invalid):
            accounts.rename_account(dolma, names, by=lhamo)


def test_the_language_is_one_s_own_choice(dolma):
    accounts.choose_language(dolma, "bo", by=dolma)
    dolma.refresh_from_db()
    assert dolma.language == "bo"
    with pytest.raises(Invalid):
        accounts.choose_language(dolma, "fr", by=dolma)


def test_one_administrator_always_remains(dolma, lhamo):
    with pytest.raises(Conflict):
        accounts.close_account(lhamo, by=lhamo)
    with pytest.raises(Conflict):
        accounts.set_administrator(lhamo, False, by=lhamo)
    accounts.set_administrator(dolma, True, by=lhamo)
    accounts.set_administrator(lhamo, False, by=lhamo)
    dolma.refresh_from_db()
    with pytest.raises(Conflict):
        accounts.set_administrator(dolma, False, by=dolma)


def test_the_first_administrator_comes_once():
    account, token = accounts.open_first_administrator("lhamo")
    assert accounts.account_of_link(account.pk, token).is_administrator
    with pytest.raises(Conflict):
        accounts.open_first_administrator("tashi")


# ---------------------------------------------------------------- second factors


@pytest.fixture
def sample(settings):
    settings.DEMO = True
    return accounts.make_sample_account(
        "sample-operator", {"en": "Sample"}, password=PASSWORD, totp_secret=SECRET
    )


def test_a_sample_has_a_code(sample, monkeypatch):
    monkeypatch.setattr(accounts.time, "time", lambda: 1234567890.0)
    assert accounts.demo_code("sample-operator") == totp.code(SECRET, 1234567890)
    with pytest.raises(Missing):
        accounts.demo_code("nobody")


def test_outside_a_demonstration_there_are_no_codes(sample, settings, tmp_path):
    settings.DEMO, settings.VAR = False, tmp_path
    with pytest.raises(Forbidden):
        accounts.demo_code("sample-operator")
    with pytest.raises(Forbidden):
        accounts.make_sample_account("x1", {"en": "X"}, password=PASSWORD, totp_secret=SECRET)


def test_the_secret_is_locked_in_the_database(sample):
    row = apps.get_model("mfa", "Authenticator").objects.get(user=sample)
    assert SECRET not in str(row.data)
    assert secondfactor.unlock(row.data["secret"]) == SECRET


def test_with_another_key_nothing_opens(settings, tmp_path):
    locked = secondfactor.lock(SECRET)
    settings.KEYS = tmp_path / "other"
    with pytest.raises(Unavailable):
        secondfactor.unlock(locked)


def test_a_reset_takes_away_factors_password_and_sessions(sample, lhamo):
    before = sample.get_session_auth_hash()
    token = accounts.reset_second_factor(sample, by=lhamo)
    sample.refresh_from_db()
    assert accounts.second_factors(sample) == []
    assert not sample.has_usable_password()
    assert sample.get_session_auth_hash() != before
    assert accounts.account_of_link(sample.pk, token) == sample
    events = list(Entry.objects.order_by("id").values_list("event", flat=True))
    assert events[-2:] == ["second-factor-reset", "password-link-made"]


def test_the_last_second_factor_stays(sample, dolma):
    factors = apps.get_model("mfa", "Authenticator").objects
    first = factors.get(user=sample)
    with pytest.raises(Conflict):
        accounts.remove_second_factor(sample, first.pk, by=sample)
    factors.create(user=sample, type="recovery_codes", data={})
    with pytest.raises(Conflict):
        accounts.remove_second_factor(sample, first.pk, by=sample)
    factors.create(user=sample, type="webauthn", data={})
    with pytest.raises(Forbidden):
        accounts.remove_second_factor(sample, first.pk, by=dolma)
    accounts.remove_second_factor(sample, first.pk, by=sample)
    assert accounts.second_factors(sample) == ["webauthn"]


def test_who_needs_a_second_factor(dolma, lhamo, monkeypatch):
    monkeypatch.setattr(rights, "EXEMPTIONS", [])
    assert rights.second_factor_required(dolma)
    rights.needs_no_second_factor(lambda account: True)
    assert not rights.second_factor_required(dolma)
    assert rights.second_factor_required(lhamo)
