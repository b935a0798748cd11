"""Conditions on areas for queries: which version holds on a day, what lies below an area."""

import datetime as dt

from django.db.models import Q
from django.utils import timezone


def day_of(at: dt.date | dt.datetime | None) -> dt.date:
    """The calendar day of `at` where the service stands; without `at`, today."""
    if at is None:
        return timezone.localdate()
    if isinstance(at, dt.datetime):
        return timezone.localtime(at).date() if timezone.is_aware(at) else at.date()
    return at


def holds(at: dt.date | dt.datetime | None = None, prefix: str = "") -> Q:
    """The version holds on the day of `at`; `prefix` leads to the area, like ``area__``."""
    day = day_of(at)
    return Q(**{f"{prefix}since__lte": day}) & (
        Q(**{f"{prefix}until": None}) | Q(**{f"{prefix}until__gt": day})
    )


def below(path: str, prefix: str = "") -> Q:
    """The area with this path, or one under it; `prefix` leads to the area.

    "0" is the character after "/": the subtree is one range of the index, without LIKE.
    """
    return Q(**{f"{prefix}path": path}) | Q(
        **{f"{prefix}path__gte": f"{path}/", f"{prefix}path__lt": f"{path}0"}
    )
