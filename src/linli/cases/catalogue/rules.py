"""Who may change the catalogue. Everybody may read all of it."""

from linli.kernel.models import Account


def may_keep_catalogue(by: Account) -> bool:
    """Publish, propose, second, switch services and clear draft marks: administrators."""
    return by.is_active and by.is_administrator
