"""`linli opendata`: what an operator does for the published figures.

Exit codes: 0 nothing wrong; 2 the call is not understood.
"""

import json
from collections import Counter

import click

from linli.opendata import actions


@click.group()
def opendata() -> None:
    """Published figures."""


@opendata.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
def rebuild(as_json: bool) -> None:
    """Count all public cases anew, month by month; harmless while Linli runs.

    The worker keeps the figures by itself and looks through the last months every night. This
    command is for older ones: after rows were restored or mended by hand.
    """
    cells: Counter[str] = Counter()
    for month, count in actions.rebuild_tallies(by=None):
        cells[f"{month:%Y-%m}"] = count
        if not as_json:
            click.echo(f"{month:%Y-%m}: {count:,} cells")
    if as_json:
        click.echo(json.dumps({"ok": True, "months": cells}))
    else:
        click.echo(f"{cells.total():,} cells in {len(cells)} months.")
