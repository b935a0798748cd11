"""The second step: where it is, by a point, a stored place, an area or words."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from linli.areas import queries as areas
from linli.areas.models import Area, Place
from linli.areas.picker import Picker, picker_from
from linli.areas.search import search
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.forms.cleaning import Line, Words, clean_line
from linli.cases.forms.draft import Draft
from linli.cases.forms.questions import Number
from linli.kernel.errors import Invalid
from linli.kernel.languages import pick

DEGREES = 7  # decimal places kept, about a centimetre
MATCHES = 12


class Where(forms.Form):
    """Where it is. `draft` gives what is known already; `chain` the areas chosen so far."""

    lon = Number(label=_("Longitude (east)"), required=False, places=DEGREES)
    lat = Number(label=_("Latitude (north)"), required=False, places=DEGREES)
    words = Words(
        label=_("The place in your words"),
        help_text=_("For example: 200 metres after the bridge, on the left."),
        required=False,
        longest=500,
        rows=2,
    )
    find = Line(required=False, longest=60)
    spot = forms.CharField(required=False, max_length=60)

    def __init__(
        self, data: Any = None, *, service: ServiceDefinition, chain: list[str], **options: Any
    ) -> None:
        super().__init__(data, **options)
        self.service = service
        self.chain = chain

    @cached_property
    def picker(self) -> Picker:
        """The lists to choose from, each inside the area chosen in the one above."""
        query = QueryDict(mutable=True)
        query.setlist("in", self.chain)
        return picker_from(query)

    @property
    def looked_for(self) -> str:
        """The name that was searched for."""
        return clean_line(str(self["find"].value() or ""))

    @cached_property
    def spots(self) -> list[dict[str, Any]]:
        """Places, settlements and areas of that name, as choices."""
        chosen = self["spot"].value()
        return [
            {
                "value": found.value,
                "text": pick(found.names),
                "hint": " · ".join(pick(names) for names in found.above[:2]),
                "checked": found.value == chosen,
            }
            for found in search(self.looked_for, limit=MATCHES)
        ]

    def clean(self) -> dict[str, Any]:
        """At least one way to find it, and no point where the service wants none."""
        cleaned = super().clean() or {}
        area = self.picker.area
        cleaned["area"], cleaned["place"] = area.code if area else "", ""
        if self.service.where == "area":
            cleaned.update(lon=None, lat=None, words="", spot="")
        self._take_spot(cleaned)
        self._check_point(cleaned)
        if not self.errors and not _enough(cleaned, self.service):
            self.add_error(None, self._not_enough())
        return cleaned

    def _take_spot(self, cleaned: dict[str, Any]) -> None:
        """A chosen place or area, by its code; a settlement stands for the point of its name."""
        kind, _sep, code = (cleaned.get("spot") or "").partition(":")
        found = next((f for f in search(code) if f.value == cleaned.get("spot")), None)
        if found is None:
            return
        if kind in ("place", "area"):
            cleaned[kind] = code
        elif cleaned.get("lon") is None and cleaned.get("lat") is None:
            cleaned.update(lon=found.lon, lat=found.lat, area=found.area)

    def _check_point(self, cleaned: dict[str, Any]) -> None:
        lon, lat = cleaned.get("lon"), cleaned.get("lat")
        if lon is None and lat is None:
            return
        if lon is None or lat is None:
            if not self.errors:
                missing = "lon" if lon is None else "lat"
                text = _("Both figures are needed, or neither.")
                self.add_error(missing, ValidationError(text, code="half-a-point"))
            return
        try:
            inside(float(lon), float(lat))
        except Invalid as error:
            self.add_error("lon", ValidationError(str(error.message), code=error.code))

    def _not_enough(self) -> ValidationError:
        if self.service.where == "area":
            text = _("Please choose the township or village.")
        elif self.service.where == "exact":
            text = _(
                "Please mark a point or find a place; or choose the area and say in words where."
            )
        else:
            text = _("Please say where: a point, a place, an area, or in words.")
        return ValidationError(text, code="no-place")

    def placed(self, draft: Draft) -> Draft:
        """The draft with what was said here."""
        cleaned = self.cleaned_data
        lon, lat = cleaned.get("lon"), cleaned.get("lat")
        return draft.but(
            lon=None if lon is None else float(lon),
            lat=None if lat is None else float(lat),
            place=cleaned["place"],
            area=cleaned["area"],
            where=cleaned["words"],
        )


def _enough(cleaned: dict[str, Any], service: ServiceDefinition) -> bool:
    exact = cleaned.get("lon") is not None or cleaned["place"]
    if service.where == "exact":
        return bool(exact or (cleaned["area"] and cleaned.get("words")))
    if service.where == "area":
        return bool(cleaned["area"])
    return bool(exact or cleaned["area"] or cleaned.get("words"))


def inside(lon: float, lat: float) -> None:
    """Raise Invalid for a point that is not on earth or not in the territory."""
    if areas.area_at(lon, lat) is not None:
        return
    if areas.looks_swapped(lon, lat):
        text = _("Longitude and latitude look exchanged. Here the longitude is the larger figure.")
        raise Invalid("point-swapped", text)
    raise Invalid("point-outside", _("This point lies outside the area that we answer for."))


def described(draft: Draft) -> str:
    """Where it is, for the person who said it."""
    place = Place.objects.select_related("area").filter(code=draft.place).first()
    area = _area_of(draft, place)
    chain = [area, *areas.ancestors(area)][:3] if area else []
    parts = [pick(place.names)] if place else []
    parts += [pick(a.names) for a in chain]
    if draft.lon is not None and draft.lat is not None:
        parts.append(f"{draft.lat:.5f}\u00a0N, {draft.lon:.5f}\u00a0E")
    return " · ".join(part for part in (*parts, draft.where) if part)


def _area_of(draft: Draft, place: Place | None) -> Area | None:
    if draft.lon is not None and draft.lat is not None:
        return areas.area_at(draft.lon, draft.lat)
    if place is not None:
        return place.area
    return areas.by_code(draft.area) if draft.area else None


def area_of(draft: Draft) -> Area | None:
    """The area that a draft lies in, as far as it can be known."""
    return _area_of(draft, Place.objects.select_related("area").filter(code=draft.place).first())
