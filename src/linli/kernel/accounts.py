"""Accounts: opened and closed by administrators, who never know anybody's password."""

import re
import time
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.engines import totp
from linli.kernel import rules, secondfactor
from linli.kernel.actions import action, all_locked, locked, require
from linli.kernel.errors import Conflict, Forbidden, Invalid, Missing
from linli.kernel.events import Code, Event
from linli.kernel.journal import record
from linli.kernel.models import Account

USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,59}\Z")
Kind = Account.Kind
OWN = ("own-account", gettext_lazy("Nobody closes their own account."))
LAST = ("last-administrator", gettext_lazy("One administrator must remain."))
LAST_FACTOR = ("last-second-factor", gettext_lazy("The last second factor can only be replaced."))
THERE_IS_ONE = (
    "administrator-exists",
    gettext_lazy("There is an administrator already, who opens all other accounts."),
)
WEAK = {
    "password_too_short": gettext_lazy("This password is too short: at least twelve characters."),
    "password_too_common": gettext_lazy("This password is in every guesser’s list."),
    "password_entirely_numeric": gettext_lazy("This password is only digits."),
}


class AccountOpened(Event):
    """Somebody got an account."""

    account: int
    kind: Kind


class AccountClosed(Event):
    """An account was closed; its past actions stay in the journal."""

    account: int


class AccountReopened(Event):
    """A closed account was opened again."""

    account: int


class AdministratorSet(Event):
    """An account became, or ceased to be, an administrator's."""

    account: int
    administrator: bool


class AccountRenamed(Event):
    """The names of an account were corrected."""

    account: int


class LanguageChosen(Event):
    """Somebody chose the language of their pages."""

    account: int
    language: Code


class PasswordLinkMade(Event):
    """The password was taken away and a link to choose a new one was handed out."""

    account: int


class PasswordSet(Event):
    """Somebody chose a password."""

    account: int


class SecondFactorAdded(Event):
    """Somebody set up a second factor: an authenticator application or a passkey."""

    account: int
    factor: Code


class SecondFactorRemoved(Event):
    """Somebody gave up one of several second factors."""

    account: int
    factor: Code


class SecondFactorReset(Event):
    """An administrator took away all second factors and the password, after a loss."""

    account: int


@action
def open_account(
    username: str,
    names: dict[str, str],
    *,
    by: Account,
    kind: str = Kind.STAFF,
    language: str = "zh-hans",
) -> Account:
    """Open an account that cannot sign in yet: `make_link` lets its owner choose a password.

    Invalid names the fields that need changing.
    """
    require(rules.may_manage_accounts(by))
    username = username.strip().lower()
    _check_new(username, names, kind, language)
    account = Account(username=username, names=names, kind=kind, language=language)
    account.set_unusable_password()
    account.save(force_insert=True)
    record(AccountOpened(account=account.pk, kind=Kind(kind)), by=by)
    return account


def _check_new(username: str, names: dict[str, str], kind: str, language: str) -> None:
    wrong = _wrong_names(names)
    if not USERNAME.match(username):
        wrong["username"] = _("Two to sixty small letters, digits, dots, dashes.")
    elif Account.objects.filter(username__iexact=username).exists():
        wrong["username"] = _("This name is taken.")
    if kind not in Kind.values or language not in dict(settings.LANGUAGES):
        wrong["kind"] = _("Choose one of the list.")
    require(not wrong, Invalid("account", fields=wrong))


def _wrong_names(names: dict[str, str]) -> dict[str, Any]:
    if not any(names.values()) or not set(names) <= {"zh", "bo", "en"}:
        return {"names": _("A name in at least one language.")}
    if any(len(name) > 60 for name in names.values()):
        return {"names": _("At most 60 characters.")}
    return {}


