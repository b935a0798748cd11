"""Forms of the case page: one for each thing staff can do with a case."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue import queries as catalogue
from linli.cases.forms.cleaning import Words
from linli.cases.models import (
    Authority,
    Case,
    DeclineReason,
    PauseReason,
    Refusal,
    ServiceVersion,
    Update,
)
from linli.kernel import languages
from linli.kernel.contacts import Why
from linli.organisations.models import Post
from linli.organisations.queries import during

LOOKS = {
    Why.CALL_BACK: _("to call back"),
    Why.ASK_DETAILS: _("to ask for details"),
    Why.ARRANGE_VISIT: _("to arrange a visit"),
    Why.SEND_ANSWER: _("to send an answer"),
}


class VerbForm(forms.Form):
    """A form about one case; `revision` is the state of the case that its reader saw."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        self.case = case
        super().__init__(*args, **options)
        self.fields["revision"].initial = case.revision


class PostChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A post, named with its office in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """Post, then office."""
        office = languages.pick(obj.organisation.names)
        return f"{languages.pick(obj.names)} · {office}"


class PostForm(VerbForm):
    """Chooses one of the posts that answer for something where the case is."""

    post = PostChoice(label=_("Post"), queryset=Post.objects.none())

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["post"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = posts_near(self.case)


def posts_near(case: Case) -> QuerySet[Post]:
    """Posts that answer for any duty in the case's area or above it, other than its owner."""
    path = case.area.path.split("/") if case.area else []
    near = Post.objects.filter(during(prefix="answerings__"))
    if path:
        near = near.filter(answerings__area__code__in=path)
    else:
        near = near.filter(kind=Post.Kind.SERVICE_CENTRE)
    rows = Post.objects.filter(pk__in=near.values("pk")).exclude(pk=case.owner_id)
    return rows.select_related("organisation").order_by("organisation__code", "code")


class TriageForm(VerbForm):
    """Says that the case was read; releases a text for the public."""

    public_text = Words(
        label=_("Text for the public"),
        help_text=_("Without names of people, number plates or telephone numbers."),
        required=False,
        longest=2000,
        rows=4,
    )
    publish = forms.BooleanField(label=_("Publish the case with this text"), required=False)

    def __init__(self, *args: Any, words: str = "", **options: Any) -> None:
        super().__init__(*args, **options)
        if not self.case.public:
            del self.fields["public_text"], self.fields["publish"]
            return
        self.fields["public_text"].initial = self.case.public_text or words
        self.fields["publish"].initial = self.case.published or self.case.triaged_at is None


class OfferForm(PostForm):
    """Offers the case to another post."""

    words = Words(label=_("What they should know"), required=False, rows=2)


class SupportForm(PostForm):
    """Asks another unit for help."""

    task = Words(label=_("Their task"), rows=2)


class RefuseForm(VerbForm):
    """Leaves an offered case where it is."""

    reason = forms.ChoiceField(label=_("Reason"), choices=Refusal.choices)
    words = Words(label=_("Words to the other post"), required=False, rows=2)


class PauseForm(VerbForm):
    """Lets the case stand still until a day."""

    reason = forms.ChoiceField(label=_("Reason"), choices=PauseReason.choices)
    until = forms.DateField(label=_("Until"), widget=forms.DateInput(attrs={"type": "date"}))
    words = Words(label=_("Words to the reporter"), rows=2)


class DeclineForm(VerbForm):
    """Says why nothing will be done here."""

    reason = forms.ChoiceField(label=_("Reason"), choices=DeclineReason.choices)
    words = Words(label=_("Words to the reporter"), rows=3)


class NoteForm(VerbForm):
    """A note for colleagues."""

    words = Words(
        label=_("Note for colleagues"),
        help_text=_("The reporter can read it when the case is closed."),
        rows=3,
    )


class UpdateForm(VerbForm):
    """Tells the reporter something."""

    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (Update.Kind.PROGRESS.value, _("Progress")),
            (Update.Kind.QUESTION.value, _("Question to the reporter")),
        ],
    )
    words = Words(label=_("Words to the reporter"), rows=3)


class ResolveForm(VerbForm):
    """Says that it is done."""

    words = Words(label=_("What was done"), rows=3)
    photo = forms.FileField(label=_("Photo of the result"), required=False)


class ReporterForm(VerbForm):
    """What the reporter said by telephone or at the counter about a result."""

    words = Words(label=_("Their words"), required=False, rows=2)
    satisfaction = forms.TypedChoiceField(
        label=_("How satisfied, 1 to 5"),
        choices=[("", "–"), *((str(n), str(n)) for n in range(1, 6))],
        coerce=int,
        empty_value=None,
        required=False,
    )
    theirs = forms.TypedChoiceField(
        label=_("Was it this office's to solve?"),
        choices=[("", "–"), ("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
        empty_value=None,
        required=False,
    )


class ServiceForm(VerbForm):
    """Corrects what the case is about."""

    service = forms.ChoiceField(label=_("Service"))

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field = self.fields["service"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            (v.service.code, languages.pick(v.definition.name))
            for v in catalogue.current_versions()
            if v.pk != self.case.version_id
        ]

    def clean_service(self) -> ServiceVersion | None:
        """The version that counts now."""
        return catalogue.current_version(self.cleaned_data["service"])


class AccusingForm(VerbForm):
    """Erases a report that accuses a private person."""

    authority = forms.ChoiceField(
        label=_("The competent authority, which the reporter is told"), choices=Authority.choices
    )
    sure = forms.BooleanField(label=_("Erase the text, the photos and the contact for good"))


class MergeForm(VerbForm):
    """Puts the case together with another one."""

    into = forms.CharField(label=_("Number of the other case"), max_length=20)


class LookForm(VerbForm):
    """Opens the contact, for a reason."""

    why = forms.ChoiceField(
        label=_("Why do you need it?"), choices=[(w.value, text) for w, text in LOOKS.items()]
    )
