"""Maps for paper as SVG: a grid with what lies round it, and all grids of a plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import shapely
from numpy.typing import NDArray

from linli.areas.models import MapFeature
from linli.areas.shapes import from_wkb
from linli.territory.labels import unpacked
from linli.territory.models import Grid, Plan
from linli.territory.projecting import Sheet
from linli.territory.queries.settlements import codes_before, codes_of, places

Shapes = NDArray[Any]
WIDTH, HEIGHT = 178.0, 122.0  # millimetres, the map of a grid
WHOLE_WIDTH, WHOLE_HEIGHT = 178.0, 62.0
MARGIN = 0.12  # of the grid's size, on each side
FINE = 0.06  # millimetres: what is finer is not drawn
BAR = 45.0  # millimetres, the longest scale bar
ROOM = 90.0  # square millimetres that a neighbour needs for its code
RIVER, ROAD = MapFeature.Layer.RIVER, MapFeature.Layer.ROAD
STEPS = ((0.9, "#8fb7bb"), (0.97, "#c4dad9"), (1.03, "#f1ead8"), (1.1, "#ecc9a4"))
HEAVY = "#d99a80"


@dataclass(frozen=True)
class Frame:
    """A part of the sheet, in kilometres, as a picture of some millimetres."""

    west: float
    north: float
    scale: float  # millimetres of a kilometre
    width: float
    height: float

    @classmethod
    def round(cls, bounds: Sequence[float], width: float, height: float, margin: float) -> Self:
        """The frame that holds these bounds with a margin, in the middle."""
        x0, y0, x1, y1 = bounds
        wide, high = max(x1 - x0, 0.05), max(y1 - y0, 0.05)
        scale = min(width / wide, height / high) / (1 + 2 * margin)
        return cls(
            (x0 + x1) / 2 - width / scale / 2, (y0 + y1) / 2 + height / scale / 2,
            scale, width, height,
        )  # fmt: skip

    @property
    def box(self) -> tuple[float, float, float, float]:
        """West, south, east, north in kilometres."""
        return (
            self.west, self.north - self.height / self.scale,
            self.west + self.width / self.scale, self.north,
        )  # fmt: skip

    def millimetres(self, km: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the sheet as points of the picture, y from the top."""
        return (km - [self.west, self.north]) * [self.scale, -self.scale]

    def bar(self) -> tuple[float, float]:
        """How long a scale bar of a round number of kilometres is, and that number."""
        most = BAR / self.scale
        step = 10.0 ** np.floor(np.log10(most))
        km = float(max(n * step for n in (1, 2, 5) if n * step <= most))
        return km * self.scale, km


class Ground:
    """All that the maps of a plan show, in kilometres of its sheet, found by where it lies."""

    def __init__(self, plan: Plan) -> None:
        here = places(plan.gazetteer)
        self.sheet: Sheet = here.sheet
        self.settlements, self.households = here.km, here.households
        self.labels = unpacked(plan.labels)
        self.before, self.after = codes_before(plan, here), codes_of(plan)
        self.grids = list(plan.grids.exclude(wkb=b"").order_by("code"))
        self.shapes = self._flat([bytes(grid.wkb) for grid in self.grids])
        self.tree = shapely.STRtree(self.shapes)
        self.ways = {layer: self._ways(layer) for layer in (RIVER, ROAD)}

    def _flat(self, rows: Sequence[bytes]) -> Shapes:
        whole: Shapes = np.array([*from_wkb(rows), None], dtype=object)[:-1]
        return np.asarray(shapely.transform(whole, self.sheet.kilometres), dtype=object)

    def _ways(self, layer: str) -> tuple[Any, Shapes, NDArray[np.int64]]:
        rows = list(MapFeature.objects.filter(layer=layer).values_list("wkb", "rank"))
        lines = self._flat([bytes(wkb) for wkb, _rank in rows])
        return shapely.STRtree(lines), lines, np.array([rank for _wkb, rank in rows], np.int64)


