"""What the commands of `linli grids` share: what they name, how they refuse, how they answer."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from linli.areas import queries as areas
from linli.areas.commands import Day, speaking
from linli.areas.models import Area
from linli.areas.names import LANGUAGES
from linli.kernel import languages
from linli.kernel.errors import Missing
from linli.territory.models import Plan
from linli.territory.problems import Refused

AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")
NUMBER = click.argument("number", type=int)
REVISION = click.option(
    "--revision", type=int, help="Only if the plan still has the revision that `list --json` told."
)

__all__ = [
    "AS_JSON",
    "NUMBER",
    "REVISION",
    "Day",
    "answering",
    "area_of",
    "plan_of",
    "say",
    "titled",
    "titles_of",
]


def titled(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options with which a command takes the title of a plan, for `titles_of`."""
    for key in reversed(LANGUAGES):
        command = click.option(f"--title-{key}", help=f"The title in this language: {key}.")(
            command
        )
    words = "In the language of the terminal; a new plan without any is called as its area."
    return click.option("--title", help=words)(command)


def titles_of(said: Mapping[str, Any]) -> dict[str, str]:
    """The titles that a command was given, by language; none where it was given none."""
    titles = {key: said[f"title_{key}"] for key in LANGUAGES}
    if said["title"]:
        titles[languages.key()] = said["title"]
    return {key: text for key, text in titles.items() if text}


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
