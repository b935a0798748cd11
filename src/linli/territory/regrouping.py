"""Cells regrouped so that groups have neither too few households nor too many. Pure.

A cell is the ground round one spot (`gathering.py`), with the households that live there. A group
that is too small or too large is divided anew, alone or together with one beside it, in every way
in which its cells hang together, and the roundest is taken. Where there is none a small group is
joined to one beside it; one that is too large stays.
"""

from collections.abc import Iterator, Sequence, Set

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Cells = frozenset[int]
MANY = 16  # cells of which not every way is tried


class Regrouping:
    """Groups of cells inside parents; `households` (n,) live in each cell, `km` (n, 2) is its spot.

    `pairs` (m, 2) are cells of one parent that share a border. A group has `least` households or
    more, and `most` at most where that can be.
    """

    def __init__(self, households: Ints, km: Floats, pairs: Ints, *, least: int, most: int) -> None:
        self._size, self._km, self._least, self._most = households.tolist(), km, least, most
        self._beside: list[set[int]] = [set() for _cell in self._size]
        for one, other in pairs.tolist():
            self._beside[one].add(other)
            self._beside[other].add(one)

    def of(self, labels: Ints) -> list[Cells]:
        """The groups, beginning with those of `labels` (n,)."""
        order = np.argsort(labels, kind="stable")
        starts = np.flatnonzero(np.diff(labels[order])) + 1
        groups = {frozenset(some.tolist()) for some in np.split(order, starts) if len(some)}
        self._mend(groups)
        while small := [one for one in groups if self._weight(one) < self._least]:
            one = min(small, key=lambda group: (self._weight(group), min(group)))
            beside = self._next_to(one, groups)
            if not beside:
                break  # all of a parent, which has fewer
            other = min(beside, key=lambda group: (self._weight(group), min(group)))
            groups -= {one, other}
            groups.add(one | other)
            self._mend(groups)
        return sorted(groups, key=min)

    def _weight(self, cells: Set[int]) -> int:
        return sum(self._size[cell] for cell in cells)

    def _fits(self, cells: Set[int]) -> bool:
        return self._least <= self._weight(cells) <= self._most

    def _next_to(self, group: Cells, groups: Set[Cells]) -> list[Cells]:
        around = self._around(group)
        return sorted((one for one in groups if not around.isdisjoint(one)), key=min)

    def _mend(self, groups: set[Cells]) -> None:
        """Divide anew what does not fit, as long as that helps; every time one group more fits."""
        wrong = [one for one in groups if not self._fits(one)]
        for one in sorted(wrong, key=lambda group: (-self._weight(group), min(group))):
            if one not in groups:
                continue
            for some in self._neighbourhoods(one, groups):
                if found := self._divided(frozenset().union(*some)):
                    groups.difference_update(some)
                    groups.update(found)
                    break

    def _neighbourhoods(self, one: Cells, groups: Set[Cells]) -> Iterator[Sequence[Cells]]:
        """The group alone, and with each one beside it."""
        yield [one]
        yield from ([one, other] for other in self._next_to(one, groups))

    def _divided(self, cells: Cells) -> list[Cells] | None:
        """The roundest way to divide cells into groups that fit; None where there is none."""
        if len(cells) > MANY:
            return None
        spread: dict[Cells, float] = {}
        ways = list(self._ways(cells, spread))
        return min(ways, key=lambda way: sum(spread[one] for one in way), default=None)

    def _ways(self, cells: Cells, spread: dict[Cells, float]) -> Iterator[list[Cells]]:
        if not cells:
            yield []
            return
        for one in self._hanging_together(min(cells), cells):
            if self._fits(one):
                spread.setdefault(one, self._spread(one))
                yield from ([one, *rest] for rest in self._ways(cells - one, spread))

    def _hanging_together(self, first: int, cells: Cells) -> Iterator[Cells]:
        """Every connected set of these cells with the first one and no more than the most."""
        found = [frozenset([first])]
        while found:
            yield from found
            wider = {
                one | {cell}: None  # in the order in which they were found
                for one in found
                for cell in sorted(self._around(one) & cells)
                if self._weight(one) + self._size[cell] <= self._most
            }
            found = list(wider)

    def _around(self, cells: Cells) -> set[int]:
        """Cells that share a border with one of these."""
        return set[int]().union(*(self._beside[cell] for cell in cells)) - cells

    def _spread(self, cells: Cells) -> float:
        """Squared kilometres from the middle, of all households together."""
        some = list(cells)
        weight = np.array([self._size[cell] for cell in some], np.float64)
        away = self._km[some] - np.average(self._km[some], axis=0, weights=weight)
        return float((weight * (away**2).sum(axis=1)).sum())
