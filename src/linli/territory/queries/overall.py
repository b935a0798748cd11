"""How a plan is as a whole: each figure with what it means, in a sentence."""

from dataclasses import dataclass

import numpy as np
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from linli.areas.rows import Names
from linli.kernel.languages import pick
from linli.territory import shades
from linli.territory.labels import unpacked
from linli.territory.models import Grid, Plan
from linli.territory.queries.settlements import by_number, codes_before, each, places


@dataclass(frozen=True)
class Figure:
    """One figure as it is shown: a key for programs, what it is called, its value, its meaning.

    `number` is the plain value; `value` is the same written in the language that is active.
    """

    key: str
    name: str
    number: float
    value: str
    words: str


@dataclass(frozen=True)
class Overall:
    """A plan in figures.

    `lines` are townships, villages or other areas of one `kind`, by its name. `worst` is the
    heaviest load over the mean of its line, of the grid `worst_code`; `heaviest` and `lightest` are
    the mean loads of lines over the mean of all grids. `distance` is the mean way of a household to
    its grid's centre in a straight line, `way` that on the ground of those who have one,
    kilometres; `climbs` says whether heights count in it, `roads` whether it is by road, `cut_off`
    households have none.
    `roundness` is the mean of the grids that are drawn, 0 for none. `torn` counts grids in more
    than one piece. `way` and `torn` are None where they were not looked at. `changing` households
    get another grid than in the plan before, `share` of all; both 0 without one.
    """

    grids: int
    lines: int
    kind: Names
    settlements: int
    households: int
    load: float
    worst: float
    worst_code: str
    worst_names: Names
    heaviest: float
    lightest: float
    distance: float
    way: float | None
    climbs: bool
    roads: bool
    cut_off: int
    roundness: float
    torn: int | None
    changing: int
    share: float
    has_before: bool

    def figures(self) -> list[Figure]:
        """All figures with their sentences, in the language that is active."""
        return [
            *_counted(self),
            *_balanced(self),
            *_far(self),
            *_shaped(self),
            *([_changed(self)] if self.has_before else []),
        ]


def overall(plan: Plan) -> Overall:
    """The figures of a plan as it is stored."""
    here, rows, labels = places(plan.gazetteer), by_number(plan), unpacked(plan.labels)
    grids = [rows[number] for number in sorted(rows)]
    households = int(here.households.sum())
    worst = max(grids, key=lambda grid: grid.over, default=None)
    heaviest, lightest = _spread(grids)
    drawn = [grid.roundness for grid in grids if grid.roundness > 0]
    codes = each(labels, {number: grid.code for number, grid in rows.items()})
    before = codes_before(plan, here)
    changing = int(here.households[(before != "") & (before != codes)].sum())
    straight = sum(grid.households * grid.distance for grid in grids)
    return Overall(
        grids=len(grids), lines=len({grid.line for grid in grids}),
        kind=plan.lines.names or {"en": plan.lines.code},
        settlements=len(here), households=households,
        load=float(here.workload.sum()) / max(1, len(grids)),
        worst=worst.over if worst else 0.0, worst_code=worst.code if worst else "",
        worst_names=worst.names if worst else {},
        heaviest=heaviest, lightest=lightest, distance=straight / max(1, households),
        way=_way(grids), climbs=here.heights is not None,
        roads=bool(plan.gazetteer.net),
        cut_off=sum(grid.cut_off for grid in grids),
        roundness=float(np.mean(drawn)) if drawn else 0.0, torn=_torn(grids),
        changing=changing, share=changing / max(1, households),
        has_before=plan.before_id is not None,
    )  # fmt: skip


def _way(grids: list[Grid]) -> float | None:
    """The mean way on the ground of the households that have one."""
    known = [(grid.way, grid.households - grid.cut_off) for grid in grids if grid.way is not None]
    people = sum(count for _way, count in known)
    if not people or any(grid.pieces is None for grid in grids):
        return None
    return sum(way * count for way, count in known) / people


def _torn(grids: list[Grid]) -> int | None:
    """How many grids lie in more than one piece."""
    found = [grid.pieces for grid in grids]
    return None if None in found else sum(pieces > 1 for pieces in found if pieces is not None)


def _spread(grids: list[Grid]) -> tuple[float, float]:
    """Mean loads of the lines over the mean of all: the heaviest and the lightest."""
    if not grids:
        return 0.0, 0.0
    line = np.unique([grid.line for grid in grids], return_inverse=True)[1]
    load = np.array([grid.load for grid in grids])
    means = np.bincount(line, load) / np.bincount(line)
    over = means / load.mean()
    return float(over.max()), float(over.min())


def written(number: float, digits: int = 0) -> str:
    """A number in the language that is active."""
    return number_format(round(number, digits), decimal_pos=digits, force_grouping=True)


