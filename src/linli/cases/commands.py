"""`linli services`: judge and publish service files from the command line.

Exit codes: 0 nothing wrong; 1 something was refused, and it was said; 2 the call is not understood.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path

import click
from django.conf import settings

from linli.cases.actions.catalogue import Outcome, Refused, publish, publish_shipped
from linli.cases.catalogue import queries, reading
from linli.cases.catalogue.problems import Problem
from linli.cases.catalogue.validator import check as judge
from linli.kernel.errors import LinliError
from linli.kernel.models import Account

FOLDER = click.argument(
    "folder", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path)
)
AS_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON object, for scripts.")


@click.group()
def services() -> None:
    """Service files: what people may ask for, and what they are asked."""


@services.command()
@FOLDER
@AS_JSON
def check(folder: Path | None, as_json: bool) -> None:
    """Judge the files of FOLDER, or all that this installation uses, without changing anything."""
    files = reading.files(folder) if folder else {**reading.files(), **county_files()}
    if not files:
        raise click.UsageError("There is no .toml file in this folder.")
    duties = queries.duties()
    found = {name: judge(data, duties=duties) for name, data in files.items()}
    _report(found, as_json=as_json)
    if any(found.values()):
        sys.exit(1)


@services.command("publish")
@FOLDER
@AS_JSON
@click.option("--by", "username", help="The administrator who publishes; a second one must agree.")
def publish_command(folder: Path | None, as_json: bool, username: str | None) -> None:
    """Freeze the files of FOLDER, or all that this installation uses, as versions.

    Unchanged files make no new version. What asks something new waits on the public page for a
    second administrator and seven days.
    """
    by = _account(username) if username else None
    try:
        if folder is None:
            outcomes = publish_installed(by=by)
        elif files := reading.files(folder):
            outcomes = publish(files, by=by)
        else:
            raise click.UsageError("There is no .toml file in this folder.")
    except Refused as refused:
        _report(refused.problems, as_json=as_json)
        sys.exit(1)
    except LinliError as error:
        raise click.ClickException(str(error)) from error
    _tell(outcomes, as_json=as_json)


def publish_installed(*, by: Account | None = None) -> list[Outcome]:
    """Publish what ships, then the county's folder (LINLI_SERVICES); safe at every start."""
    shipped, county = publish_shipped(by=by), county_files()
    return [*shipped, *(publish(county, by=by) if county else [])]


def publish_at_start() -> None:
    """`publish_installed`, but a refused file of a county does not keep Linli from starting.

    What was published before stays in use.
    """
    try:
        publish_installed()
    except Refused as refused:
        _report(refused.problems, as_json=False)
    except (LinliError, click.ClickException) as error:
        click.echo(f"LINLI_SERVICES: {error}")


def county_files() -> dict[str, bytes]:
    """The files of the county's own folder; empty where none is set, UsageError where it is not."""
    if not settings.SERVICES_FOLDER:
        return {}
    folder = Path(settings.SERVICES_FOLDER)
    if not folder.is_dir():
        raise click.UsageError(f"LINLI_SERVICES names no folder: {folder}")
    return reading.files(folder)


def _account(username: str) -> Account:
    account = Account.objects.filter(username=username, is_active=True).first()
    if account is None or not account.is_administrator:
        raise click.UsageError(f"{username} is not an administrator.")
    return account


def _report(found: Mapping[str, list[Problem]], *, as_json: bool) -> None:
    if as_json:
        table = {name: [problem.as_json() for problem in row] for name, row in found.items()}
        click.echo(json.dumps({"ok": not any(table.values()), "files": table}, ensure_ascii=False))
        return
    for name, problems in found.items():
        for problem in problems:
            click.echo(f"{name}: {problem.path or '-'}: {problem.code}: {problem.message}")
    wrong = sum(bool(problems) for problems in found.values())
    click.echo(f"{len(found)} files, {wrong} refused.")


def _tell(outcomes: list[Outcome], *, as_json: bool) -> None:
    if as_json:
        rows = [{"code": o.code, "version": o.number, "state": o.state.value} for o in outcomes]
        click.echo(json.dumps({"ok": True, "services": rows}))
        return
    for outcome in outcomes:
        if outcome.state != "unchanged":
            click.echo(f"{outcome.code} {outcome.number}: {outcome.state.value}")
    counts = ", ".join(
        f"{sum(o.state == state for o in outcomes)} {state}"
        for state in ("published", "waiting", "unchanged")
    )
    click.echo(f"{counts}.")
