"""A division of a whole territory: begun by halving, improved step by step, always valid."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from linli.engines.partition import annealing
from linli.engines.partition.beginning import halved, in_one_piece
from linli.engines.partition.ground import Floats, Ground, Ints

SLICES = 50  # of a run: between two of them progress is told, and it may be stopped


@dataclass(frozen=True)
class Weights:
    """What a plan is judged by. All terms are in units of the mean inertia of a part.

    `distance`: how far people are from the middle of their part. `even`: workload off the mean,
    beyond `band` (a share of it) in full and below by its square. `shape`: a ragged outline
    (perimeter^2 / 4 pi area, 1 for a circle). `change`: workload that gets another part than now.
    """

    distance: float = 1.0
    even: float = 10.0
    shape: float = 0.05
    change: float = 0.0
    band: float = 0.02


def design(
    ground: Ground,
    line: Ints,
    parts: Ints,
    *,
    seed: int = 1,
    steps: int | None = None,
    weights: Weights = Weights(),
    heat: tuple[float, float] = (0.1, 1e-4),
    sharper: float = 10.0,
    begin: Ints | None = None,
    before: Ints | None = None,
    held: Ints | None = None,
    progress: Callable[[int, int], bool] | None = None,
) -> Ints:
    """Labels (n,) of parts inside lines.

    `line[i]` says within which lines point i lies, `parts[l]` how many parts these hold; the
    ground's graph must not cross lines. `steps` is how many moves are tried (400 a point), `heat`
    from where to where the readiness for worse falls, `sharper` how much more evenness counts at
    the end. `progress(done, all)` returning False stops the run; what it gives then is valid too.
    """
    total = int(parts.sum())
    labels = halved(ground, line, parts) if begin is None else begin.astype(np.int64).copy()
    labels = in_one_piece(ground, labels, total)
    steps = 400 * len(ground) if steps is None else steps
    if len(ground) == 0 or total == len(parts):
        return labels
    sums = _sums(ground, labels, line, parts)
    prices = np.array([weights.distance, weights.even, weights.shape, weights.change, weights.band])
    before = np.full(len(ground), -1) if before is None else before.astype(np.int64)
    stays = np.zeros(len(ground), np.bool_) if held is None else held.astype(np.bool_)
    scratch = np.zeros((4, len(ground) + 1), dtype=np.int64)
    state = np.array([(seed * 2654435761 + 88172645463325252) % 2**63 | 1, 0], dtype=np.uint64)
    graph, cells = (ground.start, ground.beside), _cells(ground)
    middle = ground.points.mean(axis=0)
    a_slice = max(1, steps // SLICES)
    cooling = (heat[1] / heat[0]) ** (1 / max(1, steps))
    now = heat[0]
    for done in range(0, steps, a_slice):
        count = min(a_slice, steps - done)
        annealing.walk(
            count, now, cooling, graph, cells, ground.points - middle, ground.workload,
            labels, before, stays, sums, prices, scratch, state,
        )  # fmt: skip
        now *= cooling**count
        prices[annealing.EVEN] *= sharper ** (count / steps)
        if progress is not None and not progress(done + count, steps):
            break
    return labels


def _cells(ground: Ground) -> tuple[Ints, Ints, Floats, Floats]:
    return ground.edge, ground.across, ground.border, ground.area


def _sums(ground: Ground, labels: Ints, line: Ints, parts: Ints) -> Floats:
    """What `annealing` keeps of each part; the scale is the mean inertia of a part in its lines."""
    total = int(parts.sum())
    points = ground.points - ground.points.mean(axis=0)
    sums = np.zeros((total, 10))
    weighed = points * ground.workload[:, None]
    sums[:, annealing.LOAD] = np.bincount(labels, ground.workload, total)
    sums[:, annealing.EAST] = np.bincount(labels, weighed[:, 0], total)
    sums[:, annealing.NORTH] = np.bincount(labels, weighed[:, 1], total)
    sums[:, annealing.AREA] = np.bincount(labels, ground.area, total)
    here = np.repeat(np.arange(len(ground)), np.diff(ground.edge))
    apart = labels[here] != labels[ground.across]
    sums[:, annealing.OUTLINE] = np.bincount(labels[here[apart]], ground.border[apart], total)
    of_part = np.repeat(np.arange(len(parts)), parts)
    load = np.bincount(line, ground.workload, len(parts))
    sums[:, annealing.TARGET] = (load / parts)[of_part]
    squares = np.bincount(line, ground.workload * (points**2).sum(axis=1), len(parts))
    about = (sums[:, annealing.EAST] ** 2 + sums[:, annealing.NORTH] ** 2) / sums[:, annealing.LOAD]
    inertia = squares - np.bincount(of_part, about, len(parts))
    sums[:, annealing.SCALE] = np.maximum(inertia / parts, 1e-9)[of_part]
    return sums
