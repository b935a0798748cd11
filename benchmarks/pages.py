"""What public pages read, against reading it off the tables of cases and cells themselves."""

from typing import Any

from benchmarks.timing import Measured, compare

MOST = 1000
RARE = "熊 棕"  # two words of one kind of report


def adding_up() -> Measured:
    """The figures of the whole territory and its parts for a year; peer: every cell below it."""
    from linli.areas import queries
    from linli.areas.conditions import below
    from linli.opendata.counting import read, sums_of
    from linli.opendata.models import Sum, Tally

    root = queries.roots()[0]
    paths = [root.path, *queries.children(root).values_list("path", flat=True)]

    def ours() -> Any:
        rows = read(Sum.objects.filter(path__in=paths), "path")
        return {(path, month): count for path, month, count in rows}

    def theirs() -> Any:
        cells = read(Tally.objects.filter(below(root.path, "area__")), "area__path")
        return sums_of(cells, set(paths))

    return compare(
        "figures of an area and its parts", "adding up its cells", ours, theirs, dict.__eq__
    )


def looking_for_words() -> Measured:
    """Public cases whose text has two words, in a whole year; peer: `icontains` on the cases."""
    from linli.opendata.filters import Filter
    from linli.opendata.public import publishable

    def ours() -> Any:
        chosen = Filter.read({"q": RARE, "since": "2000-01-01"})
        return list(chosen.cases().values_list("pk", flat=True)[:MOST])

    def theirs() -> Any:
        rows = publishable().order_by("-received_at", "-pk")
        for word in RARE.split():
            rows = rows.filter(public_text__icontains=word)
        return list(rows.values_list("pk", flat=True)[:MOST])

    return compare("words in released texts", "icontains", ours, theirs, list.__eq__)


def listing() -> Measured:
    """The newest public cases of the whole territory; peer: a join with the areas below it."""
    from linli.areas import queries
    from linli.areas.conditions import below
    from linli.opendata.filters import Filter
    from linli.opendata.public import publishable

    root = queries.roots()[0]

    def ours() -> Any:
        return list(Filter(area=root).cases().values_list("pk", flat=True)[:25])

    def theirs() -> Any:
        rows = publishable().filter(below(root.path, "area__"))
        return list(rows.order_by("-received_at", "-pk").values_list("pk", flat=True)[:25])

    return compare(
        "newest public cases of an area", "join with its areas", ours, theirs, list.__eq__
    )


ALL = (adding_up, looking_for_words, listing)
