"""What a plan aims at: how many grids, what matters how much, how even, and rivers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from linli.territory.models import Plan
from linli.territory.weights import WIDEST, Weights

CARES: tuple[tuple[str, Any], ...] = (
    ("0.3", _("little")),
    ("1", _("as usual")),
    ("3", _("much")),
)
USUAL = Weights()
# What each weight is when it counts as usual. That of change is none of the engine's: without a
# plan before there is nothing to keep.
ONE = {
    "distance": USUAL.distance,
    "balance": USUAL.balance,
    "outline": USUAL.outline,
    "change": 1.0,
}


class AimsForm(forms.Form):
    """How many grids there are to be, and what the calculation cares about."""

    by = forms.ChoiceField(
        label=_("How many grids?"),
        widget=forms.RadioSelect,
        choices=[
            ("grids", _("A number that I choose")),
            ("band", _("As many as needed, so that the work of each lies in a range")),
        ],
        initial="grids",
    )
    grids = forms.IntegerField(label=_("Number of grids"), min_value=1, required=False)
    least = forms.FloatField(label=_("Work of a grid, from"), min_value=0, required=False)
    most = forms.FloatField(label=_("Work of a grid, to"), min_value=0, required=False)
    distance = forms.ChoiceField(
        label=_("Short ways"),
        help_text=_("How far households and grid workers are from each other."),
        choices=CARES, initial="1",
    )  # fmt: skip
    balance = forms.ChoiceField(
        label=_("Even work"),
        help_text=_("How equal the work of the grids of one township or village is."),
        choices=CARES, initial="1",
    )  # fmt: skip
    outline = forms.ChoiceField(
        label=_("Simple outlines"),
        help_text=_("Compact grids that are easy to say and to draw."),
        choices=CARES, initial="1",
    )  # fmt: skip
    change = forms.ChoiceField(
        label=_("Little change"),
        help_text=_("How much it matters that people keep the grid that they have."),
        choices=CARES, initial="1",
    )  # fmt: skip
    band = forms.IntegerField(
        label=_("How far may the work of a grid be off the mean, in per cent?"),
        help_text=_("A wider band leaves room for what is fixed, and for short ways."),
        min_value=1, max_value=round(100 * WIDEST), initial=round(100 * USUAL.band), required=False,
    )  # fmt: skip
    barriers = forms.BooleanField(
        label=_("Rivers part grids, but where a bridge or a road leads over"), required=False
    )

    def clean_band(self) -> int:
        """As usual, where nothing was said."""
        return int(self.cleaned_data["band"] or self.fields["band"].initial)

    def clean(self) -> dict[str, Any]:
        """A number, or a range that is one."""
        found = super().clean() or {}
        if found.get("by") == "grids" and not found.get("grids"):
            self.add_error("grids", _("How many grids should there be?"))
        if found.get("by") == "band":
            least, most = found.get("least"), found.get("most")
            if least is None or not most or most <= least:
                self.add_error("most", _("The range ends above where it begins."))
        return found

    @property
    def wanted(self) -> dict[str, Any]:
        """As `Plan.wanted` keeps it."""
        said = self.cleaned_data
        found = {"grids": said["grids"]}
        if said["by"] == "band":
            found = {"from": said["least"], "to": said["most"]}
        return {**found, "barriers": True} if said["barriers"] else found

    def weights(self, now: Weights | None = None) -> Weights:
        """As `Plan.weights` keeps them; of `now`, what is left as it was shown stays as it is."""
        said, shown = self.cleaned_data, _shown(now) if now else {}
        found = {name: one * float(said[name]) for name, one in ONE.items()}
        found["band"] = said["band"] / 100
        kept = {name: getattr(now, name) for name, value in shown.items() if said[name] == value}
        return Weights(**{**found, **kept})


def aims_of(plan: Plan) -> dict[str, Any]:
    """What the form shows of a plan."""
    wanted = plan.wanted
    return {
        "by": "grids" if "grids" in wanted else "band",
        "grids": wanted.get("grids"),
        "least": wanted.get("from"),
        "most": wanted.get("to"),
        "barriers": bool(wanted.get("barriers")),
        **_shown(Weights.of(plan.weights)),
    }


def _shown(weights: Weights) -> dict[str, Any]:
    """Each weight as the nearest of what can be chosen; the band in whole per cent."""
    found: dict[str, Any] = {"band": max(1, round(100 * weights.band))}
    for name, one in ONE.items():
        value = getattr(weights, name) / one
        found[name] = min(CARES, key=lambda care: abs(float(care[0]) - value))[0]
    return found
