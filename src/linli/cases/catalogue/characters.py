"""Characters: which may stand in a definition, and how look-alikes are brought to one form."""

import re
import unicodedata
from functools import cache

# Letters of other scripts that pass for Latin ones. The structural rule refuses them anyway; the
# lexicon still reads through them, so that its answer does not hang on that rule.
LOOK_ALIKES = str.maketrans(
    "аАвВсСеЕнНһіІјЈкКмМоОпрРѕЅтТуУхХѵԁԛԝγαειονκρτυχωβɩıɑɡ",
    "aAbBcCeEhHhiIjJkKmMoOnpPsStTyYxXvdqwyaeiovkptuxwbiiag",
)
# One is read as i and as l.
LEET = tuple(str.maketrans("013457@$!|", letters) for letters in ("oieastasil", "oleastasll"))
# Invisible, though their category calls them letters or symbols.
BLANKS = "\u115f\u1160\u2800\u3164\uffa0\u17b4\u17b5"
TSHEG_LIKE = re.compile("[^\u0f40-\u0fbc]+")


def hidden(text: str) -> str:
    """The first control, format, unassigned or private character, as "U+200B"; "" if none.

    This refuses NUL, bidirectional overrides and zero-width characters by what they are, so a new
    Unicode version brings no gap.
    """
    for char in text:
        if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"):
            return f"U+{ord(char):04X}"
        if char in BLANKS or 0xFE00 <= ord(char) <= 0xFE0F or 0x0300 <= ord(char) <= 0x036F:
            return f"U+{ord(char):04X}"
    return ""


def foreign(text: str, language: str) -> str:
    """The first letter or sign that does not belong into a text of this language; "" if none.

    Chinese takes Han and Latin letters, Tibetan takes Tibetan and Latin, English takes Latin.
    """
    for char in unicodedata.normalize("NFKC", text):
        if not _belongs(char, language):
            return f"{char} (U+{ord(char):04X})"
    return ""


@cache
def _belongs(char: str, language: str) -> bool:
    category = unicodedata.category(char)
    name = unicodedata.name(char, "")
    if name.startswith("TIBETAN"):
        return language == "bo"
    if category[0] in "LM":
        if name.startswith("LATIN"):
            return True
        return language == "zh" and name.startswith(("CJK UNIFIED", "IDEOGRAPHIC"))
    if name.startswith(("IDEOGRAPHIC NUMBER", "HANGZHOU")):
        return language == "zh"
    return char == "°" or category in ("Nd", "Zs", "Sm", "Sc") or category[0] == "P"


def spoken(text: str, language: str) -> bool:
    """Whether the text has a letter of the language's own script at all."""
    mark = {"zh": "CJK UNIFIED", "bo": "TIBETAN LETTER", "en": "LATIN"}[language]
    return any(unicodedata.name(char, "").startswith(mark) for char in text)


def latin(text: str) -> str:
    """Compatibility forms, accents, look-alikes and case folded away; spaces and signs kept."""
    plain = unicodedata.normalize("NFD", _visible(text).translate(LOOK_ALIKES))
    return "".join(c for c in plain if not 0x0300 <= ord(c) <= 0x036F).casefold()


def leet(text: str) -> tuple[str, ...]:
    """`latin`, with digits and signs read as the letters they stand in for."""
    plain = latin(text)
    return tuple(plain.translate(letters) for letters in LEET)


def han(text: str, simpler: dict[int, str]) -> str:
    """Only the Han characters, one after the other, in simplified form."""
    plain = unicodedata.normalize("NFKC", text).translate(simpler)
    return "".join(c for c in plain if unicodedata.name(c, "").startswith("CJK UNIFIED"))


def tibetan(text: str) -> str:
    """Compatibility forms and invisible characters gone; what is between letters is one tsheg."""
    return TSHEG_LIKE.sub("་", _visible(text))


def _visible(text: str) -> str:
    kept = (c for c in unicodedata.normalize("NFKC", text) if c not in BLANKS)
    return "".join(c for c in kept if unicodedata.category(c) not in ("Cf", "Cc", "Cn", "Co"))
