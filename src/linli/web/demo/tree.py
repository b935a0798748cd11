"""The nodes of the log's tree as `opendata.indexing` would keep them, made while the log grows."""

from linli.cases.events import CaseOpened
from linli.engines import merkle
from linli.kernel.models import Sealed
from linli.opendata import indexing
from linli.opendata.indexing import BLOCK, start_of
from linli.opendata.models import LogLeaf, LogNode
from linli.web.demo.tables import Table

WIDTH = 1 << BLOCK  # leaves of a block


class Tree:
    """The log's tree from `size` leaves on."""

    def __init__(self, size: int) -> None:
        indexing.catch_up()
        self._nodes = Table(LogNode, "id", "level", "position", "hash")
        self._leaves = Table(LogLeaf, "number", "start")
        self.tables = [self._nodes]
        self.size = size
        blocks = size // WIDTH
        rows = Sealed.objects.filter(number__gt=blocks * WIDTH).order_by("number")
        last = list(rows.values_list("entry__leaf", "entry__event"))
        self._block = [bytes(leaf) for leaf, _ in last]
        self._openings = [
            (blocks * WIDTH + i, start_of(bytes(leaf)))
            for i, (leaf, event) in enumerate(last, start=1)
            if event == CaseOpened.name
        ]
        self._peaks = [
            bytes(LogNode.objects.get(level=level, position=(size >> level) - 1).hash)
            for level in range(size.bit_length(), BLOCK - 1, -1)
            if size >> level & 1
        ]

    def grow(self, leaves: list[bytes], events: list[str]) -> None:
        """More leaves, with the events they are of."""
        for leaf, event in zip(leaves, events, strict=True):
            self.size += 1
            self._block.append(leaf)
            if event == CaseOpened.name:
                self._openings.append((self.size, start_of(leaf)))
            if len(self._block) == WIDTH:
                self._close_block()
        self._nodes.write(self._nodes.taken())
        self._leaves.write(self._leaves.taken())

    def frontier(self) -> list[bytes]:
        """The roots of the complete subtrees, as the sealer keeps them."""
        last: list[bytes] = []
        for size, leaf in enumerate(self._block):
            last = merkle.appended(last, size, leaf)
        return self._peaks + last

    def _close_block(self) -> None:
        """A block is full: its root, and those of the subtrees it completes."""
        level, position, node = BLOCK, self.size // WIDTH - 1, merkle.root(self._block)
        self._nodes.add(self._nodes.new_pk(), level, position, node)
        while position & 1:
            level, position = level + 1, position >> 1
            node = merkle.node_hash(self._peaks.pop(), node)
            self._nodes.add(self._nodes.new_pk(), level, position, node)
        self._peaks.append(node)
        self._block = []
        for opening in self._openings:
            self._leaves.add(*opening)
        self._openings = []
