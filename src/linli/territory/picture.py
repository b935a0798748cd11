"""A plan as a map drawn in the page: it needs no script, and every shape is a link.

Few grids are drawn at once. A plan with more than `MANY` shows its townships (or villages), each in
the colour of its heaviest grid; one of them then shows its grids.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from linli.areas import labels as placing
from linli.areas import outlines
from linli.areas.models import Area, Boundary
from linli.kernel.languages import pick
from linli.territory import labels, shades
from linli.territory.models import Grid, Plan, Settlement

MANY = 150
Address = Callable[[str, str], str]


@dataclass(frozen=True)
class Shape:
    """A grid, or a township: its path, its step of colour, what it says and where it leads."""

    path: str
    step: int
    name: str
    text: str
    href: str
    chosen: bool


@dataclass(frozen=True)
class Dot:
    """A settlement; `r` grows with its households."""

    x: int
    y: int
    r: float
    code: str


@dataclass(frozen=True)
class Drawing:
    """The map of a plan. Without outlines `shapes` is empty."""

    width: int
    height: int
    shapes: Sequence[Shape]
    labels: Sequence[placing.Label]
    dots: Sequence[Dot]
    whole: bool  # shows every grid that was asked for, not townships

    @property
    def legend(self) -> list[dict[str, Any]]:
        """The five steps in words, the lightest first."""
        return [{"step": number, "text": text} for number, text in enumerate(shades.WORDS)]


def grid_name(grid: Grid) -> str:
    """The name of a grid in the reader's language, or its code."""
    return pick(grid.names) or grid.code


def line_names(plan: Plan, codes: Sequence[str]) -> dict[str, str]:
    """The names of townships (or villages) in the reader's language, by code."""
    rows = Area.objects.current().filter(level=plan.lines, code__in=codes)
    return {row.code: pick(row.names) or row.code for row in rows}


def draw(
    plan: Plan,
    grids: Sequence[Grid],
    address: Address,
    *,
    line: str = "",
    chosen: Grid | None = None,
) -> Drawing:
    """The map of `grids`, which are all of the plan's; of one `line` only where it is named.

    `address(grid, line)` is where a shape leads: one of both codes is empty.
    """
    line = line or (chosen.line if chosen and len(grids) > MANY else "")
    shown = [grid for grid in grids if not line or grid.line == line]
    if len(shown) > MANY:
        return _lines(grids, address)
    drawn = [grid for grid in shown if grid.wkb]
    if not drawn:
        return Drawing(outlines.WIDTH, 0, [], [], [], True)
    sketch = outlines.sketch([grid.wkb for grid in drawn])
    shapes = [
        Shape(
            one.path, shades.step(grid.over), grid_name(grid), shades.words(grid.over),
            address(grid.code, ""), chosen is not None and chosen.pk == grid.pk,
        )
        for grid, one in zip(drawn, sketch.shapes, strict=True)
    ]  # fmt: skip
    dots = _dots(plan, chosen, sketch) if chosen else []
    return _drawing(sketch, shapes, dots, whole=True)


def _lines(grids: Sequence[Grid], address: Address) -> Drawing:
    heaviest: dict[str, float] = {}
    for grid in grids:
        heaviest[grid.line] = max(grid.over, heaviest.get(grid.line, 0.0))
    said = {
        code: (shades.step(over), _("heaviest grid: %(words)s") % {"words": shades.words(over)})
        for code, over in heaviest.items()
    }
    return draw_areas(said, address)


def draw_areas(said: Mapping[str, tuple[int, str]], address: Address) -> Drawing:
    """The map of areas by code, each with its step of colour and what is said of it.

    `address("", code)` is where a shape leads.
    """
    held = Area.objects.current().filter(code__in=said)
    rows = Boundary.objects.filter(area__in=held).order_by("area__code")
    found = list(rows.values_list("area__code", "area__names", "wkb"))
    if not found:
        return Drawing(outlines.WIDTH, 0, [], [], [], False)
    sketch = outlines.sketch([body for _code, _names, body in found])
    shapes = [
        Shape(
            one.path, said[code][0], pick(names) or code, said[code][1],
            address("", code), False,
        )
        for (code, names, _body), one in zip(found, sketch.shapes, strict=True)
    ]  # fmt: skip
    return _drawing(sketch, shapes, [], whole=False)


def _dots(plan: Plan, chosen: Grid, sketch: outlines.Sketch) -> list[Dot]:
    held = np.flatnonzero(labels.unpacked(plan.labels) == chosen.number).tolist()
    rows = list(
        Settlement.objects.filter(gazetteer=plan.gazetteer_id, position__in=held).values_list(
            "code", "lon", "lat", "households"
        )
    )
    if not rows:
        return []
    spots = sketch.at(np.array([row[1:3] for row in rows], dtype=np.float64))
    return [
        Dot(int(x), int(y), radius(row[3]), row[0]) for row, (x, y) in zip(rows, spots, strict=True)
    ]


def radius(households: int) -> float:
    """Of the dot of a settlement, in units of the picture: its area grows with the households."""
    return round(min(2 + math.sqrt(households) / 4, 9), 1)


def _drawing(
    sketch: outlines.Sketch, shapes: list[Shape], dots: list[Dot], *, whole: bool
) -> Drawing:
    room = sorted(zip(shapes, sketch.shapes, strict=True), key=lambda pair: -pair[1].room)
    names = [(shape.name, drawn.x, drawn.y) for shape, drawn in room]
    return Drawing(
        sketch.width, sketch.height, shapes, placing.placed(names, sketch.width), dots, whole
    )
