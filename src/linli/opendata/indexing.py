"""Keeping the nodes of the log's tree at a fixed block size, and where opening records stand."""

from linli.cases.events import CaseOpened
from linli.engines import merkle
from linli.kernel.models import Sealed
from linli.opendata.actions import keep_nodes
from linli.opendata.models import LogLeaf, LogNode

BLOCK = 8  # levels below are hashed on demand: 256 leaves
BLOCKS = 64  # handled in one transaction


def start_of(leaf: bytes) -> int:
    """The first eight bytes of a leaf as a signed number, as `LogLeaf.start` holds them."""
    return int.from_bytes(leaf[:8], "big", signed=True)


def catch_up(most: int = 20_000) -> int:
    """Index full blocks that are sealed and not indexed yet, at most `most`; returns how many."""
    done = 0
    while done < most and (count := _next(min(BLOCKS, most - done))):
        done += count
    return done


def _next(most: int) -> int:
    first = LogNode.objects.filter(level=BLOCK).count()
    low = first << BLOCK
    rows = list(
        Sealed.objects.filter(number__gt=low, number__lte=low + (most << BLOCK))
        .order_by("number")
        .values_list("number", "entry__leaf", "entry__event")
    )
    full = len(rows) >> BLOCK
    if not full:
        return 0
    rows = rows[: full << BLOCK]
    openings = [
        LogLeaf(number=n, start=start_of(bytes(leaf)))
        for n, leaf, event in rows
        if event == CaseOpened.name
    ]
    leaves = [bytes(leaf) for _n, leaf, _e in rows]
    nodes = {
        (BLOCK, first + i): merkle.root(leaves[i << BLOCK : (i + 1) << BLOCK]) for i in range(full)
    }
    _grow(nodes, first, full)
    keep_nodes(nodes, openings)
    return full


def _grow(nodes: dict[tuple[int, int], bytes], first: int, count: int) -> None:
    """Add the nodes above that become complete; the left one may be kept already."""
    level, low, high = BLOCK, first, first + count
    while high > low:
        parents = range(low >> 1, high >> 1)
        for parent in parents:
            left = nodes.get((level, 2 * parent)) or _kept(level, 2 * parent)
            nodes[level + 1, parent] = merkle.node_hash(left, nodes[level, 2 * parent + 1])
        level, low, high = level + 1, low >> 1, high >> 1


def _kept(level: int, position: int) -> bytes:
    return bytes(LogNode.objects.get(level=level, position=position).hash)
