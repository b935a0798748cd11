"""Two plans side by side: figures as a whole, grid by grid, and who gets another grid."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from linli.areas.rows import Names
from linli.kernel.errors import Invalid
from linli.territory.models import Grid, Plan
from linli.territory.queries.overall import Figure, Overall, overall, percent, written
from linli.territory.queries.settlements import by_number, codes_in, codes_of, places

SAME = 1e-9


@dataclass(frozen=True)
class GridPair:
    """A grid in both plans, or in one; figures as in `Grid`, None where it is not.

    `distance` is straight, `way` on the ground. `outline` says whether it was drawn otherwise.
    `joining` households come to it, and `leaving` go from it, from the first plan to the second.
    """

    code: str
    line: str
    names: Names
    load: tuple[float | None, float | None]
    over: tuple[float | None, float | None]
    households: tuple[int | None, int | None]
    distance: tuple[float | None, float | None]
    way: tuple[float | None, float | None]
    cut_off: tuple[int | None, int | None]
    pieces: tuple[int | None, int | None]
    roundness: tuple[float | None, float | None]
    outline: bool
    joining: int
    leaving: int

    @property
    def changed(self) -> bool:
        """Is it new, gone, drawn otherwise, or of other settlements?"""
        both = None not in self.load
        return not both or self.outline or bool(self.joining or self.leaving)


@dataclass(frozen=True)
class Moving:
    """A settlement that is in another grid in the second plan; codes of both grids."""

    position: int
    code: str
    households: int
    before: str
    after: str


@dataclass(frozen=True)
class FigurePair:
    """A figure of both plans, and in a sentence what the second does to it; empty for no change."""

    first: Figure
    second: Figure
    words: str


@dataclass(frozen=True)
class Comparison:
    """Two plans for the same ground.

    `moving` are settlements of the second plan, by position; `strange` counts those that the first
    did not know by their code: they are taken to have been in the grid of the nearest one.
    """

    first: Overall
    second: Overall
    grids: list[GridPair]
    moving: list[Moving]
    strange: int
    households: int  # that move

    def figures(self) -> list[FigurePair]:
        """Figures that both have, in the language that is active; change is said once."""
        second = {figure.key: figure for figure in self.second.figures()}
        return [
            FigurePair(figure, second[figure.key], _difference(figure, second[figure.key]))
            for figure in self.first.figures()
            if figure.key in second and figure.key != "change"
        ]

    @property
    def words(self) -> str:
        """Who moves, in one sentence."""
        if not self.households:
            return _("No household gets another grid.")
        share = percent(self.households / max(1, self.second.households))
        return ngettext(
            "%(count)s settlement with %(households)s households, %(share)s of all, gets another "
            "grid.",
            "%(count)s settlements with %(households)s households, %(share)s of all, get another "
            "grid.",
            len(self.moving),
        ) % {
            "count": written(len(self.moving)),
            "households": written(self.households),
            "share": share,
        }

    def as_json(self) -> dict[str, Any]:
        """Everything, for scripts."""
        return {
            "first": asdict(self.first),
            "second": asdict(self.second),
            "words": {pair.first.key: pair.words for pair in self.figures()},
            "grids": [asdict(pair) for pair in self.grids],
            "moving": [asdict(one) for one in self.moving],
            "strange": self.strange,
            "households": self.households,
        }


def compare(first: Plan, second: Plan) -> Comparison:
    """Both plans as they are stored. Grids are the same where they have the same code.

    Raises Invalid `plans-of-two-areas`: nobody of one moves into a grid of the other.
    """
    if first.area.code != second.area.code:
        raise Invalid("plans-of-two-areas", _("These plans are for two areas. Choose two for one."))
    here = places(second.gazetteer)
    before = codes_in(first, second.gazetteer_id, here)
    rows = by_number(second)
    after = codes_of(second, rows)
    moves = np.flatnonzero((before != after) & (before != ""))
    known = set(first.gazetteer.rows.values_list("code", flat=True))
    grids = _paired(
        {grid.code: grid for grid in first.grids.all()},
        {grid.code: grid for grid in rows.values()},
        _sums(after[moves], here.households[moves]),
        _sums(before[moves], here.households[moves]),
    )
    return Comparison(
        first=overall(first), second=overall(second), grids=grids,
        moving=[
            Moving(int(n), str(here.codes[n]), int(here.households[n]), before[n], after[n])
            for n in moves
        ],
        strange=sum(code not in known for code in here.codes),
        households=int(here.households[moves].sum()),
    )  # fmt: skip


def _sums(codes: Any, households: Any) -> dict[str, int]:
    found: dict[str, int] = {}
    for code, people in zip(codes.tolist(), households.tolist(), strict=True):
        found[code] = found.get(code, 0) + people
    return found


def _paired(
    first: dict[str, Grid],
    second: dict[str, Grid],
    joining: dict[str, int],
    leaving: dict[str, int],
) -> list[GridPair]:
    return [
        _pair(code, first.get(code), second.get(code), joining.get(code, 0), leaving.get(code, 0))
        for code in sorted(set(first) | set(second))
    ]


def _pair(code: str, one: Grid | None, two: Grid | None, joining: int, leaving: int) -> GridPair:
    def both(value: Callable[[Grid], Any]) -> tuple[Any, Any]:
        return (None if one is None else value(one), None if two is None else value(two))

    shown: Any = two or one
    return GridPair(
        code=code, line=shown.line, names=shown.names,
        load=both(lambda grid: grid.load), over=both(lambda grid: grid.over),
        households=both(lambda grid: grid.households),
        distance=both(lambda grid: grid.distance), way=both(lambda grid: grid.way),
        cut_off=both(lambda grid: grid.cut_off), pieces=both(lambda grid: grid.pieces),
        roundness=both(lambda grid: grid.roundness),
        outline=one is None or two is None or bytes(one.wkb) != bytes(two.wkb),
        joining=joining, leaving=leaving,
    )  # fmt: skip


# What it means for people when a figure rises, and when it falls.
MEANINGS = {
    "grids": (gettext_noop("There are more grids."), gettext_noop("There are fewer grids.")),
    "load": (
        gettext_noop("Each grid has more work on average."),
        gettext_noop("Each grid has less work on average."),
    ),
    "worst": (
        gettext_noop("Work is shared less evenly: the heaviest grid has more of it."),
        gettext_noop("Work is shared more evenly: the heaviest grid has less of it."),
    ),
    "spread": (
        gettext_noop("Townships or villages differ more in the work of a grid."),
        gettext_noop("Townships or villages differ less in the work of a grid."),
    ),
    "distance": (
        gettext_noop("People live farther from the centre of their grid."),
        gettext_noop("People live closer to the centre of their grid."),
    ),
    "way": (
        gettext_noop("People have a longer way to the centre of their grid."),
        gettext_noop("People have a shorter way to the centre of their grid."),
    ),
    "cut_off": (
        gettext_noop("More households have no way to the centre of their grid."),
        gettext_noop("Fewer households have no way to the centre of their grid."),
    ),
    "roundness": (
        gettext_noop("Outlines are rounder: fewer ways lead through another grid."),
        gettext_noop("Outlines are more ragged: more ways lead through another grid."),
    ),
    "torn": (
        gettext_noop("More grids lie in pieces."),
        gettext_noop("Fewer grids lie in pieces."),
    ),
}


def _difference(first: Figure, second: Figure) -> str:
    """What the second plan does to a figure: shown values that are the same are no difference."""
    if first.value == second.value or abs(first.number - second.number) < SAME:
        return ""
    more, less = MEANINGS[first.key]
    return _(more if second.number > first.number else less)
