"""The Merkle tree of RFC 6962, section 2.1: leaves, roots, inclusion and consistency proofs.

Pure functions over 32-byte hashes. A `frontier` is the list of roots of the complete subtrees that
a tree of a given size consists of, largest first: enough to append and to give the root.
"""

from collections.abc import Sequence
from hashlib import sha256


def leaf_hash(data: bytes) -> bytes:
    """SHA-256(0x00 ‖ data)."""
    return sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


def appended(frontier: Sequence[bytes], size: int, leaf: bytes) -> list[bytes]:
    """The frontier after one more leaf; `size` is the number of leaves before it."""
    peaks = [*frontier, leaf]
    while size & 1:
        right = peaks.pop()
        peaks.append(node_hash(peaks.pop(), right))
        size >>= 1
    return peaks


def root_of(frontier: Sequence[bytes]) -> bytes:
    """The tree's root from its frontier; the hash of nothing for an empty tree."""
    if not frontier:
        return sha256(b"").digest()
    root = frontier[-1]
    for peak in reversed(frontier[:-1]):
        root = node_hash(peak, root)
    return root


def root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962 over leaf hashes: level by level, an odd one out goes up as it is."""
    level = list(leaves)
    while len(level) > 1:
        pairs = zip(level[::2], level[1::2], strict=False)
        odd = level[-1:] if len(level) % 2 else []
        level = [sha256(b"\x01" + left + right).digest() for left, right in pairs] + odd
    return level[0] if level else root_of([])


def _split(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def inclusion(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The audit path of leaf `index` (from 0), bottom first; IndexError outside the tree."""
    if not 0 <= index < len(leaves):
        raise IndexError(index)
    if len(leaves) == 1:
        return []
    k = _split(len(leaves))
    if index < k:
        return [*inclusion(leaves[:k], index), root(leaves[k:])]
    return [*inclusion(leaves[k:], index - k), root(leaves[:k])]


def consistency(leaves: Sequence[bytes], first: int) -> list[bytes]:
    """The proof that the tree of the `first` leaves is a prefix of this one (RFC 6962, 2.1.2)."""
    if not 0 < first <= len(leaves):
        raise IndexError(first)
    return _subproof(leaves, first, True)


def _subproof(leaves: Sequence[bytes], first: int, whole: bool) -> list[bytes]:
    if first == len(leaves):
        return [] if whole else [root(leaves)]
    k = _split(len(leaves))
    if first <= k:
        return [*_subproof(leaves[:k], first, whole), root(leaves[k:])]
    return [*_subproof(leaves[k:], first - k, False), root(leaves[:k])]


def includes(*, leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Does this audit path lead from the leaf to the root? (RFC 9162, section 2.1.3.2)"""
    if not 0 <= index < size:
        return False
    last, node = size - 1, leaf
    for step in path:
        if last == 0:
            return False
        if index & 1 or index == last:
            node = node_hash(step, node)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = node_hash(node, step)
        index, last = index >> 1, last >> 1
    return last == 0 and node == root
