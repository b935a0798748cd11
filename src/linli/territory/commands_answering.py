"""What the commands of `linli grids` share: the plan they name, and how they answer."""

import json

import click

from linli.territory.models import Plan

Day = click.DateTime(formats=["%Y-%m-%d"])
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


def plan_of(number: int) -> Plan:
    """The plan with this number; says so where there is none."""
    rows = Plan.objects.select_related("area", "gazetteer", "lines")
    plan = rows.filter(pk=number).first()
    if plan is None:
        raise click.ClickException(f"There is no plan {number}.")
    return plan


def say(answer: dict[str, object], as_json: bool) -> None:
    """Print an answer, a line for each of its parts, or as one JSON object."""
    if as_json:
        click.echo(json.dumps(answer, ensure_ascii=False))
        return
    for name, value in answer.items():
        text = ", ".join(map(str, value)) if isinstance(value, list) else value
        if isinstance(value, dict):
            text = "; ".join(f"{key}: {_words(of)}" for key, of in value.items())
        click.echo(f"{name.replace('_', ' ')}: {text}")


def _words(value: object) -> str:
    return ", ".join(map(str, value)) or "–" if isinstance(value, list) else str(value)
