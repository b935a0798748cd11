"""The form with which settlements come in from a file."""

from typing import Any

from django import forms
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from linli.areas.models import Area
from linli.cases.photos import LARGEST
from linli.kernel.languages import pick
from linli.territory.imports import Workload

FORMATS = (".csv", ".geojson", ".json", ".gpkg")


class AreaChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """An area by its name and level."""

    def label_from_instance(self, obj: Area) -> str:
        """Name · level."""
        return f"{pick(obj.names) or obj.code} · {pick(obj.level.names) or obj.level.code}"


class FileForm(forms.Form):
    """A file.

    The door of the service cuts files off at `cases.photos.LARGEST` (`cases.forms.uploads`), on the
    disk and not in memory; one that was cut is refused here, and the `command` named instead.
    """

    command = "linli grids import"
    file = forms.FileField(
        label=_("File"),
        widget=forms.FileInput(attrs={"accept": ",".join(FORMATS)}),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["file"].help_text = gettext("CSV, GeoJSON or GeoPackage, up to %(size)s.") % {
            "size": filesizeformat(LARGEST)
        }

    def clean_file(self) -> Any:
        """Not cut off on its way in."""
        return self.whole("file")

    def whole(self, name: str) -> Any:
        """The file of a field, where there is one; refused where it was cut off."""
        file = self.cleaned_data[name]
        if file and file.size > LARGEST:
            raise forms.ValidationError(
                _("The file is larger than %(size)s. Use it on the server: %(command)s."),
                params={"size": filesizeformat(LARGEST), "command": self.command},
            )
        return file


class GroupsForm(FileForm):
    """The households of a plan, as points that are read once."""

    command = "linli grids groups"


class ImportForm(FileForm):
    """A file, its area, and where the workload comes from."""

    field_order = ("area", "file", "neighbours")
    area = AreaChoice(label=_("Area"), queryset=Area.objects.none(), empty_label=None)
    neighbours = forms.FileField(
        label=_("Roads or neighbours, in a file of their own"),
        help_text=_(
            "Roads as lines: GeoJSON or GeoPackage. Or a CSV with the columns from and to: codes "
            "of settlements between which one can go. Without it, what lies next to each other."
        ),
        widget=forms.FileInput(attrs={"accept": ",".join(FORMATS)}),
        required=False,
    )
    source = forms.ChoiceField(
        label=_("Where does the workload come from?"),
        widget=forms.RadioSelect,
        choices=[
            (Workload.FILE.value, _("From a column of the file")),
            (Workload.HOUSEHOLDS.value, _("As many as households")),
            (Workload.CASES.value, _("Households, and the public cases of the last year")),
        ],
        initial=Workload.FILE.value,
    )
    base = forms.FloatField(
        label=_("With past cases: how much work is one household, when a case is 1?"),
        min_value=0.001, initial=1, required=False,
    )  # fmt: skip
    layer = forms.CharField(
        label=_("Layer, in a GeoPackage with several"), max_length=120, required=False
    )
    stock = forms.BooleanField(
        label=_("Also record the grids of today, so that plans can start from them"),
        required=False, initial=True,
    )  # fmt: skip

    def clean_neighbours(self) -> Any:
        """Not cut off either."""
        return self.whole("neighbours")
