import pytest
from django.utils import translation

from linli.kernel.languages import in_each, key, pick, pick_with_key

NAMES = {"zh": "湖", "bo": "མཚོ།", "en": "Lake"}


@pytest.mark.parametrize(
    ("language", "name"),
    [
        ("zh-hans", "湖"),
        ("zh-cn", "湖"),
        ("bo", "མཚོ།"),
        ("en", "Lake"),
        ("en-gb", "Lake"),
        ("fr", "湖"),
    ],
)
def test_the_name_in_the_wanted_language(language, name):
    assert pick(NAMES, language) == name


def test_the_active_language_by_default():
    with translation.override("bo"):
        assert (key(), pick(NAMES)) == ("bo", "མཚོ།")


def test_without_any_language_chinese():
    with translation.override(None):
        assert key() == "zh"


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ({"zh": "湖", "en": "Lake"}, ("湖", "zh")),
        ({"zh": "", "en": "Lake"}, ("Lake", "en")),
        ({"mn": "Нуур"}, ("Нуур", "mn")),
        ({}, ("", "bo")),
    ],
)
def test_what_is_missing_falls_back_and_says_so(names, found):
    assert pick_with_key(names, "bo") == found


def test_words_in_each_language():
    assert in_each(lambda: pick(NAMES)) == NAMES
    with translation.override("en"):
        assert in_each(key, ("bo",)) == {"bo": "bo"}
        assert key() == "en"
