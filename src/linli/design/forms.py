"""How controls are written, and a form with every kind of field for the page of components."""

from typing import Any

from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.translation import gettext_lazy as _


class Controls(DjangoTemplates):
    """Django's own controls, without NUL characters.

    What was typed comes back as it was typed when a form has errors; a NUL is no character of
    HTML (WHATWG HTML, 13.1.4.1), and browsers and proxies disagree on what to make of it.
    """

    def render(self, template_name: str, context: dict[str, Any], request: Any = None) -> str:
        """The control as HTML."""
        return str(super().render(template_name, context, request)).replace("\0", "")


class Sample(forms.Form):
    """Each control once; nothing is kept."""

    words = forms.CharField(
        label=_("What is the matter?"),
        help_text=_("Say it as you would to a neighbour. Please write no names of people."),
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=8,
    )
    place = forms.CharField(label=_("Where?"), help_text=_("A village, a road, a bridge …"))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[("road", _("Road")), ("water", _("Water")), ("power", _("Power"))],
    )
    answer = forms.ChoiceField(
        label=_("Is it solved?"),
        widget=forms.RadioSelect,
        choices=[("yes", _("Yes, solved")), ("no", _("No, not solved"))],
    )
    day = forms.DateField(
        label=_("Since when?"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    photo = forms.FileField(label=_("Photo"), required=False)
    agreed = forms.BooleanField(label=_("The person I ask for agrees"), required=False)
