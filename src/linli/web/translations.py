"""Compiles every room's translations: ``python -m linli.web.translations``.

Django reads .mo files; they are made here from the .po files beside them, with Babel, so that no
GNU gettext is needed. A file is made again only when its source is newer.
"""

import sys
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = Path(__file__).parents[1]


def sources() -> list[Path]:
    """Every .po file of every room."""
    return sorted(SOURCE.glob("*/locale/*/LC_MESSAGES/django.po"))


def compile_one(source: Path) -> bool:
    """Makes the .mo beside one .po, unless it is up to date; says whether it did."""
    target = source.with_suffix(".mo")
    if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
        return False
    with source.open("rb") as file:
        catalog = read_po(file, locale=source.parts[-3], abort_invalid=True)
    made = target.with_suffix(".part")
    with made.open("wb") as file:
        write_mo(file, catalog)
    made.replace(target)
    return True


def compile_all() -> int:
    """Compiles what is out of date; returns how many files that were."""
    return sum(compile_one(source) for source in sources())


if __name__ == "__main__":
    sys.stdout.write(f"translations: {compile_all()} compiled\n")
