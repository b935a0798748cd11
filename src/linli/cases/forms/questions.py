"""A service's questions as form fields, and what was answered as plain values."""

import datetime as dt
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from linli.cases.catalogue.reading import Question
from linli.cases.forms.cleaning import Line, Words, clean_line
from linli.kernel.languages import pick

PREFIX = "q-"
LONGEST_ANSWER = 1000
LARGEST_NUMBER = 10**9
THOUSAND = 3  # digits behind the comma of 1,000
MOMENTS = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d", "%d.%m.%Y"]


def plain_digits(text: str) -> str:
    """`text` with the digits of every script as 0 to 9 (full-width, Tibetan …)."""
    return "".join(str(unicodedata.digit(c, c)) for c in text)


class Number(forms.DecimalField):
    """A number as people write it: any script's digits, point or comma."""

    def __init__(self, *, places: int = 3, **options: Any) -> None:
        super().__init__(
            max_value=LARGEST_NUMBER,
            min_value=-LARGEST_NUMBER,
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
            **options,
        )
        self.places = places

    def to_python(self, value: object) -> Any:
        """The number as a Decimal; None for none."""
        typed = plain_digits(clean_line(str(value or ""))).replace(" ", "").replace("，", ",")
        if typed.count(",") == 1 and "." not in typed and len(typed.split(",")[1]) != THOUSAND:
            typed = typed.replace(",", ".")
        number = super().to_python(typed.replace(",", ""))
        if number is None:
            return None
        if not number.is_finite() or abs(number) > LARGEST_NUMBER:
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return round(number, self.places)


class Moment(forms.DateTimeField):
    """A date and time; where the browser has no picker, as 2026-05-01 14:30 or only the date."""

    def __init__(self, **options: Any) -> None:
        super().__init__(
            input_formats=MOMENTS,
            widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MOMENTS[0]),
            **options,
        )

    def to_python(self, value: object) -> dt.datetime | None:
        """The moment, in the time zone of the service."""
        return super().to_python(plain_digits(clean_line(str(value or ""))))


def fields_for(questions: Sequence[Question]) -> dict[str, forms.Field]:
    """One field for each question, by the name it has in the form, in the reader's language."""
    return {PREFIX + q.code: _field(q) for q in questions}


def _field(question: Question) -> forms.Field:
    options: dict[str, Any] = {"label": pick(question.text), "required": question.required}
    choices: list[tuple[str, Any]] = [(v.code, pick(v.name)) for v in question.values]
    match question.datatype:
        case "number":
            return Number(**options)
        case "datetime":
            return Moment(**options)
        case "text":
            return Words(longest=LONGEST_ANSWER, rows=3, **options)
        case "singlevaluelist":
            if not question.required:
                choices.append(("", _("No answer")))
            radios = forms.RadioSelect
            return forms.ChoiceField(choices=choices, widget=radios, **options)
        case "multivaluelist":
            boxes = forms.CheckboxSelectMultiple
            return forms.MultipleChoiceField(choices=choices, widget=boxes, **options)
        case _:
            return Line(**options)


def answers_in(cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """Question code → answer, as JSON holds it; unanswered questions are left out."""
    answers = {
        name.removeprefix(PREFIX): _plain(value)
        for name, value in cleaned.items()
        if name.startswith(PREFIX)
    }
    return {code: value for code, value in answers.items() if value not in (None, "", [])}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dt.datetime):
        return timezone.localtime(value).isoformat(timespec="minutes")
    return value


def spoken(question: Question, answer: Any) -> str:
    """An answer as its reader sees it, in the reader's language."""
    if question.datatype in ("singlevaluelist", "multivaluelist"):
        names = {value.code: pick(value.name) for value in question.values}
        chosen = answer if isinstance(answer, list) else [answer]
        return " · ".join(names.get(str(code), str(code)) for code in chosen)
    if question.datatype == "datetime":
        return date_format(timezone.localtime(dt.datetime.fromisoformat(answer)), "DATETIME_FORMAT")
    return str(answer)
