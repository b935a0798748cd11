"""Choosing an area without scripts: county, then township, then village; or by name.

A page puts `areas/picker.html` inside a form with method GET and gives it `picker`:

    picker = picker_from(request.GET)
    if picker.area: ...
"""

from dataclasses import dataclass

from django.http import QueryDict

from linli.areas import queries
from linli.areas.models import Area
from linli.areas.search import Found, search

DEEPEST = 4  # village: nearer than that is a place or a point


@dataclass(frozen=True)
class Step:
    """One list: the areas inside the one chosen before."""

    areas: list[Area]
    chosen: str


@dataclass(frozen=True)
class Picker:
    """The lists so far, the area chosen in them, and what a search by name found."""

    steps: list[Step]
    area: Area | None
    text: str
    found: list[Found]

    @property
    def more(self) -> bool:
        """The last list is open: choosing in it leads further."""
        return bool(self.steps) and not self.steps[-1].chosen


def picker_from(query: QueryDict, *, deepest: int = DEEPEST) -> Picker:
    """Read `in` (codes, one for each list or just the deepest) and `find` (part of a name)."""
    codes = [code for code in query.getlist("in") if code]
    chain = _chain(codes)
    steps: list[Step] = []
    inside = _top()
    area = None
    while inside:
        here = next((a for a in inside if a.code in chain), None)
        steps.append(Step(inside, here.code if here else ""))
        if here is None:
            break
        area = here
        inside = _below(here) if here.level.depth < deepest else []
    text = query.get("find", "").strip()
    return Picker(steps, area, text, search(text, kinds=("area",)) if text else [])


def _chain(codes: list[str]) -> set[str]:
    """The codes themselves; for a single one also those above it."""
    if len(codes) != 1:
        return set(codes)
    area = queries.by_code(codes[0])
    return {*codes, *(above.code for above in queries.ancestors(area))} if area else set()


def _top() -> list[Area]:
    roots = list(queries.roots().select_related("level"))
    return _below(roots[0]) or roots if len(roots) == 1 else roots


def _below(area: Area) -> list[Area]:
    return list(queries.children(area).select_related("level"))
