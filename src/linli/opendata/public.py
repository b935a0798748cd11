"""The one way out: everything that leaves is built from a `PublicCase`, and only here.

A case is public when its service is, somebody triaged it and released it, and it was neither
merged nor erased. What a `PublicCase` has no field for cannot leave: contacts, notes, what the
reporter wrote before it was released, photos nobody cleared, who handles it by name.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from django.db.models import QuerySet

from linli.areas.models import Area, Level, Place
from linli.cases import numbers
from linli.cases.catalogue.queries import current_versions
from linli.cases.models import Case, Photo, ServiceVersion, State
from linli.organisations.models import Post

Names = Mapping[str, str]
DECIMALS = 3  # about a hundred metres: enough to find a road, not a door
CHUNK = 500
FINEST = "village"  # areas are named from here up
HIDDEN = (State.MERGED, State.ERASED)


@dataclass(frozen=True)
class PublicCase:
    """What anybody may know about one case."""

    number: str
    service: str
    service_names: Names
    state: str
    closing: str
    text: str
    area: str  # code, at the finest level of fixed areas; empty when it has none
    area_names: Names
    place: str
    place_names: Names
    lon: float | None
    lat: float | None
    office: str
    office_names: Names
    received_at: dt.datetime
    first_due_at: dt.datetime
    due_at: dt.datetime
    resolved_at: dt.datetime | None
    closed_at: dt.datetime | None
    reworks: int
    photos: tuple[int, ...]

    @property
    def running(self) -> bool:
        """Somebody still has to answer."""
        return self.state in (State.OPEN, State.PAUSED, State.RECEIVED)

    @property
    def spoken(self) -> str:
        """The number in groups, as it is printed and read out."""
        return numbers.spoken(self.number)


def publishable(cases: QuerySet[Case] | None = None) -> QuerySet[Case]:
    """Those of `cases` (default: all) that are public.

    The table takes no published case that is private or was not triaged
    (`case_published_after_triage`): asking again would keep lists from being read off an index.
    """
    rows = Case.objects.all() if cases is None else cases
    return rows.filter(published=True).exclude(state__in=HIDDEN)


def public_cases(cases: QuerySet[Case]) -> Iterator[PublicCase]:
    """The public ones among `cases`, in their order, a few hundred in memory at a time.

    The filter of `publishable` is applied whether or not the caller did.
    """
    if cases.query.is_sliced:  # a slice cannot be filtered any more
        chosen = list(cases.values_list("pk", flat=True))
        cases = Case.objects.filter(pk__in=chosen).order_by(*cases.query.order_by)
    # Plain rows: making an object of each would take most of the time.
    found = publishable(cases).values_list("pk", *READ, named=True).iterator(chunk_size=CHUNK)
    known = _Known()
    while chunk := list(islice(found, CHUNK)):
        known.learn(chunk)
        photos = _cleared(case.pk for case in chunk)
        for case in chunk:
            yield _public(case, known, tuple(photos.get(case.pk, ())))


Named = tuple[str, Names]  # a code, and the names it goes by
NOTHING: Named = ("", {})
READ = (
    "number", "version_id", "state", "closing", "public_text", "area_id", "place_id", "lon", "lat",
    "owner_id", "received_at", "first_due_at", "due_at", "resolved_at", "closed_at", "reworks",
)  # fmt: skip


class _Known:
    """Names of services, areas, places and offices, each read once however many cases have it."""

    def __init__(self) -> None:
        self.services: dict[int, Named] = {}
        self.areas: dict[int, Named] = {}
        self.places: dict[int, Named] = {}
        self.offices: dict[int, Named] = {}

    def learn(self, chunk: list[Any]) -> None:
        """Read what these cases name and is not known yet."""
        for known, ids, read in (
            (self.services, {c.version_id for c in chunk}, _services),
            (self.areas, {c.area_id for c in chunk if c.area_id}, _fixed_areas),
            (self.places, {c.place_id for c in chunk if c.place_id}, _places),
            (self.offices, {c.owner_id for c in chunk}, _offices),
        ):
            new = ids - known.keys()
            if new:
                known.update(read(new))


def _services(versions: set[int]) -> dict[int, Named]:
    rows = ServiceVersion.objects.select_related("service").in_bulk(versions)
    return {pk: (row.service.code, row.definition.name) for pk, row in rows.items()}


def _places(places: set[int]) -> dict[int, Named]:
    return {pk: (row.code, row.names) for pk, row in Place.objects.in_bulk(places).items()}


def _offices(posts: set[int]) -> dict[int, Named]:
    rows = Post.objects.filter(pk__in=posts)
    columns = rows.values_list("pk", "organisation__code", "organisation__names")
    return {pk: (code, names) for pk, code, names in columns}


def _fixed_areas(areas: set[int]) -> dict[int, Named]:
    """For each area: itself, or the one above it that is large enough to be named."""
    paths = dict(Area.objects.filter(pk__in=areas).values_list("pk", "path"))
    wanted = {p for path in paths.values() for p in prefixes(path)}
    rows = Area.objects.filter(path__in=wanted, level__depth__lte=finest_depth()).order_by("since")
    columns = rows.values_list("path", "code", "names")
    named = {path: (code, names) for path, code, names in columns}
    return {
        pk: next((named[p] for p in prefixes(path) if p in named), NOTHING)
        for pk, path in paths.items()
    }


def _public(case: Any, known: _Known, photos: tuple[int, ...]) -> PublicCase:
    service, service_names = known.services[case.version_id]
    area, area_names = known.areas.get(case.area_id or 0, NOTHING)
    place, place_names = known.places.get(case.place_id or 0, NOTHING)
    office, office_names = known.offices[case.owner_id]
    return PublicCase(
        number=case.number,
        service=service,
        service_names=service_names,
        state=case.state,
        closing=case.closing,
        text=case.public_text,
        area=area,
        area_names=area_names,
        place=place,
        place_names=place_names,
        lon=_rounded(case.lon),
        lat=_rounded(case.lat),
        office=office,
        office_names=office_names,
        received_at=case.received_at,
        first_due_at=case.first_due_at,
        due_at=case.due_at,
        resolved_at=case.resolved_at,
        closed_at=case.closed_at,
        reworks=case.reworks,
        photos=photos,
    )


def _rounded(degrees: float | None) -> float | None:
    return None if degrees is None else round(degrees, DECIMALS)


def finest_depth() -> int:
    """The depth of the smallest areas that are named and counted in public."""
    depth = Level.objects.filter(code=FINEST).values_list("depth", flat=True).first()
    return depth if depth is not None else 99


def paths_with_page(among: Iterable[str] | None = None) -> set[str]:
    """The paths of areas from village up, in all versions; with `among` only of these."""
    rows = Area.objects.filter(level__depth__lte=finest_depth())
    if among is not None:
        rows = rows.filter(path__in=among)
    return set(rows.values_list("path", flat=True))


def prefixes(path: str) -> list[str]:
    """The path of an area and of those above it, nearest first."""
    parts = path.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts), 0, -1)]


def _cleared(cases: Iterable[int]) -> dict[int, list[int]]:
    rows = Photo.objects.filter(case__in=list(cases), cleared_at__isnull=False)
    found: dict[int, list[int]] = {}
    for case, pk in rows.order_by("pk").values_list("case", "pk"):
        found.setdefault(case, []).append(pk)
    return found


def public_services() -> dict[str, Names]:
    """Public services in use by code, with their names."""
    return {v.service.code: v.definition.name for v in current_versions() if v.definition.public}


def private_services() -> dict[str, Names]:
    """Private services in use, likewise."""
    return {
        v.service.code: v.definition.name for v in current_versions() if not v.definition.public
    }
