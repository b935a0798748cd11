"""The row of a case while an action holds it: locked, compared, changed."""

from typing import Any

from django.db.models import Model

from linli.cases import merging, retention
from linli.cases.errors import conflict
from linli.cases.models import Case, PublicWords
from linli.cases.wording import folded
from linli.kernel import vault
from linli.kernel.actions import all_locked, locked
from linli.kernel.errors import Missing


def held(case: Case, revision: int | None = None) -> Case:
    """The case, read again and locked.

    With `revision`, the one that a form was filled with: Conflict `case-changed` when somebody has
    acted in between. An erased case reads like a missing one.
    """
    return _as_expected(locked(case), revision)


def held_together(case: Case, revision: int | None = None) -> Case:
    """`held`, with every case that it follows or that is followed in it locked as well.

    For actions that change those, too. All are locked in one order, so that nobody who begins at
    one end waits for somebody who began at the other. Conflict `case-changed` when another one was
    put together with them in between.
    """
    group = merging.together(case)
    rows = {row.pk: row for row in all_locked(Case.objects.filter(pk__in=group))}
    if case.pk not in rows or not merging.together(case) <= group:
        raise conflict("case-changed")
    return _as_expected(rows[case.pk], revision)


def _as_expected(fresh: Case, revision: int | None) -> Case:
    if revision is not None and fresh.revision != revision:
        raise conflict("case-changed")
    if fresh.key.destroyed_at is not None:
        raise Missing("erased")
    return fresh


def change(case: Case, **fields: Any) -> Case:
    """Set these fields and count the revision; an action calls it last, with what it changed."""
    for name, value in fields.items():
        setattr(case, name, value)
    case.revision += 1
    case.save(update_fields=[*fields, "revision"])
    if "published" in fields or "public_text" in fields:
        _keep_words(case)
    return case


def _keep_words(case: Case) -> None:
    """Let search find what is public of the case, and nothing else."""
    words = folded(case.public_text) if case.published else ""
    if words:
        PublicWords.objects.update_or_create(case=case, defaults={"words": words})
    else:
        PublicWords.objects.filter(case=case).delete()


def settle(case: Case, **fields: Any) -> Case:
    """`change` for an action by which a case ends or begins again: sets when its parts go, too."""
    for name, value in fields.items():
        setattr(case, name, value)
    return change(case, **fields, next_erasure_at=retention.next_erasure(case))


def settle_all(case: Case, **fields: Any) -> Case:
    """`settle`, also for those that are followed in it: they end and begin again with it.

    The action has locked them with `held_together`.
    """
    settle(case, **fields)
    for other in merging.merged_into(case):
        settle(other)
    return case


def put(row: Model, **fields: Any) -> None:
    """Set fields of a row that belongs to a case."""
    for name, value in fields.items():
        setattr(row, name, value)
    row.save(update_fields=list(fields))


def in_state(case: Case, *states: str) -> None:
    """Go on only where the case stands in one of these states; Conflict `case-state` otherwise."""
    if case.state not in states:
        raise conflict("case-state")


def locked_words(case: Case, words: str, label: str) -> bytes | None:
    """Words locked with the key of the case; None for none."""
    return vault.lock(case.key, words, label=label) if words else None
