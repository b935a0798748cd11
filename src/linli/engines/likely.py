"""Do two reports of one service tell of the same thing? By their way, their days and their words.

The share of each was chosen on one generated year, by who had reported the same thing again; what
it finds in another stands in the README of `cases`.
"""

import math
import unicodedata

FADES = 4.0  # whoever reports the same thing mostly does so in the first days
BEYOND = 0.1  # what is left of nearness at the edge, and beyond a river
UNKNOWN = 0.3  # how alike texts are taken to be that no letter could show


def score(way: float, days: float, like: float | None) -> float:
    """How likely it is the same, 0 to 1, 1 for the same place, moment and words.

    `way` and `days` are parts of what the service calls near and lately; `like` as `likeness`.
    """
    nearness = 1 - (1 - BEYOND) * min(way, 1.0)
    words = UNKNOWN if like is None else like
    return nearness * math.exp(-FADES * days) * (0.5 + words) / 1.5


def likeness(one: str, other: str) -> float | None:
    """How alike two texts are, 0 to 1: pairs of neighbouring characters that both have (Dice).

    Works on Chinese and Tibetan too, where spaces do not separate words. None where there is
    nothing to compare: no text, or texts in different scripts.
    """
    if not _scripts(one) & _scripts(other):
        return None
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else None


def _letters(text: str) -> str:
    # Letters, the marks on them (Tibetan vowels are marks), and digits.
    return "".join(c for c in text.casefold() if unicodedata.category(c)[0] in "LMN")


def _pairs(text: str) -> set[str]:
    plain = _letters(text)
    return {plain[i : i + 2] for i in range(len(plain) - 1)}


def _scripts(text: str) -> set[str]:
    """The first words of the Unicode names of its letters, digits left out."""
    letters = {c for c in _letters(text) if unicodedata.category(c)[0] == "L"}
    return {unicodedata.name(c, "").partition(" ")[0] for c in letters}
