"""A form with every kind of field, for the page that shows the components."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
