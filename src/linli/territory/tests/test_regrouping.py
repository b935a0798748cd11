"""Groups of ten to twenty households wherever cells can be put together so."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from linli.territory.groups import LEAST, MOST
from linli.territory.regrouping import Regrouping


def row(*households):
    """Cells in a row, each beside the next."""
    count = len(households)
    km = np.column_stack([np.arange(count), np.zeros(count)]).astype(np.float64)
    pairs = np.column_stack([np.arange(count - 1), np.arange(1, count)])
    return Regrouping(np.array(households), km, pairs, least=LEAST, most=MOST)


def of(cells, *labels):
    return [sorted(group) for group in cells.of(np.array(labels))]


@pytest.mark.parametrize(
    ("households", "groups"),
    [
        ((5, 5, 5, 6), [[0, 1], [2, 3]]),  # 21 as 10 and 11
        ((5, 6, 5, 7, 7), [[0, 1, 2], [3, 4]]),  # 30 as 16 and 14, rounder than 11 and 19
        ((7, 7, 7), [[0, 1, 2]]),  # 21 that nobody can halve
        ((9, 6, 9), [[0, 1, 2]]),
        ((0, 30), [[0, 1]]),  # a block of flats
    ],
)
def test_a_group_above_twenty_is_divided_where_its_cells_allow_it(households, groups):
    assert of(row(*households), *[0] * len(households)) == groups


def test_a_group_gives_a_cell_to_one_beside_it_or_both_are_divided_anew():
    assert of(row(7, 7, 7, 6, 5), 0, 0, 0, 1, 1) == [[0, 1], [2, 3, 4]]
    assert of(row(9, 7, 8, 3), 0, 0, 0, 1) == [[0, 1], [2, 3]]
    assert of(row(5, 5, 5, 4, 9, 9), 0, 0, 0, 1, 2, 2) == [[0, 1, 2, 3], [4, 5]]


def test_a_group_below_ten_that_finds_no_other_way_is_joined_to_the_smallest_beside_it():
    assert of(row(20, 4, 17), 0, 1, 2) == [[0], [1, 2]]
    assert of(row(4, 3), 0, 1) == [[0, 1]]  # all of a parent
    alone = Regrouping(
        np.array([4, 30]), np.zeros((2, 2)), np.zeros((0, 2), int), least=LEAST, most=MOST
    )
    assert of(alone, 0, 1) == [[0], [1]]


@some.composite
def meshes(draw):
    """Cells in rows and columns, each beside those next to it, in groups that hang together."""
    wide, high = draw(some.integers(1, 4)), draw(some.integers(1, 3))
    number = np.arange(wide * high).reshape(high, wide)
    pairs = np.vstack(
        [
            np.column_stack([number[:, :-1].ravel(), number[:, 1:].ravel()]),
            np.column_stack([number[:-1].ravel(), number[1:].ravel()]),
        ]
    )
    households = draw(some.lists(some.integers(0, 13), min_size=number.size, max_size=number.size))
    labels = np.repeat(np.arange(high), wide)
    km = np.column_stack([number.ravel() % wide, number.ravel() // wide]).astype(np.float64)
    return np.array(households), km, pairs, labels


@given(meshes())
def test_every_cell_is_in_one_connected_group_and_none_can_be_mended(mesh):
    households, km, pairs, labels = mesh
    groups = Regrouping(households, km, pairs, least=LEAST, most=MOST).of(labels)
    assert sorted(cell for group in groups for cell in group) == list(range(len(households)))
    assert all(_connected(group, pairs) for group in groups)
    size = {group: int(households[list(group)].sum()) for group in groups}
    if len(groups) > 1:
        assert min(size.values()) >= LEAST
    for group in groups:
        if size[group] <= MOST:
            continue
        assert not _halves(group, households, pairs)
        for other in groups:
            if other != group and size[other] <= MOST and _connected(group | other, pairs):
                assert not _halves(group | other, households, pairs)


def _connected(cells, pairs):
    reached, waiting = set(), [min(cells)]
    while waiting:
        one = waiting.pop()
        if one not in reached:
            reached.add(one)
            waiting += [b for a, b in [*pairs, *pairs[:, ::-1]] if a == one and b in cells]
    return reached == set(cells)


def _halves(cells, households, pairs):
    """Can cells be two connected groups that both fit? Every half is tried."""
    for count in range(1, len(cells)):
        for half in map(frozenset, combinations(sorted(cells), count)):
            both = half, cells - half
            fits = all(LEAST <= households[list(one)].sum() <= MOST for one in both)
            if fits and all(_connected(one, pairs) for one in both):
                return True
    return False
