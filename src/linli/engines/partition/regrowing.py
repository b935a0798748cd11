"""Growing some parts anew from other seeds: the way out where small steps cannot lead further."""

from typing import Any

import numba
import numpy as np

compiled: Any = numba.njit(cache=True, nogil=True)


@compiled  # type: ignore[untyped-decorator]
def regrow(  # noqa: C901 - compiled, one loop
    who: Any, seeds: Any, names: Any, start: Any, beside: Any, workload: Any, labels: Any
) -> None:
    """Share the points `who`, which hang together, anew among the parts `names`, in `labels`.

    Part names[j] grows from seeds[j]; the lightest part that can grow takes the next point.
    """
    count = len(names)
    for i in who:
        labels[i] = -2 - labels[i]  # free
    load = np.zeros(count)
    head = np.zeros(count, np.int64)
    tail = np.ones(count, np.int64)
    queue = np.empty((count, len(who)), np.int64)
    for j in range(count):
        queue[j, 0] = seeds[j]
        labels[seeds[j]] = names[j]
        load[j] = workload[seeds[j]]
    while True:
        lightest = -1
        for j in range(count):
            if head[j] < tail[j] and (lightest < 0 or load[j] < load[lightest]):
                lightest = j
        if lightest < 0:
            break
        here, grown = queue[lightest, head[lightest]], False
        for e in range(start[here], start[here + 1]):
            there = beside[e]
            if labels[there] < 0:
                labels[there] = names[lightest]
                load[lightest] += workload[there]
                queue[lightest, tail[lightest]] = there
                tail[lightest] += 1
                grown = True
                break
        if not grown:
            head[lightest] += 1
    for i in who:
        if labels[i] < 0:  # nothing reached it
            labels[i] = -2 - labels[i]
