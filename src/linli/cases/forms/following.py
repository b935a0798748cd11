"""What the reporter can do on the follow-up page."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.cases.actions.closing import Said
from linli.cases.forms.cleaning import LONGEST, Line, Words
from linli.cases.forms.telling import Photos

SOLVED, NOT_SOLVED = "yes", "no"


class Code(forms.Form):
    """The code from a receipt, typed."""

    code = Line(
        label=_("Code from the receipt"),
        help_text=_("Eight groups of four letters and digits; spaces do not matter."),
        longest=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class Solved(forms.Form):
    """The reporter's word about a result; satisfaction is asked apart from whose task it was."""

    solved = forms.ChoiceField(
        label=_("Your answer"),
        choices=[(SOLVED, _("Yes, solved")), (NOT_SOLVED, _("No, not solved"))],
        widget=forms.RadioSelect,
    )
    words = Words(
        label=_("What is still missing, or what was good?"),
        help_text=_("If it is not solved, another office looks at it anew and reads this."),
        required=False,
        rows=3,
    )
    satisfaction = forms.TypedChoiceField(
        label=_("How content are you with the way it was handled?"),
        choices=[
            ("", _("No answer")),
            (5, _("Very content")),
            (4, _("Content")),
            (3, _("So-so")),
            (2, _("Not content")),
            (1, _("Not content at all")),
        ],
        coerce=int,
        empty_value=None,
        required=False,
    )
    theirs = forms.TypedChoiceField(
        label=_("Was it the task of this office at all?"),
        choices=[("", _("I do not know")), ("yes", _("Yes")), ("no", _("No, another's"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )

    def said(self) -> Said:
        """The answer, as the actions take it."""
        cleaned = self.cleaned_data
        return Said(cleaned["words"], cleaned["satisfaction"], cleaned["theirs"])

    @property
    def is_solved(self) -> bool:
        """Did the reporter say: solved?"""
        return bool(self.cleaned_data["solved"] == SOLVED)


class Adding(forms.Form):
    """More words, more photos."""

    more = Words(label=_("What else should be known?"), longest=LONGEST, rows=3, required=False)
    photos = Photos(label=_("Photos"), required=False)

    def clean(self) -> dict[str, Any]:
        """Something must be there."""
        cleaned = super().clean() or {}
        if not self.errors and not cleaned.get("more") and not cleaned.get("photos"):
            self.add_error("more", _("Please write something, or choose a photo."))
        return cleaned


class Erasing(forms.Form):
    """Erase everything, and mean it."""

    sure = forms.BooleanField(label=_("Yes, erase my report for good"))
