"""The pages of sign-in and of one's own account.

Only what `urls` names exists: django-allauth's other pages (signing up, e-mail, a password by mail)
cannot be reached.
"""

from typing import Any

from allauth.account import views as account_views
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factor_views
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes import views as recovery_views
from allauth.mfa.totp import views as totp_views
from allauth.mfa.webauthn import views as passkey_views
from allauth.mfa.webauthn.internal import auth as passkeys
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from linli.design.switching import keeps_words, only_reads_on, remember
from linli.kernel import accounts
from linli.kernel.actions import writing
from linli.kernel.errors import Invalid
from linli.kernel.models import Account
from linli.web.signin.forms import NewPassword
from linli.web.signin.middleware import SET_UP_HERE

# ---------------------------------------------------------------- coming in and going out


@method_decorator(keeps_words, name="dispatch")
class SignIn(account_views.LoginView):
    """Name and password; or a passkey; or the organisation's own service."""

    template_name = "web/signin/sign_in.html"

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """To the second step; or on in another language, with the name and no password."""
        read = self.get if only_reads_on(request) else super().post
        response: HttpResponse = read(request, *args, **kwargs)
        return response

    def get_form_kwargs(self) -> dict[str, Any]:
        """What was sent, or the name alone that was typed before the language changed."""
        found: dict[str, Any] = super().get_form_kwargs()
        if only_reads_on(self.request):
            found = {k: v for k, v in found.items() if k not in ("data", "files")}
            found["initial"] = {"login": self.request.POST.get("login", "")}
        return found

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """With the button of the organisation, where one is configured."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        found["switch"] = {"form": "sign-in", "step": "keep", "enter": "go"}
        if settings.OIDC_ISSUER:
            found["organisation"] = settings.OIDC_NAME
        return found


class SecondStep(factor_views.AuthenticateView):
    """The code of the authenticator application, a recovery code, or a passkey."""

    template_name = "web/signin/second_step.html"


class PasskeySignIn(passkey_views.LoginWebAuthnView):
    """A passkey alone: it is both factors."""


class SignOut(account_views.LogoutView):
    """Asks on GET, goes on POST."""

    template_name = "web/signin/sign_out.html"


# ---------------------------------------------------------------- second factors


@login_required
@never_cache
def second_factor(request: HttpRequest) -> HttpResponse:
    """Choose the first second factor."""
    if accounts.second_factors(_account(request)):
        return redirect("mfa_index")
    return render(request, "web/signin/second_factor.html")


class AddApplication(totp_views.ActivateTOTPView):
    """Set up an authenticator application."""

    template_name = "web/signin/application.html"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Only one application; a second one replaces nothing."""
        if "totp" in accounts.second_factors(_account(request)):
            return redirect("mfa_index")
        return super().dispatch(request, *args, **kwargs)

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, journal it, and let this session go on."""
        with writing():
            response: HttpResponse = super().form_valid(form)
            _added(self.request, "totp")
        return response


class AddPasskey(passkey_views.AddWebAuthnView):
    """Set up a passkey that can sign in alone."""

    template_name = "web/signin/passkey.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Ask for a discoverable key that verifies who is there."""
        found: dict[str, Any] = super().get_context_data(**kwargs)
        options = passkeys.begin_registration(self.request.user, True)
        return {**found, "js_data": {"creation_options": options}}

    def form_valid(self, form: Any) -> HttpResponse:
        """Keep it, journal it, and let this session go on."""
        with writing():
            response: HttpResponse = super().form_valid(form)
            _added(self.request, "webauthn")
        return response


def _added(request: HttpRequest, factor: str) -> None:
    account = _account(request)
    accounts.second_factor_added(account, factor, by=account)
    request.session[SET_UP_HERE] = account.pk


@require_POST
@login_required
@reauthentication_required
def remove_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Give up one of several second factors."""
    account = _account(request)
    accounts.remove_second_factor(account, pk, by=account)
    messages.success(request, _("Removed."))
    return redirect("mfa_index")


class RecoveryCodes(recovery_views.ViewRecoveryCodesView):
    """The recovery codes, shown once."""

    template_name = "web/signin/recovery_codes.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever has none is led to where they are made."""
        mine = Authenticator.objects.filter(user=_account(request))
        if not mine.filter(type=Authenticator.Type.RECOVERY_CODES).exists():
            return redirect("mfa_generate_recovery_codes")
        response: HttpResponse = super().get(request, *args, **kwargs)
        return response


class NewRecoveryCodes(recovery_views.GenerateRecoveryCodesView):
    """New recovery codes; the old ones end."""

    template_name = "web/signin/new_recovery_codes.html"

    def form_valid(self, form: Form) -> HttpResponse:
        """Behind the lock of the other writers."""
        with writing():
            response: HttpResponse = super().form_valid(form)
        return response


# ---------------------------------------------------------------- one's own account


@login_required
@never_cache
def my_account(request: HttpRequest) -> HttpResponse:
    """My name, my second factors, my password."""
    rows = Authenticator.objects.filter(user=_account(request)).order_by("pk")
    factors = [r for r in rows if r.type != Authenticator.Type.RECOVERY_CODES]
    context = {
        "factors": [{"pk": r.pk, "type": r.type, "name": r.data.get("name", "")} for r in factors],
        "languages": settings.LANGUAGES,
        "has_application": any(r.type == Authenticator.Type.TOTP for r in factors),
    }
    return render(request, "web/signin/account.html", context)


@require_POST
@login_required
def choose_language(request: HttpRequest) -> HttpResponse:
    """Choose the language of one's pages, from now on and after each signing in."""
    account, language = _account(request), request.POST.get("language", "")
    accounts.choose_language(account, language, by=account)
    response = redirect("mfa_index")
    remember(response, language)
    return response


@sensitive_post_parameters()
@login_required
@reauthentication_required(allow_get=True)
@never_cache
def change_password(request: HttpRequest) -> HttpResponse:
    """Choose another password; other sessions end, this one goes on."""
    account = _account(request)
    form = NewPassword(request.POST or None)
    if form.is_valid() and _set_password(form, account):
        account.refresh_from_db()
        update_session_auth_hash(request, account)
        messages.success(request, _("Your password is changed."))
        return redirect("mfa_index")
    return render(request, "web/signin/password.html", {"form": form})


@sensitive_post_parameters()
@never_cache
def use_link(request: HttpRequest, pk: int, token: str) -> HttpResponse:
    """The link that an administrator handed out: choose a password, then sign in with it."""
    account = accounts.account_of_link(pk, token)
    form = NewPassword(request.POST or None)
    if form.is_valid() and _set_password(form, account, token):
        messages.success(request, _("Your password is set. Sign in with it."))
        return HttpResponseRedirect(reverse("account_login"))
    context = {"form": form, "of": account}
    return render(request, "web/signin/password.html", context)


def _set_password(form: NewPassword, account: Account, token: str = "") -> bool:
    try:
        accounts.set_password(account, form.cleaned_data["password"], by=account, token=token)
    except Invalid as error:
        form.add_error("password", error.fields["password"])
        return False
    return True


class ConfirmByPassword(account_views.ReauthenticateView):
    """The password again, before something is changed."""

    template_name = "web/signin/confirm.html"


class ConfirmByCode(factor_views.ReauthenticateView):
    """A code, before something is changed."""

    template_name = "web/signin/confirm.html"


class ConfirmByPasskey(passkey_views.ReauthenticateWebAuthnView):
    """A passkey, before something is changed."""

    template_name = "web/signin/confirm.html"


def _account(request: HttpRequest) -> Account:
    account = request.user
    assert isinstance(account, Account)
    return account
