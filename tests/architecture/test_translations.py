"""Every text of every room's pages and code exists in Chinese and Tibetan."""

import io
from pathlib import Path

import pytest
from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.house import FLOORS, SOURCE

LANGUAGES = ("zh_Hans", "bo")
KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def sources(room):
    """The room's Python and template files, as Python that Babel can read."""
    for path in sorted((SOURCE / room).rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield path, path.read_bytes()
    for suffix in ("*.html", "*.txt"):
        for path in sorted((SOURCE / room).rglob(f"templates/**/{suffix}")):
            text = templatize(path.read_text(encoding="utf-8"), origin=str(path))
            # Indents of templates are none that Python would accept.
            yield path, "\n".join(line.strip() for line in text.split("\n")).encode()


def texts(source):
    """(context, text) of each translatable text; for a plural, of its singular."""
    for _line, message, _comments, context in extract(
        "python", io.BytesIO(source), keywords=KEYWORDS
    ):
        text = message[0] if isinstance(message, tuple) else message
        if text:
            yield context, text


def used(room):
    return {found for _path, source in sources(room) for found in texts(source)}


def catalog(room, language):
    path = SOURCE / room / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translated(room, language):
    """What the room's own file says in full; fuzzy guesses do not count."""
    found = catalog(room, language)
    return {
        (message.context, message.id[0] if message.pluralizable else message.id)
        for message in found or ()
        if message.id
        and not message.fuzzy
        and all(message.string if message.pluralizable else [message.string])
    }


def test_extraction_sees_every_way_of_writing(tmp_path):
    python = b'from x import *\n_("a")\nngettext("b", "bs", n)\npgettext("c", "d")\nf(_("e" "f"))\n'
    assert set(texts(python)) == {(None, "a"), (None, "b"), ("c", "d"), (None, "ef")}
    page = (
        '{% translate "g" %}{% blocktranslate with n=n %}h {{ n }}{% endblocktranslate %}'
        '{% include "x.html" with t=_("i") %}{{ _("j") }}'
    )
    assert {t for _c, t in texts(templatize(page).encode())} == {"g", "h %(n)s", "i", "j"}


@pytest.mark.parametrize("room", FLOORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(room, language):
    missing = used(room) - translated(room, language)
    assert sorted(text for _context, text in missing) == []


@pytest.mark.parametrize("room", FLOORS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_placeholders_survive_translation(room, language):
    import re

    holes = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
    wrong = []
    for message in catalog(room, language) or ():
        if not message.id:
            continue
        ids = message.id if message.pluralizable else [message.id]
        strings = message.string if message.pluralizable else [message.string]
        wanted = {h for text in ids for h in holes.findall(text)}
        wrong += [s for s in strings if s and not set(holes.findall(s)) <= wanted]
        wrong += [s for s in strings if s and not message.pluralizable
                  and set(holes.findall(s)) != wanted]  # fmt: skip
    assert wrong == []


def test_files_for_translations_are_where_django_looks():
    found = {p.parent for p in Path(SOURCE).rglob("*.po")}
    assert all(p.name == "LC_MESSAGES" and p.parent.name in LANGUAGES for p in found)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_words_are_translated_the_same_in_every_room(language):
    """Django merges the rooms' catalogs: of two translations only one would ever be seen."""
    said = {}
    for room in FLOORS:
        for message in catalog(room, language) or ():
            if message.id and not message.pluralizable:
                key = (message.context, message.id)
                said.setdefault(key, {}).setdefault(message.string, []).append(room)
    assert {key: rooms for key, rooms in said.items() if len(rooms) > 1} == {}
