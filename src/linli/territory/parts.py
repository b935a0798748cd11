"""A plan from the whole down: the areas right below one, until the grids of one fit on a page."""

from collections.abc import Sequence
from dataclasses import dataclass

from linli.areas import queries as areas
from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.territory.models import Grid, Plan

FEW = 4  # grids that make no map yet
MOST = 60  # grids in one table and on one map, which stay small enough for a slow network


@dataclass(frozen=True)
class Part:
    """An area with those grids of a plan that lie in it; at least one."""

    area: Area
    grids: Sequence[Grid]

    @property
    def name(self) -> str:
        """In the language that is active."""
        return pick(self.area.names) or self.area.code

    @property
    def households(self) -> int:
        """All that live there."""
        return sum(grid.households for grid in self.grids)

    @property
    def joining(self) -> int:
        """Households that get another grid than in the plan before."""
        return sum(grid.joining for grid in self.grids)

    @property
    def share(self) -> float:
        """These, of all households; 0 to 1."""
        return self.joining / max(1, self.households)


class Parts:
    """The grids of a plan, without their outlines, by the areas that they lie in."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.grids = list(plan.grids.order_by("code").defer("wkb"))
        lines = areas.within(plan.area).filter(level=plan.lines).values_list("code", "path")
        self._paths = {code: path.split("/") for code, path in lines}

    def area(self, code: str) -> Area:
        """The area of this code where grids of the plan lie in it; else that of the whole plan."""
        found = areas.by_code(code) if code else None
        within = found is not None and self.plan.area.code in found.path.split("/")
        return found if found is not None and within and self.held(code) else self.plan.area

    def held(self, code: str) -> list[Grid]:
        """The grids in the area of this code, by code."""
        if code == self.plan.area.code:
            return self.grids
        return [grid for grid in self.grids if code in self._path(grid)]

    def below(self, area: Area) -> list[Part]:
        """The areas right below, by code; none where the grids fit, or nothing is below."""
        held = self.held(area.code)
        if len(held) <= MOST or area.level.depth >= self.plan.lines.depth:
            return []
        found: dict[str, list[Grid]] = {}
        for grid in held:
            path = self._path(grid)
            found.setdefault(path[path.index(area.code) + 1], []).append(grid)
        rows = {row.code: row for row in Area.objects.current().filter(code__in=found)}
        return [Part(rows[code], grids) for code, grids in sorted(found.items()) if code in rows]

    def around(self, path: Sequence[str]) -> str:
        """Of codes from the whole down, the first area whose grids fit; empty where none does."""
        return next((code for code in path if 0 < len(self.held(code)) <= MOST), "")

    def above(self, area: Area) -> list[Area]:
        """The areas above one, the nearest first, up to that of the plan."""
        found = []
        for row in areas.ancestors(area) if area.code != self.plan.area.code else ():
            found.append(row)
            if row.code == self.plan.area.code:
                break
        return found

    def beside(self, grid: Grid) -> list[Grid]:
        """The grids around one: those of its line or, where they are few, of the area above."""
        line = self.held(grid.line)
        above = self.above(self.area(grid.line))[:1] if len(line) < FEW else []
        wider = self.held(above[0].code) if above else line
        return wider if len(wider) <= MOST else line

    def _path(self, grid: Grid) -> list[str]:
        return self._paths.get(grid.line, [self.plan.area.code, grid.line])
