"""Why a case is where it is, in words: the codes that a case keeps, as sentences."""

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from linli.areas.conditions import day_of
from linli.areas.models import Area
from linli.kernel.languages import pick
from linli.organisations.models import Duty, Post
from linli.organisations.walk import Why


def sentences(codes: Sequence[Sequence[str]], at: dt.datetime | None = None) -> list[str]:
    """The reasons of a routing, step by step, in the reader's language.

    `codes` are `Answered.codes`: area, duty, post (or empty) and what was found. Areas are called
    as they were at `at`, by default now; a code that no longer exists stands for itself.
    """
    known = Area.objects.filter(since__lte=day_of(at)).order_by("since")
    areas = _names(known, {c[0] for c in codes})
    duties = _names(Duty.objects.all(), {c[1] for c in codes})
    posts = _names(Post.objects.all(), {c[2] for c in codes})
    return [
        _sentence(Why(why)).format(
            area=areas.get(area, area), duty=duties.get(duty, duty), post=posts.get(post, post)
        )
        for area, duty, post, why in codes
    ]


def _names(rows: QuerySet[Any], codes: set[str]) -> dict[str, str]:
    found = rows.filter(code__in=codes).values_list("code", "names")
    return {code: pick(names) or code for code, names in found}


def _sentence(why: Why) -> str:
    return {
        Why.NOBODY: _("{area}: no post answers for “{duty}” here."),
        Why.EMPTY: _("{area}: the post “{post}” is empty."),
        Why.ABSENT: _("{area}: nobody is in the post “{post}” at the moment."),
        Why.DEPUTY: _("{area}: the post “{post}” answers; a deputy acts."),
        Why.HOLDER: _("{area}: the post “{post}” answers for “{duty}”."),
        Why.INVOLVED: _("{area}: the post “{post}” had the matter before."),
        Why.OWN_CHAIN: _("{area}: the post “{post}” belongs to the office concerned."),
        Why.LAST_RESORT: _("{area}: the post “{post}” keeps it until somebody is there."),
    }[why]
