"""The log as anybody may check it: signed heads, proofs of inclusion and of growth (RFC 6962)."""

from collections.abc import Sequence
from dataclasses import dataclass

from linli.cases.events import CaseOpened
from linli.engines import merkle
from linli.kernel.errors import Missing, Unavailable
from linli.kernel.models import Entry, Sealed, TreeHead
from linli.opendata.indexing import BLOCK, start_of
from linli.opendata.models import LogLeaf, LogNode


@dataclass(frozen=True)
class Proof:
    """That a leaf is the `number`-th of the log (from 1), up to the root of a signed head."""

    leaf: bytes
    number: int
    head: TreeHead
    path: Sequence[bytes]

    @property
    def holds(self) -> bool:
        """Does the path lead from the leaf to the head's root?"""
        return merkle.includes(
            leaf=self.leaf,
            index=self.number - 1,
            size=self.head.size,
            path=self.path,
            root=bytes(self.head.root),
        )


def heads(limit: int = 400) -> list[TreeHead]:
    """The newest signed heads, newest first."""
    return list(TreeHead.objects.order_by("-size")[:limit])


def prove(leaf: bytes) -> Proof:
    """The proof for the opening record with this leaf, under the newest signed head.

    Raises:
        Missing: `not-in-log`, no opening record has this leaf.
        Unavailable: `not-signed-yet`, it is in the log, but no signed head covers it so far.
    """
    number = _number(leaf)
    head = TreeHead.objects.order_by("-size").first()
    if number is None:
        raise Missing("not-in-log")
    if head is None or head.size < number:
        raise Unavailable("not-signed-yet")
    return Proof(leaf, number, head, _Tree().path(number - 1, head.size))


def grown(first: int, second: int) -> list[bytes]:
    """The proof that the signed tree of `second` leaves begins with that of `first`."""
    sizes = {first, second}
    if first > second or TreeHead.objects.filter(size__in=sizes).count() != len(sizes):
        raise Missing("no-such-head")
    return _Tree().growth(first, second)


def _number(leaf: bytes) -> int | None:
    """Where the leaf stands: among the indexed, else in the unindexed end of the log."""
    near = LogLeaf.objects.filter(start=start_of(leaf)).values("number")
    for number, found in Sealed.objects.filter(number__in=near).values_list(
        "number", "entry__leaf"
    ):
        if bytes(found) == leaf:
            return int(number)
    end = LogNode.objects.filter(level=BLOCK).count() << BLOCK
    rest = Entry.objects.filter(sealed__number__gt=end, event=CaseOpened.name, leaf=leaf)
    found_number = rest.values_list("sealed__number", flat=True).first()
    return int(found_number) if found_number is not None else None


class _Tree:
    """Hashes of ranges of leaves: whole blocks from the kept nodes, the rest from the leaves."""

    def __init__(self) -> None:
        self.leaves: dict[int, list[bytes]] = {}

    def path(self, index: int, size: int) -> list[bytes]:
        """PATH(index, D[size]) of RFC 6962, 2.1.1."""
        found, low, high = [], 0, size
        while high - low > 1:
            middle = low + _split(high - low)
            if index < middle:
                found.append(self.range(middle, high))
                high = middle
            else:
                found.append(self.range(low, middle))
                low = middle
        return found[::-1]

    def growth(self, first: int, second: int) -> list[bytes]:
        """PROOF(first, D[second]) of RFC 6962, 2.1.2."""
        return self._growth(first, 0, second, whole=True)

    def _growth(self, first: int, low: int, high: int, *, whole: bool) -> list[bytes]:
        if first == high - low:
            return [] if whole else [self.range(low, high)]
        k = _split(high - low)
        if first <= k:
            left = self._growth(first, low, low + k, whole=whole)
            return [*left, self.range(low + k, high)]
        right = self._growth(first - k, low + k, high, whole=False)
        return [*right, self.range(low, low + k)]

    def range(self, low: int, high: int) -> bytes:
        """The root of the leaves from `low` up to, without, `high`."""
        size = high - low
        level = size.bit_length() - 1
        if size == 1 << level and low % size == 0 and level >= BLOCK:
            kept = LogNode.objects.filter(level=level, position=low >> level).first()
            if kept is not None:
                return bytes(kept.hash)
        if size <= 1 << BLOCK:
            return merkle.root(self._leaves(low, high))
        middle = low + _split(size)
        return merkle.node_hash(self.range(low, middle), self.range(middle, high))

    def _leaves(self, low: int, high: int) -> list[bytes]:
        block = low >> BLOCK
        if block not in self.leaves:
            first = block << BLOCK
            rows = Sealed.objects.filter(number__gt=first, number__lte=first + (1 << BLOCK))
            self.leaves[block] = [
                bytes(leaf)
                for leaf in rows.order_by("number").values_list("entry__leaf", flat=True)
            ]
        offset = block << BLOCK
        return self.leaves[block][low - offset : high - offset]


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
