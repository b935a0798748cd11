"""Erasing: at the end of its time, part by part; at once and whole, with the key."""

import datetime as dt
from functools import partial

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from linli.cases import events, merging, photos, retention
from linli.cases import rules as may
from linli.cases.actions.joining import part as unjoin
from linli.cases.actions.row import change, held_together, settle
from linli.cases.events import Part
from linli.cases.models import Answer, Authority, Case, Closing, Photo, State
from linli.kernel import contacts, vault
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.messages import actions as messages

WORDS = {  # related rows and their locked columns
    "notes": ("words_locked",),
    "updates": ("words_locked",),
    "pauses": ("words_locked",),
    "offers": ("words_locked", "refusal_locked"),
    "supports": ("task_locked",),
    "answers": ("words_locked",),
    "additions": ("words_locked",),
}
ROWS = (*WORDS, "routings", "promises", "climbs", "merges")


@action
def mark_accusing(
    case: Case, *, authority: Authority, by: Account, revision: int | None = None
) -> Case:
    """Erase a report that accuses a private person, with its key: text, photos, contact, point.

    Its link then shows the competent authority. Of the rest only the count stays.
    """
    case = held_together(case, revision)
    require(may.may_mark_accusing(by, case))
    at = timezone.now()
    record(events.CaseMarkedAccusing(case=case.pk, authority=authority), by=by, at=at)
    return wipe(case, Closing.ACCUSING, authority, by=by, at=at)


@action
def erase_parts(case: Case, *, by: None = None) -> Case:
    """Erase whatever of the case has reached the end of its time; harmless twice."""
    case = held_together(case)
    at = timezone.now()
    there = retention.held_parts(case)
    due = {part for part, when in retention.times_of(case).items() if when <= at and part in there}
    for part in sorted(due, key=lambda p: p.value):
        record(events.PartErased(case=case.pk, part=part), by=by, at=at)
    if Part.ALL in due:
        closing = Closing(case.closing or Closing.NO_AGREEMENT)
        return wipe(case, closing, None, by=by, at=at)
    if Part.TEXTS in due:  # nothing may outlive the key it is locked with
        due |= {Part.CONTACT, Part.PHOTOS, Part.POINT}
    if Part.CONTACT in due:
        erase_contact(case)
    if Part.PHOTOS in due:
        erase_photos(case.photos.all())
    if Part.POINT in due:
        change(case, lon=None, lat=None, where_locked=None)
    if Part.TEXTS in due:
        _erase_texts(case, by=by, at=at)
    return settle(case)


def wipe(
    case: Case,
    closing: Closing,
    authority: Authority | None,
    *,
    by: Account | None,
    at: dt.datetime,
) -> Case:
    """Erase all of a case inside another action, with its key; the number and the dates stay.

    That action has locked the case with those it is put together with (`held_together`).
    """
    for row in case.merged.filter(undone_at=None).select_related("case"):
        unjoin(row.case, row, case, by=by, at=at)
    leading = [row.into for row in case.merges.filter(undone_at=None).select_related("into")]
    erase_contact(case)
    erase_photos(case.photos.all())
    Answer.objects.filter(source=case).delete()
    for rows in ROWS:
        getattr(case, rows).all().delete()
    for into in leading:  # it no longer carries this one's clock
        change(into, due_at=merging.current_due(into))
    _destroy_key(case, by=by, at=at)
    return change(
        case,
        state=State.ERASED,
        closed_at=case.closed_at or at,
        closing=closing,
        authority=authority or "",
        lon=None,
        lat=None,
        place=None,
        area=None,
        office=None,
        where_locked=None,
        text_locked=None,
        public_text="",
        published=False,
        op_id=None,
        next_climb_at=None,
        next_erasure_at=None,
    )


def erase_contact(case: Case) -> None:
    """Erase the contact of a case inside another action."""
    if case.contact is not None:
        contact = case.contact
        change(case, contact=None)
        contacts.erase(contact)


def erase_photos(rows: QuerySet[Photo]) -> None:
    """Delete photos: the rows now, the files once that is committed."""
    for photo in rows:
        transaction.on_commit(partial(photos.erase, photo.address))
    rows.delete()


def _erase_texts(case: Case, *, by: None, at: dt.datetime) -> None:
    for rows, columns in WORDS.items():
        getattr(case, rows).update(**dict.fromkeys(columns))
    _destroy_key(case, by=by, at=at)
    change(case, text_locked=None, public_text="", op_id=None)


def _destroy_key(case: Case, *, by: Account | None, at: dt.datetime) -> None:
    vault.destroy(case.key)
    messages.empty(case.key, by=by)
    record(events.KeyDestroyed(case=case.pk), by=by, at=at)
