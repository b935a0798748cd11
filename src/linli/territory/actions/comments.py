"""What people say about a published draft: received, read, released or not, answered, erased."""

import uuid

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from linli.cases.forms.cleaning import clean
from linli.kernel import contacts, vault
from linli.kernel.actions import action, locked, require, writing
from linli.kernel.errors import Conflict, Invalid, Missing
from linli.kernel.events import Code
from linli.kernel.journal import record
from linli.kernel.models import Account
from linli.territory import events
from linli.territory import rules as may
from linli.territory.actions import sealed
from linli.territory.models import Comment, CommentState, Plan
from linli.territory.models.comments import TEXT

LONGEST = 2000  # characters of a comment, of its public text and of an answer


def comment(
    plan: Plan,
    *,
    text: str,
    grid: str = "",
    language: str,
    contact: tuple[str, str] | None = None,
    op_id: uuid.UUID | None = None,
    by: Account | None = None,
) -> Comment:
    """Take a comment on a plan, or on one of its grids by code. Planners read it first.

    `contact` is a channel of `kernel.Contact` and the address: told of the answer and of what
    becomes of the plan. The same `op_id` again is the same comment. No filter judges the text.
    Raises Conflict `comments-over`; Invalid `words-needed`, `text-too-long`, `no-such-grid`,
    `bad-language`.
    """
    if again := _sent_before(op_id):
        return again
    text = clean(text)
    _check(plan, text, grid, language)
    try:
        return _receive(plan, text, grid, language, contact, op_id, by=by)
    except IntegrityError:
        # The same sending came twice at once, and the other one was first.
        if again := _sent_before(op_id):
            return again
        raise


def _sent_before(op_id: uuid.UUID | None) -> Comment | None:
    return Comment.objects.filter(op_id=op_id).first() if op_id else None


def _check(plan: Plan, text: str, grid: str, language: str) -> None:
    _fits(text)
    if grid and not plan.grids.filter(code=grid).exists():
        raise Invalid("no-such-grid", _("The plan has no grid of this code."))
    if language not in dict(settings.LANGUAGES):
        raise Invalid("bad-language", fields={"language": language})


def _fits(text: str) -> None:
    if not text:
        raise Invalid("words-needed", _("Please say it in words."))
    if len(text) > LONGEST:
        raise Invalid("text-too-long", _("The text is too long. Please shorten it."))


@action
def _receive(
    plan: Plan,
    text: str,
    grid: str,
    language: str,
    contact: tuple[str, str] | None,
    op_id: uuid.UUID | None,
    *,
    by: Account | None,
) -> Comment:
    plan = locked(plan)  # nobody withdraws or adopts it in between
    if not may.may_comment(plan):
        raise Conflict("comments-over", _("Comments on this plan are not taken any more."))
    key = vault.new_key()
    row = Comment.objects.create(
        plan=plan,
        grid=grid,
        op_id=op_id,
        language=language,
        received_at=timezone.now(),
        key=key,
        text_locked=vault.lock(key, text, label=TEXT),
        contact=contacts.keep(key, *contact) if contact else None,
    )
    about = Code(grid) if grid else None
    record(events.CommentReceived(comment=row.pk, plan=plan.pk, grid=about), by=by)
    return row


def look(comment: Comment, *, by: Account) -> str:
    """What somebody wrote, for a planner, after the look is in the journal; empty once erased.

    As `kernel.contacts.look`, it refuses to run inside another transaction.
    """
    require(may.may_read_comment(by, comment))
    if _is_gone(comment):
        return ""
    with writing(durable=True):
        record(events.CommentSeen(comment=comment.pk), by=by)
    return _written(comment)


def _is_gone(comment: Comment) -> bool:
    return comment.text_locked is None or comment.key.destroyed_at is not None


def _written(comment: Comment) -> str:
    if _is_gone(comment):
        return ""
    return vault.unlock(comment.key, bytes(comment.text_locked or b""), label=TEXT)


@action
def read(comment: Comment, *, release: bool, public_text: str = "", by: Account) -> Comment:
    """Show the comment to everybody, or do not: then it is only counted.

    `public_text` is what is shown, by default all that was written; a planner leaves out names of
    people. What was shown can be taken back later, and the other way round, until what was written
    is erased in time: from then on what is shown can be shortened, or taken away for good. Raises
    Missing `erased`, Invalid `words-needed`, `text-too-long`.
    """
    comment = _held(comment, by)
    text = (clean(public_text) or _written(comment)) if release else ""
    if release:
        _fits(text)
    hidden = CommentState.ERASED if _is_gone(comment) else CommentState.WITHHELD
    comment.state = CommentState.RELEASED if release else hidden
    comment.public_text, comment.read_at = text, timezone.now()
    if not release:
        comment.answer, comment.answered_at, comment.answered_by = "", None, None
    comment.save()
    record(events.CommentRead(comment=comment.pk, released=release), by=by)
    return comment


@action
def answer(comment: Comment, *, text: str, by: Account) -> Comment:
    """Answer a comment that is shown, where everybody reads it; the same answer twice is one.

    Raises Conflict `not-released`, Invalid `words-needed`, `text-too-long`.
    """
    comment = _held(comment, by)
    text = clean(text)
    _fits(text)
    if comment.state != CommentState.RELEASED:
        raise Conflict("not-released", _("Only a comment that is shown can be answered."))
    if comment.answer == text:
        return comment
    comment.answer, comment.answered_at, comment.answered_by = text, timezone.now(), by
    comment.save(update_fields=["answer", "answered_at", "answered_by"])
    record(events.CommentAnswered(comment=comment.pk), by=by)
    return comment


@action
def erase(comment: Comment, *, by: Account) -> Comment:
    """Erase all of a comment with its key, as one that speaks of a person: only the count stays.

    Raises Missing `erased`.
    """
    comment = _held(comment, by)
    comment.state = CommentState.ERASED
    comment.public_text, comment.answer, comment.answered_by = "", "", None
    return _forget(comment, by=by)


@action
def erase_in_time(comment: Comment, *, by: None = None) -> Comment:
    """Erase what was written and whom to tell, at the end of its time; harmless twice.

    What was shown stays with the plan, as its answer does.
    """
    comment = locked(comment)
    if comment.key.destroyed_at is not None:
        return comment
    if comment.state != CommentState.RELEASED:
        comment.state = CommentState.ERASED
    return _forget(comment, by=by)


def _held(comment: Comment, by: Account) -> Comment:
    comment = locked(comment)
    require(may.may_read_comment(by, comment))
    require(comment.state != CommentState.ERASED, Missing("erased"))
    return comment


def _forget(comment: Comment, *, by: Account | None) -> Comment:
    contact, comment.contact = comment.contact, None
    comment.text_locked, comment.op_id = None, None
    comment.save()
    sealed.destroy(comment.key, contact, by=by)
    record(events.CommentErased(comment=comment.pk), by=by)
    return comment
