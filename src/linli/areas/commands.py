"""`linli areas`: importing, checking and asking, from the command line.

Exit codes: 0 all is well; 1 something is wrong, and it was said; 2 the call cannot be understood.
"""

import datetime as dt
import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from linli.areas.imports.areas import check_areas, import_areas
from linli.areas.imports.features import LAYERS, import_feature_file
from linli.areas.imports.mapping import read_mapping
from linli.areas.imports.places import import_place_file
from linli.areas.imports.report import Report
from linli.areas.locating import locate_file, locate_one
from linli.areas.tiles import shelf
from linli.kernel.errors import LinliError

WHAT = ("areas", "places", *LAYERS)
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
OUT = click.Path(dir_okay=False, writable=True, path_type=Path)
Day = click.DateTime(formats=["%Y-%m-%d"])


@click.group()
def areas() -> None:
    """The territory: import boundaries and places, check a file, ask what lies where."""


@contextmanager
def speaking(as_json: bool) -> Iterator[None]:
    """Speak the language of the terminal; say what went wrong and end with 1."""
    language = os.environ.get("LC_ALL") or os.environ.get("LANG") or "en"
    known = {"zh": "zh-hans", "bo": "bo"}
    with translation.override(known.get(language[:2], "en")):
        try:
            yield
        except LinliError as error:
            if as_json:
                answer = {"error": error.code, "fields": error.fields}
                click.echo(json.dumps(answer, ensure_ascii=False, default=str))
            else:
                notes = "; ".join(f"{name}: {value}" for name, value in error.fields.items())
                said = f"{error.code}: {error.message}" + (f" ({notes})" if notes else "")
                click.echo(said, err=True)
            sys.exit(1)


@areas.command("import")
@click.argument("file", type=FILE)
@click.option(
    "--what",
    type=click.Choice(WHAT),
    default="areas",
    show_default=True,
    help="What the file holds.",
)
@click.option("--mapping", type=FILE, help="TOML file: which column means what.")
@click.option("--level", help="Level of every row, where the file does not say it.")
@click.option("--since", type=Day, help="Day on which it takes effect; default: today.")
@click.option("--repair", is_flag=True, help="Mend crossed rings, overlaps, thin gaps; list them.")
@click.option("--strict", is_flag=True, help="Import nothing when there is so much as a warning.")
@click.option("--dry-run", is_flag=True, help="Check and report; import nothing.")
@click.option("--json", "as_json", is_flag=True, help="Report for scripts.")
def import_(
    file: Path,
    what: str,
    mapping: Path | None,
    level: str | None,
    since: dt.datetime | None,
    repair: bool,
    strict: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Import a GeoJSON, GeoPackage or CSV file: all of it, or nothing.

    The report names every crossed, overlapping or gapped outline by its code and size. Places of
    worship, and columns about religion or ethnicity, are dropped and counted.
    """
    day = since.date() if since else timezone.localdate()
    with speaking(as_json):
        how = read_mapping(mapping, level=level)
        with counting(as_json) as progress:
            if what == "areas":
                report = import_areas(
                    file, how, since=day, by=None, repair=repair, strict=strict,
                    dry_run=dry_run, progress=progress,
                )  # fmt: skip
            elif what == "places":
                report = import_place_file(
                    file, how, since=day, by=None, dry_run=dry_run, progress=progress
                )
            else:
                report = import_feature_file(
                    file, how, what, by=None, dry_run=dry_run, progress=progress
                )
        finish(report, as_json=as_json)


@areas.command()
@click.argument("file", type=FILE)
@click.option("--mapping", type=FILE, help="TOML file: which column means what.")
@click.option("--level", help="Level of every row, where the file does not say it.")
@click.option("--json", "as_json", is_flag=True, help="Report for scripts.")
def check(file: Path, mapping: Path | None, level: str | None, as_json: bool) -> None:
    """Check a file of areas and import nothing; exit code 1 if it could not be imported."""
    with speaking(as_json):
        with counting(as_json) as progress:
            _rows, report = check_areas(file, read_mapping(mapping, level=level), progress=progress)
        finish(report, as_json=as_json)


@areas.command()
@click.argument("file", type=FILE, required=False)
@click.option("--lon", type=float, help="Longitude of one point, degrees east.")
@click.option("--lat", type=float, help="Latitude of one point, degrees north.")
@click.option("--lon-column", default="lon", show_default=True)
@click.option("--lat-column", default="lat", show_default=True)
@click.option("--level", help="Ask for areas of this level only.")
@click.option("--at", type=Day, help="The day whose boundaries count; default: today.")
@click.option("--out", type=OUT, help="Write the table here, with the codes beside each row.")
@click.option("--code-column", default="code", show_default=True, help="Their name in --out.")
@click.option("--json", "as_json", is_flag=True, help="Answer for scripts.")
def locate(
    file: Path | None,
    lon: float | None,
    lat: float | None,
    lon_column: str,
    lat_column: str,
    level: str | None,
    at: dt.datetime | None,
    out: Path | None,
    code_column: str,
    as_json: bool,
) -> None:
    """Say which area a point lies in, or each row of a CSV or Parquet file.

    A file may be of any length: it is read and written a piece at a time.
    """
    day = at.date() if at else None
    with speaking(as_json):
        if file is not None and lon is None and lat is None:
            columns = (lon_column, lat_column)
            locate_file(file, columns, level, day, as_json=as_json, out=out, column=code_column)
        elif file is None and out is None and lon is not None and lat is not None:
            locate_one(lon, lat, level, day, as_json=as_json)
        else:
            raise click.UsageError(_("Give either a file, or both --lon and --lat."))


@areas.command()
def tiles() -> None:
    """Make the map's tiles beforehand, so that nobody waits for them."""
    click.echo(f"{shelf.warm()}")


@contextmanager
def counting(as_json: bool) -> Iterator[Callable[[int], object] | None]:
    """Rows read so far, on the terminal's error line; nothing where no terminal looks on."""
    if as_json or not sys.stderr.isatty():
        yield None
        return
    yield lambda rows: click.echo(f"\r{rows:,} …", nl=False, err=True)
    click.echo("\r\x1b[K", nl=False, err=True)


def finish(report: Report, *, as_json: bool) -> None:
    """Print the report and leave with 1 if nothing could be imported."""
    if as_json:
        click.echo(json.dumps(report.as_json(), ensure_ascii=False, indent=2))
    else:
        for line in report.lines():
            click.echo(line)
        if report.failed:
            click.echo(_("Nothing was imported."))
        for what, count in report.done.items():
            click.echo(f"{what}: {count}")
    if report.failed:
        sys.exit(1)
