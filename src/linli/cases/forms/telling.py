"""The third step: the sender's words, the service's questions, photos, and perhaps a contact."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.forms.cleaning import Line, Words
from linli.cases.forms.questions import fields_for, plain_digits
from linli.cases.photos import MOST, TOO_MANY, Picture, prepare_all
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick
from linli.organisations.models import Organisation

ANONYMOUS = ""
REACH = [
    (ANONYMOUS, _("Not at all: I stay anonymous and follow it by the link")),
    ("phone", _("Call me")),
    ("sms", _("Send me a text message")),
    ("email", _("Write me an e-mail")),
]
PHONE = re.compile(r"\+?[0-9]{5,18}")


class PhotoInput(forms.FileInput):
    """A file input that takes several."""

    allow_multiple_selected = True

    def value_from_datadict(self, _data: Any, files: Any, name: str) -> list[Any]:
        """All the files of this field."""
        return files.getlist(name) if hasattr(files, "getlist") else files.get(name) or []


class Photos(forms.FileField):
    """Up to five photos; its value is the pictures made anew."""

    def __init__(self, **options: Any) -> None:
        attrs = {
            "accept": "image/jpeg,image/png,image/webp",
            "multiple": True,
            "data-shrink": True,
            "data-max": MOST,
            "data-text-working": _("Making the photos smaller …"),
            "data-text-too-many": _("Only the first five photos are taken."),
        }
        super().__init__(widget=PhotoInput(attrs=attrs), **options)

    def clean(self, data: Any, _initial: object = None) -> list[Picture]:
        """Every photo made anew, or the first one's refusal."""
        try:
            return prepare_all([file for file in data or [] if file and file.name])
        except Invalid as error:
            raise ValidationError(str(error.message), code=error.code) from None


class Telling(forms.Form):
    """What is the matter, in the sender's words; the questions are added for each service."""

    text = Words(
        label=_("What is the matter?"),
        help_text=_("Say it as you would to a neighbour. Please write no names of people."),
    )
    photos = Photos(
        label=_("Photos"),
        required=False,
        help_text=_(
            "At most five. Place and time hidden in a photo are removed. "
            "Please keep faces and number plates out of them."
        ),
    )
    reach = forms.ChoiceField(
        label=_("May we reach you?"),
        choices=REACH,
        required=False,
        widget=forms.RadioSelect,
        initial=ANONYMOUS,
    )
    contact = Line(
        label=_("Your phone number or e-mail address"),
        required=False,
        help_text=_(
            "Kept with this report only, encrypted. You will see who looked at it and why."
        ),
        widget=forms.TextInput(attrs={"data-draft": "never", "autocomplete": "off"}),
    )
    language = forms.ChoiceField(
        label=_("Language for answers"), choices=settings.LANGUAGES, required=False
    )

    def __init__(
        self,
        *args: Any,
        service: ServiceDefinition,
        offices: Iterable[Organisation] = (),
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.service = service
        self.waiting = 0  # photos that arrived earlier and are still wanted
        self.fields.update(fields_for(service.questions))
        self.fields["language"].initial = get_language()
        self.offices = {office.code: office for office in offices}
        if self.offices:
            self._ask_which_office()
        if service.about == "call-back":
            self._ask_for_a_call_back()
        self._in_the_order_of_the_page()

    def _in_the_order_of_the_page(self) -> None:
        """So that what has to be put right is listed as it stands below."""
        first = ["office", "text", *fields_for(self.service.questions), "photos"]
        last = ["reach", "contact", "language"]
        between = [name for name in self.fields if name not in (*first, *last)]
        self.order_fields([*first, *between, *last])

    def _ask_which_office(self) -> None:
        """The office complained of, so that nobody of its chain gets the complaint."""
        choices = [(code, pick(office.names)) for code, office in self.offices.items()]
        self.fields["office"] = forms.ChoiceField(
            label=_("Is the office in this list?"),
            help_text=_("Then it goes to a post that is neither above nor below that office."),
            choices=[("", _("Another one, or I do not know")), *choices],
            required=False,
        )

    @property
    def chosen_office(self) -> Organisation | None:
        """The office complained of, if it was in the list."""
        return self.offices.get(self.cleaned_data.get("office", ""))

    def _ask_for_a_call_back(self) -> None:
        """Help asked for another: we call the one who asks. Nothing here could describe anybody."""
        del self.fields["photos"], self.fields["text"]
        reach, contact = self.fields["reach"], self.fields["contact"]
        reach.choices = [("phone", _("Call me"))]  # type: ignore[attr-defined]
        reach.initial = "phone"
        contact.label, contact.required = _("Your own phone number"), True

    def clean(self) -> dict[str, Any]:
        """Match the contact with the way it was chosen; without a way it is not kept."""
        cleaned = super().clean() or {}
        if len(cleaned.get("photos") or []) + self.waiting > MOST:
            self.add_error("photos", ValidationError(TOO_MANY, code="photo-many"))
        if cleaned.get("reach") and "contact" in cleaned:
            self._check_contact(cleaned)
        else:
            cleaned["contact"] = ""
        return cleaned

    def arrived(self) -> list[Picture]:
        """The photos that came with this request, if they are good."""
        self.errors  # noqa: B018  (cleans)
        return list(self.cleaned_data.get("photos") or [])

    def _check_contact(self, cleaned: dict[str, Any]) -> None:
        reach, contact = cleaned["reach"], cleaned["contact"]
        try:
            cleaned["contact"] = address_of(reach, contact)
        except ValidationError as error:
            self.add_error("contact", error)

    def question_fields(self) -> list[forms.BoundField]:
        """The service's own questions, in their order."""
        return [self[name] for name in fields_for(self.service.questions)]


def address_of(reach: str, contact: str) -> str:
    """`contact` as it is dialled or written to; ValidationError when it cannot be one."""
    contact = unicodedata.normalize("NFKC", contact)
    if reach == "email":
        validate_email(contact)
        return contact
    number = re.sub(r"[\s().\-–/]", "", plain_digits(contact))
    if not PHONE.fullmatch(number):
        raise ValidationError(_("This does not look like a phone number."), code="contact-phone")
    return number
