"""The languages of the service, and choosing among the names that data carries.

Names stored in data are small mappings, ``{"zh": "…", "bo": "…", "en": "…"}``. Any of them may be
missing: a county's own files rarely carry all three.
"""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import get_language, override

# From the code that Django knows a language by to the key that data uses.
KEYS = {"zh-hans": "zh", "zh": "zh", "zh-cn": "zh", "bo": "bo", "en": "en"}
# And back: the code of each key.
CODES = {"zh": "zh-hans", "bo": "bo", "en": "en"}
FALLBACK = ("zh", "en", "bo")


def key(language: str | None = None) -> str:
    """The data key (``zh``, ``bo`` or ``en``) of a language code; of the active one by default."""
    code = (language or get_language() or "").lower()
    return KEYS.get(code) or KEYS.get(code.split("-")[0], "zh")


def pick_with_key(names: Mapping[str, str], language: str | None = None) -> tuple[str, str]:
    """The name in the wanted language, or the next best, and the key it was found under.

    Falls back to Chinese, then English, then whatever there is; ``("", key)`` for no name at all.
    """
    wanted = key(language)
    for candidate in (wanted, *FALLBACK, *names):
        if names.get(candidate):
            return names[candidate], candidate
    return "", wanted


def pick(names: Mapping[str, str], language: str | None = None) -> str:
    """The name in the wanted language, or the next best; empty when there is none."""
    return pick_with_key(names, language)[0]


def in_each(words: Callable[[], str], keys: Iterable[str] = CODES) -> dict[str, str]:
    """What `words` says where each of these languages is the active one, by key."""
    found = {}
    for one in keys:
        with override(CODES[one]):
            found[one] = words()
    return found
