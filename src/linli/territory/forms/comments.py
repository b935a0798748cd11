"""A comment on a plan, and what planners do with one; who wants to be told."""

import uuid
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.cleaning import Line, Words
from linli.cases.forms.telling import address_of
from linli.territory.actions.comments import LONGEST

REACH = [
    ("", _("Not at all: I read the answer here")),
    ("sms", _("Send me a text message")),
    ("email", _("Write me an e-mail")),
]


class Told(forms.Form):
    """Whether and how somebody wants to be told."""

    reach = forms.ChoiceField(
        label=_("May we tell you what becomes of it?"),
        choices=REACH,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    contact = Line(
        label=_("Your phone number or e-mail address"),
        required=False,
        help_text=_(
            "Kept with this comment only, encrypted; nobody looks at it. Erased ninety days after "
            "the plan has begun or was given up. At the latest one year and ninety days after "
            "the last day for comments."
        ),
        widget=forms.TextInput(attrs={"data-draft": "never", "autocomplete": "off"}),
    )
    mark = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["mark"].initial = uuid.uuid4

    def clean(self) -> dict[str, Any]:
        """Match the contact with the way it was chosen; without a way it is not kept."""
        cleaned = super().clean() or {}
        if cleaned.get("reach") and "contact" in cleaned:
            try:
                cleaned["contact"] = address_of(cleaned["reach"], cleaned["contact"])
            except ValidationError as error:
                self.add_error("contact", error)
        else:
            cleaned["contact"] = ""
        return cleaned

    @property
    def told(self) -> tuple[str, str] | None:
        """Channel and address of whoever wants to be told."""
        contact = self.cleaned_data.get("contact")
        return (self.cleaned_data["reach"], contact) if contact else None


class Commenting(Told):
    """What somebody says about a plan; no name is asked."""

    field_order = ("text", "reach", "contact")
    text = Words(
        label=_("What should the planners know?"),
        help_text=_(
            "The way in winter, a river without a bridge, who belongs together. Planners read it "
            "before it is shown here. Please write no names and nothing about a person."
        ),
        longest=LONGEST,
        rows=5,
    )

    def op_id(self, grid: str) -> uuid.UUID | None:
        """The same for the same words sent twice from one page; other words are another comment."""
        mark = self.cleaned_data.get("mark")
        return uuid.uuid5(mark, f"{grid} {self.cleaned_data['text']}") if mark else None


class Following(Told):
    """How somebody wants to be told what becomes of a plan."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reach, contact = self.fields["reach"], self.fields["contact"]
        reach.label, reach.required = _("How shall we tell you?"), True
        reach.choices, reach.initial = REACH[1:], REACH[1][0]  # type: ignore[attr-defined]
        contact.required = True
        contact.help_text = _(
            "Kept for this plan only, encrypted; nobody looks at it. Erased at once when you stop, "
            "else ninety days after the plan has begun or was given up. At the latest one year and "
            "ninety days after the last day for comments."
        )


class Reading(forms.Form):
    """What is shown of a comment."""

    public_text = Words(
        label=_("What everybody will read"),
        help_text=_("As it was written, without names and whatever speaks of a person."),
        longest=LONGEST,
        rows=5,
    )


class Answering(forms.Form):
    """The planners' answer."""

    answer = Words(
        label=_("Answer"),
        help_text=_("Everybody reads it below the comment. Whoever left a contact is told."),
        longest=LONGEST,
        rows=4,
    )
