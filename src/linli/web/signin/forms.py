"""The forms of sign-in: allauth's checks with our words, our lock, and codes that work once."""

from typing import Any

from allauth.account.adapter import get_adapter as account_adapter
from allauth.account.forms import LoginForm, ReauthenticateForm
from allauth.mfa.adapter import get_adapter as factor_adapter
from allauth.mfa.base.forms import AuthenticateForm
from allauth.mfa.base.forms import ReauthenticateForm as ReauthenticateCodeForm
from allauth.mfa.totp.forms import ActivateTOTPForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.utils.translation import gettext_lazy as _

from linli.kernel import lockout, secondfactor
from linli.kernel.errors import TooMany


def _password(label: Any, autocomplete: str, **more: Any) -> forms.CharField:
    widget = forms.PasswordInput(attrs={"autocomplete": autocomplete})
    return forms.CharField(label=label, strip=False, max_length=200, widget=widget, **more)


def _code() -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"})
    return forms.CharField(label=_("Code"), max_length=20, widget=widget)


class SignIn(LoginForm):
    """Name and password."""

    password = _password(_("Password"), "current-password")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        widget = forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        )
        self.fields["login"] = forms.CharField(
            label=_("Sign-in name"), max_length=60, widget=widget
        )
        self.order_fields(["login", "password"])


class ConfirmPassword(ReauthenticateForm):
    """The password again, before something is changed."""

    password = _password(_("Password"), "current-password")


class OneUse(forms.Form):
    """A code: counted when wrong, refused while the name is closed, and good for one use."""

    user: Any

    def clean_code(self) -> str:
        """The code as allauth checked it, if nobody has used it before."""
        try:
            lockout.check(self.user.username)
        except TooMany:
            raise account_adapter().validation_error("too_many_login_attempts") from None
        try:
            code: str = super().clean_code()  # type: ignore[misc]
            if not secondfactor.use_up(self.user.pk, code):
                raise factor_adapter().validation_error("incorrect_code")
        except forms.ValidationError:
            lockout.failed(self.user.username)
            raise
        return code


class Code(OneUse, AuthenticateForm):
    """The code of the second step, or a recovery code."""

    code = _code()


class ConfirmCode(OneUse, ReauthenticateCodeForm):
    """A code again, before something is changed."""

    code = _code()


class FirstCode(OneUse, ActivateTOTPForm):
    """The first code of a new authenticator application."""

    code = _code()


class AddPasskey(AddWebAuthnForm):
    """A passkey, which alone is both factors: it asks for a PIN or a fingerprint on the device."""

    name = forms.CharField(label=_("A name for it"), max_length=40, required=False)
    passwordless = None

    def clean(self) -> dict[str, Any]:
        """Insist that the device asked who was there."""
        self.cleaned_data["passwordless"] = True
        cleaned: dict[str, Any] = super().clean()
        return cleaned


class NewPassword(forms.Form):
    """A password, twice."""

    password = _password(
        _("New password"),
        "new-password",
        help_text=_("At least twelve characters. A few words are easier than signs."),
    )
    again = _password(_("The same again"), "new-password")

    def clean_again(self) -> str:
        """Both must be the same."""
        if self.cleaned_data.get("password") != self.cleaned_data["again"]:
            raise forms.ValidationError(_("The two are not the same."))
        return str(self.cleaned_data["again"])
