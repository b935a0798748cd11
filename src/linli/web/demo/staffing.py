"""Offices, posts and the accounts that hold them, written many at once with their journal.

The same rows and the same events as `organisations.actions`, which write them one by one.
"""

import datetime as dt
from collections.abc import Sequence

from django.db import connection
from django.utils import timezone

from linli.areas.models import Area
from linli.engines.prefecture import DutyFacts, Names, Offices
from linli.kernel.actions import writing
from linli.kernel.events import Code, Event
from linli.kernel.journal import entry_fields
from linli.kernel.models import Account, Entry, Pending
from linli.organisations import events
from linli.organisations.models import (
    Absence,
    Answering,
    Duty,
    Holding,
    Organisation,
    Post,
    Team,
)

BATCH = 2000
AWAY = dt.timedelta(days=9)


def duty_facts() -> list[DutyFacts]:
    """The installed duties, as the generator wants them."""
    return [
        DutyFacts(duty.code, Names(**duty.names), tuple(duty.levels))
        for duty in Duty.objects.order_by("position", "code")
    ]


def load_offices(offices: Offices, *, by: Account, today: dt.datetime) -> None:
    """Write all of it, on the clock's date; absences are of `today`."""
    with writing():
        organisations = _organisations(offices)
        areas = {area.code: area for area in Area.objects.current()}
        teams = _teams(offices, organisations, areas)
        posts = _posts(offices, organisations, teams)
        answerings = _answerings(offices, posts, areas)
        holdings = _holdings(offices, posts)
        absent = [
            holding for row, holding in zip(offices.holdings, holdings, strict=True) if row.absent
        ]
        Absence.objects.bulk_create(
            [Absence(holding=h, since=today - AWAY / 3, until=today + AWAY) for h in absent]
        )
        _record(_events(organisations, posts, answerings, holdings), by=by)
        count_rows()


def count_rows() -> None:
    """Let the database count its rows anew: after a bulk load its plans still expect empty tables.

    Without it one look at the roster took PostgreSQL 1.5 s.
    """
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _organisations(offices: Offices) -> dict[str, Organisation]:
    made: dict[str, Organisation] = {}
    waiting = offices.organisations
    while waiting:
        ready = [row for row in waiting if not row.parent or row.parent in made]
        rows = Organisation.objects.bulk_create(
            [
                Organisation(
                    code=row.code,
                    names=row.names.json(),
                    kind=row.kind,
                    parent=made.get(row.parent),
                )
                for row in ready
            ]
        )
        made |= {row.code: row for row in rows}
        waiting = [row for row in waiting if row.code not in made]
    return made


def _teams(
    offices: Offices, organisations: dict[str, Organisation], areas: dict[str, Area]
) -> dict[str, Team]:
    rows = Team.objects.bulk_create(
        [
            Team(
                code=row.code,
                names=row.names.json(),
                organisation=organisations[row.organisation],
                area=areas[row.area],
                kind=row.kind,
                size=row.size,
            )
            for row in offices.teams
        ]
    )
    return {row.code: row for row in rows}


def _posts(
    offices: Offices, organisations: dict[str, Organisation], teams: dict[str, Team]
) -> dict[str, Post]:
    rows = Post.objects.bulk_create(
        [
            Post(
                code=row.code,
                names=row.names.json(),
                organisation=organisations[row.organisation],
                team=teams.get(row.team),
                kind=row.kind,
                oversight=row.oversight,
                phone=row.phone,
                counter=row.counter.json() if row.counter else {},
            )
            for row in offices.posts
        ],
        batch_size=BATCH,
    )
    return {row.code: row for row in rows}


def _answerings(
    offices: Offices, posts: dict[str, Post], areas: dict[str, Area]
) -> list[Answering]:
    duties = {duty.code: duty for duty in Duty.objects.all()}
    since = timezone.now()
    return Answering.objects.bulk_create(
        [
            Answering(post=posts[row.code], duty=duties[duty], area=areas[area], since=since)
            for row in offices.posts
            for duty, area in row.answers
        ],
        batch_size=BATCH,
    )


def _holdings(offices: Offices, posts: dict[str, Post]) -> list[Holding]:
    """Accounts that nobody can sign in to: only the sample accounts have passwords."""
    accounts = [
        Account(username=f"staff-{number:05d}", names=names.json(), kind=Account.Kind.STAFF)
        for number, names in enumerate(offices.people, start=1)
    ]
    for row in offices.holdings:
        if posts[row.post].kind == Post.Kind.LIAISON:
            accounts[row.person].kind = Account.Kind.LIAISON
    for account in accounts:
        account.set_unusable_password()
    people = Account.objects.bulk_create(accounts, batch_size=BATCH)
    since = timezone.now()
    return Holding.objects.bulk_create(
        [
            Holding(
                post=posts[row.post], account=people[row.person], deputy=row.deputy, since=since
            )
            for row in offices.holdings
        ],
        batch_size=BATCH,
    )


def _events(
    organisations: dict[str, Organisation],
    posts: dict[str, Post],
    answerings: Sequence[Answering],
    holdings: Sequence[Holding],
) -> list[Event]:
    found: list[Event] = [
        events.OrganisationAdded(organisation=o.pk, code=Code(o.code))
        for o in organisations.values()
    ]
    found += [
        events.PostAdded(post=p.pk, code=Code(p.code), organisation=Code(p.organisation.code))
        for p in posts.values()
    ]
    found += [
        events.DutyTaken(post=a.post_id, duty=Code(a.duty.code), area=Code(a.area.code))
        for a in answerings
    ]
    found += [
        events.PostAppointed(post=h.post_id, account=h.account_id, deputy=h.deputy)
        for h in holdings
    ]
    return found


def _record(found: Sequence[Event], *, by: Account) -> None:
    """What `journal.record` writes, many at once; the sealer numbers it later."""
    at = timezone.now()
    for start in range(0, len(found), BATCH):
        some = found[start : start + BATCH]
        rows = [Entry(**entry_fields(event, by=by.pk, at=at)) for event in some]
        made = Entry.objects.bulk_create(rows)
        Pending.objects.bulk_create([Pending(entry=entry) for entry in made])
