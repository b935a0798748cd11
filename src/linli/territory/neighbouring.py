"""Neighbours from a file: two columns of codes of settlements; nothing else is read."""

from array import array
from pathlib import Path

import numpy as np
from django.utils.translation import gettext_lazy as _

from linli.areas.imports.mapping import as_text
from linli.areas.imports.sources import Source, unreadable
from linli.areas.worship import plain
from linli.territory.problems import Problems
from linli.territory.rows import NeighbourRows

# What a column may be called; whatever else a file has stops the import.
COLUMNS = {
    "from": ("from", "从", "ནས", "ནས།"),
    "to": ("to", "到", "བར", "བར།"),
}
MEANS = {plain(name): field for field, names in COLUMNS.items() for name in names}


def read(path: Path) -> NeighbourRows:
    """The pairs of a CSV, as they are there; one row is for both ways.

    Raises `problems.Refused`, Invalid `file-unreadable`.
    """
    problems, places, flat = Problems(), dict[str, int](), array("q")
    file, seen, names = Source(path), None, dict[str, str]()
    for row in file.rows():
        if file.spatial:
            raise unreadable(_("Neighbours come as a CSV with the columns from and to."))
        keys = tuple(row.values)
        if keys != seen:
            seen, names = keys, _columns(keys, problems)
        pair = [as_text(row.values[names[end]])[:40] for end in COLUMNS]
        if all(pair):
            flat.extend(places.setdefault(code, len(places)) for code in pair)
        else:
            problems.note("neighbour-missing", f"#{row.number}")
    problems.refuse()
    return NeighbourRows(tuple(places), np.array(flat, np.int64).reshape(-1, 2))


def _columns(keys: tuple[str, ...], problems: Problems) -> dict[str, str]:
    """Which column says from and which to; Refused where there is another, or one lacks."""
    found = {MEANS[plain(key)]: key for key in keys if plain(key) in MEANS}
    strange = [key[:80] or "“”" for key in keys if plain(key) not in MEANS]
    problems.note("neighbour-column-refused", *strange)
    problems.note("column-missing", *(end for end in COLUMNS if end not in found))
    if len(found) < len(keys) - len(strange):
        problems.note("columns-alike", ", ".join(keys))
    problems.refuse()
    return found
