"""Photos after they came in: cleared for the public, or removed."""

from django.utils import timezone

from linli.cases import events
from linli.cases import rules as may
from linli.cases.actions.erasing import erase_photos
from linli.cases.actions.row import change, held, put
from linli.cases.errors import conflict
from linli.cases.models import Photo
from linli.kernel.actions import action, locked, require
from linli.kernel.journal import record
from linli.kernel.models import Account


@action
def clear_photo(photo: Photo, *, by: Account) -> Photo:
    """Say that it shows no face and no number plate; it is published with the case from now on.

    Conflict `already-cleared`.
    """
    case = held(photo.case)
    require(may.may_clear_photo(by, case))
    photo = locked(photo)
    require(photo.cleared_at is None, conflict("already-cleared"))
    put(photo, cleared_at=timezone.now(), cleared_by=by)
    record(events.PhotoCleared(case=case.pk, photo=photo.pk), by=by)
    change(case)
    return photo


@action
def remove_photo(photo: Photo, *, by: Account) -> None:
    """Erase a photo that shows somebody, or a number plate. The words of the case stay."""
    case = held(photo.case)
    require(may.may_clear_photo(by, case))
    photo = locked(photo)
    record(events.PhotoRemoved(case=case.pk, photo=photo.pk), by=by)
    erase_photos(Photo.objects.filter(pk=photo.pk))
    change(case)
