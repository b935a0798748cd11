"""What every writer shares: one transaction, one permission check, one journal entry.

    @action
    def assign(case: Case, *, to: Post, by: Account) -> None:
        require(rules.may_assign(by, case))
        case = locked(case)
        ...
        record(CaseAssigned(case=case.pk, post=to.code), by=by)

SQLite has one writer at a time. Threads that queue for it inside the database poll and starve, so
they queue here, on a lock of this process, before they begin. PostgreSQL needs no such lock.
"""

import functools
import inspect
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from typing import Any, ParamSpec, TypeVar

from django.db import connection, models, transaction

from linli.kernel.errors import Conflict, Forbidden, LinliError

P = ParamSpec("P")
R = TypeVar("R")
M = TypeVar("M", bound=models.Model)

_write_lock = threading.RLock()
ACTIONS: dict[str, Callable[..., Any]] = {}


@contextmanager
def writing(*, durable: bool = False) -> Iterator[None]:
    """One transaction that writes; on SQLite behind the lock of this process.

    With `durable` it refuses to run inside another one, so that its commit is real when it ends.
    """
    queue = _write_lock if connection.vendor == "sqlite" else nullcontext()
    with queue, transaction.atomic(durable=durable):
        yield


def action(function: Callable[P, R]) -> Callable[P, R]:
    """Make a function a writer: runs in one transaction, takes its actor as keyword `by`."""
    by = inspect.signature(function).parameters.get("by")
    if by is None or by.kind is not inspect.Parameter.KEYWORD_ONLY:
        raise TypeError(f"{function.__qualname__} is an action and needs the keyword-only 'by'")

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        with writing():
            return function(*args, **kwargs)

    ACTIONS[f"{function.__module__}.{function.__qualname__}"] = run
    return run


def require(allowed: bool, error: LinliError | None = None) -> None:
    """Go on only where `allowed`; otherwise `error`, or Forbidden, which reads like Missing."""
    if not allowed:
        raise error or Forbidden()


def locked(row: M) -> M:
    """The same row, read again and locked until the transaction ends; Conflict when it is gone.

    Whoever needs several rows of a table locks them by rising primary key (`all_locked`).
    """
    # `__class__`, because request.user is a proxy whose type is not the model
    fresh = all_locked(row.__class__._base_manager.filter(pk=row.pk)).first()
    if fresh is None:
        raise Conflict()
    return fresh


def all_locked(rows: models.QuerySet[M]) -> models.QuerySet[M]:
    """These rows locked until the transaction ends, in the one order that everybody keeps.

    Without the key: somebody who only refers to a row (an entry in the journal, to who acted) does
    not wait for who changes it. Two who act on each other would wait for ever.
    """
    return rows.select_for_update(of=("self",), no_key=True).order_by("pk")
