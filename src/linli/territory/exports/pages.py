"""What the pages of an atlas say, in each of its languages."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from linli.areas.models import Area
from linli.kernel.languages import CODES, in_each, pick
from linli.territory.exports.maps import Ground
from linli.territory.models import Grid, Plan
from linli.territory.queries.overall import Overall, written
from linli.territory.shades import line

LISTED = 6  # grids that a sentence names
Said = list[dict[str, str]]


def said(languages: Sequence[str], words: Callable[[], str]) -> Said:
    """Words in each language, as rows of `lang` and `text`."""
    return [{"lang": key, "text": text} for key, text in in_each(words, languages).items()]


def named(languages: Sequence[str], grid: Grid) -> Said:
    """The names of a grid; its code where it has none in a language."""
    return [{"lang": key, "text": grid.names.get(key) or grid.code} for key in languages]


def line_names(plan: Plan) -> dict[str, dict[str, str]]:
    """The names of the townships or villages of a plan, by code."""
    wanted = plan.grids.values_list("line", flat=True).distinct()
    return {area.code: area.names for area in Area.objects.current().filter(code__in=wanted)}


def figures_of_plan(languages: Sequence[str], of: Overall) -> list[dict[str, Any]]:
    """Each figure of a plan: its value, and what it means in each language."""
    by_language = []
    for key in languages:
        with translation.override(CODES[key]):
            by_language.append(of.figures())
    return [
        {
            "value": rows[-1].value,
            "words": [
                {"lang": key, "name": figure.name, "text": figure.words}
                for key, figure in zip(languages, rows, strict=True)
            ],
        }
        for rows in zip(*by_language, strict=True)
    ]


def figures_of_grid(languages: Sequence[str], grid: Grid) -> list[dict[str, Any]]:
    """Rows of the table of a grid: what it is called in each language, and its value."""
    rows: list[tuple[Callable[[], str], str]] = [
        (lambda: _("Settlements"), written(grid.settlements)),
        (lambda: _("Households"), written(grid.households)),
        (lambda: _("Units of work"), written(grid.load, 1)),
        (
            lambda: _("Work beside the mean of its %(line)s") % {"line": line(grid.plan.lines)},
            more_or_less(grid.over),
        ),
        (lambda: _("Way in a straight line, kilometres"), written(grid.distance, 1)),
        (
            lambda: _("Way on the ground, kilometres"),
            "–" if grid.way is None else written(grid.way, 1),
        ),
        (lambda: _("Roundness; a circle has 1"), written(grid.roundness, 2)),
    ]
    return [{"names": said(languages, words), "value": value} for words, value in rows]


def more_or_less(over: float) -> str:
    """How much more or less than the mean a load is, as whole per cent, in any language."""
    share = round(100 * (over - 1))
    return f"{'−' if share < 0 else '+'}{abs(share)} %"


def changes(
    languages: Sequence[str], plan: Plan, grid: Grid, ground: Ground, codes_before: set[str]
) -> list[Said]:
    """Who comes to a grid and who goes from it, in sentences; nothing without a plan before."""
    if plan.before_id is None:
        return []
    here = (ground.after == grid.code) & (ground.before != "") & (ground.before != grid.code)
    away = (ground.before == grid.code) & (ground.after != grid.code)
    found = []
    if grid.code not in codes_before:
        found.append(said(languages, lambda: _("This grid is new.")))
    for mask, other, words in (
        (here, ground.before, lambda: _("%(households)s households come to it from: %(grids)s.")),
        (away, ground.after, lambda: _("%(households)s households go from it to: %(grids)s.")),
    ):
        if mask.any():
            values = {
                "households": written(int(ground.households[mask].sum())),
                "grids": _list(sorted(set(other[mask].tolist()))),
            }
            found.append(said(languages, lambda words=words, values=values: words() % values))  # type: ignore[misc]
    if not found:
        found.append(said(languages, lambda: _("Nothing changes for anybody in this grid.")))
    return found


def _list(codes: Sequence[str]) -> str:
    more = f" … (+{len(codes) - LISTED})" if len(codes) > LISTED else ""
    return ", ".join(codes[:LISTED]) + more


def title(languages: Sequence[str], plan: Plan) -> Said:
    """What the atlas is of: the name of the area in each language."""
    return [
        {"lang": key, "text": plan.area.names.get(key) or pick(plan.area.names, CODES[key])}
        for key in languages
    ]


def called(languages: Sequence[str], plan: Plan) -> str:
    """What the plan is called, in each of the languages that it has a title in, on one line."""
    titles = (pick(plan.titles, CODES[key]) for key in languages)
    return " · ".join(dict.fromkeys(titles))


def standing(languages: Sequence[str], plan: Plan) -> Said:
    """Where the plan stands, and until when it can be commented on."""

    def words() -> str:
        if plan.comments_until and plan.state == "published":
            day = date_format(plan.comments_until)
            return _("A draft. Everybody can comment on it until %(day)s.") % {"day": day}
        if plan.since is not None:
            return _("It begins on %(day)s.") % {"day": date_format(plan.since)}
        return _("A draft, not published yet.")

    return said(languages, words)


def headings(languages: Sequence[str], plan: Plan) -> dict[str, Said]:
    """Words that stand on every page."""
    return {
        "atlas": said(languages, lambda: _("Atlas of service grids")),
        "changes": said(languages, lambda: _("What changes")),
        "contents": said(languages, lambda: _("The grids of this atlas")),
        "beside": said(
            languages,
            lambda: _("Work beside the mean of the %(line)s") % {"line": line(plan.lines)},
        ),
        "comes": said(languages, lambda: _("comes to this grid")),
        "stays": said(languages, lambda: _("settlement of this grid")),
        "goes": said(languages, lambda: _("goes to another grid")),
        "undrawn": said(languages, lambda: _("The outline of this grid is not drawn yet.")),
    }


def sheet_words(languages: Sequence[str], plan: Plan) -> dict[str, Any]:
    """What a sheet for comment says."""
    steps = [
        lambda: _("Say what is right, what is wrong, and what has been forgotten."),
        lambda: _("On the web: scan the code or open the address. No name is needed."),
        lambda: _("On paper: write below and hand the sheet in at your service centre."),
        lambda: _("Write about places and ways, not about persons. Please do not sign."),
        lambda: _("Planners read everything; comments and answers are published without names."),
    ]
    return {
        "heading": said(languages, lambda: _("What do you say about this grid?")),
        "whole": said(languages, lambda: _("What do you say about this plan?")),
        "standing": standing(languages, plan),
        "steps": [said(languages, step) for step in steps],
        "grid": said(languages, lambda: _("Code of the grid, if it is about one")),
    }


def contents(plan: Plan, grids: Sequence[Grid]) -> list[dict[str, Any]]:
    """One row a grid for the list of the atlas."""
    lines = line_names(plan)
    order = np.argsort([f"{grid.line} {grid.code}" for grid in grids], kind="stable")
    with translation.override("en"):
        return [
            {
                "code": grid.code,
                "name": pick(grid.names, "zh-hans") or grid.code,
                "line": pick(lines.get(grid.line, {}), "zh-hans") or grid.line,
                "households": written(grid.households),
                "over": more_or_less(grid.over),
            }
            for grid in (grids[n] for n in order.tolist())
        ]
