"""Invented names in three languages, no two alike, for places and for people."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .lexicon import (
    COUNTIES,
    GIVEN,
    GROUNDS,
    PREFECTURE,
    QUALITIES,
    SURNAMES,
    SYLLABLES,
    TOKENS,
    Word,
)

TIBETAN_DIGITS = str.maketrans("0123456789", "༠༡༢༣༤༥༦༧༨༩")
CHINESE_DIGITS = "零一二三四五六七八九十"


@dataclass(frozen=True)
class Names:
    """One name in Chinese, Tibetan and English."""

    zh: str
    bo: str
    en: str

    def json(self) -> dict[str, str]:
        """The form in which names are stored."""
        return {"zh": self.zh, "bo": self.bo, "en": self.en}

    def with_kind(self, kind: "Names") -> "Names":
        """This name followed by what it names: “玉隆” and “县” make “玉隆县”."""
        return Names(self.zh + kind.zh, f"{self.bo}་{kind.bo}", f"{self.en} {kind.en}")

    def numbered(self, kind: "Names", number: int) -> "Names":
        """This name, a kind and a number: “玉隆村第二网格”, “Yulung Village, grid 2”."""
        return Names(
            f"{self.zh}第{chinese_number(number)}{kind.zh}",
            f"{self.bo}་{kind.bo}་ཨང་{tibetan_number(number)}",
            f"{self.en}, {kind.en} {number}",
        )


def tibetan_number(number: int) -> str:
    """A number in Tibetan digits."""
    return str(number).translate(TIBETAN_DIGITS)


def chinese_number(number: int) -> str:
    """A number from 0 to 99 in Chinese characters; larger ones in digits."""
    if number <= 10:
        return CHINESE_DIGITS[number]
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "十" if tens == 1 else CHINESE_DIGITS[tens] + "十"
    return head + (CHINESE_DIGITS[ones] if ones else "")


def joined(words: Sequence[Word]) -> Names:
    """The name these words make, one after the other."""
    return Names(
        "".join(word[1] for word in words),
        "་".join(word[0] for word in words),
        "".join(word[2] for word in words).capitalize(),
    )


class NameMaker:
    """Hands out names that it has not handed out before, in any of the three languages."""

    def __init__(self, rng: np.random.Generator) -> None:
        self._rng = rng
        self._used: set[str] = set()

    def prefecture(self) -> Names:
        """The one prefecture's name."""
        return joined([PREFECTURE])

    def county(self, index: int) -> Names:
        """The name of the county with this index, from 0."""
        return joined([COUNTIES[index]])

    def region(self) -> Names:
        """Three words, for a township: long enough not to be a place's real name."""
        return self._fresh([(QUALITIES, GROUNDS, QUALITIES), (GROUNDS, QUALITIES, GROUNDS)])

    def village(self) -> Names:
        """Two or three words, for a village."""
        return self._fresh([(QUALITIES, GROUNDS), (GROUNDS, QUALITIES), (TOKENS, GROUNDS)])

    def settlement(self) -> Names:
        """Two or three words, for a settlement or a river."""
        return self._fresh([(TOKENS, QUALITIES), (TOKENS, GROUNDS), (GROUNDS, GROUNDS, QUALITIES)])

    def person(self) -> Names:
        """A given name of two parts, or a surname and a given name. People may share a name."""
        if self._rng.random() < 0.62:
            first, second = self._rng.choice(len(GIVEN), 2, replace=False)
            a, b = GIVEN[first], GIVEN[second]
            return Names(a[1] + b[1], f"{a[0]}་{b[0]}", f"{a[2]} {b[2]}")
        surname = SURNAMES[self._rng.integers(len(SURNAMES))]
        given = [SYLLABLES[i] for i in self._rng.choice(len(SYLLABLES), 2, replace=False)]
        name = joined(given)
        return Names(surname[1] + name.zh, f"{surname[0]}་{name.bo}", f"{surname[2]} {name.en}")

    def _fresh(self, patterns: list[tuple[tuple[Word, ...], ...]]) -> Names:
        for attempt in range(10_000):
            pattern = patterns[self._rng.integers(len(patterns))]
            if attempt > 200:
                pattern = (*pattern, QUALITIES)
            words = [column[self._rng.integers(len(column))] for column in pattern]
            made = joined(words)
            parts = {made.zh, made.bo, made.en}
            if len(set(words)) == len(words) and not parts & self._used:
                self._used |= parts
                return made
        raise RuntimeError("the lexicon has run out of names")
