"""Cutting connected cells into connected regions."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.engines.prefecture.partition import Graph, grow, share


def lattice(side: int) -> Graph:
    points = np.array([[i % side, i // side] for i in range(side * side)], dtype=float)
    pairs = [(i, i + 1) for i in range(side * side) if i % side < side - 1]
    pairs += [(i, i + side) for i in range(side * (side - 1))]
    return Graph.of(np.array(pairs), np.ones(len(pairs)), points)


def connected(graph: Graph, cells: set[int]) -> bool:
    reached, waiting = set(), [next(iter(cells))]
    while waiting:
        cell = waiting.pop()
        if cell not in reached:
            reached.add(cell)
            waiting += [n for n in graph.neighbours[cell] if n in cells]
    return reached == cells


@settings(max_examples=50, deadline=None)
@given(st.sets(st.integers(0, 63), min_size=1, max_size=9), st.booleans())
def test_every_region_is_connected_and_holds_its_seed(seeds: set[int], evenly: bool) -> None:
    graph, order = lattice(8), sorted(seeds)
    region = grow(graph, range(64), order, np.ones(64), np.ones(len(order)), evenly=evenly)
    assert sorted(region) == list(range(64))
    for number, seed in enumerate(order):
        cells = {cell for cell, found in region.items() if found == number}
        assert seed in cells
        assert connected(graph, cells)


def test_even_regions_are_near_their_targets() -> None:
    graph = lattice(12)
    region = grow(graph, range(144), [0, 11, 132, 143], np.ones(144), np.ones(4))
    assert [list(region.values()).count(i) for i in range(4)] == [36] * 4


def test_members_that_are_not_connected_are_refused() -> None:
    with pytest.raises(ValueError, match="not connected"):
        grow(lattice(3), [0, 8], [0], np.ones(9), np.ones(1))


@given(st.lists(st.floats(0.1, 50), min_size=1, max_size=20), st.integers(0, 100))
def test_shares_add_up_and_keep_their_bounds(weights: list[float], spare: int) -> None:
    least, most = np.ones(len(weights), dtype=int), np.full(len(weights), 6)
    total = min(len(weights) + spare, 6 * len(weights))
    parts = share(total, np.array(weights), least, most)
    assert parts.sum() == total
    assert (parts >= least).all()
    assert (parts <= most).all()


def test_shares_that_cannot_add_up_are_refused() -> None:
    with pytest.raises(ValueError, match="add up"):
        share(5, np.ones(2), np.ones(2, dtype=int), np.full(2, 2))
