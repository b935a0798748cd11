"""Events: frozen facts in the past tense, and nothing a person wrote.

    class CaseAssigned(Event):
        case: int          # the first field is the subject
        post: Code
        reason: Reason     # an enum

Allowed are int, bool, datetime, date, enums, `Code` (a short identifier), `Digest` (bytes, written
as hex), tuples of these and `None`. A plain `str` is refused when the class is made: free text
never reaches the journal, because the journal cannot be erased.
"""

import dataclasses
import enum
import json
import re
import types
import typing
from datetime import UTC, date, datetime
from typing import Any, ClassVar, NewType, dataclass_transform

Code = NewType("Code", str)
Digest = NewType("Digest", bytes)
CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:/-]{0,79}\Z")

EVENTS: dict[str, type["Event"]] = {}


@dataclass_transform(frozen_default=True, kw_only_default=True)
class Event:
    """Base of every event; subclasses become frozen dataclasses by themselves."""

    version: ClassVar[int] = 1
    name: ClassVar[str]

    def __init_subclass__(cls) -> None:
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)
        cls.name = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        for field, kind in fields_of(cls).items():
            if not _allowed(kind):
                raise TypeError(f"{cls.__name__}.{field}: {kind} may hold free text; use Code")
        if cls.name in EVENTS and EVENTS[cls.name].__module__ != cls.__module__:
            raise TypeError(f"two events are called {cls.name}")
        EVENTS[cls.name] = cls


def fields_of(event: type[Event]) -> dict[str, Any]:
    """The fields of an event with their types, in order; the first is its subject."""
    hints = typing.get_type_hints(event)
    return {f.name: hints[f.name] for f in dataclasses.fields(typing.cast(Any, event))}


def _allowed(kind: Any) -> bool:
    if typing.get_origin(kind) in (types.UnionType, typing.Union, tuple):
        return all(_allowed(k) for k in typing.get_args(kind) if k is not Ellipsis)
    if kind in (int, bool, datetime, date, Code, Digest, type(None)):
        return True
    return isinstance(kind, type) and issubclass(kind, enum.Enum)


def subject_of(event: Event) -> tuple[str, int]:
    """What the event is about: the name and the value of its first field; 0 where not a number."""
    first = next(iter(fields_of(type(event))))
    value = getattr(event, first)
    return first, value if isinstance(value, int) else 0


def canonical(event: Event, *, at: datetime, by: int | None) -> bytes:
    """The bytes that are hashed: sorted keys, no spaces, ASCII, times in UTC with microseconds."""
    body = {name: _plain(getattr(event, name)) for name in fields_of(type(event))}
    head = {"event": event.name, "v": event.version, "at": _plain(at), "by": by}
    return json.dumps({**head, "of": body}, sort_keys=True, separators=(",", ":")).encode("ascii")


def _plain(value: Any) -> Any:
    if isinstance(value, enum.Enum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_plain(v) for v in value]
    if isinstance(value, str) and not CODE.match(value):
        raise ValueError("an event holds codes, not free text")
    return value


def parse(body: bytes) -> Event:
    """The event that `canonical` wrote; KeyError for an event this version does not know."""
    data = json.loads(body)
    cls = EVENTS[data["event"]]
    return cls(**{n: _typed(kind, data["of"].get(n)) for n, kind in fields_of(cls).items()})


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        return _typed(next(k for k in typing.get_args(kind) if k is not type(None)), value)
    if origin is tuple:
        return tuple(_typed(typing.get_args(kind)[0], v) for v in value)
    if kind is datetime:
        return datetime.fromisoformat(value)
    if kind is date:
        return date.fromisoformat(value)
    if kind is Digest:
        return bytes.fromhex(value)
    if isinstance(kind, type) and issubclass(kind, enum.Enum):
        return kind(value)
    return value
