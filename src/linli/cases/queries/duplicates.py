"""Cases that probably tell of the same thing: near, lately, in similar words. A person decides."""

import datetime as dt
import math
from dataclasses import dataclass

import numpy as np
from django.db.models import QuerySet

from linli.areas import queries as areas
from linli.cases import rules
from linli.cases.models import LIVE, Case
from linli.cases.queries.reading import opening_of
from linli.engines import likely
from linli.engines.ground import EARTH, metres
from linli.kernel.models import Account

CANDIDATES = 50  # of the nearest, whose words are read


@dataclass(frozen=True)
class Likely:
    """A case that is probably the same: how far, how many days apart, how alike the words (0–1).

    `likeness` is None where the two are in different scripts. `parted`: a river lies between, and
    the way over it is longer than the service calls near. `score`: see `engines.likely`.
    """

    case: Case
    metres: int
    parted: bool
    days: float
    likeness: float | None
    score: float


def likely_duplicates(case: Case, by: Account, *, limit: int = 5) -> list[Likely]:
    """What somebody who leads this case might merge it with, likeliest first.

    Only public services that say how near and how recent is likely, and only among the cases that
    `by` may see: their words are compared, and never shown to anybody else.
    """
    near = case.version.definition.duplicates
    if near is None or case.lon is None or case.lat is None or not rules.leads(by, case):
        return []
    nearest = _nearest(case, by, near.metres, near.days)
    words = _words(case) if nearest else ""
    found = []
    for other, straight, way in nearest:
        days = abs(case.received_at - other.received_at) / dt.timedelta(days=1)
        like = likely.likeness(words, _words(other))
        score = likely.score(way / near.metres, days / near.days, like)
        found.append(Likely(other, round(straight), way > near.metres, days, like, score))
    return sorted(found, key=lambda one: -one.score)[:limit]


def _nearest(case: Case, by: Account, within: int, days: int) -> list[tuple[Case, float, float]]:
    """Live cases of the same service round this one: straight metres, and those of the way.

    Those with the shortest way, as many as are looked at.
    """
    assert case.lon is not None
    assert case.lat is not None
    rows = _around(case, within, days).values_list("pk", "lon", "lat")
    pks, lons, lats = np.array(list(rows), dtype=np.float64).reshape(-1, 3).T
    straight = metres(case.lon, case.lat, lons, lats)
    inside = np.flatnonzero(straight <= within)
    if not inside.size:
        return []
    ways = areas.ground().ways(case.lon, case.lat, lons[inside], lats[inside])
    far = {
        int(pks[i]): (float(straight[i]), float(way)) for i, way in zip(inside, ways, strict=True)
    }
    seen = rules.visible_to(by).filter(pk__in=far).select_related("key", "version")
    found = [(other, *far[other.pk]) for other in seen]
    return sorted(found, key=lambda row: (row[2], row[1], -row[0].pk))[:CANDIDATES]


def _around(case: Case, within: int, days: int) -> QuerySet[Case]:
    assert case.lon is not None
    assert case.lat is not None
    up = math.degrees(within / EARTH)
    aside = up / max(math.cos(math.radians(case.lat)), 0.01)
    span = dt.timedelta(days=days)
    # The box by itself, so that the database finds it by its own index (`case_point`) and not all
    # that lives or came lately.
    box = Case.objects.filter(
        lat__range=(case.lat - up, case.lat + up), lon__range=(case.lon - aside, case.lon + aside)
    )
    rows = Case.objects.filter(
        pk__in=box.order_by().values("pk"),
        state__in=LIVE,
        version__service=case.version.service_id,
        received_at__range=(case.received_at - span, case.received_at + span),
    )
    return rows.exclude(pk=case.pk).order_by()


def _words(case: Case) -> str:
    opened = None if case.public_text else opening_of(case)
    return case.public_text or (opened.text if opened else "")
