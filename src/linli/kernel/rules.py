"""Who may do what with accounts and calendars. `visible_to` and `may_see` agree, by a test."""

from django.db.models import QuerySet

from linli.kernel.models import Account


def may_manage_accounts(by: Account | None) -> bool:
    """Open and close accounts, make links and reset second factors: administrators."""
    return by is not None and by.is_active and by.is_administrator


def may_see_account(by: Account | None, account: Account) -> bool:
    """An account's page: administrators, and the person it belongs to."""
    if by is None or not by.is_active:
        return False
    return by.is_administrator or by.pk == account.pk


def accounts_visible_to(by: Account | None) -> QuerySet[Account]:
    """The accounts that `may_see_account` allows."""
    if by is None or not by.is_active:
        return Account.objects.none()
    return Account.objects.all() if by.is_administrator else Account.objects.filter(pk=by.pk)


def may_retry(by: Account | None) -> bool:
    """See what the machine could not do by itself, and have it tried again: administrators."""
    return by is not None and by.is_active and by.is_administrator


def may_change_calendars(by: Account | None) -> bool:
    """Holidays and opening hours: administrators. Everybody may read them."""
    return by is not None and by.is_active and by.is_administrator
