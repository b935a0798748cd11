"""Forms of the calendar page."""

import re
from typing import Any

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from linli.kernel.calendars import Day, Kind

SPAN = re.compile(r"\s*(\d{1,2}):(\d{2})\s*[-–—]\s*(\d{1,2}):(\d{2})\s*")


class SetDay(forms.Form):
    """One day that differs from its week."""

    date = forms.DateField(
        label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=Kind.choices)
    zh = forms.CharField(label=_("Name in Chinese"), max_length=60, required=False)
    bo = forms.CharField(label=_("Name in Tibetan"), max_length=60, required=False)
    en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    source = forms.CharField(
        label=_("Source"),
        max_length=120,
        required=False,
        help_text=_("The notice that says so, with its number."),
    )

    def day(self) -> Day:
        """The day as the kernel takes it."""
        data = self.cleaned_data
        names = {k: data[k] for k in ("zh", "bo", "en") if data[k]}
        return Day(data["date"], Kind(data["kind"]), names, data["source"])


class ImportDays(forms.Form):
    """A file of days."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("CSV with the columns date and kind (holiday or workday), or iCalendar."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.ics,text/csv,text/calendar"}),
    )


class SetWeek(forms.Form):
    """Opening hours, a line a day: "09:00-12:00, 14:00-18:00"; empty where closed."""

    def __init__(self, *args: Any, week: list[list[list[str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for number, name in WEEKDAYS.items():
            self.fields[f"day{number}"] = forms.CharField(
                label=name,
                max_length=120,
                required=False,
                initial=", ".join(f"{a}-{b}" for a, b in week[number]),
            )

    def week(self) -> list[list[list[str]]] | None:
        """The hours as the kernel takes them; None, and errors on the fields, where unreadable."""
        found = []
        for number in WEEKDAYS:
            spans = []
            for part in filter(str.strip, self.cleaned_data[f"day{number}"].split(",")):
                match = SPAN.fullmatch(part)
                if not match:
                    self.add_error(f"day{number}", _("Write hours like 09:00-12:00, 14:00-18:00."))
                    return None
                a, b, c, d = match.groups()
                spans.append([f"{a:0>2}:{b}", f"{c:0>2}:{d}"])
            found.append(spans)
        return found
