"""The one validator: hostile files, harmless words, disguises, and every structural rule."""

import tomllib
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from linli.cases.catalogue import problems, reading, refused
from linli.cases.catalogue.validator import check
from linli.cases.tests.catalogue_files import GOOD, HOSTILE, asking, expected, good


def codes(source):
    return {problem.code for problem in check(source)}


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path.stem)
class TestHostile:
    def test_the_file_is_refused(self, path):
        assert expected(path) <= codes(path.read_bytes())

    def test_the_table_is_refused(self, path):
        assert expected(path) <= codes(reading.parse(path.read_bytes()))


def test_there_are_hostile_files_in_three_languages():
    stems = [path.stem for path in HOSTILE]
    assert len(stems) >= 40
    assert all(
        sum(s.startswith(start) for s in stems) >= 10 for start in ("zh", "bo", "en", "shape")
    )


HERE = Path(__file__).parent
REFUSED = (HERE / "questions_refused.txt").read_text("utf-8").splitlines()
HARMLESS = (HERE / "questions_harmless.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("text", REFUSED)
def test_questions_that_a_county_might_try_are_refused(text):
    assert any(
        code.startswith("asks-") for code in codes(asking(**{"zh": "情况", language(text): text}))
    )


def language(text):
    return "zh" if "一" <= text[0] <= "鿿" else "bo" if text[0] >= "ༀ" else "en"


@pytest.mark.parametrize("text", HARMLESS)
def test_harmless_questions_pass(text):
    assert check(asking(**{"zh": "情况", language(text): text})) == []


TABLE = tomllib.loads((reading.HERE / "refused.toml").read_text("utf-8"))


def terms():
    """Every term of the lexicon, with the code it stands under."""
    for group in TABLE["groups"]:
        allowed = {t for terms in group.get("allowed", {}).values() for t in terms}
        for table in (group, group.get("questions", {})):
            for language in ("zh", "bo", "en", "latin"):
                for term in table.get(language, []):
                    if not any(term in phrase for phrase in allowed):
                        yield group["code"], term.strip("*")


@pytest.mark.parametrize("group", [group["code"] for group in TABLE["groups"]])
def test_every_term_finds_itself_alone_and_in_a_sentence(group):
    found = [(code, term) for code, term in terms() if code == group]
    assert len(found) > 20
    for code, term in found:
        assert code in dict(refused.find(term, question=True)), term
        assert code in dict(refused.find(f"…？ {term}, 好 ?", question=True)), term


# -- disguises -----------------------------------------------------------------------------------

PHRASES = [
    ("asks-religion", "religion"), ("asks-religion", "宗教"), ("asks-religion", "ཆོས་ལུགས"),
    ("asks-ethnicity", "ethnicity"), ("asks-ethnicity", "民族"), ("asks-ethnicity", "མི་རིགས"),
    ("asks-identity-number", "身份证"), ("asks-identity-number", "passport"),
    ("asks-to-inform", "overnight"), ("asks-to-inform", "邻居"), ("asks-to-inform", "ཁྱིམ་མཚེས"),
    ("asks-worship-places", "monastery"), ("asks-worship-places", "དགོན་པ"),
    ("asks-control", "petition"), ("asks-control", "上访"), ("asks-registers", "户籍"),
    ("asks-biometrics", "fingerprint"), ("asks-biometrics", "指纹"), ("asks-kinship", "spouse"),
    ("asks-religion", "monk"), ("asks-about-a-person", "whose"), ("asks-about-a-person", "谁"),
]  # fmt: skip
BETWEEN = [
    "",
    "",
    "\u200b",
    "\u200d",
    "\u2060",
    "\ufeff",
    " ",
    "\u3000",
    ".",
    "-",
    "·",
    "_",
    "་",
    "1",
]
LOOK_ALIKE = {"a": "а", "e": "е", "i": "і", "o": "о", "p": "р", "s": "ѕ", "y": "у"}


def full_width(char):
    return chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char


@st.composite
def disguised(draw):
    code, phrase = draw(st.sampled_from(PHRASES))
    hide = draw(st.sampled_from([str, str.upper, full_width, lambda c: LOOK_ALIKE.get(c, c)]))
    out = ""
    for char in phrase:
        out += hide(char) + draw(st.sampled_from(BETWEEN))
    return code, out.rstrip("1")


@settings(max_examples=300, deadline=None)
@given(disguised())
def test_a_disguised_phrase_is_still_refused(case):
    code, text = case
    assert code in dict(refused.find(f"? {text} ?", question=True)), text


def test_the_lexicon_reads_traditional_characters():
    assert "asks-about-a-person" in codes(asking("誰在裡面？"))


def test_a_word_cut_between_question_and_value_is_found():
    values = [
        {"code": f"v{i}", "name": {"zh": zh, "bo": "ཀ་ཁ", "en": "A"}}
        for i, zh in enumerate(["族一", "族二"])
    ]
    assert "asks-ethnicity" in codes(asking("哪个民", datatype="singlevaluelist", values=values))


def test_a_bare_who_is_refused_in_questions_only():
    told = {**GOOD["description"], "en": "For people who live near a works."}
    assert check(good(description=told)) == []
    assert "asks-about-a-person" in codes(asking("情况", en="Who works there?"))


# -- structure -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "source"),
    [
        ("not-utf8", b"\xff\xfe"),
        ("not-toml", b"code = "),
        ("not-toml", b"a = " + b"[" * 5000),
        ("too-big", b'name = "' + b"x" * 1_000_000 + b'"'),
        ("missing", {}),
        ("wrong-type", good(name="noise")),
        ("wrong-type", good(questions={"code": "a"})),
        ("wrong-type", good(questions=["what"])),
        ("wrong-type", good(outside_chain="no")),
        ("wrong-type", good(within={"days": True})),
        ("bad-code", good(code="Noise!")),
        ("text-empty", good(name={**GOOD["name"], "en": "  "})),
        ("text-too-long", good(description={**GOOD["description"], "en": "a" * 1_000_000})),
        ("one-promise", good(within={"days": 2, "hours": 3})),
        ("one-promise", good(within={})),
        ("out-of-range", good(within={"hours": 0})),
        ("not-one-of", good(within={"hours": 1, "calendar": "never"})),
        ("hazard-not-listed", good(hazard="unrest")),
        ("duplicate-code", good(questions=[GOOD["questions"][0]] * 2)),
        ("values-not-allowed", asking("情况", values=GOOD["questions"][0]["values"])),
        ("missing", asking("情况", datatype="singlevaluelist")),
        ("not-personal-why", asking("情况", privacy={"personal": False})),
        ("outside-chain", good(outside_chain=True)),
    ],
)  # fmt: skip
def test_structure(code, source):
    assert code in codes(source)


