"""Settlements whose neighbour groups share a border."""

import numpy as np
import pytest
import shapely

from linli.areas.tests.factories import SOUTH, WEST
from linli.territory import touching
from linli.territory.queries import overall
from linli.territory.queries.settlements import places
from linli.territory.tests.factories import county, gazetteer, plan


def test_squares_border_on_four_others():
    cells = np.array([shapely.box(x, y, x + 1, y + 1) for x in range(3) for y in range(3)])
    found = {tuple(pair) for pair in touching.bordering(cells).tolist()}
    assert found == {(n, n + 1) for n in range(9) if n % 3 < 2} | {(n, n + 3) for n in range(6)}


@pytest.mark.django_db
def test_groups_that_touch_are_neighbours_and_others_are_not():
    where = county(groups=True)
    made = plan(where, gazetteer(where), grids=8)
    here = places(made.gazetteer)
    pairs, covered = touching.of_groups(where, here)
    assert covered.all()
    cell = np.column_stack([(here.lon - WEST) * 5, (here.lat - SOUTH) * 5]).astype(int)
    steps = np.abs(cell[pairs[:, 0]] - cell[pairs[:, 1]]).sum(axis=1)
    assert steps.max() == 1
    assert overall(made).torn == 0


@pytest.mark.django_db
def test_without_outlines_of_groups_nobody_is_covered():
    where = county()
    pairs, covered = touching.of_groups(where, places(gazetteer(where)))
    assert len(pairs) == 0
    assert not covered.any()
