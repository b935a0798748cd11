"""How likely two reports are the same: the order it puts them in."""

import pytest

from linli.engines.likely import likeness, score


def test_the_same_place_moment_and_words_is_one():
    assert score(0, 0, 1.0) == pytest.approx(1)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ((0.1, 0.2, 0.5), (0.2, 0.2, 0.5)),
        ((0.1, 0.2, 0.5), (0.1, 0.3, 0.5)),
        ((0.1, 0.2, 0.5), (0.1, 0.2, 0.4)),
        ((0.1, 0.2, 0.5), (0.1, 0.2, None)),
        ((0.1, 0.2, None), (0.1, 0.2, 0.0)),
        ((0.9, 0.2, 0.5), (float("inf"), 0.2, 0.5)),
    ],
)
def test_nearer_sooner_and_more_alike_is_likelier(better, worse):
    assert 1 > score(*better) > score(*worse) > 0


def test_words_are_compared_in_every_script():
    assert likeness("ལམ་ཆག་སྐྱོན།", "ལམ་ཆག་སྐྱོན།") == 1
    assert likeness("ལམ་ཆག་སྐྱོན།", "ཆུ་མེད།") < 0.2
    assert likeness("桥头有一个大坑", "桥头的大坑还没有补") > 0.2
    assert likeness("Bridge 12", "bridge, 12!") == 1


@pytest.mark.parametrize("texts", [("", "坑"), ("ལམ་ཆག", "路坏了"), ("12", "12"), ("a", "a")])
def test_what_cannot_be_compared_is_unknown(texts):
    assert likeness(*texts) is None
