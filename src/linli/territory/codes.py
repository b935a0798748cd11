"""Codes and names of new grids: the next free number after the pattern of their neighbours."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from linli.areas.conditions import below
from linli.areas.models import Area
from linli.engines.prefecture.names import chinese_number, tibetan_number
from linli.territory.models import Grid, Group

LAST_NUMBER = re.compile(r"(\d+)$")
DIGITS = 2  # of the number, where there is no pattern to follow
# How numbers are written in names; Chinese below a hundred, as it is said.
WRITTEN: tuple[Callable[[int], str], ...] = (str, tibetan_number, chinese_number)
WORDS = {
    "grid": {
        "zh": "{name}第{number}网格",
        "bo": "{name}དྲ་མིག་{number}",
        "en": "{name} grid {number}",
    },
    "group": {
        "zh": "{name}第{number}邻里小组",
        "bo": "{name}ཁྱིམ་མཚེས་ཚོགས་ཆུང་{number}",
        "en": "{name} neighbour group {number}",
    },
}


def taken(line: str) -> set[str]:
    """Codes that grids of a line have or had, in areas of any time and in any plan.

    A code names one area for ever, so none is given twice.
    """
    return _below(line, "grid") | set(Grid.objects.filter(line=line).values_list("code", flat=True))


def taken_groups(grid: str) -> set[str]:
    """Codes that neighbour groups of a grid have or had, as `taken`."""
    rows = Group.objects.filter(grid=grid)
    return _below(grid, "group") | set(rows.values_list("code", flat=True))


def _below(code: str, level: str) -> set[str]:
    areas: set[str] = set()
    for path in Area.objects.filter(code=code).values_list("path", flat=True).distinct():
        rows = Area.objects.filter(below(path), level__code=level)
        areas.update(rows.values_list("code", flat=True))
    return areas


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


def named_today(
    lines: Collection[str], level: str = "grid"
) -> dict[str, dict[str, dict[str, str]]]:
    """By line the names of the grids that lie right below it today, by their codes.

    Or by grid those of its neighbour groups, with the level `group`.
    """
    found: dict[str, dict[str, dict[str, str]]] = {line: {} for line in lines}
    rows = Area.objects.current().filter(level__code=level, parent__code__in=list(lines))
    for line, code, said in rows.values_list("parent__code", "code", "names"):
        found[line][code] = said
    return found


def names(
    line_names: Mapping[str, str],
    line: str,
    code: str,
    beside: Mapping[str, Mapping[str, str]],
    level: str = "grid",
) -> dict[str, str]:
    """A name for a new grid, after its line and the number in its code, until it is given one.

    It is written as the names of the grids `beside` it are, by their codes. With the level `group`
    a name for a neighbour group, after its grid.
    """
    number = _number(line, code)
    return {
        language: _as_beside(name, language, line, number, beside)
        or words.format(name=name, number=number_in(line, code))
        for language, words in WORDS[level].items()
        if (name := line_names.get(language))
    }


def number_in(line: str, code: str) -> str:
    """What tells a code from others of its line: the number at its end, or what follows the line's.

    The same for a group of a grid.
    """
    return str(_number(line, code) or code.removeprefix(line).strip("-"))


def _number(line: str, code: str) -> int | None:
    match = LAST_NUMBER.search(code.removeprefix(line))
    return int(match[1]) if match else None


def _as_beside(
    name: str,
    language: str,
    line: str,
    number: int | None,
    beside: Mapping[str, Mapping[str, str]],
) -> str:
    """The name of the line and of its first grid that has its number there, with this number."""
    for code, names in sorted(beside.items()):
        own, said = _number(line, code), names.get(language, "")
        rest = said.removeprefix(name)
        if own is None or number is None or rest == said:
            continue
        for write in WRITTEN:
            if rest.count(write(own)) == 1:
                return name + rest.replace(write(own), write(number))
    return ""
