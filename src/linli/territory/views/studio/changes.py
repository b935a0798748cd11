"""What an adoption changes, by name: lists of grids and posts, as long as a page bears."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.organisations.models import Post
from linli.territory.carrying import Carried, Preview
from linli.territory.models import Plan

SHOWN = 50  # of one list; `linli grids adopt --dry-run --json` names them all


@dataclass(frozen=True)
class Named:
    """A grid, group or post: what it is called, its code, and what belongs to it."""

    name: str
    code: str
    source: str = ""  # the grid that its posts come from
    posts: Sequence["Named"] = ()


@dataclass(frozen=True)
class Listed:
    """A list of which the first are shown."""

    all: Sequence[Named]

    @property
    def shown(self) -> Sequence[Named]:
        """As many as a page bears."""
        return self.all[:SHOWN]

    @property
    def more(self) -> int:
        """How many are not shown."""
        return max(0, len(self.all) - SHOWN)


def lists(plan: Plan, seen: Preview) -> dict[str, Listed]:
    """Every list of the page; grids that need a holder apart: new ones, and those empty today."""
    posts = _posts(seen)
    gone = {one.source for one in seen.carried if one.source}
    names = _names(plan, {*seen.end, *seen.torn, *gone, *(one.code for one in seen.carried)})

    def areas(codes: Iterable[str]) -> Listed:
        return Listed([Named(names.get(code, code), code) for code in codes])

    def grids(rows: Iterable[Carried]) -> Listed:
        return Listed([_grid(row, names, posts) for row in rows])

    bare = [one for one in seen.without if not (one.posts or one.kept)]
    return {
        "begin": areas(seen.begin),
        "end": areas(seen.end),
        "torn": areas(seen.torn),
        "bare": grids(bare),
        "empty": grids(one for one in seen.without if one not in bare),
        "new": grids(one for one in seen.carried if not one.kept and one.posts),
        "without_grid": Listed([Named(posts.get(code, code), code) for code in seen.without_grid]),
    }


def _grid(row: Carried, names: Mapping[str, str], posts: Mapping[str, str]) -> Named:
    source = "" if row.source is None or row.kept else names.get(row.source, row.source)
    held = [Named(posts.get(code, code), code) for code in row.posts]
    return Named(names.get(row.code, row.code), row.code, source, held)


def _posts(seen: Preview) -> dict[str, str]:
    codes = {*seen.without_grid, *(code for one in seen.carried for code in one.posts)}
    found = Post.objects.filter(code__in=codes).values_list("code", "names")
    return {code: pick(names) or code for code, names in found}


def _names(plan: Plan, codes: set[str]) -> dict[str, str]:
    """Names of areas of any day, the newest; those of the plan's grids first."""
    rows = Area.objects.filter(code__in=codes).order_by("since").values_list("code", "names")
    found = {code: pick(names) or code for code, names in rows}
    grids = plan.grids.filter(code__in=codes).values_list("code", "names")
    return found | {code: name for code, names in grids if (name := pick(names))}
