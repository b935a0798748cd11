"""When what of a case is erased. Nothing here erases; `actions.erasing` does.

Counted from the end of a case (of a merged one, from the end of the case it went into):

- contact: after `contact_days` of times.toml
- photos, exact point and words about the place, texts: by the version of the service
- help asked for another: everything, 72 hours after receipt, unless that person agrees

When the texts go, nothing locked is left and the key of the case is destroyed.
"""

import datetime as dt

from linli.cases import rulebook
from linli.cases.catalogue.reading import ServiceDefinition
from linli.cases.events import Part
from linli.cases.models import Case, State


def before_agreement(service: ServiceDefinition, received_at: dt.datetime) -> dt.datetime | None:
    """When help asked for another is erased if that person does not agree; None for the rest."""
    if service.about != "call-back":
        return None
    return received_at + rulebook.times(received_at).agreement


def ended_at(case: Case) -> dt.datetime | None:
    """When the case ended; a merged one with the case it went into."""
    if case.state != State.MERGED:
        return case.closed_at
    merge = case.merges.filter(undone_at=None).select_related("into").first()
    return ended_at(merge.into) if merge else None


def times_of(case: Case) -> dict[Part, dt.datetime]:
    """When each part goes; empty while the case is running and nothing waits for an agreement."""
    service = case.version.definition
    agreement = before_agreement(service, case.received_at)
    if agreement is not None and case.agreed_at is None:
        return {Part.ALL: agreement}
    ended = ended_at(case)
    if ended is None:
        return {}
    keep = service.retention
    return {
        Part.CONTACT: ended + rulebook.times(ended).contact,
        Part.PHOTOS: ended + dt.timedelta(days=keep.photos),
        Part.POINT: ended + dt.timedelta(days=keep.points),
        Part.TEXTS: ended + dt.timedelta(days=keep.texts),
    }


def held_parts(case: Case) -> set[Part]:
    """The parts that a case still has."""
    return {
        part
        for part, there in {
            Part.CONTACT: case.contact_id is not None,
            Part.PHOTOS: case.photos.exists(),
            Part.POINT: case.lon is not None or case.where_locked is not None,
            Part.TEXTS: case.key.destroyed_at is None,
            Part.ALL: case.state != State.ERASED,
        }.items()
        if there
    }


def next_erasure(case: Case) -> dt.datetime | None:
    """When the next part of the case goes; None while that is open, or when all is gone."""
    held = held_parts(case)
    return min((at for part, at in times_of(case).items() if part in held), default=None)
