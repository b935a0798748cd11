"""Case numbers are heard, typed and misheard."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.cases import numbers

NUMBER = st.builds(numbers.nth, st.integers(0, 10**7))


def test_a_new_number_is_eleven_digits_and_no_mobile_number():
    for _ in range(200):
        number = numbers.new()
        assert len(number) == 11
        assert number[0] in "23456789"
        assert numbers.read(number) == number


@given(NUMBER)
def test_what_is_printed_can_be_read(number):
    assert numbers.read(numbers.spoken(number)) == number
    assert numbers.read(f"  {number[:5]} {number[5:]} ") == number


def test_digits_of_other_scripts_are_digits():
    number = numbers.nth(7)
    tibetan = "".join(chr(ord("༠") + int(d)) for d in number)
    wide = "".join(chr(ord("０") + int(d)) for d in number)
    assert numbers.read(tibetan) == numbers.read(wide) == number


@given(NUMBER, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(number, place, by):
    wrong = number[:place] + str((int(number[place]) + by) % 10) + number[place + 1 :]
    assert numbers.read(wrong) is None


@given(NUMBER, st.integers(0, 9))
def test_swapped_neighbours_are_noticed(number, place):
    a, b = number[place], number[place + 1]
    if a != b:
        assert numbers.read(number[:place] + b + a + number[place + 2 :]) is None


@pytest.mark.parametrize("said", ["", "hello", "13800138000", "4827", "4827-1930-556x"])
def test_other_texts_are_no_number(said):
    assert numbers.read(said) is None


def test_numbers_of_a_bulk_load_do_not_repeat():
    found = {numbers.nth(i) for i in range(50_000)}
    assert len(found) == 50_000
