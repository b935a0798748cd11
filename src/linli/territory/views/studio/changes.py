"""What an adoption changes, by name: lists of grids and posts, as long as a page bears."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.kernel.models import Account
from linli.organisations import rules as staffing
from linli.organisations.duties import NEIGHBOURHOOD
from linli.organisations.models import Duty, Post
from linli.territory.as_areas import Torn
from linli.territory.carrying import Carried, Preview
from linli.territory.models import Plan, PlanState

SHOWN = 50  # of one list; `linli grids adopt --dry-run --json` names them all


@dataclass(frozen=True)
class Named:
    """A grid, group or post: what it is called, its code, and what belongs to it."""

    name: str
    code: str
    source: str = ""  # the grid that its posts come from
    posts: Sequence["Named"] = ()
    fill: bool = False  # the reader may give it a post


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


def lists(plan: Plan, seen: Preview, by: Account) -> dict[str, Listed]:
    """Every list of the page; grids that need a holder apart: new ones, and those empty today.

    Those come first to which the reader may give a post.
    """
    posts = _posts(seen)
    gone = {one.source for one in seen.carried if one.source}
    codes = {*seen.end, *gone, *seen.others}
    names = _names(plan, {*codes, *(one.code for one in seen.carried)})

    def areas(codes: Iterable[str]) -> Listed:
        return Listed([Named(names.get(code, code), code) for code in codes])

    def grids(rows: Iterable[Carried], mine: Collection[str] = ()) -> Listed:
        found = [_grid(row, names, posts, mine) for row in rows]
        return Listed(sorted(found, key=lambda one: not one.fill))

    fresh = [one for one in seen.carried if not one.kept and one.posts]
    if plan.state == PlanState.IN_FORCE:  # from where each post came is not known any more
        fresh = [replace(one, source=None) for one in fresh]
    bare = [one for one in seen.without if not (one.posts or one.kept)]
    mine = _mine(plan, seen, by)
    return {
        "begin": areas(seen.begin),
        "end": areas(seen.end),
        "missing": areas(seen.missing),
        "others": areas(seen.others),
        "bare": grids(bare, mine),
        "empty": grids((one for one in seen.without if one not in bare), mine),
        "new": grids(one for one in fresh if one.source),
        "named": grids(one for one in fresh if not one.source),
        "without_grid": Listed([Named(posts.get(code, code), code) for code in seen.without_grid]),
        **of_torn_groups(plan, seen.torn),
    }


def of_torn_groups(plan: Plan, found: Torn) -> dict[str, Listed]:
    """Groups of today that are cut, that end, and the grids where people have none then."""
    lists = {"cut": found.smaller, "torn": found.ending, "ungrouped": found.bare}
    names = _names(plan, {code for codes in lists.values() for code in codes})
    return {
        name: Listed([Named(names.get(code, code), code) for code in codes])
        for name, codes in lists.items()
    }


def _mine(plan: Plan, seen: Preview, by: Account) -> set[str]:
    """Codes of the grids that need a holder, are areas, and to which the reader may give a post."""
    duty = Duty.objects.filter(code=NEIGHBOURHOOD).first()
    if duty is None or plan.since is None or not staffing.staffs_any(by):
        return set()
    ground = staffing.ground_of(by, duty)
    rows = Area.objects.current(plan.since).filter(code__in=[one.code for one in seen.without])
    return {
        code
        for code, path in rows.values_list("code", "path")
        if ground is None or not ground.isdisjoint(path.split("/"))
    }


def _grid(
    row: Carried, names: Mapping[str, str], posts: Mapping[str, str], mine: Collection[str]
) -> Named:
    source = "" if row.source is None or row.kept else names.get(row.source, row.source)
    held = [Named(posts.get(code, code), code) for code in row.posts]
    return Named(names.get(row.code, row.code), row.code, source, held, row.code in mine)


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
