"""No suppressed count can be worked out from the published ones."""

from fractions import Fraction
from statistics import median as reference

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from linli.engines import figures


@st.composite
def trees(draw):
    """A random tree: own counts at every node, parents before children."""
    size = draw(st.integers(1, 14))
    parents = {0: None}
    for node in range(1, size):
        parents[node] = draw(st.integers(0, node - 1))
    small = st.integers(0, 12) | st.sampled_from([0, 0, 0, 10, 11, 25, 300])
    own = {node: draw(small) for node in parents}
    return parents, own


def totals(parents, own):
    counts = dict(own)
    for node in sorted(parents, reverse=True):
        if parents[node] is not None:
            counts[parents[node]] += counts[node]
    return counts


def derivable(equations, unknown):
    """Is the unit vector of `unknown` a linear combination of the rows? By exact elimination."""
    rows = [[Fraction(x) for x in row] for row in equations]
    rows.append([Fraction(int(i == unknown)) for i in range(len(equations[0]) if equations else 1)])
    return rank(rows) == rank(rows[:-1])


def rank(rows):
    rows, found = [row[:] for row in rows], 0
    width = len(rows[0]) if rows else 0
    for column in range(width):
        pivot = next((r for r in range(found, len(rows)) if rows[r][column]), None)
        if pivot is None:
            continue
        rows[found], rows[pivot] = rows[pivot], rows[found]
        for r in range(found + 1, len(rows)):
            if rows[r][column]:
                factor = rows[r][column] / rows[found][column]
                rows[r] = [a - factor * b for a, b in zip(rows[r], rows[found], strict=True)]
        found += 1
    return found


@settings(max_examples=400, deadline=None)
@given(trees())
@example(({0: None, 1: 0, 2: 0}, {0: 0, 1: 30, 2: 3}))
@example(({0: None, 1: 0, 2: 0, 3: 0}, {0: 0, 1: 30, 2: 3, 3: 4}))
@example(({0: None, 1: 0}, {0: 4, 1: 30}))
@example(({0: None, 1: 0, 2: 1}, {0: 0, 1: 0, 2: 30}))
def test_no_small_count_can_be_derived(tree):
    """The attacker knows every published number, the tree, and which rests are zero."""
    parents, own = tree
    counts = totals(parents, own)
    shown = figures.published(counts, parents)
    leaves = [n for n in parents if n not in parents.values()]
    rests = [n for n in parents if n not in leaves and own[n]]
    unknowns = {n: i for i, n in enumerate([*leaves, *[("rest", n) for n in rests]])}

    def below(node):
        found = {node}
        for n in sorted(parents):
            if parents[n] in found:
                found.add(n)
        return found

    def vector(node):
        under = below(node)
        return [int(n in under or (isinstance(n, tuple) and n[1] in under)) for n in unknowns]

    equations = [vector(n) for n in shown]
    for node in parents:
        if counts[node] < figures.SMALLEST:
            assert node not in shown
            if any(vector(node)):
                rows = [*equations, vector(node)]
                assert not equations or rank(rows) > rank(equations), node
    for node in rests:
        if own[node] < figures.SMALLEST and equations:
            assert not derivable(equations, unknowns["rest", node])


@settings(max_examples=200, deadline=None)
@given(trees())
def test_what_is_published_is_the_top_of_the_tree(tree):
    parents, own = tree
    shown = figures.published(totals(parents, own), parents)
    assert all(parents[n] is None or parents[n] in shown for n in shown)


def test_large_counts_are_all_published():
    parents = {"county": None, "a": "county", "b": "county"}
    counts = {"county": 50, "a": 20, "b": 30}
    assert figures.published(counts, parents) == {"county", "a", "b"}


def test_one_small_count_takes_the_next_smallest_with_it():
    parents = {"c": None, "a": "c", "b": "c", "d": "c"}
    counts = {"c": 63, "a": 3, "b": 20, "d": 40}
    assert figures.published(counts, parents) == {"c", "d"}


def test_two_small_counts_that_reach_the_threshold_hide_each_other():
    parents = {"c": None, "a": "c", "b": "c", "d": "c"}
    counts = {"c": 54, "a": 5, "b": 9, "d": 40}
    assert figures.published(counts, parents) == {"c", "d"}


def test_under_a_small_root_nothing_is_published():
    assert figures.published({"c": 10, "a": 10}, {"c": None, "a": "c"}) == set()


@given(st.lists(st.integers(0, 40), min_size=1, max_size=60))
def test_median_is_the_median(values):
    assert figures.median({v: values.count(v) for v in values}) == pytest.approx(reference(values))


def test_of_nothing_there_is_no_median_and_no_share():
    assert figures.median({}) is None
    assert figures.percent(0, 0) is None
    assert figures.percent(1, 3) == 33.3