def test_what_ships_must_be_translated_and_a_countys_file_need_not():
    raw = good(name={"zh": GOOD["name"]["zh"]})
    assert check(raw) == []
    assert [(p.code, p.path) for p in check(raw, translated=True)] == [
        ("translation-missing", "name"),
        ("translation-missing", "name"),
    ]


def test_a_problem_says_where_it_is():
    assert ("asks-religion", "questions[1].text.en") in [
        (p.code, p.path) for p in check(asking("情况", en="Your religion"))
    ]


@pytest.mark.parametrize("language", ["zh-hans", "bo", "en"])
def test_every_problem_has_a_message_in_the_readers_language(language):
    every = [*problems.MESSAGES, *(group.code for group in refused.groups())]
    facts = dict.fromkeys(("detail", "limit", "found", "expected", "low", "high", "language"), "7")
    with translation.override(language):
        for code in every:
            assert problems.Problem(code, "name", facts).message


def test_reasons_follow_the_language():
    with translation.override("bo"):
        assert "ཆོས་ལུགས" in refused.reason("asks-religion")
    with translation.override("en"):
        assert "religion" in refused.reason("asks-religion")


def test_a_definition_is_judged_like_its_table():
    definition = reading.read(asking("情况", en="Your religion"))
    assert "asks-religion" in codes(definition)


@settings(max_examples=200, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=30),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["code", "questions", "text", "values", "name", "zh", "within", "x"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=12,
    )
)
def test_no_table_makes_it_stumble(raw):
    assert check({"code": raw, "questions": [raw], "within": raw})


def test_only_a_private_service_speaks_to_the_person_who_asks():
    question = asking("您希望什么时候？")["questions"][0]
    assert codes(good(questions=[question])) == {"asks-the-reporter"}
    private = good(visibility="private", duplicates=None, questions=[question])
    assert check(private) == []
