"""Forms of the plan studio: one for each thing that a planner does with a grid or a plan."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.formats import date_format, number_format
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Level
from linli.areas.names import LANGUAGES
from linli.kernel import languages
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick
from linli.territory.forms.aims import AimsForm
from linli.territory.models import BindingKind, Gazetteer, Grid, Plan, Settlement
from linli.territory.picture import grid_name
from linli.territory.shades import line

REASON = 500
TITLE = 80


# How much a planner cares; each is a multiple of what the calculation takes by itself.
class Reason(forms.CharField):
    """Why something is fixed; everybody reads it once the plan is published."""

    def __init__(self) -> None:
        super().__init__(
            label=_("Reason"),
            help_text=_(
                "Everybody reads it with the plan: in several languages, a line for each. "
                "Please name no people."
            ),
            max_length=REASON,
            widget=forms.Textarea(attrs={"rows": 3}),
        )


class PlanForm(forms.Form):
    """A form about a plan; `revision` is the plan as its reader saw it."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, plan: Plan, **options: Any) -> None:
        self.plan = plan
        super().__init__(*args, **options)
        self.fields["revision"].initial = plan.revision

    def seen_anew(self, plan: Plan) -> None:
        """The form comes back beside the plan as it is now: sent again, it is about this one."""
        assert isinstance(self.data, QueryDict)
        data = self.data.copy()
        data[self.add_prefix("revision")] = str(plan.revision)
        self.data = data


class GridForm(PlanForm):
    """A form about one grid, its settlements and the other grids inside its line."""

    grid = forms.CharField(widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        chosen: Grid,
        settlements: Sequence[Settlement],
        neighbours: Sequence[Grid],
        **options: Any,
    ) -> None:
        self.chosen = chosen
        super().__init__(*args, **options)
        self.fields["grid"].initial = chosen.code
        self.offer(settlements, neighbours)

    def offer(self, settlements: Sequence[Settlement], neighbours: Sequence[Grid]) -> None:
        """Fill the lists that this form has."""

    def choose(self, name: str, grids: Sequence[Grid]) -> None:
        """Let a field choose among these grids, all of one township, or of one village."""
        field = self.fields[name]
        field.choices = [(grid.code, f"{grid_name(grid)} · {grid.code}") for grid in grids]  # type: ignore[attr-defined]
        field.help_text = gettext("Grids of the same %(line)s, the nearest first.") % {
            "line": line(self.plan.lines)
        }


class MoveForm(GridForm):
    """Settlements of the grid, and where they go."""

    at = forms.TypedMultipleChoiceField(
        label=_("Settlements"), coerce=int, widget=forms.CheckboxSelectMultiple
    )
    to = forms.ChoiceField(label=_("To which grid?"))

    def offer(self, settlements: Sequence[Settlement], neighbours: Sequence[Grid]) -> None:
        """All settlements; the other grids inside the same line."""
        self.fields["at"].choices = [(s.position, _place(s)) for s in settlements]  # type: ignore[attr-defined]
        self.choose("to", neighbours)


class LockForm(GridForm):
    """The grid stays as it is."""

    reason = Reason()


class SplitForm(GridForm):
    """Nothing to say: the grid becomes two."""


class JoinForm(GridForm):
    """The grid that becomes one with this."""

    other = forms.ChoiceField(label=_("With which grid?"))

    def offer(self, settlements: Sequence[Settlement], neighbours: Sequence[Grid]) -> None:  # noqa: ARG002
        """The other grids inside the same line."""
        self.choose("other", neighbours)


class RenameForm(GridForm):
    """The name of the grid in each language."""

    zh = forms.CharField(label=_("Chinese"), max_length=60)
    bo = forms.CharField(label=_("Tibetan"), max_length=60, required=False)
    en = forms.CharField(label=_("English"), max_length=60, required=False)

    def offer(self, settlements: Sequence[Settlement], neighbours: Sequence[Grid]) -> None:  # noqa: ARG002
        """The names that it has."""
        for key in ("zh", "bo", "en"):
            self.fields[key].initial = self.chosen.names.get(key, "")


