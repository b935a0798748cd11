"""The lexicon of what a service may not ask (refusal 2): `refused.toml`, read through disguises.

It judges definitions of services, never what a resident writes.
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from django.utils.translation import get_language

from linli.cases.catalogue import characters

LATIN = re.compile("[a-z@$]")
TIBETAN = "\u0f40-\u0fbc"
# From this many letters a term is looked for inside longer strings too.
LONG = {"latin": 8, "tibetan": 6}
ENDINGS = {"latin": "(?:s|es|ed|ing|er|ers)?", "tibetan": "(?:འི|ས|ར|འང|འོ|འམ)?"}
LETTERS = {"latin": "a-z", "tibetan": TIBETAN}


@dataclass(frozen=True)
class Lexicon:
    """Terms of one kind, compiled once per script."""

    latin: re.Pattern[str] | None
    tibetan: re.Pattern[str] | None
    han: re.Pattern[str] | None

    def find(self, views: "Views") -> str:
        """The first term found in any view; "" if none."""
        for pattern, texts in (
            (self.latin, views.latin),
            (self.tibetan, views.tibetan),
            (self.han, views.han),
        ):
            for text in texts:
                if pattern and (found := pattern.search(text)):
                    return found.group().strip()
        return ""

    def blank(self, views: "Views") -> "Views":
        """The views without these terms."""

        def cut(pattern: re.Pattern[str] | None, texts: tuple[str, ...]) -> tuple[str, ...]:
            return tuple(pattern.sub(" # ", text) for text in texts) if pattern else texts

        return Views(
            cut(self.latin, views.latin), cut(self.tibetan, views.tibetan), cut(self.han, views.han)
        )


@dataclass(frozen=True)
class Views:
    """One text as the lexicon reads it."""

    latin: tuple[str, ...]
    tibetan: tuple[str, ...]
    han: tuple[str, ...]


@dataclass(frozen=True)
class Group:
    """One thing not asked: anywhere, only in questions, or by two kinds of words at once."""

    code: str
    reason: dict[str, str]
    allowed: Lexicon
    anywhere: Lexicon
    questions: Lexicon
    together: tuple[tuple[Lexicon, Lexicon], ...]

    def find(self, views: Views, *, question: bool) -> str:
        """What in this text asks for it; "" if nothing."""
        views = self.allowed.blank(views)
        found = self.anywhere.find(views) or (question and self.questions.find(views)) or ""
        for one, other in self.together:
            if not found and (first := one.find(views)) and (second := other.find(views)):
                found = f"{first} … {second}"
        return found


@lru_cache(maxsize=8192)
def find(text: str, *, question: bool) -> tuple[tuple[str, str], ...]:
    """Each refused kind that the text asks for, as (problem code, what was found).

    `question` is true for the texts, values and codes of questions: there a bare "who" is enough.
    """
    views = _views(text)
    found = ((group.code, group.find(views, question=question)) for group in groups())
    return tuple((code, what) for code, what in found if what)


def addresses(text: str) -> str:
    """What in a question speaks to the person who answers it; "" if nothing."""
    return _address().find(_views(text))


@cache
def _address() -> Lexicon:
    terms = _tables()["address"]
    assert isinstance(terms, dict)
    return _lexicon(terms)


def reason(code: str) -> str:
    """Why this kind is refused, in the language of the moment; "" for another code."""
    language = (get_language() or "zh")[:2]
    for group in groups():
        if group.code == code:
            return group.reason.get(language, group.reason["en"])
    return ""


def _views(text: str) -> Views:
    """What each script's terms are looked for in; nothing where the script does not occur."""
    latin = characters.latin(text)
    # dict: the views differ only where digits or signs could stand for letters
    spelled = dict.fromkeys((latin, *characters.leet(text))) if LATIN.search(latin) else {}
    tibetan, han = characters.tibetan(text), characters.han(text, _simpler())
    return Views(tuple(spelled), (tibetan,) if len(tibetan) > 1 else (), (han,) if han else ())


@cache
def _tables() -> dict[str, object]:
    return tomllib.loads((Path(__file__).parent / "refused.toml").read_text("utf-8"))


@cache
def _simpler() -> dict[int, str]:
    pairs = str(_tables()["simplified"]).split()
    return {ord(pair[0]): pair[1] for pair in pairs}


@cache
def groups() -> tuple[Group, ...]:
    """Every kind of refused question."""
    rows = _tables()["groups"]
    assert isinstance(rows, list)
    return tuple(
        Group(
            code=row["code"],
            reason=row["reason"],
            allowed=_lexicon(row.get("allowed", {})),
            anywhere=_lexicon(row),
            questions=_lexicon(row.get("questions", {})),
            together=tuple(
                (_lexicon(p["one"]), _lexicon(p["other"])) for p in row.get("together", [])
            ),
        )
        for row in rows
    )


def _lexicon(terms: dict[str, list[str]]) -> Lexicon:
    return Lexicon(
        latin=_pattern(
            [_spelled(t, "latin") for t in [*terms.get("en", []), *terms.get("latin", [])]]
        ),
        tibetan=_pattern([_spelled(t, "tibetan") for t in terms.get("bo", [])]),
        han=_pattern([characters.han(t, _simpler()) for t in terms.get("zh", [])]),
    )


def _pattern(alternatives: list[str]) -> re.Pattern[str] | None:
    # An empty alternative would match before every other, and hide them.
    assert all(alternatives), "refused.toml: a term stands in the list of another script"
    return re.compile("|".join(alternatives)) if alternatives else None


def _spelled(term: str, script: str) -> str:
    """A pattern for one term, however its letters are spread apart by spaces, signs or digits.

    A final * takes any continuation, a leading one any beginning. Short terms
    stand alone (monk, not monkey); long ones are found inside longer strings too.
    """
    view = characters.latin if script == "latin" else characters.tibetan
    letters = [c for c in view(term.strip("*")) if re.match(f"[{LETTERS[script]}]", c)]
    between = r"[\W\d_]*" if script == "latin" else "་?"
    assert letters, f"refused.toml: {term} stands in the list of another script"
    body = between.join(letters)
    loose = len(letters) >= LONG[script]
    start = "" if loose or term.startswith("*") else f"(?<![{LETTERS[script]}])"
    open_end = term.endswith("*") or (loose and script == "tibetan")
    end = "" if open_end else f"{ENDINGS[script]}(?![{LETTERS[script]}])"
    return f"{start}{body}{end}"
