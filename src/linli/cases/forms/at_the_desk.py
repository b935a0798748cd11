"""The same form for staff who write for somebody: by telephone, at the counter, from a letter."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.questions import Moment
from linli.cases.forms.telling import ANONYMOUS, Telling
from linli.cases.models import Channel

REACH = [
    (ANONYMOUS, _("No: they stay anonymous and take the receipt along")),
    ("phone", _("By telephone")),
    ("sms", _("By text message")),
    ("email", _("By e-mail")),
]
CHANNELS = (Channel.PHONE, Channel.COUNTER, Channel.LETTER, Channel.LIAISON)


class DeskTelling(Telling):
    """What somebody said, with how and when they said it."""

    channel = forms.ChoiceField(
        label=_("How did it come?"),
        choices=[(channel.value, channel.label) for channel in CHANNELS],
        widget=forms.RadioSelect,
        initial=Channel.PHONE.value,
    )
    captured_at = Moment(
        label=_("When was it said or written?"),
        help_text=_("If not just now: the day on the letter, the hour of the call."),
        required=False,
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        reach: Any = self.fields["reach"]
        reach.label = _("May we reach them?")
        if reach.initial == ANONYMOUS:
            reach.choices = REACH
        self.fields["contact"].label = _("Their phone number or e-mail address")
        self.fields["language"].label = _("Their language")
        self.fields["language"].required = True
        if "text" in self.fields:
            self.fields["text"].help_text = _("In their words. Please write no names of people.")

    def clean_captured_at(self) -> Any:
        """Not in the future: nothing was said tomorrow."""
        at = self.cleaned_data["captured_at"]
        if at is not None and at > timezone.now():
            raise ValidationError(_("This moment has not come yet."), code="in-the-future")
        return at
