"""A plan on paper: an atlas with one page a grid, and sheets on which people write comments."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.utils import translation
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from linli.areas.names import LANGUAGES
from linli.territory.exports import maps, pages, typesetting
from linli.territory.models import Grid, Plan
from linli.territory.queries.overall import overall

QUIET = 2  # modules of white around a code on paper, which is white anyway


def atlas(plan: Plan, languages: Sequence[str] = LANGUAGES, *, address: str = "") -> bytes:
    """The plan as a PDF of A4 pages: the whole, a list of its grids, and a page for each of them.

    `languages` are keys of names, side by side on each page. `address` is that of the plan's public
    page. Raises Unavailable as `typesetting.pdf`.
    """
    grids = list(plan.grids.order_by("line", "code"))
    ground = maps.Ground(plan)
    before = set() if plan.before is None else set(plan.before.grids.values_list("code", flat=True))
    data = {
        **_common(plan, languages, address),
        "words": pages.headings(languages, plan),
        "figures": pages.figures_of_plan(languages, overall(plan)),
        "map": maps.of_plan(ground),
        "shades": [
            *({"top": pages.more_or_less(top), "colour": shade} for top, shade in maps.STEPS),
            {"top": "", "colour": maps.HEAVY},
        ],
        "contents": pages.contents(plan, grids),
        "grids": [
            {
                **_named(languages, grid, address),
                "map": maps.of_grid(ground, grid),
                "figures": pages.figures_of_grid(languages, grid),
                "changes": pages.changes(languages, plan, grid, ground, before),
            }
            for grid in grids
        ],
    }  # fmt: skip
    return typesetting.pdf("atlas.typ", data)


def sheets(
    plan: Plan, languages: Sequence[str] = LANGUAGES, *, address: str = "", code: str | None = None
) -> bytes:
    """Sheets to write comments on, as a PDF: one for each grid, or the one of `code`.

    With an empty code, one sheet for the plan as a whole. `address` as for `atlas`.
    """
    grids = plan.grids.order_by("line", "code")
    if code is not None:
        grids = grids.filter(code=code)
    found = [] if code == "" else [_named(languages, grid, address) for grid in grids]
    whole = {"code": "", "names": pages.title(languages, plan), "address": address,
             "qr": qr(address)}  # fmt: skip
    data = {
        **_common(plan, languages, address),
        "words": pages.sheet_words(languages, plan),
        "grids": found or [whole],
    }
    return typesetting.pdf("sheets.typ", data)


def _common(plan: Plan, languages: Sequence[str], address: str) -> dict[str, Any]:
    with translation.override("en"):
        return {
            "plan": pages.called(languages, plan),
            "area": pages.title(languages, plan),
            "standing": pages.standing(languages, plan),
            "address": address,
            "qr": qr(address),
            "languages": list(languages),
        }


def _named(languages: Sequence[str], grid: Grid, address: str) -> dict[str, Any]:
    own = f"{address.rstrip('/')}/{grid.code}/" if address else ""
    return {"code": grid.code, "names": pages.named(languages, grid), "address": own, "qr": qr(own)}


def qr(text: str) -> str:
    """A text as a QR code in SVG; empty for an empty text."""
    if not text:
        return ""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {len(rows)} {len(rows)}">'
        f'<path d="{"".join(_dark(rows))}"/></svg>'
    )


def _dark(rows: Sequence[Sequence[bool]]) -> Iterator[str]:
    for y, row in enumerate(rows):
        for x, on in enumerate(row):
            if on:
                yield f"M{x} {y}h1v1h-1z"
