"""Forms of the people page."""

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from linli.kernel.models import Account


class Names(forms.Form):
    """Somebody's names, at least one of them."""

    zh = forms.CharField(label=_("Name in Chinese"), max_length=60, required=False)
    bo = forms.CharField(label=_("Name in Tibetan"), max_length=60, required=False)
    en = forms.CharField(label=_("Name in English"), max_length=60, required=False)

    def names(self) -> dict[str, str]:
        """The names that were given, by language."""
        given = {k: self.cleaned_data[k].strip() for k in ("zh", "bo", "en")}
        return {k: name for k, name in given.items() if name}


class OpenAccount(Names):
    """A new account."""

    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=60,
        help_text=_("Small letters, digits, dots and dashes."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "autocomplete": "off"}),
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Account.Kind.choices)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    field_order = ("username", "zh", "bo", "en", "kind", "language")
