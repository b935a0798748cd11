"""A plan as arrays for `engines.partition`, and the engine's answer as numbers of grids.

The engine numbers parts line by line; a plan numbers grids as they came. What cannot be calculated
is refused here, in words that name the township, the grid or the settlements.
"""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from linli.areas import queries as areas
from linli.areas.models import Level
from linli.engines.partition import Bounds
from linli.engines.partition.shares import Spread, spread
from linli.kernel.errors import Invalid
from linli.territory import aims, drawing, travel, tying
from linli.territory.labels import unpacked
from linli.territory.models import Plan
from linli.territory.queries.settlements import Places, by_number, codes_before, places
from linli.territory.weights import Weights

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
SHOWN = 5


@dataclass(frozen=True)
class Prepared:
    """What the engine is given for a plan, by position of its settlements.

    `line` (n,) are indices into `lines`, codes of areas; `parts` says how many grids each gets, and
    `numbers` which number the grid of each part has. `begin` and `before` (n,) are the parts of the
    plan as it is and of the plan before, -1 for none. `spread` is how unequal the mean loads of
    lines are whatever is calculated; `missed` are lines where no whole number of grids meets the
    load that was asked for.
    """

    here: Places
    line: Ints
    lines: tuple[str, ...]
    parts: Ints
    numbers: Ints
    begin: Ints
    before: Ints
    bounds: Bounds
    weights: Weights
    spread: Spread
    missed: tuple[str, ...]

    def numbered(self, labels: Ints) -> Ints:
        """The numbers of grids for parts that the engine found.

        Inside each line numbers go where most of the workload has them already, so that a
        calculation from nothing changes no more codes than it must.
        """
        own = self._matched(labels)
        return np.asarray(self.numbers[own[labels]])

    def as_parts(self, numbers: Ints) -> Ints:
        """Numbers of grids as parts; -1 for a grid that will be no more."""
        return _as_parts(numbers, self.numbers)

    def _matched(self, labels: Ints) -> Ints:
        count = len(self.numbers)
        had = self.begin >= 0
        pairs = labels[had] * count + self.begin[had]
        found, at = np.unique(pairs, return_inverse=True)
        shared = np.bincount(at, self.here.workload[had], len(found))
        own = np.arange(count)
        first = np.concatenate([[0], np.cumsum(self.parts)])
        of_line = np.searchsorted(first, found // count, side="right") - 1
        for n in np.unique(of_line):
            here, low, size = of_line == n, int(first[n]), int(self.parts[n])
            table = np.zeros((size, size))
            table[found[here] // count - low, found[here] % count - low] = shared[here]
            rows, columns = linear_sum_assignment(table, maximize=True)
            own[low + rows] = low + columns
        return own


def prepared(plan: Plan) -> Prepared:
    """A plan for the engine.

    Raises Invalid: settlement-on-no-line, grids-too-few, grids-more-than-settlements,
    lock-breaks-balance, and what `tying.tied` raises.
    """
    here, labels = places(plan.gazetteer), unpacked(plan.labels)
    line, lines = lines_of(here, plan.lines)
    weights = Weights.of(plan.weights)
    tied = tying.tied(plan.bindings.all(), here, labels, line)
    load = np.bincount(line, here.workload, len(lines)).astype(np.float64)
    parts, missed = aims.parts(aims.wanted(plan.wanted), load, *_limits(tied, line, len(lines)),
                               lines)  # fmt: skip
    numbers = _numbers(plan, here, labels, line, parts, tied.locked)
    grids = dict(plan.grids.values_list("number", "code"))
    _refuse_heavy_locks(tied.locked, here.workload, line, parts, weights, lines, grids)
    by_code = {code: number for number, code in grids.items()}
    earlier = np.array([by_code.get(c, -1) for c in codes_before(plan, here)], np.int64)
    bounds = replace(
        grounds(plan, here, labels, np.arange(len(here))),
        locked=_as_parts(tied.locked, numbers),
        together=tied.groups, apart=tied.apart, centres=tied.centres,
    )  # fmt: skip
    return Prepared(
        here, line, lines, parts, numbers, _as_parts(labels, numbers),
        _as_parts(earlier, numbers), bounds, weights, spread(load, parts), tuple(missed),
    )  # fmt: skip


def grounds(plan: Plan, here: Places, labels: Ints, at: Ints) -> Bounds:
    """What the engine is told of the ground of a plan's settlements `at`, which come in that order.

    Heights; neighbours, and what the outlines of the plan's grids join besides; rivers, where the
    plan is asked to heed them.
    """
    patch = drawing.patches(here, by_number(plan), labels, at)
    rivers = bool(plan.wanted.get("barriers"))
    return travel.of(plan.gazetteer).bounds(here, at, patch, rivers=rivers)


def lines_of(here: Places, level: Level) -> tuple[Ints, tuple[str, ...]]:
    """For each settlement the index of the area of a level that covers it, and their codes.

    Invalid `settlement-on-no-line` where none does.
    """
    found = areas.areas_at(here.lon, here.lat, level=level.code)
    lost = np.flatnonzero(found == None)  # noqa: E711 - by element
    if len(lost):
        raise Invalid(
            "settlement-on-no-line",
            _("Some settlements lie in no area of this level."),
            fields={
                "level": level.code,
                "count": len(lost),
                "settlements": [str(here.codes[n]) for n in lost[:SHOWN]],
            },
        )
    codes, index = np.unique(found.astype(str), return_inverse=True)
    return index.astype(np.int64), tuple(str(code) for code in codes)


def _limits(tied: tying.Tied, line: Ints, lines: int) -> tuple[Ints, Ints]:
    """The least and the most grids that each line can have."""
    pairs = np.unique(np.column_stack([line, tied.locked]), axis=0)
    locks = np.bincount(pairs[pairs[:, 1] >= 0, 0], minlength=lines)
    free = tied.locked < 0
    units = np.unique(np.column_stack([line[free], tied.unit[free]]), axis=0)
    open_units = np.bincount(units[:, 0], minlength=lines)
    return (locks + (open_units > 0)).astype(np.int64), (locks + open_units).astype(np.int64)


def _numbers(plan: Plan, here: Places, labels: Ints, line: Ints, parts: Ints, locked: Ints) -> Ints:
    """Which number the grid of each part has: those that stand, locked and heavy ones first."""
    load = np.bincount(labels, here.workload, plan.grids_made)
    of_grid = np.full(plan.grids_made, -1)
    of_grid[labels] = line
    fixed = np.isin(np.arange(plan.grids_made), locked[locked >= 0])
    found: list[int] = []
    fresh = plan.grids_made
    for n, count in enumerate(parts.tolist()):
        own = np.flatnonzero(of_grid == n)
        stays = own[np.lexsort((own, -load[own], ~fixed[own]))][:count]
        new = list(range(fresh, fresh + count - len(stays)))
        fresh += len(new)
        found += [*sorted(stays.tolist()), *new]
    return np.array(found, np.int64)


def _as_parts(labels: Ints, numbers: Ints) -> Ints:
    """Numbers of grids as parts; -1 for those that have none."""
    table = np.full(max(int(labels.max(initial=-1)), int(numbers.max(initial=-1))) + 2, -1)
    table[numbers] = np.arange(len(numbers))
    return np.asarray(table[labels], np.int64)


def _refuse_heavy_locks(
    locked: Ints, workload: Floats, line: Ints, parts: Ints, weights: Weights,
    lines: tuple[str, ...], grids: dict[int, str],
) -> None:  # fmt: skip
    """Name the line that a locked grid keeps from balance, and by how much."""
    mean = np.bincount(line, workload, len(parts)) / parts
    for number in np.unique(locked[locked >= 0]).tolist():
        here = locked == number
        n = int(line[here][0])
        over = float(workload[here].sum() / mean[n])
        others = _over_of_others(locked, workload, line, parts, n) / float(mean[n])
        if max(over, others) > 1 + weights.band:
            fields: dict[str, Any] = {
                "line": lines[n],
                "grid": grids.get(number, str(number)),
                "over": f"{over:.2f}",
                "others": f"{others:.2f}",
                "most": f"{1 + weights.band:.2f}",
            }
            raise Invalid("lock-breaks-balance", gettext(LOCKED) % fields, fields=fields)


LOCKED = gettext_noop(
    "With grid %(grid)s locked no plan keeps the loads in %(line)s even: it has %(over)s times the "
    "mean, the others would have at least %(others)s times, and %(most)s is the most. Release the "
    "lock, allow a wider band, or ask for another number of grids."
)


def _over_of_others(locked: Ints, workload: Floats, line: Ints, parts: Ints, n: int) -> float:
    """The mean load of the grids of a line that are not locked; 0 where all are."""
    free = (line == n) & (locked < 0)
    count = int(parts[n]) - len(np.unique(locked[(line == n) & (locked >= 0)]))
    return float(workload[free].sum()) / count if count else 0.0


def filled(labels: Ints, here: Places, line: Ints) -> Ints:
    """Labels in which -1 took that of the nearest settlement of its line that has one.

    A line in which nobody has one gets a new number.
    """
    labels, fresh = labels.copy(), int(labels.max(initial=-1)) + 1
    for n in np.unique(line[labels < 0]):
        own = np.flatnonzero(line == n)
        known, lost = own[labels[own] >= 0], own[labels[own] < 0]
        if len(known):
            labels[lost] = labels[known[cKDTree(here.km[known]).query(here.km[lost])[1]]]
        else:
            labels[lost] = fresh
            fresh += 1
    return labels
