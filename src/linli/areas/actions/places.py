"""Places enter and leave the map. None is a place of worship, none a dwelling."""

import datetime as dt
from collections import Counter
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.areas import coordinates, editions, queries, rules
from linli.areas.actions.edition import renew
from linli.areas.events import PlaceAdded, PlaceRetired, PlacesImported, PlacesRehomed
from linli.areas.kinds import place_kinds
from linli.areas.models import Area, Place
from linli.areas.names import cleaned
from linli.areas.rows import PlaceRow
from linli.areas.versions import CODE, SHOWN
from linli.areas.worship import names_worship
from linli.kernel.actions import action, all_locked, locked, require
from linli.kernel.errors import Conflict, Invalid
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account

BATCH = 2000


@action
def add_place(row: PlaceRow, *, by: Account | None) -> Place:
    """Add one place. Raises Invalid (place-kind-unknown, place-of-worship, place-outside …)."""
    require(rules.may_change_places(by))
    place = write_places([row], since=row.since or timezone.localdate())[0]
    record(PlaceAdded(place=place.pk, kind=Code(place.kind)), by=by)
    return place


@action
def import_places(rows: Sequence[PlaceRow], *, since: dt.date, by: Account | None) -> int:
    """Add many places, or none if one of them cannot be; returns how many."""
    require(rules.may_change_places(by))
    return add_many(rows, since=since, by=by)


@action
def rehome_places(*, by: Account | None) -> int:
    """Let every place lie in today's version of the area that covers it; returns how many moved."""
    require(rules.may_change_places(by))
    return rehome(by=by)


def rehome(*, by: Account | None) -> int:
    """The same, inside an action of this room. What lies outside today keeps the area it had."""
    places = list(all_locked(Place.objects.filter(until=None)))
    codes = queries.areas_at([place.lon for place in places], [place.lat for place in places])
    areas = {area.code: area for area in Area.objects.current().filter(code__in=set(codes))}
    moved = []
    for place, code in zip(places, codes, strict=True):
        if code in areas and place.area_id != areas[code].pk:
            place.area = areas[code]
            moved.append(place)
    Place.objects.bulk_update(moved, ["area"], batch_size=BATCH)
    if moved:
        record(PlacesRehomed(edition=renew(), count=len(moved)), by=by)
    return len(moved)


def add_many(rows: Sequence[PlaceRow], *, since: dt.date, by: Account | None) -> int:
    """Add many places with one entry in the journal; only inside an action of this room."""
    if rows:
        count = len(write_places(rows, since=since))
        record(PlacesImported(edition=editions.current(), count=count), by=by)
    return len(rows)


@action
def retire_place(place: Place, *, until: dt.date, by: Account | None) -> None:
    """The place exists no longer from the day `until` on; what refers to it keeps it."""
    require(rules.may_change_places(by))
    place = locked(place)
    if place.until is not None or until <= place.since:
        raise Conflict("place-already-retired", _("The place is not on the map on that day."))
    place.until = until
    place.save(update_fields=["until"])
    renew()
    record(PlaceRetired(place=place.pk, until=until), by=by)


def write_places(rows: Sequence[PlaceRow], *, since: dt.date) -> list[Place]:
    """Check and insert places; only inside an action of this room."""
    for row in rows:
        _check(row)
    _check_new([row.code for row in rows])
    homes = _areas_of(rows, since)
    made = Place.objects.bulk_create(
        [
            Place(
                code=row.code,
                kind=row.kind,
                names=cleaned(row.names),
                lon=round(row.lon, 7),
                lat=round(row.lat, 7),
                area=home,
                since=row.since or since,
            )
            for row, home in zip(rows, homes, strict=True)
        ],
        batch_size=BATCH,
    )
    renew()
    return made


def _check(row: PlaceRow) -> None:
    coordinates.check(row.lon, row.lat)
    if not CODE.match(row.code):
        raise Invalid("place-code-not-usable", fields={"codes": [row.code[:40]]})
    if row.kind not in place_kinds():
        raise Invalid(
            "place-kind-unknown",
            _("Places of this kind are not stored."),
            fields={"kind": row.kind[:40]},
        )
    if any(names_worship(name) for name in row.names.values()):
        raise Invalid("place-of-worship", _("Places of worship are not stored."))


def _check_new(codes: Sequence[str]) -> None:
    twice = {code for code, count in Counter(codes).items() if count > 1}
    for start in range(0, len(codes), BATCH):
        known = Place.objects.filter(code__in=codes[start : start + BATCH])
        twice |= set(known.values_list("code", flat=True))
    if twice:
        raise Invalid(
            "place-code-twice",
            _("A code appears more than once."),
            fields={"codes": sorted(twice)[:SHOWN]},
        )


def _areas_of(rows: Sequence[PlaceRow], since: dt.date) -> list[Area]:
    found = queries.areas_at([row.lon for row in rows], [row.lat for row in rows], since)
    codes = [row.area or code for row, code in zip(rows, found, strict=True)]
    areas = {area.code: area for area in Area.objects.current(since).filter(code__in=set(codes))}
    outside = [row.code for row, code in zip(rows, codes, strict=True) if code not in areas]
    if outside:
        raise Invalid(
            "place-outside",
            _("A place lies outside the territory."),
            fields={"codes": outside[:SHOWN]},
        )
    return [areas[code] for code in codes]
