import gettext
import os

import pytest
from babel.messages.pofile import PoFileError

from linli.web import translations

PO = """msgid ""
msgstr ""
"Language: bo\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

msgid "Lake"
msgstr "མཚོ།"

#, fuzzy
msgid "River"
msgstr "?"
"""


@pytest.fixture
def source(tmp_path, monkeypatch):
    folder = tmp_path / "room" / "locale" / "bo" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "django.po").write_text(PO, encoding="utf-8")
    monkeypatch.setattr(translations, "SOURCE", tmp_path)
    return folder / "django.po"


def test_a_catalog_is_made_and_guesses_are_left_out(source):
    assert translations.compile_all() == 1
    with source.with_suffix(".mo").open("rb") as file:
        made = gettext.GNUTranslations(file)
    assert made.gettext("Lake") == "མཚོ།"
    assert made.gettext("River") == "River"


def test_what_is_up_to_date_is_left_alone(source):
    translations.compile_all()
    assert translations.compile_all() == 0
    later = source.with_suffix(".mo").stat().st_mtime + 5
    os.utime(source, (later, later))
    assert translations.compile_all() == 1


def test_a_broken_catalog_stops_the_build(source):
    source.write_text("no catalog at all\n", encoding="utf-8")
    with pytest.raises(PoFileError):
        translations.compile_all()
