"""A plan as a map drawn in the page: it needs no script, and every shape is a link.

Few grids are drawn at once (`parts`): a plan of many shows the areas below its own, each in the
colour of its heaviest grid; one of them then shows what is below, down to grids.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from linli.areas import labels as placing
from linli.areas import outlines
from linli.areas.models import Area, Boundary, Level
from linli.kernel.languages import pick
from linli.territory import codes, labels, shades
from linli.territory.models import Grid, Plan, Settlement
from linli.territory.parts import Parts

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
    lines: Level
    back: str = ""  # the address of a picture of all grids, to lie behind shapes that are areas

    @property
    def legend(self) -> dict[str, Any]:
        """What colours mean, `title`, and the five steps in words, the lightest first."""
        title = _("Work of a grid, beside the mean of its %(line)s:")
        steps = [{"step": number, "text": text} for number, text in enumerate(shades.WORDS)]
        return {"title": title % {"line": shades.line(self.lines)}, "steps": steps}


def grid_name(grid: Grid) -> str:
    """The name of a grid in the reader's language, or its code."""
    return pick(grid.names) or grid.code


def line_names(plan: Plan, codes: Sequence[str]) -> dict[str, str]:
    """The names of townships (or villages) in the reader's language, by code."""
    rows = Area.objects.current().filter(level=plan.lines, code__in=codes)
    return {row.code: pick(row.names) or row.code for row in rows}


def of_area(parts: Parts, area: Area, address: Address, back: str) -> Drawing:
    """The grids in an area; where they are too many, the areas right below, with `back` behind.

    `address(grid, area)` is where a shape leads: one of both codes is empty.
    """
    if below := parts.below(area):
        said = {one.area.code: _heaviest(parts.plan, one.grids) for one in below}
        return replace(draw_areas(parts.plan, said, address), back=back)
    return draw(parts.plan, parts.held(area.code), address)


def as_svg(plan: Plan, grids: Sequence[Grid]) -> bytes:
    """All these grids as one picture without names or links: a file of its own, for `back`."""
    rows = plan.grids.filter(pk__in=[grid.pk for grid in grids]).exclude(wkb=b"")
    found = list(rows.values_list("over", "wkb"))
    sketch = outlines.sketch([wkb for _over, wkb in found]) if found else None
    paths = [""] * len(shades.COLOURS)
    for (over, _wkb), shape in zip(found, sketch.shapes if sketch else (), strict=True):
        paths[shades.step(over)] += shape.path
    light, dark = (
        "".join(f".s{n}{{fill:{pair[scheme]}}}" for n, pair in enumerate(shades.COLOURS))
        for scheme in (0, 1)
    )
    style = (
        f"path{{stroke:#000;stroke-opacity:.4;stroke-width:.5}}{light}"
        f"@media(prefers-color-scheme:dark){{path{{stroke:#fff}}{dark}}}"
    )
    box = f"0 0 {sketch.width} {sketch.height}" if sketch else "0 0 1 1"
    drawn = "".join(f'<path class="s{n}" d="{path}"/>' for n, path in enumerate(paths))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}" preserveAspectRatio="none">'
        f"<style>{style}</style>{drawn}</svg>"
    ).encode()


def _heaviest(plan: Plan, grids: Sequence[Grid]) -> tuple[int, str]:
    """The step of the heaviest grid, and its load in words."""
    over = max(grid.over for grid in grids)
    return shades.step(over), _("heaviest grid: %(words)s") % {
        "words": shades.words(over, plan.lines)
    }


def draw(
    plan: Plan, grids: Sequence[Grid], address: Address, *, chosen: Grid | None = None
) -> Drawing:
    """The map of these grids, which may have come without their outlines."""
    drawn = list(plan.grids.filter(pk__in=[grid.pk for grid in grids]).order_by("code"))
    drawn = [grid for grid in drawn if grid.wkb]
    if not drawn:
        return Drawing(outlines.WIDTH, 0, [], [], [], plan.lines)
    sketch = outlines.sketch([grid.wkb for grid in drawn])
    shapes = [
        Shape(
            one.path, shades.step(grid.over), grid_name(grid), shades.words(grid.over, plan.lines),
            address(grid.code, ""), chosen is not None and chosen.pk == grid.pk,
        )
        for grid, one in zip(drawn, sketch.shapes, strict=True)
    ]  # fmt: skip
    dots = _dots(plan, chosen, sketch) if chosen else []
    return _drawing(sketch, shapes, dots, plan.lines)


def draw_areas(plan: Plan, said: Mapping[str, tuple[int, str]], address: Address) -> Drawing:
    """The map of areas by code, each with its step of colour and what is said of it."""
    held = Area.objects.current().filter(code__in=said)
    rows = Boundary.objects.filter(area__in=held).order_by("area__code")
    found = list(rows.values_list("area__code", "area__names", "wkb"))
    if not found:
        return Drawing(outlines.WIDTH, 0, [], [], [], plan.lines)
    sketch = outlines.sketch([body for _code, _names, body in found])
    shapes = [
        Shape(
            one.path, said[code][0], pick(names) or code, said[code][1],
            address("", code), False,
        )
        for (code, names, _body), one in zip(found, sketch.shapes, strict=True)
    ]  # fmt: skip
    return _drawing(sketch, shapes, [], plan.lines)


def draw_groups(plan: Plan, grid: str) -> Drawing:
    """The map of the neighbour groups that a plan brings along for one of its grids, by its code.

    They all have the colour of the middle, as no group has a figure of its own; each shows the
    number in its code.
    """
    rows = list(plan.groups.filter(grid=grid).order_by("code"))
    if not rows:
        return Drawing(outlines.WIDTH, 0, [], [], [], plan.lines)
    sketch = outlines.sketch([row.wkb for row in rows])
    shapes = [
        Shape(one.path, shades.MIDDLE, pick(row.names) or row.code, row.code, "", False)
        for row, one in zip(rows, sketch.shapes, strict=True)
    ]
    return _drawing(sketch, shapes, [], plan.lines, [codes.number_in(grid, r.code) for r in rows])


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
    sketch: outlines.Sketch,
    shapes: list[Shape],
    dots: list[Dot],
    lines: Level,
    texts: Sequence[str] = (),
) -> Drawing:
    """`texts` stand on the shapes in place of their names."""
    said = texts or [shape.name for shape in shapes]
    room = sorted(zip(said, sketch.shapes, strict=True), key=lambda pair: -pair[1].room)
    names = [(text, drawn.x, drawn.y) for text, drawn in room]
    return Drawing(
        sketch.width, sketch.height, shapes, placing.placed(names, sketch.width), dots, lines
    )
