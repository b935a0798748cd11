from datetime import timedelta

import pytest
from django.template import engines
from django.utils import timezone, translation

HOUR = timedelta(hours=1)


def drawn(source, **context):
    return engines["django"].from_string("{% load linli %}" + source).render(context).strip()


@pytest.mark.parametrize(
    ("due", "more", "state", "words"),
    [
        (30, {}, "ontime", "On time"),
        (5, {}, "soon", "Due soon"),
        (-1, {}, "late", "Late"),
        (5, {"paused": True}, "paused", "Paused"),
        (5, {"done": 4}, "kept", "Promise kept"),
        (5, {"done": 5}, "kept", "Promise kept"),
        (-5, {"done": -4}, "missed", "Promise missed"),
        # What is done is no longer paused.
        (5, {"done": 4, "paused": True}, "kept", "Promise kept"),
    ],
)
def test_a_promise_says_how_it_stands_in_words(due, more, state, words):
    now = timezone.now()
    more = {k: now + v * HOUR if k == "done" else v for k, v in more.items()}
    with translation.override("en"):
        html = drawn("{% clock due done=done paused=paused %}", due=now + due * HOUR, **more)
    assert f"clock--{state}" in html
    assert words in html


def test_how_soon_is_soon_can_be_said():
    due = timezone.now() + 30 * HOUR
    assert "clock--soon" in drawn("{% clock due soon_hours=48 %}", due=due)


def test_no_promise_is_said_too():
    with translation.override("en"):
        assert "No date promised" in drawn("{% clock due %}", due=None)


def test_the_date_is_left_out_when_asked():
    due = timezone.now()
    assert "<time" in drawn("{% clock due %}", due=due)
    assert "<time" not in drawn("{% clock due compact=True %}", due=due)


def test_names_are_shown_in_the_readers_language_and_escaped():
    with translation.override("bo"):
        assert drawn("{{ n|local }}", n={"zh": "湖", "bo": "མཚོ།"}) == "མཚོ།"
        assert drawn("{{ n|local }}", n={"zh": "<b>"}) == "&lt;b&gt;"
        assert (
            drawn("{{ n|local_html }}", n={"zh": "<b>"}) == '<span lang="zh-Hans">&lt;b&gt;</span>'
        )
        assert drawn("{{ n|local_html }}", n={"bo": "མཚོ།"}) == "མཚོ།"


@pytest.mark.parametrize("nothing", [None, "", {}])
def test_no_name_is_no_text(nothing):
    assert drawn("{{ n|local }}{{ n|local_html }}", n=nothing) == ""


def test_a_query_keeps_the_other_filters(rf):
    request = rf.get("/", {"q": "road", "page": "4", "state": "open"})
    assert drawn("{% query page=2 %}", request=request) == "?q=road&amp;page=2&amp;state=open"
    assert drawn("{% query page=None state='' %}", request=request) == "?q=road"


@pytest.mark.parametrize(
    ("words", "attribute"),
    [
        ("ཟམ་པ་ཆག་སོང་། 路", 'lang="bo"'),
        ("桥断了 bridge", 'lang="zh-Hans"'),
        ("The bridge", ""),
        ("", ""),
    ],
)
def test_words_say_their_script(words, attribute):
    assert drawn("<p {% lang_of words %}>", words=words) == f"<p {attribute}>"
