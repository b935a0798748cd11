"""What people type, made safe without changing what they said.

Control characters go, and so do the invisible ones that turn a text around or hide something in
it: they are never part of a complaint, and they can make a reader see another text than was
written. ZERO WIDTH JOINER and NON-JOINER stay, which some scripts need, and so does everything of
Tibetan. The rest is put in Unicode's composed form (NFC, UAX 15), so that equal texts are equal.
"""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.forms import CharField, Textarea
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

LONGEST = 4000  # characters of a text
BREAKS = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
# Controls but tab and newline; bidirectional marks, embeddings, overrides, isolates (UAX 9); zero
# width space, no-break space and word joiner, soft hyphen and other invisible format characters;
# interlinear notes; tags; lone surrogates; characters that will never be any.
UNSEEN = re.compile(
    "[\0-\x08\x0b-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f"
    "\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\ud800-\udfff"
    "\U000e0000-\U000e007f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
JOINERS = re.compile("[\u200c\u200d]{2,}")
STACKED = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]{4})"
    r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff]+"
)
GAPS = re.compile(r"\n{4,}")


def clean(text: str) -> str:
    """`text` as its author meant it: visible, composed, with plain line breaks."""
    text = UNSEEN.sub("", BREAKS.sub("\n", text))
    text = STACKED.sub(r"\1", JOINERS.sub(lambda run: run.group()[0], text))
    # Composing sorts runs of marks and takes their square in time; such a text is refused anyway.
    if len(text) <= 2 * LONGEST:
        text = unicodedata.normalize("NFC", text)
    return GAPS.sub("\n\n\n", text).strip()


def clean_line(text: str) -> str:
    """`text` on one line."""
    return " ".join(clean(text).split())


class Words(CharField):
    """A text in somebody's own words, at most `LONGEST` characters; what is too long is shown
    again with how much is too much, never cut and never lost."""

    def __init__(self, *, longest: int = LONGEST, rows: int = 6, **options: object) -> None:
        self.longest = longest
        widget = options.pop("widget", Textarea(attrs={"rows": rows}))
        super().__init__(widget=widget, **options)  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        """The cleaned text."""
        return clean(str(value or ""))

    def validate(self, value: str) -> None:
        """Refuse what is too long, and say by how much."""
        super().validate(value)
        too_much = len(value) - self.longest
        if too_much > 0:
            raise ValidationError(
                ngettext_lazy(
                    "%(too_much)d character too long. Nothing was lost: please shorten the text.",
                    "%(too_much)d characters too long. Nothing was lost: please shorten the text.",
                    "too_much",
                ),
                code="text-too-long",
                params={"too_much": too_much},
            )


class Line(CharField):
    """A short text on one line."""

    def __init__(self, *, longest: int = 200, **options: object) -> None:
        self.longest = longest
        super().__init__(**options)  # type: ignore[arg-type]

    def to_python(self, value: object) -> str:
        """The cleaned line."""
        return clean_line(str(value or ""))

    def validate(self, value: str) -> None:
        """Refuse what is too long."""
        super().validate(value)
        if len(value) > self.longest:
            raise ValidationError(
                _("At most %(longest)d characters, please."),
                code="text-too-long",
                params={"longest": self.longest},
            )
