"""Forms of the pages for staff."""

from datetime import datetime, time

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.organisations.filling import Opening
from linli.organisations.models import Duty, Organisation


def _open_account(name: str) -> Account:
    account = Account.objects.filter(username__iexact=name, is_active=True).first()
    if account is None:
        raise forms.ValidationError(_("There is no open account of this name."))
    return account


class AppointForm(forms.Form):
    """Who gets the post."""

    username = forms.CharField(label=_("Sign-in name"), max_length=60)
    deputy = forms.BooleanField(label=_("As deputy"), required=False)

    def clean_username(self) -> Account:
        """The account, which must be open."""
        return _open_account(self.cleaned_data["username"])


class AbsenceForm(forms.Form):
    """Until when a holder is away. No reason is asked."""

    until = forms.DateField(
        label=_("Back on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def moment(self) -> datetime:
        """The beginning of the day on which the holder is back, where the service stands."""
        return timezone.make_aware(datetime.combine(self.cleaned_data["until"], time.min))


class DutyChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of duties by their names."""

    def label_from_instance(self, obj: Duty) -> str:
        """The name in the reader's language."""
        return pick(obj.names)


class AnsweringForm(forms.Form):
    """What a post answers for, and where."""

    duty = DutyChoice(Duty.objects.all(), label=_("Duty"), to_field_name="code")
    area = forms.CharField(label=_("Code of the area"), max_length=40)

    def clean_area(self) -> Area:
        """The area that has this code today, or the one that begins with it on a day to come."""
        area = areas.by_code_or_coming(self.cleaned_data["area"].strip())
        if area is None:
            raise forms.ValidationError(_("There is no area with this code."))
        return area


class OfficeForm(forms.Form):
    """The public telephone and counter of a post."""

    phone = forms.CharField(
        label=_("Office telephone"),
        help_text=_("A number of the office, never somebody's own."),
        max_length=40,
        required=False,
    )
    zh = forms.CharField(label=_("Counter and hours, Chinese"), max_length=200, required=False)
    bo = forms.CharField(label=_("Counter and hours, Tibetan"), max_length=200, required=False)
    en = forms.CharField(label=_("Counter and hours, English"), max_length=200, required=False)

    def counter(self) -> dict[str, str]:
        """The counter's names by language."""
        return {lang: self.cleaned_data[lang] for lang in ("zh", "bo", "en")}


class OfficeChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A choice of offices by their names."""

    def label_from_instance(self, obj: Organisation) -> str:
        """The name in the reader's language."""
        return pick(obj.names) or obj.code


class NewPostForm(forms.Form):
    """A post of its own for an area, and who gets it."""

    office = OfficeChoice(Organisation.objects.none(), label=_("Office"), to_field_name="code")
    code = forms.CharField(label=_("Code of the post"), max_length=40)
    zh = forms.CharField(label=_("Name, Chinese"), max_length=80)
    bo = forms.CharField(label=_("Name, Tibetan"), max_length=80, required=False)
    en = forms.CharField(label=_("Name, English"), max_length=80, required=False)
    username = forms.CharField(
        label=_("Sign-in name of its holder"),
        help_text=_("Left empty, the post waits for somebody."),
        max_length=60,
        required=False,
    )

    def offer(self, opening: Opening, by: Account) -> None:
        """Fill in what fits the area; offer the offices near it, to which `by` may add a post."""
        choice = self.fields["office"]
        assert isinstance(choice, OfficeChoice)
        choice.queryset = opening.offices(by)
        parts = (opening.area.names, opening.duty.names)
        names = {
            lang: " · ".join(names[lang] for names in parts if names.get(lang))[:80]
            for lang in ("zh", "bo", "en")
        }
        code = opening.free_code
        self.initial = {"code": code, **names, "office": choice.queryset.first(), **self.initial}

    def clean_username(self) -> Account | None:
        """The account, which must be open; None where no name is given."""
        name = self.cleaned_data["username"]
        return _open_account(name) if name else None

    def names(self) -> dict[str, str]:
        """The names of the post by language."""
        return {lang: self.cleaned_data[lang] for lang in ("zh", "bo", "en")}
