"""What django-allauth asks us: who may come in, what is encrypted, what is never kept or sent."""

import time
from typing import Any, ClassVar

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.design.switching import remember
from linli.kernel import lockout, secondfactor
from linli.kernel.accounts import second_factors
from linli.kernel.errors import TooMany
from linli.kernel.models import Account

ORGANISATION_FACTOR = "linli_organisation_factor"
WRONG = _("The name, the password or the code is not right.")
TOO_MANY = _("Too many tries. Please wait a little and try again.")
NO_ACCOUNT = _("Your organisation knows you, but there is no account for you here.")


class Accounts(DefaultAccountAdapter):
    """Accounts are opened by administrators; guessing closes a name for a while."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": WRONG,
        "incorrect_password": WRONG,
        "incorrect_code": WRONG,
        "account_inactive": WRONG,
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody signs up."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Refuse while the name is closed, before looking at the password."""
        try:
            lockout.check(str(credentials.get("username", "")))
        except TooMany:
            raise self.validation_error("too_many_login_attempts") from None
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Count the failure, whether or not there is such a name."""
        lockout.failed(str(credentials.get("username", "")))

    def login(self, request: HttpRequest, user: Account) -> None:
        """Everything was right, the second factor too: sign in and forget the failures."""
        super().login(request, user)
        lockout.succeeded(user.username)

    def post_login(self, request: HttpRequest, user: Account, **kwargs: Any) -> HttpResponse:
        """Go on in the language of the account."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        remember(response, user.language)
        return response

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Not within ten minutes of signing in; nor to set up the first second factor."""
        user = context.request.user
        if not user.is_authenticated:
            return True
        records = get_authentication_records(context.request, user)
        since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        if any(record.get("at", 0) > since for record in records):
            return False
        return bool(second_factors(user))

    def respond_user_inactive(self, request: HttpRequest, user: Account) -> HttpResponse:
        """A closed account is answered like a wrong password."""
        messages.error(request, WRONG)
        return HttpResponseRedirect(reverse("account_login"))

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Our pages say themselves what happened."""

    def send_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: accounts have no address."""

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: accounts have no address."""


class SecondFactors(DefaultMFAAdapter):
    """Secrets are locked with a key outside the database."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("This code is not right, or was used before. Wait for the next one."),
    }

    def encrypt(self, text: str) -> str:
        """Lock a secret before it is stored."""
        return secondfactor.lock(text)

    def decrypt(self, encrypted_text: str) -> str:
        """Unlock a stored secret."""
        return secondfactor.unlock(encrypted_text)

    def get_totp_label(self, user: Account) -> str:
        """What the authenticator application shows beside the code."""
        return user.username

    def generate_authenticator_name(self, user: Account, type: str) -> str:
        """The name that a passkey gets when its owner gives none."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return gettext("Passkey %(number)d") % {"number": count + 1}

    def _get_user_identifier(self, user: Account) -> str:
        return user.username

    def _get_site_name(self) -> str:
        return str(settings.MFA_TOTP_ISSUER)

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: accounts have no address."""


class OrganisationSignIn(DefaultSocialAccountAdapter):
    """OpenID Connect: the organisation says who somebody is; accounts still open only here.

    Nothing of what it says is stored: the claim named by LINLI_OIDC_CLAIM is the sign-in name.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        """Nobody signs up."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Find the account; and note whether the organisation asked for a second factor."""
        said = sociallogin.account.extra_data
        claims = {**said.get("userinfo", {}), **said.get("id_token", {})}
        name = str(claims.get(settings.OIDC_NAME_CLAIM) or "").strip()
        account = Account.objects.filter(username__iexact=name, is_active=True).first()
        if account is None:
            messages.error(request, NO_ACCOUNT)
            raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))
        sociallogin.user = account
        sociallogin.email_addresses = []
        # RFC 8176: "mfa" is the one value that promises more than one factor.
        factors = "mfa" in (claims.get("amr") or ())
        request.session[ORGANISATION_FACTOR] = account.pk if factors else None

    def on_authentication_error(self, request: HttpRequest, provider: Any, **kwargs: Any) -> None:
        """Back to the sign-in page, whatever went wrong over there."""
        messages.error(request, _("Signing in with your organisation did not work."))
        raise ImmediateHttpResponse(HttpResponseRedirect(reverse("account_login")))

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """No mail: accounts have no address."""
