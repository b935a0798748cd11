"""The journal of the year: the same bytes as `journal.record` and the same chain as the sealer's.

Entries wait until their day has come, so that the whole year lies in one order of time. What waits
lies in a file for each day: it grows with the number of cases, and memory must not.
"""

import marshal
import os
from collections import defaultdict
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, NamedTuple

from linli.kernel.events import Event, fields_of
from linli.kernel.journal import SALT
from linli.kernel.models import Entry, Sealed, SealerState
from linli.messages.events import MessageWritten
from linli.messages.models import Outgoing
from linli.web.demo.tables import CLOCK, DATES, DAY, MICROSECONDS, Table, zone
from linli.web.demo.tree import Tree

TOGETHER = 10_000  # entries


class Stencil:
    """One kind of event with holes for its values, in order of their names.

    Values are put in as JSON: numbers as they are, codes by `quoted`.
    """

    def __init__(self, event: type[Event]) -> None:
        self.name, self.version = event.name, event.version
        self.of = ",".join(f'"{name}":%s' for name in sorted(fields_of(event)))


def quoted(code: str | None) -> str:
    """A code as JSON."""
    return "null" if code is None else f'"{code}"'


class Message(NamedTuple):
    """A message that answers an entry; `contact` None where the contact was erased since."""

    pk: int
    key: int
    contact: int | None
    template: str
    language: str
    codes: str
    state: str = Outgoing.State.WAITING.value


Values = tuple[Any, ...]
Line = tuple[int, int, int, str, str, int, int | None, Values, tuple[Any, ...] | None]
Place = tuple[int, int]  # when an entry was, and its place in the order of telling
WRITTEN = Stencil(MessageWritten)


def message_table() -> Table:
    """The table of messages."""
    return Table(Outgoing, "id", "key_id", "contact_id", "template", "language", "codes",
                 "created_at", "state", "cause")  # fmt: skip


class Book:
    """Entries as they are told, by the day they belong to.

    Of entries of one second the first told comes first; an answer comes right behind its entry.
    """

    def __init__(self) -> None:
        self._days: defaultdict[int, list[Line]] = defaultdict(list)
        self._order = 0

    def note(
        self,
        stencil: Stencil,
        at: int,
        case: int,
        by: int | None,
        values: tuple[Any, ...],
        *,
        about: str = "case",
    ) -> Place:
        """Put an entry in line about a case, or whatever is `about`; tells where it stands."""
        self._order += 1
        line = (at, self._order, 0, stencil.name, about, case, by, values, None)
        self._days[at // DAY].append(line)
        return at, self._order

    def answer(self, to: Place, rank: int, template: str, message: Message) -> None:
        """Put a message in line behind the entry it answers; `rank` orders several of them."""
        at, order = to
        values = (message.pk, quoted(template))
        line = (at, order, rank, WRITTEN.name, "message", message.pk, None, values, tuple(message))
        self._days[at // DAY].append(line)

    def taken(self) -> dict[int, bytes]:
        """What waits, by day, packed for `Ledger.keep`; nothing waits afterwards."""
        packed = {day: marshal.dumps(lines, 2) for day, lines in self._days.items()}
        self._days.clear()
        return packed


class Ledger:
    """Entries of cases, written day by day and sealed as they are written."""

    def __init__(self, folder: Path, stencils: dict[str, Stencil]) -> None:
        """`folder` takes what waits; `stencils` are those of the events by name."""
        self._folder = folder
        self._stencils = {**stencils, WRITTEN.name: WRITTEN}
        self._entries = Table(
            Entry, "id", "at", "event", "subject_kind", "subject", "by_id", "body", "salt", "leaf"
        )
        self._sealed = Table(Sealed, "number", "entry_id", "chain")
        self._messages = message_table()
        state = SealerState.objects.get_or_create(pk=1)[0]
        self._tree = Tree(state.size)
        self._chain = bytes(state.chain)
        self._cause = 0  # the entry that the messages behind it answer
        self._waiting: dict[int, tuple[IO[bytes], list[int]]] = {}  # with the size of each piece

    @property
    def tables(self) -> list[Table]:
        """The tables this writes."""
        return [self._entries, self._sealed, self._messages, *self._tree.tables]

    def keep(self, packed: dict[int, bytes]) -> None:
        """Take entries in from a `Book`."""
        for day, lines in packed.items():
            if day not in self._waiting:
                self._waiting[day] = TemporaryFile(dir=self._folder), []  # noqa: SIM115
            file, sizes = self._waiting[day]
            sizes.append(file.write(lines))

    def write_until(self, end: int) -> None:
        """Write and seal every entry before the day of `end`, in order of time."""
        for day in sorted(day for day in self._waiting if day < end // DAY):
            self._write(day, self._lines(*self._waiting.pop(day)))

    def write_rest(self) -> None:
        """Write and seal whatever still waits, and the sealer's state."""
        self.write_until(max(self._waiting, default=0) * DAY + DAY)
        SealerState.objects.filter(pk=1).update(
            size=self._tree.size, chain=self._chain, frontier=b"".join(self._tree.frontier())
        )

    @staticmethod
    def _lines(file: IO[bytes], sizes: list[int]) -> list[Line]:
        lines: list[Line] = []
        with file:
            file.seek(0)
            for size in sizes:
                lines += marshal.loads(file.read(size))  # noqa: S302 - our own, of a moment ago
        lines.sort()
        return lines

    def _write(self, day: int, lines: list[Line]) -> None:
        """Entries of one day, some at a time: some days are stormy."""
        for start in range(0, len(lines), TOGETHER):
            self._write_some(day, lines[start : start + TOGETHER])

    def _write_some(self, day: int, lines: list[Line]) -> None:
        """Entries of one day: bytes, leaves, the chain, and the messages they caused."""
        salts = os.urandom(SALT * len(lines))
        date, ends = DATES[day], zone()
        chain, number, stencils = self._chain, self._tree.size, self._stencils
        pk, cause = self._entries.next_pk, self._cause
        entries, sealed, messages, leaves = [], [], [], []
        for i, (at, _, _rank, name, kind, subject, by, values, message) in enumerate(lines):
            stencil = stencils[name]
            clock, salt = CLOCK[at % DAY], salts[i * SALT : i * SALT + SALT]
            body = (
                f'{{"at":"{date}T{clock}{MICROSECONDS}","by":{"null" if by is None else by},'
                f'"event":"{name}","of":{{{stencil.of % values}}},"v":{stencil.version}}}'
            ).encode("ascii")
            leaf = sha256(b"\x00" + salt + body).digest()
            chain = sha256(chain + leaf).digest()
            when = f"{date} {clock}{ends}"
            entries.append((pk, when, name, kind, subject, by, body, salt, leaf))
            leaves.append(leaf)
            number += 1
            sealed.append((number, pk, chain))
            if message:
                messages.append((*message[:6], when, message[6], cause))
            else:
                cause = pk
            pk += 1
        self._chain, self._entries.next_pk, self._cause = chain, pk, cause
        self._entries.write(entries)
        self._sealed.write(sealed)
        self._messages.write(messages)
        self._tree.grow(leaves, [line[3] for line in lines])
