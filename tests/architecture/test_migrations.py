"""The migrations say what the models say, and they go forward on whatever database is in use."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from linli.cases.models import Case
from tests.architecture.house import FLOORS, REAL, breach, check

ROOMS = {"outgoing": "messages"}


def _steps():
    """(app, name) of each migration, with the apps it depends on."""
    found = MigrationLoader(None).disk_migrations.items()
    return [(*key, [app for app, _name in one.dependencies]) for key, one in found]


REAL["steps"] = _steps


@check(breach("kernel.0002_sun -> cases", steps=[("kernel", "0002_sun", ["cases"])]),
       breach("outgoing.0001 -> areas", steps=[("outgoing", "0001", ["areas"])]))  # fmt: skip
def migrations_depend_downwards(steps):
    wrong = []
    for app, name, dependencies in steps:
        room = ROOMS.get(app, app)
        for other in dependencies if room in FLOORS else ():
            below = ROOMS.get(other, other)
            if below in FLOORS and below != room and FLOORS[below] >= FLOORS[room]:
                wrong.append(f"{app}.{name} -> {other}")
    return wrong


def waits(capsys):
    """What `makemigrations --check` would write; nothing where all is written."""
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        return capsys.readouterr().out
    return ""


@pytest.mark.django_db
def test_no_model_waits_for_a_migration(capsys, monkeypatch):
    assert waits(capsys) == ""
    monkeypatch.setattr(Case._meta.get_field("number"), "max_length", 12345)
    assert "number" in waits(capsys)


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    assert _left() == []
    (newest,) = MigrationLoader(None).graph.leaf_nodes("opendata")
    MigrationRecorder(connection).record_unapplied(*newest)
    assert "opendata" in {step.app_label for step, _backwards in _left()}


def _left():
    executor = MigrationExecutor(connection)
    return executor.migration_plan(executor.loader.graph.leaf_nodes())
