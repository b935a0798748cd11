"""Why a case is where it is: which boundary, which post, which deadline, by which rule."""

import datetime as dt
from dataclasses import dataclass

from linli.areas.models import Area
from linli.cases import merging, pinned, rulebook
from linli.cases.models import Case, Climb, Promise, Routing
from linli.organisations.models import Post


@dataclass(frozen=True)
class Deadline:
    """One promise: by when, counted with which edition of which calendar, by which version."""

    kind: str
    started_at: dt.datetime
    due_at: dt.datetime
    met_at: dt.datetime | None
    calendar: str
    edition: int
    amount: int
    unit: str
    rule: str


@dataclass(frozen=True)
class Step:
    """One step on the way to a post: area, duty, post looked at, what was found, all as codes."""

    area: str
    duty: str
    post: str
    found: str


@dataclass(frozen=True)
class Turn:
    """How the case came to one post: why, by whose boundary, by which version, step by step."""

    post: Post
    at: dt.datetime
    why: str
    boundary: Area | None
    rule: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Because:
    """The whole explanation. `turns` are oldest first: the last one names the owner."""

    case: Case
    rule: str
    boundary: Area | None
    turns: tuple[Turn, ...]
    deadlines: tuple[Deadline, ...]
    paused_seconds: int
    climbs: tuple[Climb, ...]
    times: str  # edition of the time limits
    ladder: str  # edition of the ladder


def why(case: Case) -> Because:
    """Explain a case; without a word that anybody wrote."""
    routings = case.routings.select_related("post__organisation", "area", "version__service")
    promises = merging.promises(case).select_related("version__service")
    return Because(
        case=case,
        rule=pinned.code_of(case.version),
        boundary=case.area,
        turns=tuple(_turn(row) for row in routings),
        deadlines=tuple(_deadline(row) for row in promises),
        paused_seconds=case.paused_seconds,
        climbs=tuple(case.climbs.select_related("post")),
        times=rulebook.times(case.received_at).code,
        ladder=rulebook.ladder(case.received_at).code,
    )


def _turn(row: Routing) -> Turn:
    return Turn(
        post=row.post,
        at=row.at,
        why=row.why,
        boundary=row.area,
        rule=pinned.code_of(row.version),
        steps=tuple(Step(*codes) for codes in row.reasons),
    )


def _deadline(row: Promise) -> Deadline:
    within = row.version.definition.within
    return Deadline(
        kind=row.kind,
        started_at=row.started_at,
        due_at=row.due_at,
        met_at=row.met_at,
        calendar=row.calendar,
        edition=row.edition,
        amount=within.amount,
        unit=within.unit,
        rule=pinned.code_of(row.version),
    )
