"""Figures for publication: medians from tallies, and counts too small to show.

Suppression works on trees of counts: a node's children are parts of it (townships of a county,
services of a place). What a node counts beyond its children is its *rest*. A count under the
threshold is never published, and neither is anything from which one could be worked out:

* a node is published only if its parent is, so the published nodes are the top of the tree;
* of a published node's parts (children and a rest that is not zero), those not published are
  either none, or add up to the threshold or more and are at least two, or are one part that by
  itself reaches the threshold.

All that anybody can derive from published numbers are, for each published node, sums of its
unpublished parts; so no single count under the threshold can be derived. A test proves it by
linear algebra on random trees.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
SMALLEST = 11


def published(
    counts: Mapping[K, int], parents: Mapping[K, K | None], smallest: int = SMALLEST
) -> set[K]:
    """The nodes whose counts may be published.

    `counts` holds every node with everything under it; `parents` maps each node to its parent,
    None for a root. Several roots are judged one by one: never publish their sum as well.
    """
    children: dict[K | None, list[K]] = {}
    for node, parent in parents.items():
        children.setdefault(parent, []).append(node)
    shown = {root for root in children.get(None, []) if counts[root] >= smallest}
    waiting = list(shown)
    while waiting:
        node = waiting.pop()
        found = _parts_shown(counts[node], {c: counts[c] for c in children.get(node, [])}, smallest)
        shown |= found
        waiting += found
    return shown


def _parts_shown(total: int, parts: Mapping[K, int], smallest: int) -> set[K]:
    """Which children of a published node may be published."""
    rest = total - sum(parts.values())
    hidden = [rest] if rest else []
    shown = sorted((k for k, n in parts.items() if n >= smallest), key=lambda k: -parts[k])
    hidden += [n for n in parts.values() if n < smallest]
    while shown and not _safe(hidden, smallest):
        hidden.append(parts[shown.pop()])
    return set(shown)


def _safe(hidden: Sequence[int], smallest: int) -> bool:
    if not hidden:
        return True
    return sum(hidden) >= smallest and (len(hidden) > 1 or hidden[0] >= smallest)


def median(tally: Mapping[int, int]) -> float | None:
    """The median of whole numbers given as {value: how often}; None of nothing."""
    total = sum(tally.values())
    if not total:
        return None
    low, high = _nth(tally, (total - 1) // 2), _nth(tally, total // 2)
    return (low + high) / 2


def _nth(tally: Mapping[int, int], index: int) -> int:
    seen = 0
    for value in sorted(tally):
        seen += tally[value]
        if seen > index:
            return value
    raise IndexError(index)


def percent(part: int, whole: int) -> float | None:
    """A share of 100 with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None
