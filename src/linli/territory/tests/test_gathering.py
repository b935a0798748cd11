"""Outlines of neighbour groups give no dwelling away."""

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as some

from linli.engines.partition import divide, outlines
from linli.territory import groups
from linli.territory.gathering import PITCH, TOGETHER, gathered
from linli.territory.projecting import Sheet

PARENT = shapely.box(102.0, 34.0, 102.04, 34.03)
A_DEGREE = 111_195  # metres


def scattered(seed, count=120):
    """Dwellings some three hundred metres apart."""
    random = np.random.default_rng(seed)
    return np.column_stack(
        [random.uniform(102.0, 102.04, count), random.uniform(34.0, 34.03, count)]
    ).round(7)


def dense(seed, count=120):
    """Dwellings within some hundred metres of each other."""
    random = np.random.default_rng(seed)
    return np.clip(random.normal([102.02, 34.015], 0.0015, (count, 2)), *_corners()).round(7)


def located(shapes, points, metres=0.2):
    """How many dwellings are found by mirroring another one at a piece of a border."""
    rings = [ring for shape in shapes for ring in shapely.get_rings(shapely.get_parts(shape))]
    corners = [shapely.get_coordinates(ring) for ring in rings]
    ends = np.vstack([np.stack([one[:-1], one[1:]], axis=1) for one in corners])
    scale = np.array([np.cos(np.radians(34)), 1]) * A_DEGREE
    here, a, b = points * scale, ends[:, 0] * scale, ends[:, 1] * scale
    way = b - a
    far = (way**2).sum(axis=1)
    a, way, far = a[far > 1], way[far > 1], far[far > 1]
    along = ((here[:, None] - a) * way).sum(axis=2) / far
    mirrored = 2 * (a + along[..., None] * way) - here[:, None]
    away = np.hypot(*np.moveaxis(mirrored[:, :, None] - here, -1, 0))
    itself = np.arange(len(here))
    away[itself, :, itself] = np.inf
    return int((away.min(axis=(0, 1)) < metres).sum())


@pytest.mark.parametrize(("make", "metres"), [(scattered, 0.2), (dense, 0.02)])
@pytest.mark.parametrize("seed", [3, 9])
def test_nobody_who_knows_one_dwelling_finds_another_by_a_border(make, metres, seed):
    points = make(seed)
    km = Sheet.over(points[:, 0], points[:, 1]).kilometres(points)
    line, ones = np.zeros(len(points), np.int64), np.ones(len(points))
    halfway = divide(km, ones, line, np.array([8]), seed=1)
    drawn = outlines(list(shapely.points(points)), halfway.labels, [PARENT], halfway.line_of_part)
    assert located(drawn, points, metres) > 30  # what borders halfway between dwellings would tell
    shapes, _grid, labels = groups._divided(points, line, [PARENT], 1)
    assert located(shapes, points, metres) == 0
    assert np.bincount(labels).min() >= groups.LEAST


@pytest.mark.parametrize("make", [scattered, dense])
@pytest.mark.parametrize("count", [60, 200])
def test_groups_have_ten_to_twenty_households_in_dense_places_too(make, count):
    sizes = np.concatenate(
        [
            np.bincount(
                groups._divided(make(seed, count), np.zeros(count, np.int64), [PARENT], 1)[2]
            )
            for seed in range(6)
        ]
    )
    assert sizes.min() >= groups.LEAST
    assert sizes.max() <= groups.MOST


@given(some.integers(0, 2**32 - 1), some.integers(1, 150), some.sampled_from([0.0001, 0.003, 0.02]))
def test_a_spot_stands_for_five_households_or_all_and_lies_on_the_lattice(seed, count, spread):
    random = np.random.default_rng(seed)
    points = np.clip(random.normal([102.02, 34.015], spread, (count, 2)), *_corners()).round(7)
    spots, home, of_point = gathered(points, np.zeros(count, np.int64), [PARENT])
    held = np.bincount(of_point, minlength=len(spots))
    assert held.sum() == count
    assert held.min() >= min(TOGETHER, count)
    assert (home == 0).all()
    assert shapely.contains_xy(PARENT, spots).all()
    assert np.allclose(np.rint(spots / PITCH) * PITCH, spots, atol=1e-7)
    assert len(np.unique(spots, axis=0)) == len(spots)


def _corners():
    west, south, east, north = PARENT.bounds
    return (west + 0.002, south + 0.002), (east - 0.002, north - 0.002)


def test_a_sliver_between_the_corners_of_the_lattice_has_one_spot():
    sliver = shapely.box(102.0001, 34.0, 102.0002, 34.03)
    points = np.column_stack([np.full(30, 102.00015), np.linspace(34.001, 34.029, 30)])
    spots, home, of_point = gathered(points, np.zeros(30, np.int64), [sliver])
    assert len(spots) == 1
    assert shapely.contains_xy(sliver, spots).all()
    assert (set(of_point), home.tolist()) == ({0}, [0])


def test_dwellings_a_centimetre_apart_are_no_trouble():
    points = scattered(5, 60)
    twins = np.vstack([points, points + 1e-7])
    shapes, _grid, labels = groups._divided(twins, np.zeros(120, np.int64), [PARENT], 1)
    assert np.bincount(labels).min() >= groups.LEAST
    assert shapely.union_all(shapes).area == pytest.approx(PARENT.area)