class CentreForm(GridForm):
    """The place from which ways are measured."""

    place = forms.TypedChoiceField(label=_("Settlement"), coerce=int)
    reason = Reason()

    def offer(self, settlements: Sequence[Settlement], neighbours: Sequence[Grid]) -> None:  # noqa: ARG002
        """Settlements of the grid."""
        self.fields["place"].choices = [(s.position, _place(s)) for s in settlements]  # type: ignore[attr-defined]


class TieForm(PlanForm):
    """Settlements that stay together, or apart, by their codes."""

    kind = forms.ChoiceField(
        label=_("What is fixed?"),
        widget=forms.RadioSelect,
        choices=[(k.value, k.label) for k in (BindingKind.TOGETHER, BindingKind.APART)],
    )
    codes = forms.CharField(
        label=_("Codes of the settlements"),
        help_text=_("Two or more, with spaces between them. A grid's page lists its codes."),
        max_length=2000,
    )
    reason = Reason()

    def clean_codes(self) -> list[int]:
        """The positions of the settlements."""
        codes = list(dict.fromkeys(self.cleaned_data["codes"].replace(",", " ").split()))
        rows = Settlement.objects.filter(gazetteer=self.plan.gazetteer_id, code__in=codes)
        found = dict(rows.values_list("code", "position"))
        if missing := [code for code in codes if code not in found]:
            raise forms.ValidationError(
                _("No settlement has this code: %(codes)s."),
                params={"codes": ", ".join(missing[:5])},
            )
        if len(found) < 2:
            raise forms.ValidationError(_("Name two settlements or more."))
        return sorted(found.values())


class RunForm(PlanForm):
    """How the plan is calculated."""

    fresh = forms.BooleanField(
        label=_("Begin anew, instead of improving what there is"), required=False
    )


class GazetteerChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An import of settlements, named by its area, size and day."""

    def label_from_instance(self, obj: Gazetteer) -> str:
        """Area · settlements · day."""
        return gettext("%(area)s · %(count)s settlements · %(day)s") % {
            "area": pick(obj.area.names) or obj.area.code,
            "count": number_format(obj.settlements, force_grouping=True),
            "day": date_format(localtime(obj.imported_at), "SHORT_DATE_FORMAT"),
        }


class LevelChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A level of the tree of areas, by name."""

    def label_from_instance(self, obj: Level) -> str:
        """Its name."""
        return pick(obj.names) or obj.code


class PlanChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """A plan, by title and state."""

    def label_from_instance(self, obj: Plan) -> str:
        """Title · state."""
        return f"{pick(obj.titles)} · {obj.get_state_display()}"


class TitleForm(forms.Form):
    """What a plan is called, in one language at least."""

    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=TITLE, required=False)
    title_bo = forms.CharField(label=_("Title in Tibetan"), max_length=TITLE, required=False)
    title_en = forms.CharField(label=_("Title in English"), max_length=TITLE, required=False)

    def clean(self) -> dict[str, Any]:
        """A title, in whatever language."""
        found = super().clean() or {}
        if not any(self.titles.values()):
            self.add_error(f"title_{languages.key()}", _("A plan needs a title, in one language."))
        return found

    @property
    def titles(self) -> dict[str, str]:
        """What the plan is called, by language."""
        return {key: self.cleaned_data.get(f"title_{key}", "") for key in LANGUAGES}


class BeginForm(TitleForm, AimsForm):
    """What a plan is made of, how many grids, and what it should care about."""

    gazetteer = GazetteerChoice(label=_("Settlements"), queryset=Gazetteer.objects.none())
    lines = LevelChoice(
        label=_("Lines that no grid crosses"), queryset=Level.objects.none(), empty_label=None
    )
    like = PlanChoice(
        label=_("Grids to begin with"),
        help_text=_("What changes for whom is counted against the plan in force in any case."),
        queryset=Plan.objects.none(),
        required=False,
        empty_label=_("None: begin without"),
    )

    def refuse(self, error: Invalid) -> None:
        """Show what the action found wrong, at its field where it names one."""
        named = [name for name in error.fields if name in self.fields]
        self.add_error(named[0] if named else None, str(error.message))


def _place(settlement: Settlement) -> str:
    return gettext("%(code)s · %(count)s households") % {
        "code": settlement.code,
        "count": number_format(settlement.households),
    }
