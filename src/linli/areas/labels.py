"""Names on a small map: where they fit without covering each other."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

SIZE, SIZE_NARROW = 17, 28  # units of the picture; on a narrow screen letters are drawn larger
LEADING = 1.15
LONG = 5.0  # sizes of a letter; shorter names stay on one line
BREAKS = " ་"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Line:
    """One line of a label and the height of its middle."""

    text: str
    y: int


@dataclass(frozen=True)
class Label:
    """A name of one or two lines round (x, y); `narrow`: there is room on a narrow screen too."""

    x: int
    lines: Sequence[Line]
    narrow: bool


def placed(names: Sequence[tuple[str, int, int]], width: int) -> list[Label]:
    """Labels for (name, x, y), in the order of importance; a name without room is left out.

    Whoever leaves one out says it elsewhere: on the area itself, and in a list.
    """
    wide: list[Box] = []
    narrow: list[Box] = []
    labels = []
    for name, x, y in names:
        lines = _lines(name)
        if not _fits(lines, x, y, SIZE, wide, width):
            continue
        also = _fits(lines, x, y, SIZE_NARROW, narrow, width)
        step = SIZE * LEADING
        top = y - step * (len(lines) - 1) / 2
        rows = [Line(line, round(top + step * k)) for k, line in enumerate(lines)]
        labels.append(Label(x, rows, also))
    return labels


def _lines(name: str) -> list[str]:
    """A long name goes into two lines, cut near its middle between words or Tibetan syllables."""
    cuts = [
        (name[:k].strip(), name[k:].strip())
        for k in range(1, len(name))
        if name[k - 1] in BREAKS and name[k:].strip()
    ]
    if not cuts or _width(name) < LONG:
        return [name]
    best = min(cuts, key=lambda cut: max(_width(cut[0]), _width(cut[1])))
    return [*best]


def _fits(lines: Sequence[str], x: int, y: int, size: int, taken: list[Box], width: int) -> bool:
    half = max(map(_width, lines)) * size / 2
    high = len(lines) * size * LEADING / 2
    box = (x - half, y - high, x + half, y + high)
    if box[0] < 0 or box[2] > width:
        return False
    if any(_meet(box, other) for other in taken):
        return False
    taken.append(box)
    return True


def _meet(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _width(text: str) -> float:
    """About how wide a text is, in sizes of its letters; marks above and below take no width."""
    letters = [c for c in text if unicodedata.category(c) not in ("Mn", "Me")]
    return sum(1.0 if unicodedata.east_asian_width(c) in "WF" else 0.6 for c in letters)
