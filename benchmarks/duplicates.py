"""Who reported the same thing again, found by `engines.likely`; the truth is the generator's.

A generated year has reports that follow another one: which, it writes to a file beside the
database. Each report is asked about the earlier ones of its service that are near and recent; the
peer takes the same by haversine alone and orders them by `difflib`.
"""

import csv
import difflib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

OFFERED = 5
Pairs = list[list[tuple[float, bool]]]  # for each report: score and truth of each earlier one


@dataclass(frozen=True)
class Report:
    """What is known of a report: degrees, days since 1970, the released text."""

    number: str
    lon: float
    lat: float
    day: float
    text: str


@dataclass(frozen=True)
class Found:
    """Of all pairs in order of their score; of the first suggestion; of the five offered."""

    seconds: float
    precision: float
    first: float
    recall: float


def print_duplicates() -> None:
    """Print how both find what was reported twice in the generated year of `benchmarks.year`."""
    year, truth = _read()
    ours, peer = _measured(year, truth, _ours()), _measured(year, truth, _difflib)
    reports = sum(len(rows) for rows, _, _ in year)
    print(f"\nreported twice, of {reports:,} reports with a point and a released text")
    print(f"{'':<34} {'seconds':>9} {'precision':>10} {'first':>7} {'recall':>7}")
    for name, found in (("ours: way, days and words", ours), ("haversine and difflib", peer)):
        print(f"{name:<34} {found.seconds:>9.2f} {found.precision:>10.3f} "
              f"{found.first:>7.3f} {found.recall:>7.3f}")  # fmt: skip


Year = list[tuple[list[Report], int, int]]  # reports of a service, its metres and days


def _read() -> tuple[Year, dict[str, str]]:
    from linli.cases.catalogue.queries import current_versions
    from linli.cases.models import Case
    from linli.web.demo.samples import folder

    columns = ("number", "lon", "lat", "received_at", "public_text")
    year = []
    for version in current_versions():
        near = version.definition.duplicates
        rows = Case.objects.filter(version=version, published=True, lat__isnull=False)
        lines = rows.order_by("received_at", "pk").values_list(*columns)
        reports = [Report(n, x, y, at.timestamp() / 86400, text) for n, x, y, at, text in lines]
        if near:
            year.append((reports, near.metres, near.days))
    with (folder() / "duplicates.csv").open(encoding="utf-8", newline="") as file:
        return year, dict(list(csv.reader(file))[1:])


Score = Callable[[Report, list[Report], int, int], list[float]]


def _ours() -> Score:
    from linli.areas import queries
    from linli.engines import likely

    ground = queries.ground()

    def score(one: Report, others: list[Report], metres: int, days: int) -> list[float]:
        lons, lats = np.array([o.lon for o in others]), np.array([o.lat for o in others])
        ways = ground.ways(one.lon, one.lat, lons, lats)
        return [
            likely.score(way / metres, (one.day - o.day) / days, likely.likeness(one.text, o.text))
            for o, way in zip(others, ways, strict=True)
        ]

    return score


def _difflib(one: Report, others: list[Report], _metres: int, _days: int) -> list[float]:
    words = difflib.SequenceMatcher(None, autojunk=False)
    words.set_seq2(one.text)
    found = []
    for other in others:
        words.set_seq1(other.text)
        found.append(words.ratio())
    return found


def _measured(year: Year, follows: dict[str, str], score: Score) -> Found:
    def first(number: str) -> str:
        return first(follows[number]) if number in follows else number

    pairs: Pairs = []
    seconds, twice = 0.0, 0
    for reports, metres, days in year:
        known: set[str] = set()
        for one, others in _asked(reports, metres, days):
            began = time.perf_counter()
            scores = score(one, others, metres, days) if others else []
            seconds += time.perf_counter() - began
            mine = first(one.number)
            twice += mine in known
            known.add(mine)
            pairs.append(
                [(s, first(o.number) == mine) for s, o in zip(scores, others, strict=True)]
            )
    return _judged(pairs, seconds, twice)


def _asked(reports: list[Report], metres: int, days: int) -> Iterator[tuple[Report, list[Report]]]:
    """Each report with the earlier ones that are near and recent."""
    from linli.engines.ground import metres as straight

    lons, lats, at = (np.array([getattr(r, n) for r in reports]) for n in ("lon", "lat", "day"))
    for i, one in enumerate(reports):
        since = int(np.searchsorted(at, one.day - days))
        far = straight(one.lon, one.lat, lons[since:i], lats[since:i])
        yield one, [reports[since + j] for j in np.flatnonzero(far <= metres)]


def _judged(pairs: Pairs, seconds: float, twice: int) -> Found:
    every = sorted((pair for found in pairs for pair in found), key=lambda pair: -pair[0])
    right = np.array([true for _, true in every])
    average = (np.cumsum(right) / np.arange(1, len(right) + 1))[right].mean()
    best = [sorted(found, key=lambda pair: -pair[0])[:OFFERED] for found in pairs if found]
    first = np.mean([found[0][1] for found in best])
    offered = sum(any(true for _, true in found) for found in best)
    return Found(seconds, float(average), float(first), offered / twice)
