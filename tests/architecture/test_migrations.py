"""The migrations say what the models say, and they go forward on whatever database is in use."""

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader

from tests.architecture.house import FLOORS


@pytest.mark.django_db
def test_no_model_waits_for_a_migration(capsys):
    try:
        call_command("makemigrations", check=True, dry_run=True, verbosity=1)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


@pytest.mark.django_db
def test_nothing_is_left_to_migrate():
    executor = MigrationExecutor(connection)
    assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []


def test_migrations_depend_downwards():
    rooms = {"outgoing": "messages"}
    wrong = []
    for (app, name), migration in MigrationLoader(None).disk_migrations.items():
        room = rooms.get(app, app)
        for other, _name in migration.dependencies if room in FLOORS else ():
            below = rooms.get(other, other)
            if below in FLOORS and below != room and FLOORS[below] >= FLOORS[room]:
                wrong.append(f"{app}.{name} -> {other}")
    assert wrong == []
