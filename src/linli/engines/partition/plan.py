"""A plan for a territory as a planner asks for it: what is bound is bound first, then divided."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from linli.engines.partition.beginning import carried
from linli.engines.partition.binding import Contradiction, contracted, not_across, together
from linli.engines.partition.design import BALANCED, Rules, Told, Weights, design
from linli.engines.partition.ground import (
    Floats,
    Ground,
    Ints,
    Pairs,
    gabriel,
    ground,
    inside_lines,
)
from linli.engines.partition.ways import NAISMITH, climbed


@dataclass(frozen=True)
class Bounds:
    """What a planner fixes. Points are named by their place in the list, parts by their label.

    `locked` (n,): the part in which a point stays and that nobody else joins, -1 for none.
    `together`: groups of points that share a part. `apart`: pairs that do not. `centres`: rows
    (x, y) of places from which the part round them is measured. `barriers`: shapely lines that
    nobody crosses but within the radius of one of `passes`, rows (x, y, radius). `roads`: pairs of
    points that take the place of neighbourhood in the plane. `heights` (n,) in metres: a part is
    measured in three dimensions, a metre of climb counting for `climb` kilometres (see
    `ways.climbed`); a fixed centre is as high as the point nearest to it. A ridge on which nobody
    lives shows in no height: it is one of the `barriers`.
    """

    locked: Ints | None = None
    together: Sequence[Ints] = ()
    apart: Ints = field(default_factory=lambda: np.zeros((0, 2), np.int64))
    centres: Floats = field(default_factory=lambda: np.zeros((0, 2)))
    barriers: Sequence[Any] = ()
    passes: Floats = field(default_factory=lambda: np.zeros((0, 3)))
    roads: Pairs | None = None
    heights: Floats | None = None
    climb: float = NAISMITH


FREE = Bounds()


@dataclass(frozen=True)
class Plan:
    """Labels (n,) of parts, the lines of the parts, and how parts stand in their lines.

    `links` counts what had to be joined over a line or a barrier, as no way leads between: each is
    a piece that the lines themselves cut off. `worst[l]` is the load of line l's heaviest part
    over the mean of its parts, 1 for one part; `locked_worst` the same over its locked parts only,
    0 where there are none: what no plan can mend.
    """

    labels: Ints
    line_of_part: Ints
    links: int
    worst: Floats
    locked_worst: Floats


def divide(
    points: Floats,
    workload: Floats,
    line: Ints,
    parts: Ints,
    *,
    bounds: Bounds = FREE,
    weights: Weights = BALANCED,
    begin: Ints | None = None,
    before: Ints | None = None,
    seed: int = 1,
    steps: int | None = None,
    progress: Told | None = None,
    cores: int | None = None,
) -> Plan:
    """Points (n, 2) in kilometres divided among `parts[l]` parts inside each line l.

    Arguments as in `design`, which says what the run does; points at the same place are one. In
    `begin`, as in `before`, a point may be without a part (-1): it begins in its neighbours'.
    Raises Contradiction where what is bound cannot be met, and ValueError for any other input that
    cannot be used, naming the points or the line.
    """
    _refuse_bad(points, workload, line, parts)
    _refuse_nowhere(points, bounds)
    cut = _Locks(line, parts, bounds.locked)
    unit = together(len(points), [*_at_one_place(points), *bounds.together])
    _refuse_torn(unit, cut.line, bounds.apart)
    _refuse_few(unit, cut)
    base, links = _ground(points, workload, cut.line, unit, bounds)
    of_unit = np.empty(len(base), np.int64)
    of_unit[unit] = np.arange(len(points))
    first, known = (
        None if labels is None else cut.inward(np.asarray(labels, np.int64))[of_unit]
        for labels in (begin, before)
    )
    if first is not None:
        first = carried(base, cut.line[of_unit], cut.parts, first)
    with _points_named(unit, bounds.apart):
        rules = Rules(None, unit[bounds.apart].reshape(-1, 2), _anchors(base, bounds.centres))
        labels = design(
            base, cut.line[of_unit], cut.parts, seed=seed, steps=steps, weights=weights,
            rules=rules, begin=first, before=known, cores=cores,
            progress=None if progress is None else _outward(progress, cut, unit),
        )[unit]  # fmt: skip
    return _judged(cut.outward[labels], workload, line, parts, bounds.locked, links)


def _at_one_place(points: Floats) -> list[Ints]:
    """Pairs of points that lie at the same place."""
    order = np.lexsort((points[:, 1], points[:, 0]))
    same = (points[order[1:]] == points[order[:-1]]).all(axis=1)
    return list(np.column_stack([order[:-1], order[1:]])[same])


class _Locks:
    """Lines and parts as the run sees them: a locked part is a line of its own, of one part."""

    def __init__(self, line: Ints, parts: Ints, locked: Ints | None) -> None:
        first = np.concatenate([[0], np.cumsum(parts)])
        fixed = np.full(len(line), -1) if locked is None else locked
        names = np.unique(fixed[fixed >= 0])
        wrong = (fixed >= 0) & ((fixed < first[line]) | (fixed >= first[line + 1]))
        if wrong.any():
            raise Contradiction("points are locked into another line", np.flatnonzero(wrong))
        owner = np.searchsorted(first, names, side="right") - 1
        free = parts - np.bincount(owner, minlength=len(parts)).astype(np.int64)
        left = np.bincount(line[fixed < 0], minlength=len(parts)) if len(line) else 0 * parts
        for n in np.flatnonzero((left > 0) & (free < 1)):
            outside = np.flatnonzero((line == n) & (fixed < 0))
            raise Contradiction("all parts of a line are locked, and points are left", outside)
        for n in np.flatnonzero(left < free):
            said = f"{left[n]} points are left for {free[n]} parts that are not locked"
            raise Contradiction(said, np.flatnonzero(line == n))
        busy = np.flatnonzero(free > 0)
        place = np.zeros(len(parts), np.int64)
        place[busy] = np.arange(len(busy))
        lock = len(busy) + np.searchsorted(names, fixed)
        self.line = np.where(fixed >= 0, lock, place[line]).astype(np.int64)
        self.parts = np.concatenate([free[busy], np.ones(len(names), np.int64)])
        open_parts = np.setdiff1d(np.arange(first[-1]), names)
        self.outward = np.concatenate([open_parts, names]).astype(np.int64)

    def inward(self, labels: Ints) -> Ints:
        """Labels of a plan in the numbers of the run."""
        back = np.full(len(self.outward) + 1, -1, np.int64)
        back[self.outward] = np.arange(len(self.outward))
        return np.asarray(back[np.where(labels < len(self.outward), labels, -1)])


def _ground(
    points: Floats, workload: Floats, line: Ints, unit: Ints, bounds: Bounds
) -> tuple[Ground, int]:
    """The ground of units, and how many links were needed for all to hang together in lines."""
    at, places, pairs = _places(points, bounds)
    of_place = np.empty(len(places), np.int64)
    of_place[at] = unit
    there = np.bincount(at, workload, len(places)).astype(np.float64)
    heights = None
    if bounds.heights is not None:
        up = climbed(bounds.heights, bounds.climb) * workload
        heights = np.bincount(at, up, len(places)) / there
    plain = ground(places, there, pairs, heights)
    if len(places) > int(unit.max()) + 1:
        plain = contracted(plain, of_place)
        of_place = np.arange(len(plain))
    line_of_unit = np.empty(len(plain), np.int64)
    line_of_unit[unit] = line
    here = np.repeat(np.arange(len(plain)), np.diff(plain.start))
    pairs = np.column_stack([here, plain.beside])[here < plain.beside]
    pairs, links = inside_lines(pairs, plain.points, line_of_unit)
    return plain.joined(pairs), links


def _places(points: Floats, bounds: Bounds) -> tuple[Ints, Floats, Pairs]:
    """For each point its place, the places, and the pairs of these between which one can go."""
    at = together(len(points), _at_one_place(points))
    places = np.empty((int(at.max()) + 1, 2))
    places[at] = points
    pairs = gabriel(places) if bounds.roads is None else _once(at[bounds.roads])
    return at, places, not_across(pairs, places, bounds.barriers, bounds.passes)


def _once(pairs: Pairs) -> Pairs:
    """Each pair once, whichever way round it was named, and none of a point with itself."""
    found = np.unique(np.sort(pairs.reshape(-1, 2), axis=1), axis=0)
    return np.asarray(found[found[:, 0] < found[:, 1]], np.int64)


def neighbours(points: Floats, bounds: Bounds = FREE) -> Pairs:
    """The pairs of points (n, 2) between which one can go straight, for `ways`.

    Neighbours in the plane or along `roads`, no barrier between them but near a pass; points at the
    same place are joined. Lines are not looked at: a way may lead over them.
    """
    at, _there, pairs = _places(points, bounds)
    _place, first = np.unique(at, return_index=True)
    same = np.asarray(_at_one_place(points), np.int64).reshape(-1, 2)
    return np.asarray(np.vstack([first[pairs], same]), np.int64)


@contextmanager
def _points_named(unit: Ints, apart: Ints) -> Iterator[None]:
    """A contradiction of units names points: those that are to be apart, or all that lie there."""
    try:
        yield
    except Contradiction as found:
        pairs = apart[np.isin(unit[apart], found.points).all(axis=1)] if len(apart) else apart
        points = np.unique(pairs) if len(pairs) else np.flatnonzero(np.isin(unit, found.points))
        raise Contradiction(str(found), points) from None


def _anchors(base: Ground, centres: Floats) -> Floats:
    """For each place the nearest unit and the place."""
    rows = np.zeros((len(centres), 3))
    for row, place in zip(rows, centres, strict=True):
        row[0] = ((base.points - place) ** 2).sum(axis=1).argmin()
        row[1:] = place
    if len(np.unique(rows[:, 0])) < len(rows):
        found, count = np.unique(rows[:, 0], return_counts=True)
        raise Contradiction("two centres lie at the same point", found[count > 1])
    return rows


def _outward(progress: Told, cut: _Locks, unit: Ints) -> Told:
    def told(done: int, all_: int, labels: Ints) -> bool:
        return progress(done, all_, cut.outward[labels][unit])

    return told


def _judged(
    labels: Ints, workload: Floats, line: Ints, parts: Ints, locked: Ints | None, links: int
) -> Plan:
    of_part = np.repeat(np.arange(len(parts)), parts)
    load = np.bincount(labels, workload, len(of_part))
    mean = np.bincount(line, workload, len(parts)) / parts
    over = load / mean[of_part]
    worst, locked_worst = np.zeros(len(parts)), np.zeros(len(parts))
    np.maximum.at(worst, of_part, over)
    if locked is not None:
        names = np.unique(locked[locked >= 0])
        np.maximum.at(locked_worst, of_part[names], over[names])
    return Plan(labels, of_part, links, worst, locked_worst)


def _refuse_bad(points: Floats, workload: Floats, line: Ints, parts: Ints) -> None:
    if not len(points):
        raise ValueError("there is nothing to divide")
    if not np.isfinite(points).all():
        raise ValueError(
            f"point {int(np.flatnonzero(~np.isfinite(points).all(1))[0])} lies nowhere"
        )
    bad = ~(np.isfinite(workload) & (workload > 0))
    if bad.any():
        raise ValueError(f"point {int(np.flatnonzero(bad)[0])} has no workload above zero")
    inside = np.bincount(line, minlength=len(parts))
    if len(inside) > len(parts) or (inside < parts).any() or (parts < 1).any():
        n = int(np.flatnonzero((inside < np.resize(parts, len(inside))) | (inside == 0))[0])
        raise ValueError(f"line {n} has {inside[n]} points and is to have more parts than that")


def _refuse_nowhere(points: Floats, bounds: Bounds) -> None:
    """Refuse heights that are missing, and a price on climbing below zero."""
    if bounds.heights is None:
        return
    if len(bounds.heights) != len(points):
        raise ValueError(f"{len(bounds.heights)} heights for {len(points)} points")
    unknown = np.flatnonzero(~np.isfinite(bounds.heights))
    if len(unknown):
        raise ValueError(f"the height of point {int(unknown[0])} is not known")
    if not bounds.climb >= 0:
        raise ValueError("climbing cannot make a way shorter")


def _refuse_torn(unit: Ints, line: Ints, apart: Ints) -> None:
    """Refuse what must stay together over a line or a lock, or both together and apart."""
    one = np.empty(int(unit.max()) + 1, np.int64)
    one[unit] = line
    torn = np.flatnonzero(one[unit] != line)
    if len(torn):
        raise Contradiction("points are to stay with points of another line or lock", torn)
    pairs = unit[apart].reshape(-1, 2)
    same = np.flatnonzero(pairs[:, 0] == pairs[:, 1])
    if len(same):
        raise Contradiction("points are to stay together and apart", apart[same[0]])


def _refuse_few(unit: Ints, cut: _Locks) -> None:
    """Refuse a line in which so much stays together that there is not enough for its parts."""
    lines = np.unique(np.column_stack([cut.line, unit]), axis=0)[:, 0]
    few = np.flatnonzero(np.bincount(lines, minlength=len(cut.parts)) < cut.parts)
    if len(few):
        raise Contradiction("too few are free for the parts", np.flatnonzero(cut.line == few[0]))
