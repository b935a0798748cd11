"""Whom a case comes to, and why. Nothing here writes."""

import datetime as dt
from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

from linli.areas import queries as areas
from linli.areas.conditions import day_of
from linli.areas.models import Area, Place
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.models import Why
from linli.kernel.errors import Invalid, Unavailable
from linli.organisations import queries as organisations
from linli.organisations.duties import SERVICE_CENTRE
from linli.organisations.models import Organisation, Post


@dataclass(frozen=True)
class Where:
    """Where the matter is: a point, a stored place, or an area; words may help to find it."""

    lon: float | None = None
    lat: float | None = None
    place: Place | None = None
    area: Area | None = None
    words: str = ""


@dataclass(frozen=True)
class Routed:
    """The post, the area by whose boundary it was found (None: outside), and the steps as codes."""

    post: Post
    why: Why
    area: Area | None
    reasons: list[list[str]] = field(default_factory=list)


def area_of(where: Where, at: dt.datetime) -> Area | None:
    """The area of the matter in the version that holds at `at`; None if outside, or only words."""
    if where.lon is not None and where.lat is not None:
        return areas.area_at(where.lon, where.lat, at)
    if where.place is not None:
        return _home(where.place, at)
    if where.area is not None:
        return areas.by_code(where.area.code, at) or _successor(where.area, at) or where.area
    return None


def _home(place: Place, at: dt.datetime) -> Area | None:
    """The area of a place, also on the first day of a boundary, before the place has followed."""
    home, day = place.area, day_of(at)
    if home is not None and home.since <= day and (home.until is None or day < home.until):
        return home
    return areas.area_at(place.lon, place.lat, at) or home


def _successor(area: Area, at: dt.datetime) -> Area | None:
    """What covers, at `at`, the middle of an area that has ended."""
    if area.centre_lon is None or area.centre_lat is None:
        return None
    return areas.area_at(area.centre_lon, area.centre_lat, at)


def route(
    service: ServiceDefinition,
    where: Where,
    *,
    at: dt.datetime,
    office: Organisation | None = None,
    withdrawn: bool = False,
) -> Routed:
    """The post that a case of this service comes to.

    By duty and boundary; to the service centre where that finds nobody, and a matter about an
    office to a post outside its chain. Raises Unavailable where not even a service centre exists,
    and Invalid `no-independent-post` where every post belongs to the office's own chain.
    """
    area = area_of(where, at)
    ground = area or root(at)
    if office is not None and service.outside_chain:
        return _outside(office, ground, area, at)
    why = _obstacle(where, area, withdrawn)
    found = organisations.duty_for(ground, SERVICE_CENTRE if why else service.duty, at)
    if found is None:
        raise Unavailable("no-service-centre")
    why = why or (Why.NO_DUTY_HOLDER if found.by_fallback else Why.DUTY)
    return Routed(found.post, why, area, found.codes)


def root(at: dt.datetime) -> Area:
    """The topmost area: where a matter is looked after that no boundary holds."""
    found = areas.roots(at).first()
    if found is None:
        raise Unavailable("no-areas")
    return found


def _obstacle(where: Where, area: Area | None, withdrawn: bool) -> Why | None:
    if area is None:
        somewhere = where.lon is not None or where.place is not None
        return Why.OUTSIDE if somewhere else Why.WORDS_ONLY
    return Why.WITHDRAWN if withdrawn else None


def _outside(office: Organisation, ground: Area, area: Area | None, at: dt.datetime) -> Routed:
    found = organisations.outside_chain(office, ground, at)
    if found is None:
        raise Invalid(
            "no-independent-post",
            _("Nobody here is independent of that office. Please turn to the level above it."),
        )
    return Routed(found.post, Why.OFFICE, area, found.codes)
