"""Which areas get a new version when a set of rows takes effect. Nothing here reads or writes."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from django.utils.translation import gettext_lazy as _

from linli.areas.names import cleaned
from linli.areas.rows import AreaRow, Names
from linli.kernel.errors import Invalid

CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,39}\Z")
LONGEST_PATH = 255
SHOWN = 20


@dataclass(frozen=True)
class Version:
    """An area as it is, or is to be; with `inherits` it keeps the outline of the version before."""

    code: str
    level: str
    parent: str | None
    names: Names
    path: str
    precedence: int = 0
    boundary: bytes | None = None
    inherits: bool = False


def plan(
    rows: Sequence[AreaRow], current: Mapping[str, Version], ending: Collection[str] = ()
) -> list[Version]:
    """The versions that `rows` make, those above before those below.

    `current` holds every open version, with `boundary` where a row brings one. Rows that change
    nothing make none; areas below one that moved get a version with their new path. Those whose
    code is in `ending` get none. Raises Invalid: area-code-twice, area-code-not-usable,
    area-parent-missing, area-parent-circle, area-level-missing, area-path-too-long, and those of
    `_check_ending`.
    """
    _check_codes(rows)
    wanted = {row.code: row for row in rows}
    parents = {code: version.parent for code, version in current.items()}
    parents |= {row.code: _parent(row, current) for row in rows}
    _check_parents(wanted, parents)
    _check_ending(ending, wanted, parents, current)
    changed: dict[str, Version] = {}
    for code in _top_down(wanted, parents, current):
        version = _version(code, wanted.get(code), current, changed, parents[code])
        if _changes(version, current.get(code)):
            changed[code] = version
    return list(changed.values())


def _parent(row: AreaRow, current: Mapping[str, Version]) -> str | None:
    before = current.get(row.code)
    return row.parent if row.parent is not None else before.parent if before else None


def _version(
    code: str,
    row: AreaRow | None,
    current: Mapping[str, Version],
    changed: Mapping[str, Version],
    parent: str | None,
) -> Version:
    above = (changed.get(parent) or current.get(parent)) if parent else None
    path = f"{above.path}/{code}" if above else code
    if len(path) > LONGEST_PATH:
        raise Invalid("area-path-too-long", fields={"codes": [code]})
    before = current.get(code)
    if row is None and before is not None:
        return replace(before, path=path, boundary=None, inherits=True)
    if row is None or (row.level is None and before is None):
        raise Invalid("area-level-missing", _("The level of an area is not known."))
    old = before or Version(code=code, level="", parent=None, names={}, path="")
    return Version(
        code=code,
        level=row.level or old.level,
        parent=parent,
        names={**old.names, **cleaned(row.names)},
        path=path,
        precedence=old.precedence if row.precedence is None else row.precedence,
        boundary=row.boundary,
        inherits=row.boundary is None,
    )


def _changes(version: Version, before: Version | None) -> bool:
    if before is None:
        return True
    outline = before.boundary if version.inherits else version.boundary
    return replace(version, boundary=outline, inherits=False) != before


def _check_codes(rows: Sequence[AreaRow]) -> None:
    twice = [code for code, count in Counter(row.code for row in rows).items() if count > 1]
    if twice:
        raise Invalid(
            "area-code-twice", _("A code appears more than once."), fields={"codes": twice[:SHOWN]}
        )
    odd = [row.code for row in rows if not CODE.match(row.code)]
    if odd:
        raise Invalid(
            "area-code-not-usable",
            _("A code may hold letters, digits, dot, dash and underscore only, 40 at most."),
            fields={"codes": [code[:40] for code in odd[:SHOWN]]},
        )


def _check_ending(
    ending: Collection[str],
    wanted: Mapping[str, AreaRow],
    parents: Mapping[str, str | None],
    current: Mapping[str, Version],
) -> None:
    """Raises Invalid: area-not-open, area-ends-and-stays, area-below-ending."""
    if gone := sorted(set(ending) - set(current)):
        raise Invalid(
            "area-not-open", _("There is no such area that could end."), fields=_named(gone)
        )
    if both := sorted(set(ending) & set(wanted)):
        raise Invalid(
            "area-ends-and-stays", _("An area cannot end and stay on one day."), fields=_named(both)
        )
    hanging = [c for c, above in parents.items() if above in ending and c not in ending]
    if hanging:
        raise Invalid(
            "area-below-ending",
            _("Areas below one that ends have to end with it or to move."),
            fields=_named(sorted(hanging)),
        )


def _named(codes: Sequence[str]) -> dict[str, object]:
    return {"codes": list(codes[:SHOWN])}


def _check_parents(wanted: Mapping[str, AreaRow], parents: Mapping[str, str | None]) -> None:
    missing = [code for code in wanted if parents[code] and parents[code] not in parents]
    if missing:
        raise Invalid(
            "area-parent-missing",
            _("The area above is not known."),
            fields={"codes": missing[:SHOWN], "parents": [parents[c] for c in missing[:SHOWN]]},
        )
    for code in wanted:
        seen, above = {code}, parents[code]
        while above is not None:
            if above in seen:
                raise Invalid(
                    "area-parent-circle",
                    _("An area lies below itself."),
                    fields={"codes": sorted(seen)[:SHOWN]},
                )
            seen.add(above)
            above = parents[above]


def _top_down(
    wanted: Mapping[str, AreaRow],
    parents: Mapping[str, str | None],
    current: Mapping[str, Version],
) -> Iterator[str]:
    """Codes in `rows` and all below them, each after the one above it."""
    below: dict[str, list[str]] = {}
    for code, parent in parents.items():
        if parent is not None:
            below.setdefault(parent, []).append(code)
    tops = [code for code in wanted if not _has_wanted_above(code, wanted, parents)]
    stack = list(reversed(tops))
    while stack:
        code = stack.pop()
        if code in wanted or code in current:
            yield code
        stack.extend(reversed(below.get(code, ())))


def _has_wanted_above(
    code: str, wanted: Mapping[str, AreaRow], parents: Mapping[str, str | None]
) -> bool:
    above = parents[code]
    while above is not None:
        if above in wanted:
            return True
        above = parents[above]
    return False
