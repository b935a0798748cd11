"""Cases that probably tell of the same thing: near, lately, in similar words. A person decides."""

import datetime as dt
import math
import unicodedata
from dataclasses import dataclass

from django.db.models import QuerySet

from linli.cases import rules
from linli.cases.models import LIVE, Case
from linli.cases.queries.reading import opening_of
from linli.kernel.models import Account

EARTH = 6_371_008.8  # metres, mean radius (IUGG)
CANDIDATES = 50


@dataclass(frozen=True)
class Likely:
    """A case that is probably the same: how far, how many days apart, how alike the words (0–1).

    `score` weighs the three, 1 for the same place, day and words.
    """

    case: Case
    metres: int
    days: float
    likeness: float
    score: float


def likely_duplicates(case: Case, by: Account, *, limit: int = 5) -> list[Likely]:
    """What somebody who leads this case might merge it with, likeliest first.

    Only public services that say how near and how recent is likely, and only among the cases that
    `by` may see: their words are compared, and never shown to anybody else.
    """
    near = case.version.definition.duplicates
    if near is None or case.lon is None or case.lat is None or not rules.leads(by, case):
        return []
    words = _words(case)
    found = []
    for other in _around(case, by, near.metres, near.days)[:CANDIDATES]:
        if other.lon is None or other.lat is None:
            continue
        metres = distance(case.lon, case.lat, other.lon, other.lat)
        if metres <= near.metres:
            days = abs(case.received_at - other.received_at) / dt.timedelta(days=1)
            like = likeness(words, _words(other))
            score = (1 - metres / near.metres) / 3 + (1 - days / near.days) / 3 + like / 3
            found.append(Likely(other, round(metres), days, like, score))
    return sorted(found, key=lambda one: -one.score)[:limit]


def _around(case: Case, by: Account, metres: int, days: int) -> QuerySet[Case]:
    assert case.lon is not None
    assert case.lat is not None
    up = math.degrees(metres / EARTH)
    aside = up / max(math.cos(math.radians(case.lat)), 0.01)
    span = dt.timedelta(days=days)
    rows = rules.visible_to(by).filter(
        state__in=LIVE,
        version__service=case.version.service_id,
        received_at__range=(case.received_at - span, case.received_at + span),
        lat__range=(case.lat - up, case.lat + up),
        lon__range=(case.lon - aside, case.lon + aside),
    )
    return rows.exclude(pk=case.pk).select_related("key", "version").order_by("-received_at")


def distance(lon: float, lat: float, other_lon: float, other_lat: float) -> float:
    """Metres along the ground between two points in degrees (haversine)."""
    a, b = math.radians(lat), math.radians(other_lat)
    half = math.sin((b - a) / 2) ** 2
    half += math.cos(a) * math.cos(b) * math.sin(math.radians(other_lon - lon) / 2) ** 2
    return 2 * EARTH * math.asin(math.sqrt(half))


def _words(case: Case) -> str:
    opened = None if case.public_text else opening_of(case)
    return case.public_text or (opened.text if opened else "")


def likeness(one: str, other: str) -> float:
    """How alike two texts are, 0 to 1: pairs of neighbouring characters that both have (Dice).

    Works on Chinese and Tibetan too, where spaces do not separate words.
    """
    a, b = _pairs(one), _pairs(other)
    return 2 * len(a & b) / (len(a) + len(b)) if a and b else 0.0


def _pairs(text: str) -> set[str]:
    # Letters, the marks on them (Tibetan vowels are marks), and digits.
    plain = "".join(c for c in text.casefold() if unicodedata.category(c)[0] in "LMN")
    return {plain[i : i + 2] for i in range(len(plain) - 1)}
