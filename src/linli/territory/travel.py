"""Between which settlements one can go, and how far that is for somebody on the ground.

Neighbours are those that a planner brought with the settlements, or that the roads make which they
brought. Without them they are settlements whose neighbour groups touch; and where groups have no
outlines, those of the Gabriel graph. A way leads along the roads; without them from neighbour to
neighbour, round rivers or over their bridges. It counts what is climbed where heights are known.
All this is worked out once for a gazetteer and kept in this process until areas or the map change,
or a day begins, with which groups may.
"""

import datetime as dt
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np

from linli.areas import queries as areas
from linli.areas.conditions import today
from linli.engines.ground import Ground
from linli.engines.partition import Bounds, Net, neighbours, ways
from linli.territory import figures, tying
from linli.territory.labels import METRES, unpacked
from linli.territory.models import Gazetteer
from linli.territory.queries.settlements import Floats, Ints, Places, places
from linli.territory.touching import of_groups

KEPT = 4  # gazetteers
NONE = np.zeros((0, 2), np.int64)  # pairs


@dataclass(frozen=True)
class Travel:
    """`pairs` (m, 2) are neighbours, by position; `open` (k, 2) those that no river parts.

    `rivers` and `passes` are as `tying.barriers` gives them, `heights` (n,) metres. `net` are the
    roads that were brought; no river parts what they join.
    """

    pairs: Ints
    open: Ints
    rivers: list[Any]
    passes: Floats
    heights: Floats | None
    net: Net | None = None

    def within(self, here: Places, at: Ints, patch: Ints) -> Ints:
        """Which of the settlements `at` hang together, by their place in `at`.

        `patch` (len(at),) is as for `figures.joined`.
        """
        place = np.full(len(here), -1)
        place[at] = np.arange(len(at))
        pairs = place[self.pairs]
        return figures.joined(here.km[at], pairs[(pairs >= 0).all(axis=1)], patch)

    def bounds(self, here: Places, at: Ints, patch: Ints, *, rivers: bool) -> Bounds:
        """What the engine is told of the ground of the settlements `at`, which come in that order.

        `rivers`: they part what no bridge joins. `patch` as for `within`.
        """
        found = Bounds(
            roads=self.within(here, at, patch),
            heights=None if self.heights is None else self.heights[at],
        )
        return replace(found, barriers=self.rivers, passes=self.passes) if rivers else found

    def on_the_ground(
        self, here: Places, labels: Ints, centres: Floats, fixed: Floats, only: Ints
    ) -> figures.OnTheGround:
        """Ways to the `centres` (parts, 2) of the grids `only`.

        A way is the straight line, and what the ground adds to that on the way to the settlement
        nearest to the centre. `fixed` are the centres that are fixed, NaN where none is.
        """
        found = ways(
            here.km, here.workload, labels, len(centres), self.net or self.open,
            heights=self.heights, centres=fixed, only=only,
        )  # fmt: skip
        middle, centre = here.km[found.middle[labels]], centres[labels]
        more = np.maximum(found.km - np.hypot(*(here.km - middle).T), 0)
        km = np.hypot(*(here.km - centre).T) + more
        return figures.on_the_ground(km, here.households, labels, len(centres))


def of(gazetteer: Gazetteer) -> Travel:
    """How people go between the settlements of a gazetteer."""
    return _kept(gazetteer.pk, gazetteer.imported_at, areas.ground(), today())


@lru_cache(maxsize=KEPT)
def _kept(gazetteer: int, _imported: dt.datetime, _rivers: Ground, _day: dt.date) -> Travel:
    """By what it depends on: a key may come again after an import that was undone."""
    row = Gazetteer.objects.select_related("area").get(pk=gazetteer)
    here = places(row)
    if not len(here):
        return Travel(NONE, NONE, [], np.zeros((0, 3)), None)
    pairs = figures.everywhere(here.km, _neighbours(row, here))
    if row.net:
        return Travel(pairs, pairs, [], np.zeros((0, 3)), here.heights, _net(row))
    rivers, passes = tying.barriers(here)
    dry = neighbours(here.km, Bounds(roads=pairs, barriers=rivers, passes=passes))
    return Travel(pairs, figures.everywhere(here.km, dry), rivers, passes, here.heights)


def _net(row: Gazetteer) -> Net:
    links = unpacked(row.net).reshape(-1, 3)
    return Net(links[:, :2], links[:, 2] / METRES)


def _neighbours(row: Gazetteer, here: Places) -> Ints:
    """Pairs as they were brought; else of groups that touch; else of the Gabriel graph."""
    if row.neighbours:
        return unpacked(row.neighbours).reshape(-1, 2)
    touching, covered = of_groups(row.area, here)
    near = neighbours(here.km)
    return np.vstack([touching, near[~covered[near].all(axis=1)]])
