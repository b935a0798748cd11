"""Time limits and the ladder, as data with a date from which they hold (`*.toml` beside this)."""

import datetime as dt
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from django.utils import timezone

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Times:
    """How long things wait and stay; see times.toml."""

    code: str
    silence: dt.timedelta
    agreement: dt.timedelta
    contact: dt.timedelta


@dataclass(frozen=True)
class Ladder:
    """How unanswered work climbs; see ladder.toml."""

    code: str
    levels: tuple[str, ...]
    grace: dt.timedelta
    step: dt.timedelta


def times(at: dt.datetime | None = None) -> Times:
    """The time limits that hold at a moment, by default now."""
    row = _edition("times.toml", at)
    return Times(
        code=row["code"],
        silence=dt.timedelta(days=row["silence_days"]),
        agreement=dt.timedelta(hours=row["agreement_hours"]),
        contact=dt.timedelta(days=row["contact_days"]),
    )


def ladder(at: dt.datetime | None = None) -> Ladder:
    """The ladder that holds at a moment, by default now."""
    row = _edition("ladder.toml", at)
    return Ladder(
        code=row["code"],
        levels=tuple(row["levels"]),
        grace=dt.timedelta(hours=row["grace_hours"]),
        step=dt.timedelta(hours=row["step_hours"]),
    )


def _edition(name: str, at: dt.datetime | None) -> dict[str, Any]:
    day = timezone.localtime(at).date()
    return max((e for e in _read(name) if e["since"] <= day), key=lambda e: e["since"])


@cache
def _read(name: str) -> tuple[dict[str, Any], ...]:
    rows = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["edition"]
    return tuple(rows)
