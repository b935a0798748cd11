"""How new grids are called."""

import pytest

from linli.territory import codes

LINE = {"zh": "努宁村", "bo": "དངུལ་ཉིན་གྲོང་ཚོ", "en": "Ngulnyin Village"}
BO = LINE["bo"] + "་དྲ་མིག་ཨང་"
BESIDE = {
    "V001": {"zh": "努宁村第一网格", "bo": BO + "༡", "en": "Ngulnyin Village, grid 1"},
    "V002": {"zh": "河东", "bo": BO + "༢", "en": "East 2"},
}


def test_a_new_grid_is_called_as_those_beside_it():
    assert codes.names(LINE, "V", "V012", BESIDE) == {
        "zh": "努宁村第十二网格",
        "bo": BO + "༡༢",
        "en": "Ngulnyin Village, grid 12",
    }


@pytest.mark.parametrize("beside", [{}, {"V002": BESIDE["V002"] | {"bo": ""}}])
def test_without_a_name_to_follow_it_has_a_plain_one(beside):
    assert codes.names(LINE, "V", "V012", beside)["en"] == "Ngulnyin Village grid 12"
    assert codes.names(LINE, "V", "V012", beside)["zh"] == "努宁村第12网格"


def test_a_code_without_a_number_stands_in_the_name():
    assert codes.names(LINE, "V", "V-x", BESIDE)["en"] == "Ngulnyin Village grid x"