def percent(share: float) -> str:
    """A share of one as whole per cent; one decimal where that would say nothing."""
    digits = 1 if 0 < abs(share) < 0.02 else 0
    return _("%(number)s %%") % {"number": written(100 * share, digits)}


def _counted(of: Overall) -> list[Figure]:
    load = written(of.load, 1)
    return [
        Figure(
            "grids", _("Grids"), of.grids, written(of.grids),
            ngettext(
                "There is %(grids)s grid for %(settlements)s settlements with %(households)s "
                "households.",
                "There are %(grids)s grids for %(settlements)s settlements with %(households)s "
                "households.",
                of.grids,
            )
            % {
                "grids": written(of.grids),
                "settlements": written(of.settlements),
                "households": written(of.households),
            },
        ),
        Figure(
            "load", _("Work of a grid"), of.load, load,
            _("A grid has %(load)s units of work on average.") % {"load": load},
        ),
    ]  # fmt: skip


def _balanced(of: Overall) -> list[Figure]:
    more = percent(max(0.0, of.worst - 1))
    heavier, lighter = percent(of.heaviest - 1), percent(1 - of.lightest)
    worst = Figure(
        "worst",
        _("Heaviest grid"),
        of.worst,
        f"+{more}",
        _(
            "The heaviest grid, %(grid)s, has %(more)s more work than the grids of its %(line)s "
            "have on average."
        )
        % {
            "grid": pick(of.worst_names) or of.worst_code,
            "more": more,
            "line": shades.inside(of.kind),
        },
    )
    if of.lines < 2:
        return [worst]
    return [
        worst,
        Figure(
            "spread", _("From place to place"), of.heaviest, f"+{heavier}",
            _(
                "Where work is most, a grid has %(heavier)s more of it than the mean of all grids; "
                "where it is least, %(lighter)s less. Only another number of grids changes that."
            )
            % {"heavier": heavier, "lighter": lighter},
        ),
    ]  # fmt: skip


def _far(of: Overall) -> list[Figure]:
    """Ways: straight, on the ground, and who has none."""
    straight = written(of.distance, 1)
    words = _(
        "A household lives %(far)s km from the centre of its grid on average, as the crow flies."
    ) % {"far": straight}
    name = _("Way in a straight line")
    found = [Figure("distance", name, of.distance, kilometres(straight), words)]
    return found if of.way is None else [*found, _on_the_ground(of, of.way), _cut_off(of)]


def _on_the_ground(of: Overall, km: float) -> Figure:
    far = written(km, 1)
    if of.roads:
        words = _("By road, and from the road to the settlement, it is %(far)s km.")
    else:
        words = _(
            "On the ground it is %(far)s km: from settlement to settlement, and round rivers "
            "without a bridge."
        )
    words += " " + (_("Climbing makes a way longer.") if of.climbs else _("Heights are not known."))
    return Figure("way", _("Way on the ground"), km, kilometres(far), words % {"far": far})


def kilometres(number: str) -> str:
    """A number of kilometres as it is written."""
    return _("%(number)s km") % {"number": number}


def _cut_off(of: Overall) -> Figure:
    count = written(of.cut_off)
    words = (
        ngettext(
            "For %(count)s household no way to the centre of its grid is known.",
            "For %(count)s households no way to the centre of their grid is known.",
            of.cut_off,
        )
        % {"count": count}
        if of.cut_off
        else _("Every household has a way to the centre of its grid.")
    )
    return Figure("cut_off", _("Households without a way"), of.cut_off, count, words)


def _shaped(of: Overall) -> list[Figure]:
    found = []
    if of.roundness:
        round_ = written(of.roundness, 2)
        words = _("The outlines have a roundness of %(round)s; a circle has 1, a square 0.79.")
        found = [
            Figure("roundness", _("Roundness"), of.roundness, round_, words % {"round": round_})
        ]
    if of.torn is not None:
        found.append(_pieces(of.torn))
    return found


def _pieces(torn: int) -> Figure:
    words = (
        ngettext(
            "%(count)s grid lies in more than one piece.",
            "%(count)s grids lie in more than one piece.",
            torn,
        )
        % {"count": written(torn)}
        if torn
        else _("Every grid is in one piece.")
    )
    return Figure("torn", _("Grids in pieces"), torn, written(torn), words)


def _changed(of: Overall) -> Figure:
    value = percent(of.share)
    words = (
        _("%(households)s households, %(share)s of all, get another grid than they have now.")
        % {"households": written(of.changing), "share": value}
        if of.changing
        else _("Every household keeps the grid that it has now.")
    )
    return Figure("change", _("Households that change grid"), of.changing, value, words)
