"""What the reporter does with the secret link beside answering: adding, taking back, erasing.

The token is the right: there is no account, and `by` is None.
"""

from collections.abc import Sequence

from django.utils import timezone

from linli.cases import events, follow, photos
from linli.cases.actions.erasing import erase_contact, wipe
from linli.cases.actions.row import change, held, held_together, in_state, locked_words
from linli.cases.errors import conflict, invalid
from linli.cases.events import Part
from linli.cases.models import ENDED, LIVE, Addition, Case, Closing, Photo, State
from linli.cases.models.words import ADDED_WORDS
from linli.kernel.actions import action, require
from linli.kernel.errors import Invalid
from linli.kernel.journal import record

LONGEST = 4000  # characters
MOST_ADDED = 20  # times
MOST_PHOTOS = 10  # of the reporter, in all


def add_to_report(
    case: Case,
    *,
    token: str,
    words: str = "",
    pictures: Sequence[photos.Picture] = (),
    by: None = None,
) -> Addition:
    """Add words, photos or both. Invalid `words-needed`, `text-too-long`, `photo-many`; Conflict
    `too-often`, and `case-state` once nobody works on it any more."""
    require(bool(words.strip() or pictures), invalid("words-needed"))
    require(len(words) <= LONGEST, invalid("text-too-long"))
    require(follow.fits(case, token))
    # Encrypting and writing photos takes its time; nobody waits for it in line.
    kept = [photos.keep(case.key, picture) for picture in pictures]
    return _add(case, token=token, words=words, pictures=pictures, kept=kept, by=by)


@action
def _add(
    case: Case,
    *,
    token: str,
    words: str,
    pictures: Sequence[photos.Picture],
    kept: Sequence[str],
    by: None,
) -> Addition:
    case = held(case)
    require(follow.fits(case, token))
    in_state(case, *LIVE, State.MERGED)
    require(case.additions.count() < MOST_ADDED, conflict("too-often"))
    sent = case.photos.filter(kind=Photo.Kind.REPORT).count()
    require(sent + len(pictures) <= MOST_PHOTOS, Invalid("photo-many", photos.TOO_MANY))
    at = timezone.now()
    row = Addition.objects.create(
        case=case,
        at=at,
        photos=len(pictures),
        words_locked=locked_words(case, words, ADDED_WORDS),
    )
    Photo.objects.bulk_create(
        Photo(case=case, address=address, digest=p.digest, width=p.width, height=p.height,
              added_at=at)
        for p, address in zip(pictures, kept, strict=True)
    )  # fmt: skip
    record(events.ReporterAdded(case=case.pk, addition=row.pk, photos=len(pictures)), by=by, at=at)
    change(case)
    return row


@action
def withdraw_contact(case: Case, *, token: str, by: None = None) -> Case:
    """Erase the reporter's contact at once; harmless twice. Who looked stays in the journal."""
    case = held(case)
    require(follow.fits(case, token))
    if case.contact_id is not None:
        erase_contact(case)
        record(events.PartErased(case=case.pk, part=Part.CONTACT), by=by)
    return case


@action
def erase_report(case: Case, *, token: str, by: None = None) -> Case:
    """Erase everything, with the key, at the reporter's wish: text, photos, contact, point."""
    case = held_together(case)
    require(follow.fits(case, token))
    in_state(case, *LIVE, *ENDED, State.MERGED)
    at = timezone.now()
    record(events.CaseWithdrawn(case=case.pk), by=by, at=at)
    return wipe(case, Closing.WITHDRAWN, None, by=by, at=at)
