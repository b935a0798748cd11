"""Updating an installation of an earlier release keeps everything that was in it."""

import pytest
from django.db import IntegrityError, migrations, models

from tests.house import migrating

RELEASE = migrating.RELEASED


@pytest.fixture
def earlier(django_db_setup, django_db_blocker):
    """A filled database of the first release, its models' state, and its rows."""
    with django_db_blocker.unblock(), migrating.empty_database() as connection:
        state = migrating.brought_to(connection, RELEASE["migrations"])
        migrating.Filling(state).all()
        yield connection, state, migrating.read(state)


def test_every_row_is_still_there_after_an_update(earlier):
    connection, _state, before = earlier
    after = migrating.read(migrating.brought_forward(connection))
    assert migrating.lost(before, after, RELEASE["dropped"]) == []


def test_every_table_of_the_rooms_had_rows(earlier):
    _connection, _state, before = earlier
    empty = [label for label, rows in before.items()
             if label.split(".")[0] in RELEASE["migrations"] and not rows]  # fmt: skip
    assert empty == []


def test_a_column_that_cannot_be_empty_stops_the_update(earlier):
    connection, state, _before = earlier
    field = models.IntegerField(null=True)
    state = migrating.applied(connection, state, "cases", migrations.AddField("case", "age", field))
    strict = migrations.AlterField("case", "age", models.IntegerField())
    with pytest.raises(IntegrityError):
        migrating.applied(connection, state, "cases", strict)


@pytest.mark.parametrize(
    "operation",
    [
        migrations.RemoveField("place", "kind"),
        migrations.DeleteModel("edition"),
        migrations.RunPython(lambda apps, _: apps.get_model("areas", "Place").objects.using(
            migrating.ALIAS).all().delete()),
        migrations.RunPython(lambda apps, _: apps.get_model("areas", "Place").objects.using(
            migrating.ALIAS).update(kind="bridge?")),
    ],
    ids=["a column", "a table", "rows", "values"],
)  # fmt: skip
def test_what_a_migration_loses_is_seen(earlier, operation):
    connection, state, before = earlier
    after = migrating.read(migrating.applied(connection, state, "areas", operation))
    assert migrating.lost(before, after)


def test_the_title_of_a_plan_stands_under_the_language_that_it_is_in(
    django_db_setup, django_db_blocker
):
    titles = {"2027年的网格": "zh", "དྲ་མིག 2027": "bo", "Grids of 2027": "en"}
    with django_db_blocker.unblock(), migrating.empty_database() as connection:
        state = migrating.brought_to(connection, {"territory": "0002_adoption"})
        rows = migrating.Filling(state).rows(state.apps.get_model("territory", "Plan"))
        for row, title in zip(rows, titles, strict=True):
            row.title = title
            row.save(using=migrating.ALIAS)
        plans = migrating.read(migrating.brought_forward(connection))["territory.Plan"]
    assert [plans[row.pk]["titles"] for row in rows] == [{key: t} for t, key in titles.items()]
