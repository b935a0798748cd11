"""Every text of every room's pages and code exists in Chinese and Tibetan."""

import io
import re

from babel.messages.extract import extract
from babel.messages.pofile import read_po
from django.utils.translation.template import templatize

from tests.architecture.house import FLOORS, breach, check

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


def sources(root, room):
    """The room's Python and template files, as Python that Babel can read."""
    for path in sorted((root / room).rglob("*.py")):
        if "tests" not in path.parts and "migrations" not in path.parts:
            yield path, path.read_bytes()
    for suffix in ("*.html", "*.txt"):
        for path in sorted((root / room).rglob(f"templates/**/{suffix}")):
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


def used(root, room):
    return {found for _path, source in sources(root, room) for found in texts(source)}


def catalog(root, room, language):
    path = root / room / "locale" / language / "LC_MESSAGES" / "django.po"
    if not path.exists():
        return None
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def everything(root):
    """(room, language, message) of every file."""
    for room in FLOORS:
        for language in LANGUAGES:
            for message in catalog(root, room, language) or ():
                if message.id:
                    yield room, language, message


def translated(root, room, language):
    """What the room's own file says in full; fuzzy guesses do not count."""
    found = catalog(root, room, language)
    return {
        (message.context, message.id[0] if message.pluralizable else message.id)
        for message in found or ()
        if message.id
        and not message.fuzzy
        and all(message.string if message.pluralizable else [message.string])
    }


def test_extraction_sees_every_way_of_writing():
    python = b'from x import *\n_("a")\nngettext("b", "bs", n)\npgettext("c", "d")\nf(_("e" "f"))\n'
    assert set(texts(python)) == {(None, "a"), (None, "b"), ("c", "d"), (None, "ef")}
    page = (
        '{% translate "g" %}{% blocktranslate with n=n %}h {{ n }}{% endblocktranslate %}'
        '{% include "x.html" with t=_("i") %}{{ _("j") }}'
    )
    assert {t for _c, t in texts(templatize(page).encode())} == {"g", "h %(n)s", "i", "j"}


def _room(language, said, text='_("sun")'):
    """A room with one text in its code, and what its file says in a language."""
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'
    return {"cases/x.py": text, f"cases/locale/{language}/LC_MESSAGES/django.po": head + said}


SUN = 'msgid "sun"\nmsgstr "%s"\n'


@check(
    breach("cases bo: sun", _room("zh_Hans", SUN % "太阳")),
    breach("cases zh_Hans: sun", _room("bo", SUN % "ཉི་མ།")),
    breach("cases bo: sun", _room("bo", SUN % "")),
    breach("cases bo: sun", _room("bo", "#, fuzzy\n" + SUN % "ཉི་མ།")),
    breach("cases bo: sun", _room("bo", 'msgctxt "x"\n' + SUN % "ཉི་མ།")),
    breach("cases bo: sky", {"cases/templates/cases/a.html": '{% translate "sky" %}'}),
)
def every_text_is_translated(source):
    return [f"{room} {language}: {text}" for room in FLOORS for language in LANGUAGES
            for _context, text in sorted(used(source.root, room) - translated(source.root, room, language),
                                         key=str)]  # fmt: skip


HOLE = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")


@check(
    breach("cases bo: ཉི་མ།", _room("bo", 'msgid "sun %(n)s"\nmsgstr "ཉི་མ།"\n')),
    breach("cases bo: {b}", _room("bo", 'msgid "{a}"\nmsgstr "{b}"\n')),
    breach("cases bo: %(x)s", _room("bo", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "%(x)s"\n')),
)
def placeholders_survive_translation(source):
    wrong = []
    for room, language, message in everything(source.root):
        ids = message.id if message.pluralizable else [message.id]
        strings = message.string if message.pluralizable else [message.string]
        wanted = {h for text in ids for h in HOLE.findall(text)}
        for said in filter(None, strings):
            holes = set(HOLE.findall(said))
            if not holes <= wanted or (holes != wanted and not message.pluralizable):
                wrong.append(f"{room} {language}: {said}")
    return wrong


@check(breach("cases/locale/fr/", {"cases/locale/fr/LC_MESSAGES/django.po": ""}),
       breach("cases/locale/bo/django.po", {"cases/locale/bo/django.po": ""}))  # fmt: skip
def files_for_translations_are_where_django_looks(source):
    right = re.compile(rf"\w+/locale/({'|'.join(LANGUAGES)})/LC_MESSAGES/\w+\.po")
    return [f.name for f in source.files("*.po") if not right.fullmatch(f.name)]


@check(breach("bo: sun", {
    **_room("bo", SUN % "ཉི་མ།"),
    "areas/locale/bo/LC_MESSAGES/django.po": _room("bo", SUN % "ཉི།")[
        "cases/locale/bo/LC_MESSAGES/django.po"]}))  # fmt: skip
def the_same_words_are_translated_the_same_in_every_room(source):
    """Django merges the rooms' catalogs: of two translations only one would ever be seen."""
    said = {}
    for _room, language, message in everything(source.root):
        if not message.pluralizable:
            said.setdefault((language, message.context, message.id), set()).add(message.string)
    return [f"{language}: {text}" for (language, _c, text), ways in said.items() if len(ways) > 1]
