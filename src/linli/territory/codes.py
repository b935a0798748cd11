"""Codes and names of new grids: the next free number after the pattern of their neighbours."""

import re
from collections.abc import Collection, Iterator, Mapping

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.territory.models import Grid

LAST_NUMBER = re.compile(r"(\d+)$")
DIGITS = 2  # of the number, where there is no pattern to follow
WORDS = {"zh": "{name}第{number}网格", "bo": "{name}དྲ་མིག་{number}", "en": "{name} grid {number}"}


def taken(line: str) -> set[str]:
    """Codes that grids of a line have or had, in areas of any time and in any plan.

    A code names one area for ever, so none is given twice.
    """
    areas: set[str] = set()
    for path in Area.objects.filter(code=line).values_list("path", flat=True).distinct():
        rows = Area.objects.filter(below(path)).exclude(code=line)
        areas.update(rows.filter(level__code="grid").values_list("code", flat=True))
    return areas | set(Grid.objects.filter(line=line).values_list("code", flat=True))


def new_codes(line: str, used: Collection[str]) -> Iterator[str]:
    """Codes that follow those in `used`, which are all of the line, one after the other.

    They count on from the highest number at the end, with as many digits and the same words before
    it as most have; the line's own code and a dash where none ends in a number.
    """
    beginning, digits = _pattern(line, used)
    numbers = [int(code[len(beginning) :]) for code in used if _fits(code, beginning)]
    number = max(numbers, default=0)
    while True:
        number += 1
        code = f"{beginning}{number:0{digits}d}"
        if code not in used and not Area.objects.filter(code=code).exists():
            yield code


def _pattern(line: str, used: Collection[str]) -> tuple[str, int]:
    """What stands before the number, and how many digits it has."""
    found: dict[tuple[str, int], int] = {}
    for code in used:
        rest = code[len(line) :] if code.startswith(line) else code
        match = LAST_NUMBER.search(rest)
        if match:
            key = code[: len(code) - len(match[1])], len(match[1])
            found[key] = found.get(key, 0) + 1
    if not found:
        return f"{line}-", DIGITS
    return min(found, key=lambda key: (-found[key], key))


def _fits(code: str, beginning: str) -> bool:
    return code.startswith(beginning) and code[len(beginning) :].isdigit()


def names(line_names: Mapping[str, str], line: str, code: str) -> dict[str, str]:
    """A name for a new grid, after its line and the number in its code, until it is given one."""
    rest = code[len(line) :] if code.startswith(line) else code
    match = LAST_NUMBER.search(rest)
    number = str(int(match[1])) if match else rest.strip("-")
    return {
        language: words.format(name=line_names[language], number=number)
        for language, words in WORDS.items()
        if line_names.get(language)
    }