@action
def rename_account(account: Account, names: dict[str, str], *, by: Account) -> None:
    """Correct somebody's names; the sign-in name stays, because the journal is read by it."""
    require(rules.may_manage_accounts(by))
    wrong = _wrong_names(names)
    require(not wrong, Invalid("account", fields=wrong))
    account = _changed(account)
    account.names = names
    account.save(update_fields=["names"])
    record(AccountRenamed(account=account.pk), by=by)


@action
def choose_language(account: Account, language: str, *, by: Account) -> None:
    """Choose the language in which one's own pages speak."""
    require(by.pk == account.pk)
    require(language in dict(settings.LANGUAGES), Invalid("language"))
    account = _changed(account)
    account.language = language
    account.save(update_fields=["language"])
    record(LanguageChosen(account=account.pk, language=Code(language)), by=by)


@action
def close_account(account: Account, *, by: Account) -> None:
    """Close an account: its sessions end, and nobody signs in with it. Not one's own, not the last
    administrator's."""
    require(rules.may_manage_accounts(by))
    require(account.pk != by.pk, Conflict(*OWN))
    others = _administrators(account)
    account = _changed(account)
    require(account.is_active, Conflict())
    require(bool(others) or not account.is_administrator, Conflict(*LAST))
    account.is_active = False
    account.set_unusable_password()
    account.save(update_fields=["is_active", "password"])
    record(AccountClosed(account=account.pk), by=by)


@action
def reopen_account(account: Account, *, by: Account) -> None:
    """Open a closed account again; it needs a new link, and keeps its second factor."""
    require(rules.may_manage_accounts(by))
    account = _changed(account)
    require(not account.is_active, Conflict())
    account.is_active = True
    account.save(update_fields=["is_active"])
    record(AccountReopened(account=account.pk), by=by)


@action
def set_administrator(account: Account, administrator: bool, *, by: Account) -> None:
    """Make somebody an administrator, or no longer; one always remains."""
    require(rules.may_manage_accounts(by))
    others = _administrators(account)
    account = _changed(account)
    require(account.is_active and account.is_administrator != administrator, Conflict())
    require(bool(others) or administrator, Conflict(*LAST))
    account.is_administrator = administrator
    account.save(update_fields=["is_administrator"])
    record(AdministratorSet(account=account.pk, administrator=administrator), by=by)


@action
def make_link(account: Account, *, by: Account) -> str:
    """Take the password away, end all sessions, and return the token of a link that sets a new one.

    The token is handed over once, works once, and dies after `PASSWORD_RESET_TIMEOUT`.
    """
    require(rules.may_manage_accounts(by))
    account = _changed(account)
    require(account.is_active, Conflict())
    account.set_unusable_password()
    account.save(update_fields=["password"])
    record(PasswordLinkMade(account=account.pk), by=by)
    return default_token_generator.make_token(account)


def account_of_link(pk: int, token: str) -> Account:
    """The account that a link belongs to; Missing when it is wrong, used or too old."""
    account = Account.objects.filter(pk=pk, is_active=True).first()
    require(account is not None and default_token_generator.check_token(account, token), Missing())
    assert account is not None
    return account


@action
def set_password(account: Account, password: str, *, by: Account, token: str = "") -> None:
    """Choose one's own password; with `token` by a link. Invalid when the password is too easy.

    All sessions of the account end.
    """
    require(by.pk == account.pk)
    account = _changed(account)
    require(account.is_active)
    if token:
        require(default_token_generator.check_token(account, token), Missing())
    try:
        validate_password(password, account)
    except ValidationError as error:
        said = [str(WEAK.get(e.code or "", e.messages[0])) for e in error.error_list]
        raise Invalid("password", fields={"password": " ".join(said)}) from None
    account.set_password(password)
    account.save(update_fields=["password"])
    record(PasswordSet(account=account.pk), by=by)


@action
def second_factor_added(account: Account, factor: str, *, by: Account) -> None:
    """Record that somebody set up a second factor of their own."""
    require(by.pk == account.pk)
    record(SecondFactorAdded(account=account.pk, factor=Code(factor)), by=by)


