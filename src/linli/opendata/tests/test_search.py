"""Words of public texts: found however they are typed, and gone when the text is."""

import pytest

from linli.cases import actions as cases
from linli.cases.models import Authority, PublicWords
from linli.cases.wording import folded, sought
from linli.opendata.filters import Filter
from linli.opendata.tests.factories import a_case, fresh, person, released, service

pytestmark = pytest.mark.django_db


def found(words):
    return list(Filter.read({"q": words}).cases())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("拉钦桥头，路灯不亮。", "路灯"),
        ("拉钦桥头，路灯不亮。", "路灯 桥头"),
        ("拉钦桥头，路灯不亮。", "路灯。"),
        ("ཟམ་ཁ་ཞོལ་གྱི་གཞུང་ལམ་ཆག", "ཟམ་ཁ་"),
        ("ཟམ་ཁ་ཞོལ་གྱི་གཞུང་ལམ་ཆག", "གཞུང་ལམ"),
        ("The Bridge at mile 12", "bridge"),
        ("The bridge at mile 12", "BRIDGE, mile"),
        ("Ｋ１２公里处落石", "k12"),
        ("100% full_bin", "100%"),
    ],
)
def test_words_are_found_however_they_are_typed(place, text, words):
    case = released(text=text)
    assert found(words) == [case]


@pytest.mark.parametrize("words", ["桥灯", "bridge river", "full%bin", "1__%"])
def test_every_word_must_be_there(place, words):
    released(text="拉钦桥头，路灯不亮。 The bridge 100% full_bin")
    assert found(words) == []


def test_what_is_sought_is_short_and_folded():
    assert sought(" Road  ROAD, road. ") == ["road"]
    assert len(sought(" ".join("abcdefghijkl"))) == 8
    assert sought("། ,") == []


def words_of(case):
    return list(PublicWords.objects.filter(case=case).values_list("words", flat=True))


def test_only_what_is_public_is_read(place):
    case = a_case("pothole", text="Private words of the reporter")
    cases.triage(case, publish=False, public_text="Not yet", by=person("drolma"))
    assert words_of(case) == []
    cases.triage(fresh(case), publish=True, public_text="A HOLE", by=person("drolma"))
    assert words_of(case) == ["a hole"]
    cases.triage(fresh(case), publish=True, public_text="Another", by=person("drolma"))
    assert words_of(case) == ["another"]
    cases.triage(fresh(case), publish=False, public_text="Another", by=person("drolma"))
    assert words_of(case) == []


def test_words_go_with_the_text(place):
    case = released(text="Somebody I know")
    cases.mark_accusing(case, authority=Authority.POLICE, by=person("drolma"))
    assert not PublicWords.objects.exists()


def test_words_go_when_the_service_is_private(place):
    case = released(text="A hole")
    cases.change_service(case, to=service("benefit-errand"), by=person("drolma"))
    assert not PublicWords.objects.exists()


def test_a_merged_case_is_not_found(place):
    case, into = released(text="A hole"), released(text="The same hole")
    cases.merge(case, into=into, by=person("drolma"))
    assert found("hole") == [fresh(into)]


def test_what_is_searched_is_the_public_text(place):
    released(text="Ｋ１２ Bridge")
    for row in PublicWords.objects.select_related("case"):
        assert row.words == folded(row.case.public_text)
    assert PublicWords.objects.count() == 1
