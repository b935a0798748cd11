"""What the commands of `linli grids` share: what they name, how they refuse, how they answer."""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas import queries as areas
from linli.areas.commands import Day, speaking
from linli.areas.models import Area
from linli.kernel.errors import Missing
from linli.territory.models import Plan
from linli.territory.problems import Refused

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
NUMBER = click.argument("number", type=int)

__all__ = ["AS_JSON", "NUMBER", "Day", "answering", "area_of", "plan_of", "say"]


@contextmanager
def answering(as_json: bool) -> Iterator[None]:
    """As `areas.commands.speaking`; every problem of an import has a line of its own."""
    with speaking(as_json):
        try:
            yield
        except Refused as refused:
            if as_json:
                raise
            for problem in refused.problems:
                click.echo(f"{problem.code}: {problem.sentence} ({problem.named})", err=True)
            click.echo(_("Nothing was imported."), err=True)
            sys.exit(1)


def say(answer: Mapping[str, object], *, as_json: bool) -> None:
    """Print an answer, a line for each of its parts, or as one JSON object."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False, default=str))
        return
    for name, value in answer.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, dict):
            text = "; ".join(f"{key}: {_words(of)}" for key, of in value.items())
        click.echo(f"{name.replace('_', ' ')}: {text}")


def _words(value: object) -> str:
    return ", ".join(map(str, value)) or "–" if isinstance(value, list) else str(value)


def area_of(code: str) -> Area:
    """The area of today with this code; Missing `area-missing`."""
    found = areas.by_code(code)
    if found is None:
        raise Missing(
            "area-missing", gettext_lazy("There is no area with this code."), fields={"area": code}
        )
    return found


def plan_of(number: int) -> Plan:
    """A plan by its number; Missing `plan-missing`."""
    found = Plan.objects.select_related("area", "gazetteer", "lines").filter(pk=number).first()
    if found is None:
        raise Missing(
            "plan-missing",
            gettext_lazy("There is no plan with this number."),
            fields={"plan": number},
        )
    return found
