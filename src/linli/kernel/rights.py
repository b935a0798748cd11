"""Rights that do not follow from one room's rules: who must sign in with a second factor.

Everybody must, except accounts that some room knows to see no contacts at all:

    @needs_no_second_factor
    def passes_on_warnings_only(account: Account) -> bool: ...

Administrators always must.
"""

from collections.abc import Callable

from linli.kernel.models import Account

Exemption = Callable[[Account], bool]
EXEMPTIONS: list[Exemption] = []


def needs_no_second_factor(exemption: Exemption) -> Exemption:
    """Register a predicate that frees an account from the second factor where it is true."""
    EXEMPTIONS.append(exemption)
    return exemption


def second_factor_required(account: Account) -> bool:
    """Must this account have passed a second factor before it sees anything?"""
    return account.is_administrator or not any(exempt(account) for exempt in EXEMPTIONS)
