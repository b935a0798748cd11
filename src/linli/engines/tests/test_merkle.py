"""The Merkle tree against its definition, and proofs against tampering."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from linli.engines import merkle

leaves = st.lists(st.binary(min_size=1, max_size=8).map(merkle.leaf_hash), min_size=1, max_size=40)


def by_definition(hashes):
    """MTH as RFC 6962 writes it, without a frontier."""
    if not hashes:
        return sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while k * 2 < len(hashes):
        k *= 2
    return merkle.node_hash(by_definition(hashes[:k]), by_definition(hashes[k:]))


@given(leaves)
def test_the_frontier_gives_the_root_of_the_definition(hashes):
    assert merkle.root(hashes) == by_definition(hashes)


def test_the_empty_tree():
    assert merkle.root([]) == sha256(b"").digest()


@given(leaves, st.data())
def test_every_leaf_can_be_proved_and_no_other(hashes, data):
    index = data.draw(st.integers(0, len(hashes) - 1))
    path = merkle.inclusion(hashes, index)
    whole = {"index": index, "size": len(hashes), "path": path, "root": merkle.root(hashes)}
    assert merkle.includes(leaf=hashes[index], **whole)
    assert not merkle.includes(leaf=merkle.leaf_hash(b"another"), **whole)
    assert not merkle.includes(leaf=hashes[index], **{**whole, "path": [*path, b"x" * 32]})


@given(leaves, st.data())
def test_consistency_of_a_grown_log_with_its_past(hashes, data):
    first = data.draw(st.integers(1, len(hashes)))
    proof = merkle.consistency(hashes, first)
    assert len(proof) <= 2 * len(hashes).bit_length()
    assert (proof == []) == (first == len(hashes))
