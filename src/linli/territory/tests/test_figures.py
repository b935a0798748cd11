"""Figures of grids, from arrays."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.engines.ground import metres
from linli.engines.partition import neighbours
from linli.territory import figures
from linli.territory.projecting import Sheet

ROW = np.column_stack([np.arange(6.0), np.zeros(6)])  # settlements a kilometre apart
ONES = np.ones(6)
PEOPLE = np.array([20, 20, 20, 20, 20, 60])
ALONG = figures.everywhere(ROW, neighbours(ROW))


def test_figures_of_two_lines():
    labels = np.array([0, 0, 1, 1, 2, 2])
    line = np.array([0, 0, 0, 0, 1, 1])
    work = np.array([1.0, 1.0, 2.0, 4.0, 5.0, 5.0])
    found = figures.of(ROW, work, PEOPLE, labels, line, parts=4)
    assert found.settlements.tolist() == [2, 2, 2, 0]
    assert found.households.tolist() == [40, 40, 80, 0]
    assert found.load.tolist() == [2, 6, 10, 0]
    assert found.over.tolist() == [0.5, 1.5, 1.0, 0.0]
    assert found.centre[:, 0].tolist() == pytest.approx([0.5, 2 + 2 / 3, 4.5, 0])
    assert found.distance.tolist() == pytest.approx([0.5, 0.5, 0.5, 0])


def test_a_fixed_centre_is_where_ways_lead():
    labels = np.zeros(6, np.int64)
    centres = np.array([[0.0, 0.0]])
    found = figures.of(ROW, ONES, PEOPLE, labels, labels, centres=centres)
    assert found.distance[0] == pytest.approx((20 * (0 + 1 + 2 + 3 + 4) + 60 * 5) / 160)


@given(st.lists(st.integers(0, 3), min_size=6, max_size=6))
def test_pieces_on_a_road_are_the_runs_of_the_same_grid(chosen):
    labels = np.array(chosen)
    found = figures.pieces(ROW, labels, np.zeros(6, np.int64), ALONG)
    starts = labels[np.append(True, labels[1:] != labels[:-1])]
    assert found.tolist() == np.bincount(starts, minlength=labels.max() + 1).tolist()


def test_settlements_at_one_place_hang_together_with_all_neighbours():
    points = np.array([[0.0, 0], [0, 0], [1, 0], [1, 0]])
    line, pairs = np.zeros(4, np.int64), figures.everywhere(points, neighbours(points))
    assert figures.pieces(points, np.array([0, 1, 0, 1]), line, pairs).tolist() == [1, 1]


def test_what_a_line_cuts_off_counts_as_joined():
    line = np.array([0, 1, 0, 0, 0, 0])
    assert figures.pieces(ROW, np.array([0, 1, 0, 0, 0, 0]), line, ALONG).tolist() == [1, 1]


@given(st.lists(st.integers(0, 1), min_size=6, max_size=6), st.sets(st.integers(0, 5)))
def test_what_an_outline_joins_hangs_together(chosen, outside):
    labels = np.array(chosen)
    line = np.zeros(6, np.int64)
    patch = np.where(np.isin(np.arange(6), list(outside)), -1, labels)
    pairs = figures.joined(ROW, ALONG, patch)
    found = figures.pieces(ROW, labels, line, pairs)
    apart = figures.pieces(ROW, labels, line, ALONG)
    assert (found <= apart).all()
    if not outside:
        assert (found <= 1).all()
    alone = figures.joined(ROW, ALONG, np.full(6, -1))
    assert figures.pieces(ROW, labels, line, alone).tolist() == apart.tolist()


def test_a_way_is_the_mean_of_those_who_have_one():
    km = np.array([1.0, 2.0, np.inf, 4.0, np.inf, np.nan])
    labels = np.array([0, 0, 0, 1, 2, 3])
    found = figures.on_the_ground(km, PEOPLE, labels, 4)
    assert found.way == pytest.approx([1.5, 4.0, np.nan, np.nan], nan_ok=True)
    assert found.cut_off.tolist() == [20, 0, 20, 0]


def test_change_counts_households_that_get_another_grid():
    before = np.array([0, 0, 1, 1, -1, 7])  # one nobody had, one from a grid that is gone
    labels = np.array([0, 1, 1, 1, 1, 1])
    found = figures.change(PEOPLE, labels, before, 2)
    assert found.joining.tolist() == [0, 80]
    assert found.leaving.tolist() == [20, 0]
    assert found.changing == 80


def test_roundness_is_one_for_a_circle_and_nothing_for_nothing():
    square, circle = 4 * np.pi / 16, 1.0
    area, around = np.array([1.0, np.pi, 0.0]), np.array([4.0, 2 * np.pi, 0.0])
    assert figures.roundness(area, around).tolist() == pytest.approx([square, circle, 0.0])


@given(st.floats(101, 103), st.floats(33, 34), st.floats(101, 103), st.floats(33, 34))
def test_a_sheet_is_true_to_scale_and_leads_back(lon, lat, east, north):
    sheet = Sheet.over(np.array([101.0, 103.0]), np.array([33.0, 34.0]))
    ends = np.array([[lon, lat], [east, north]])
    flat = sheet.kilometres(ends)
    assert sheet.degrees(flat) == pytest.approx(ends)
    straight = float(metres(lon, lat, ends[1:, 0], ends[1:, 1])[0]) / 1000
    assert np.hypot(*(flat[1] - flat[0])) == pytest.approx(straight, rel=0.01, abs=1e-6)
