"""`linli opendata`: what it mends, what it prints, and its exit codes."""

import datetime as dt
import json

import pytest
from click.testing import CliRunner
from django.utils import timezone

from linli.areas.tests.factories import area
from linli.kernel.errors import Forbidden
from linli.kernel.models import Entry
from linli.opendata import actions, months
from linli.opendata.commands import opendata
from linli.opendata.models import Sum, Tally
from linli.opendata.tests.factories import heard, person, released

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("place")]
OLD = dt.date(2019, 3, 1)  # long before anything that the nightly job looks through


def run(*words):
    """The command's result."""
    return CliRunner().invoke(opendata, words)


def kept():
    """Every cell and every sum, without its key."""
    return [[{**row, "id": 0} for row in model.objects.order_by("month", name).values()]
            for model, name in ((Tally, "area"), (Sum, "path"))]  # fmt: skip


def test_wrong_cells_are_mended_and_old_ones_without_cases_go():
    released()
    heard()
    right = kept()
    assert right[0]
    Tally.objects.update(received=99)
    Sum.objects.update(received=98)
    Tally.objects.create(area=area("B"), month=OLD, received=7)
    Sum.objects.create(path="P", month=OLD, received=7)
    said = run("rebuild")
    assert said.exit_code == 0, said.output
    assert kept() == right
    assert "2019-03: 0 cells" in said.output
    assert "1 cells in 2 months." in said.output
    assert Entry.objects.filter(event="tallies-rebuilt").count() == 2


def test_a_script_reads_one_object():
    released()
    said = run("rebuild", "--json")
    present = months.first_day(timezone.now())
    assert json.loads(said.output) == {"ok": True, "months": {f"{present:%Y-%m}": 1}}


def test_of_nothing_nothing_is_counted():
    assert json.loads(run("rebuild", "--json").output) == {"ok": True, "months": {}}


def test_only_administrators_and_the_command():
    with pytest.raises(Forbidden):
        actions.rebuild_month(OLD, by=person("tashi"))


def test_help_and_a_call_that_is_not_understood():
    assert "--json" in run("rebuild", "--help").output
    assert run("rebuild", "--all").exit_code == 2
