"""Names in several languages, as data: {"zh": …, "bo": …, "en": …}."""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from linli.areas.worship import plain
from linli.kernel.errors import Invalid

LANGUAGES = ("zh", "bo", "en")
LONGEST = 120


def cleaned(names: Mapping[str, str]) -> dict[str, str]:
    """The names without blanks; raises Invalid (code name-not-usable) for one that is no name.

    A name is one line of at most 120 characters without control or direction-changing characters.
    """
    result = {}
    for language, text in names.items():
        name = unicodedata.normalize("NFC", text).strip()
        if language not in LANGUAGES or len(name) > LONGEST or any(map(_hidden, name)):
            raise Invalid("name-not-usable", _("A name is too long or holds hidden characters."))
        if name:
            result[language] = name
    return result


def _hidden(character: str) -> bool:
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Zl", "Zp")


def searchable(names: Mapping[str, str], code: str) -> str:
    """One line to look for a part of a name in: all languages and the code, folded."""
    return "\n".join(plain(text) for text in (*names.values(), code))
