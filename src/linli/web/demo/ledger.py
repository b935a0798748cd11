"""The journal of the year: the same bytes as `journal.record` and the same chain as the sealer's.

Entries wait until their day has come, so that the whole year lies in one order of time; what waits
is a few numbers each, and the bytes are made when they are written.
"""

import os
from collections import defaultdict
from hashlib import sha256
from typing import Any

from linli.engines import merkle
from linli.kernel.events import Event, fields_of
from linli.kernel.journal import SALT
from linli.kernel.models import Entry, Sealed, SealerState
from linli.web.demo.tables import MICROSECONDS, Table, moment

DAY = 86400
HASH = 32


class Stencil:
    """The canonical bytes of one kind of event with holes for its values, in order of their names.

    Values are put in as JSON: numbers as they are, codes by `quoted`.
    """

    def __init__(self, event: type[Event]) -> None:
        self.name = event.name
        self.fields = sorted(fields_of(event))
        of = ",".join(f'"{name}":%s' for name in self.fields)
        head = f'"event":"{event.name}","of":{{{of}}},"v":{event.version}'
        self._text = f'{{"at":"%s","by":%s,{head}}}'

    def fill(self, at: str, by: int | None, values: tuple[Any, ...]) -> bytes:
        """What `events.canonical` makes of the same event."""
        return (self._text % (at, "null" if by is None else by, *values)).encode("ascii")


def quoted(code: str | None) -> str:
    """A code as JSON."""
    return "null" if code is None else f'"{code}"'


class Ledger:
    """Entries of cases, written day by day and sealed as they are written."""

    def __init__(self) -> None:
        self._entries = Table(
            Entry, "id", "at", "event", "subject_kind", "subject", "by_id", "body", "salt", "leaf"
        )
        self._sealed = Table(Sealed, "number", "entry_id", "chain")
        state = SealerState.objects.get_or_create(pk=1)[0]
        self._size, self._chain = state.size, bytes(state.chain)
        joined = bytes(state.frontier)
        self._frontier = [joined[i : i + HASH] for i in range(0, len(joined), HASH)]
        self._waiting: dict[int, list[tuple[int, int, Stencil, int, int | None, Any]]] = (
            defaultdict(list)
        )
        self._order = 0

    @property
    def tables(self) -> list[Table]:
        """The tables this writes."""
        return [self._entries]

    def record(
        self, stencil: Stencil, at: int, case: int, by: int | None, values: tuple[Any, ...]
    ) -> None:
        """Put an entry in line; of entries of one second the first recorded comes first."""
        self._order += 1
        self._waiting[at // DAY].append((at, self._order, stencil, case, by, values))

    def write_until(self, end: int) -> None:
        """Write and seal every entry before the day of `end`, in order of time."""
        for day in sorted(day for day in self._waiting if day < end // DAY):
            self._write(self._waiting.pop(day))

    def write_rest(self) -> None:
        """Write and seal whatever still waits, and the sealer's state."""
        for day in sorted(self._waiting):
            self._write(self._waiting.pop(day))
        SealerState.objects.filter(pk=1).update(
            size=self._size, chain=self._chain, frontier=b"".join(self._frontier)
        )

    def _write(self, entries: list[tuple[int, int, Stencil, int, int | None, Any]]) -> None:
        entries.sort(key=lambda entry: entry[:2])
        salts = os.urandom(SALT * len(entries))
        for i, (at, _, stencil, case, by, values) in enumerate(entries):
            salt = salts[i * SALT : (i + 1) * SALT]
            when = moment(at)
            body = stencil.fill(f"{when[:10]}T{when[11:19]}{MICROSECONDS}", by, values)
            leaf = merkle.leaf_hash(salt + body)
            pk = self._entries.new_pk()
            self._entries.add(pk, when, stencil.name, "case", case, by, body, salt, leaf)
            self._frontier = merkle.appended(self._frontier, self._size, leaf)
            self._chain = sha256(self._chain + leaf).digest()
            self._size += 1
            self._sealed.add(self._size, pk, self._chain)
        self._entries.write()
        self._sealed.write()