def of_grid(ground: Ground, grid: Grid) -> dict[str, Any] | None:
    """The map of one grid: `svg`, its size, labels of neighbours, its scale bar; None undrawn."""
    at = next((n for n, one in enumerate(ground.grids) if one.number == grid.number), None)
    if at is None:
        return None
    frame = Frame.round(ground.shapes[at].bounds, WIDTH, HEIGHT, MARGIN)
    near = np.sort(ground.tree.query(shapely.box(*frame.box)))
    clipped = _clipped(ground.shapes[near], frame)
    body = [f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fbf9f4"/>']
    own = clipped[int(np.flatnonzero(near == at)[0])]
    others = [shape for n, shape in zip(near, clipped, strict=True) if n != at]
    body += [_area(shape, "#e9e5dc", "#b5ad9d", 0.25) for shape in others]
    body += [_area(own, "#fbf0d3", "none", 0)]
    body += _lines(ground, frame)
    body += [_area(own, "none", "#084549", 0.75)]
    body += _dots(ground, frame, grid)
    labels = _labels(
        [(n, shape) for n, shape in zip(near, clipped, strict=True) if n != at], ground
    )
    return _picture(body, frame, labels)


def of_plan(ground: Ground) -> dict[str, Any] | None:
    """The map of all grids, shaded by their load over the mean of their line; None for none."""
    if not ground.grids:
        return None
    bounds = shapely.total_bounds(ground.shapes)
    frame = Frame.round(bounds.tolist(), WHOLE_WIDTH, WHOLE_HEIGHT, 0.01)
    flat = shapely.coverage_simplify(shapely.transform(ground.shapes, frame.millimetres), FINE)
    body = [
        _area(shape, shade(grid.over), "#fffdf9", 0.12)
        for grid, shape in zip(ground.grids, flat, strict=True)
    ]
    lines = np.array([grid.line for grid in ground.grids], dtype=object)
    for line in sorted(set(lines)):
        body.append(_area(shapely.coverage_union_all(flat[lines == line]), "none", "#4c5a57", 0.3))
    return _picture(body, frame, [])


def shade(over: float) -> str:
    """The colour of a load over its mean: blue where it is light, red where it is heavy."""
    return next((colour for top, colour in STEPS if over < top), HEAVY)


def _picture(body: list[str], frame: Frame, labels: list[dict[str, Any]]) -> dict[str, Any]:
    millimetres, km = frame.bar()
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{frame.width}mm" '
        f'height="{frame.height}mm" viewBox="0 0 {frame.width} {frame.height}">'
    )
    return {
        "svg": head + "".join(body) + "</svg>",
        "width": frame.width, "height": frame.height, "labels": labels,
        "bar": {"length": millimetres, "km": f"{km:g}"},
    }  # fmt: skip


def _clipped(shapes: Shapes, frame: Frame) -> Shapes:
    """Shapes as far as the frame shows them, in millimetres, without what is too fine."""
    inside = shapely.clip_by_rect(shapes, *frame.box)
    return np.asarray(
        shapely.simplify(shapely.transform(inside, frame.millimetres), FINE), dtype=object
    )


def _area(shape: Any, fill: str, stroke: str, width: float) -> str:
    rings = shapely.get_rings(shapely.get_parts(shape))
    path = "".join(_path(ring) + "Z" for ring in rings)
    return (
        f'<path d="{path}" fill="{fill}" fill-rule="evenodd" stroke="{stroke}" '
        f'stroke-width="{width}" stroke-linejoin="round"/>'
    )


def _path(line: Any) -> str:
    return "M" + "L".join(f"{x:.2f} {y:.2f}" for x, y in shapely.get_coordinates(line))


def _lines(ground: Ground, frame: Frame) -> list[str]:
    found = []
    for layer, colour, widest in ((RIVER, "#7fa9c4", 1.0), (ROAD, "#b08a55", 0.7)):
        tree, lines, ranks = ground.ways[layer]
        near = np.sort(tree.query(shapely.box(*frame.box)))
        for line, rank in zip(_clipped(lines[near], frame), ranks[near].tolist(), strict=True):
            path = "".join(_path(part) for part in shapely.get_parts(line) if not part.is_empty)
            found.append(
                f'<path d="{path}" fill="none" stroke="{colour}" '
                f'stroke-width="{max(0.25, widest / rank):.2f}" stroke-linecap="round"/>'
            )
    return found


def _dots(ground: Ground, frame: Frame, grid: Grid) -> list[str]:
    """Settlements: those of the grid full, those that come to it with a ring, those that go hollow;
    others small."""
    west, south, east, north = frame.box
    x, y = ground.settlements.T
    found = []
    for n in np.flatnonzero((x > west) & (x < east) & (y > south) & (y < north)):
        cx, cy = frame.millimetres(ground.settlements[n])
        size = min(2.2, 0.45 + 0.07 * float(np.sqrt(ground.households[n])))
        at = f'<circle cx="{cx:.2f}" cy="{cy:.2f}"'
        if ground.labels[n] == grid.number:
            if ground.before[n] not in ("", grid.code):
                ring = f'{at} r="{size + 0.9:.2f}"'
                found.append(f'{ring} fill="#fffdf9" stroke="#2a6639" stroke-width="0.4"/>')
            found.append(f'{at} r="{size:.2f}" fill="#1e2624"/>')
        elif ground.before[n] == grid.code:
            found.append(
                f'{at} r="{size:.2f}" fill="#fffdf9" stroke="#a13d2d" stroke-width="0.5"/>'
            )
        else:
            found.append(f'{at} r="{size * 0.6:.2f}" fill="#9a9284"/>')
    return found


def _labels(near: Sequence[tuple[int, Any]], ground: Ground) -> list[dict[str, Any]]:
    found = []
    for n, shape in near:
        if shape.area < ROOM:
            continue
        point = shape.point_on_surface()
        found.append({"text": ground.grids[n].code, "x": point.x, "y": point.y})
    return found
