"""What can be wrong with a service definition: stable codes and translated messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext, gettext_noop

from linli.cases.catalogue.refused import reason

MESSAGES = {
    "not-toml": gettext_noop("This is not a TOML file: {detail}"),
    "not-utf8": gettext_noop("The file is not UTF-8 text."),
    "too-big": gettext_noop("The file is larger than {limit} bytes."),
    "unknown-key": gettext_noop("There is no such field: {found}."),
    "missing": gettext_noop("This field is missing."),
    "wrong-type": gettext_noop("This must be {expected}."),
    "not-one-of": gettext_noop("“{found}” is not one of: {expected}."),
    "out-of-range": gettext_noop("This must be from {low} to {high}."),
    "bad-code": gettext_noop(
        "A code is 2 to 40 small letters, digits and hyphens, and begins with a letter."
    ),
    "text-empty": gettext_noop("This text is empty."),
    "text-too-long": gettext_noop("This text is longer than {limit} characters."),
    "hidden-character": gettext_noop("This text holds an invisible or control character: {found}."),
    "wrong-script": gettext_noop("This text holds a character of another script: {found}."),
    "translation-missing": gettext_noop("The translation into “{language}” is missing."),
    "too-many": gettext_noop("There are more than {limit} of these."),
    "too-few": gettext_noop("There must be at least {limit} of these."),
    "too-many-free-texts": gettext_noop("At most {limit} questions may ask for free text."),
    "duplicate-code": gettext_noop("The code “{found}” is used twice."),
    "values-not-allowed": gettext_noop("Only a list question has values."),
    "one-promise": gettext_noop("A promise is either hours or days."),
    "unknown-duty": gettext_noop("No duty has the code “{found}”."),
    "hazard-not-listed": gettext_noop(
        "“{found}” is not a listed hazard. Listed are: {expected}. Gatherings of people are not."
    ),
    "must-be-private": gettext_noop("A service of this kind must be private."),
    "personal-in-public": gettext_noop("A public service asks nothing personal."),
    "asks-the-reporter": gettext_noop(
        "A public service asks about the thing, not about the person who reports: “{found}”."
    ),
    "personal-incomplete": gettext_noop("A personal answer needs a purpose, readers and erasure."),
    "not-personal-why": gettext_noop(
        "An answer that is not personal needs the reason, and only that."
    ),
    "private-compared": gettext_noop("Private cases are never compared with each other."),
    "outside-chain": gettext_noop(
        "A complaint about an office goes outside its chain, and nothing else does."
    ),
    "call-back": gettext_noop(
        "Help asked for another takes an area only, asks nothing personal or in free text, and is "
        "erased within 72 hours."
    ),
}


@dataclass(frozen=True)
class Problem:
    """One thing wrong: a stable `code`, the `path` inside the definition, and the facts."""

    code: str
    path: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def message(self) -> str:
        """What is wrong, in the language of the moment."""
        return reason(self.code) or gettext(MESSAGES[self.code]).format(**self.facts)

    def as_json(self) -> dict[str, str]:
        """For scripts."""
        return {"code": self.code, "path": self.path, "message": self.message}
