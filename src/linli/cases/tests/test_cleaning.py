"""What people type: cleaned without changing what they said."""

import unicodedata

import pytest
from django.forms import Form
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from linli.cases.forms.cleaning import LONGEST, UNSEEN, Line, Words, clean, clean_line


class Telling(Form):
    text = Words()
    where = Line(required=False, longest=20)


def telling(**fields):
    data = QueryDict(mutable=True)
    data.update(fields)
    return Telling(data)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("桥断了\r\n请来修", "桥断了\n请来修"),
        ("a\0b\x07c\x7fd", "abcd"),
        ("pay \u202e001\u202c yuan", "pay 001 yuan"),
        ("\u2066hidden\u2069 \u200eleft\u200f", "hidden left"),
        ("zero\u200bwidth\ufeff\u2060", "zerowidth"),
        ("tag\U000e0041\U000e007f", "tag"),
        ("soft\u00adhyphen", "softhyphen"),
        ("cafe\u0301", "café"),
        ("one\u2028two\vthree", "one\ntwo\nthree"),
        ("\n\n  far \n\n\n\n\n\n apart  ", "far \n\n\n apart"),
        ("lone \ud800 half", "lone  half"),
    ],
)
def test_what_cannot_be_seen_goes(typed, kept):
    assert clean(typed) == kept


@pytest.mark.parametrize(
    "text",
    [
        "ཆུ་ཁ་བཅད་འདུག གླགས་པ་ཆག་སོང་།",
        "ཨོཾ༔ ༄༅། །",
        "क्\u200dष and می\u200cخواهم",
        "路灯坏了 🚧 👨\u200d👩\u200d👧",
        "tab\tand (brackets) <b>stay</b>",
    ],
)
def test_what_belongs_to_a_script_stays(text):
    assert clean(text) == unicodedata.normalize("NFC", text)


def test_a_pile_of_marks_is_cut_down():
    assert len(clean("a" + "\u0301\u0316" * 500)) < 10


def test_a_line_has_no_breaks():
    assert clean_line(" by the\r\n old  bridge\u200b ") == "by the old bridge"


@given(st.text(max_size=300))
def test_cleaning_twice_changes_nothing(text):
    once = clean(text)
    assert clean(once) == once
    assert not UNSEEN.search(once)


@pytest.mark.parametrize("text", ["x" * 1_000_000, "ཱི" * 500_000, "\u0301\u0316" * 500_000])
def test_a_megabyte_comes_back_whole_with_a_message(text):
    text = "start " + text + " end"
    form = telling(text=text)
    if form.is_valid():  # nothing but marks: they collapse
        assert len(form.cleaned_data["text"]) < 20
        return
    (error,) = form.errors.as_data()["text"]
    assert error.code == "text-too-long"
    assert form["text"].value() == text


def test_how_much_is_too_much_is_said():
    form = telling(text="字" * (LONGEST + 7))
    assert "7" in str(form.errors["text"])


def test_four_thousand_characters_are_fine():
    assert telling(text="字" * LONGEST).is_valid()


def test_a_text_of_invisible_characters_is_empty():
    assert telling(text="\u200b\u202e\0").errors.as_data()["text"][0].code == "required"


def test_a_long_line():
    errors = telling(text="x", where="y" * 21).errors.as_data()
    assert errors["where"][0].code == "text-too-long"