@action
def remove_second_factor(account: Account, pk: int, *, by: Account) -> None:
    """Give up one of one's own second factors; the last one can only be replaced."""
    require(by.pk == account.pk)
    account = _changed(account)
    factors = _factors(account).exclude(type="recovery_codes")
    factor = factors.filter(pk=pk).first()
    require(factor is not None, Missing())
    require(factors.count() > 1, Conflict(*LAST_FACTOR))
    record(SecondFactorRemoved(account=account.pk, factor=Code(factor.type)), by=by)
    factor.delete()


@action
def reset_second_factor(account: Account, *, by: Account) -> str:
    """After a loss: take away all second factors and the password, end all sessions.

    Returns the token of a new link, as `make_link` does. Whoever has the lost device and knows the
    password cannot use either.
    """
    require(rules.may_manage_accounts(by))
    account = _changed(account)
    require(account.is_active, Conflict())
    _factors(account).delete()
    record(SecondFactorReset(account=account.pk), by=by)
    return make_link(account, by=by)


def second_factors(account: Account) -> list[str]:
    """Which kinds of second factor an account has: `totp`, `webauthn`; not which was used when."""
    kinds = _factors(account).exclude(type="recovery_codes").values_list("type", flat=True)
    return sorted(set(kinds))


def _factors(account: Account) -> Any:
    return apps.get_model("mfa", "Authenticator").objects.filter(user=account)


def _changed(account: Account) -> Account:
    """The account, locked; accounts are never deleted, so a missing one reads like Forbidden."""
    try:
        return locked(account)
    except Conflict:
        raise Forbidden() from None


def _administrators(besides: Account) -> list[Account]:
    """The other administrators. All are locked first, so that no two remove each other at once."""
    rows = Account.objects.filter(is_active=True, is_administrator=True)
    return [one for one in all_locked(rows) if one.pk != besides.pk]


# ---------------------------------------------------------------- the first one, and samples


@action
def open_first_administrator(username: str, *, by: Account | None = None) -> tuple[Account, str]:
    """The first administrator of an installation, and the token of the link that sets a password.

    Conflict when there is one already: everything else is theirs to do.
    """
    taken = Account.objects.filter(is_administrator=True, is_active=True).exists()
    require(not taken, Conflict(*THERE_IS_ONE))
    _check_new(username, {"en": username}, Kind.STAFF, "zh-hans")
    account = Account(username=username, names={"en": username}, is_administrator=True)
    account.set_unusable_password()
    account.save(force_insert=True)
    record(AccountOpened(account=account.pk, kind=Kind.STAFF), by=by)
    return account, default_token_generator.make_token(account)


@action
def make_sample_account(
    username: str,
    names: dict[str, str],
    *,
    password: str,
    totp_secret: str,
    kind: str = Kind.STAFF,
    language: str = "zh-hans",
    is_administrator: bool = False,
    by: Account | None = None,
) -> Account:
    """An account of the demonstration, with its password and authenticator secret (base32)."""
    _only_in_demonstration()
    account = Account(username=username, names=names, kind=kind, language=language)
    account.is_administrator = is_administrator
    account.set_password(password)
    account.save(force_insert=True)
    factor = apps.get_model("mfa", "Authenticator")
    factor.objects.create(
        user=account, type="totp", data={"secret": secondfactor.lock(totp_secret)}
    )
    record(AccountOpened(account=account.pk, kind=Kind(kind)), by=by)
    return account


def demo_code(username: str) -> str:
    """A sample account's sign-in code of this moment; Missing when there is none."""
    _only_in_demonstration()
    factors = apps.get_model("mfa", "Authenticator").objects
    factor = factors.filter(user__username=username, type="totp").first()
    require(factor is not None, Missing())
    return totp.code(secondfactor.unlock(factor.data["secret"]), time.time())


def _only_in_demonstration() -> None:
    require(settings.DEMO or (settings.VAR / "demo").exists(), Forbidden("demonstration-only"))
