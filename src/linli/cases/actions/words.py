"""What staff write: notes for each other, updates for the reporter. All of it is locked."""

import datetime as dt

from django.utils import timezone

from linli.cases import events
from linli.cases import rules as may
from linli.cases.actions.row import change, held, in_state, locked_words
from linli.cases.errors import invalid
from linli.cases.models import LIVE, Case, Note, Update
from linli.cases.models.words import NOTE_WORDS, UPDATE_WORDS
from linli.kernel.actions import action, require
from linli.kernel.journal import record
from linli.kernel.models import Account

LONGEST = 4000  # characters


@action
def add_note(case: Case, *, words: str, by: Account) -> Note:
    """Write an internal note; the reporter can read it once the case is closed.

    Invalid `words-needed`, `text-too-long`.
    """
    case = held(case)
    require(may.may_add_note(by, case))
    _check(words)
    at = timezone.now()
    locked = locked_words(case, words, NOTE_WORDS)
    note = Note.objects.create(case=case, by=by, at=at, words_locked=locked)
    record(events.NoteAdded(case=case.pk, note=note.pk), by=by, at=at)
    return note


@action
def add_update(
    case: Case, *, words: str, by: Account, kind: Update.Kind = Update.Kind.PROGRESS
) -> Update:
    """Tell the reporter how it goes, or ask them something.

    Invalid `words-needed`, `text-too-long`, and `bad-kind` for the kinds that other actions write.
    """
    case = held(case)
    require(may.may_add_update(by, case))
    in_state(case, *LIVE)
    require(kind in (Update.Kind.PROGRESS, Update.Kind.QUESTION), invalid("bad-kind"))
    _check(words)
    update = tell(case, kind, words, by=by, at=timezone.now())
    change(case)
    return update


def tell(
    case: Case, kind: Update.Kind, words: str, *, by: Account, at: dt.datetime, reason: str = ""
) -> Update:
    """Write an update inside another action."""
    update = Update.objects.create(
        case=case,
        kind=kind,
        reason=reason,
        post=case.owner,
        by=by,
        at=at,
        words_locked=locked_words(case, words, UPDATE_WORDS),
    )
    record(events.UpdateAdded(case=case.pk, update=update.pk, kind=kind), by=by, at=at)
    return update


def _check(words: str) -> None:
    require(bool(words.strip()), invalid("words-needed"))
    require(len(words) <= LONGEST, invalid("text-too-long"))
