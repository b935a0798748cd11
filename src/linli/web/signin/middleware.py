"""The second factor comes first: without it an account sees the page that sets it up, no other."""

from collections.abc import Callable

from allauth.account.authentication import get_authentication_records
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from linli.kernel import rights
from linli.kernel.accounts import second_factors
from linli.kernel.errors import Forbidden
from linli.kernel.models import Account
from linli.web.middleware import API_PREFIX, problem
from linli.web.signin.adapters import ORGANISATION_FACTOR

SET_UP_HERE = "linli_second_factor"
# What is open on the way: setting up, signing out, choosing the language.
OPEN_NAMES = (
    "account_logout",
    "set_language",
    "second_factor",
    "mfa_activate_totp",
    "mfa_add_webauthn",
)


class SecondFactorFirst:
    """Sends a session that has not passed its second factor to where it can."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Visitors without a session are not made to touch one.
        if settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return self.get_response(request)
        account = request.user
        if not isinstance(account, Account) or passed(request, account):
            return self.get_response(request)
        return self._first(request, account)

    def _first(self, request: HttpRequest, account: Account) -> HttpResponse:
        if second_factors(account):
            # Somebody with the password was here before the factor was set up elsewhere.
            logout(request)
            return HttpResponseRedirect(reverse("account_login"))
        if request.path in {reverse(name) for name in OPEN_NAMES}:
            return self.get_response(request)
        if request.path.startswith(API_PREFIX):
            return problem(Forbidden.status, "second-factor", str(Forbidden.message))
        return HttpResponseRedirect(reverse("second_factor"))


def passed(request: HttpRequest, account: Account) -> bool:
    """Has this session passed a second factor, or does its account need none?"""
    if request.session.get(SET_UP_HERE) == account.pk:
        return True
    records = get_authentication_records(request, account)
    if any(record.get("method") == "mfa" for record in records):
        return True
    if settings.OIDC_SECOND_FACTOR and request.session.get(ORGANISATION_FACTOR) == account.pk:
        return True
    return not rights.second_factor_required(account)
