"""A database of an earlier release, filled with rows of every kind, and what became of them.

Rows are made from what a migration's state knows of each column, never from today's models, so
that the filling stays what it was when the code has moved on.
"""

import datetime as dt
import itertools
import tempfile
import tomllib
import uuid
from contextlib import contextmanager
from pathlib import Path

from django.db import IntegrityError, connections, models, transaction
from django.db.migrations.executor import MigrationExecutor

RELEASED = tomllib.loads(Path(__file__).with_name("released.toml").read_text())
ALIAS = "earlier"
ROWS = 3
START = dt.datetime(2026, 3, 1, 8, tzinfo=dt.UTC)
Rows = dict[str, dict[object, dict[str, object]]]


@contextmanager
def empty_database():
    """A database of its own, of the kind in use, under the alias `earlier`."""
    here = connections["default"]
    with tempfile.TemporaryDirectory() as folder:
        name = f"linli_{uuid.uuid4().hex[:12]}"
        postgres = here.vendor == "postgresql"
        if postgres:
            run(here, f"CREATE DATABASE {name}")
        connections.settings[ALIAS] = {
            **here.settings_dict, "NAME": name if postgres else str(Path(folder) / name)}  # fmt: skip
        try:
            yield connections[ALIAS]
        finally:
            connections[ALIAS].close()
            del connections[ALIAS], connections.settings[ALIAS]
            if postgres:
                run(here, f"DROP DATABASE {name}")


def run(connection, statement):
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


def brought_to(connection, release):
    """Migrate an empty database to a release; gives back the state of its models."""
    executor = MigrationExecutor(connection)
    ours = {*release}
    others = [node for node in executor.loader.graph.leaf_nodes() if node[0] not in ours]
    return executor.migrate([*release.items(), *others])


def brought_forward(connection):
    """Migrate to what the code says today; gives back the state of its models."""
    executor = MigrationExecutor(connection)
    return executor.migrate(executor.loader.graph.leaf_nodes())


class Filling:
    """Makes `ROWS` rows of every model of a state, those that others point at first."""

    def __init__(self, state):
        self.apps = state.apps
        self.made = {}

    def all(self):
        for model in self.apps.get_models(include_auto_created=True):
            if model._meta.managed and not model._meta.proxy:
                self.rows(model)

    def rows(self, model):
        if model._meta.label not in self.made:
            self.made[model._meta.label] = []  # a circle of references ends here, with None
            self.made[model._meta.label] += filter(None, (self.row(model, n) for n in range(ROWS)))
        return self.made[model._meta.label]

    def row(self, model, number):
        """One row: everything filled in, or, where a rule of the table forbids that, the least."""
        values = {f.attname: self.value(f, number) for f in model._meta.concrete_fields
                  if not isinstance(f, models.AutoField)}  # fmt: skip
        least = {f.attname: None for f in model._meta.concrete_fields if f.null}
        for given in (values, values | least, values | least | {"id": 1}):
            try:
                with transaction.atomic(using=ALIAS):
                    row = model(**given)
                    row.save(using=ALIAS, force_insert=True)
                    return row
            except IntegrityError:
                continue
        return None

    def value(self, field, number):
        if field.remote_field:
            targets = self.rows(field.related_model)
            return targets[number % len(targets)].pk if targets else None
        if isinstance(field, models.BooleanField):
            return False
        if field.choices:
            return field.flatchoices[0][0]
        for kind, made in VALUES:
            if isinstance(field, kind):
                value = made(number)
                return value[: field.max_length] if isinstance(value, str) else value
        raise TypeError(field)


VALUES = [
    (models.DateTimeField, lambda n: START + dt.timedelta(days=n)),
    (models.DateField, lambda n: START.date() + dt.timedelta(days=n)),
    (models.UUIDField, lambda n: uuid.UUID(int=n + 1)),
    (models.EmailField, lambda n: f"a{n}@example.org"),
    (models.JSONField, lambda n: {"zh": f"桥{n}", "en": f"bridge {n}"}),
    (models.BinaryField, lambda n: bytes([n, 0, 255])),
    (models.FloatField, lambda n: 11.5 + n),
    (models.IntegerField, lambda n: 11 + n),
    ((models.CharField, models.TextField), lambda n: f"{n}路"),
]


def read(state):
    """Every row of every model: {model: {key: {column: value}}}."""
    found: Rows = {}
    for model in state.apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            rows = model._default_manager.using(ALIAS).values()
            found[model._meta.label] = {row[model._meta.pk.attname]: plain(row) for row in rows}
    return found


def plain(row):
    return {k: bytes(v) if isinstance(v, memoryview) else v for k, v in row.items()}


def lost(before, after, dropped=()):
    """What was there and is not there any more, or is something else now."""
    wrong = []
    for label, rows in before.items():
        now = after.get(label, {})
        wrong += [f"{label} {key}: gone" for key in rows if key not in now]
        for key, column in itertools.product(
            rows.keys() & now.keys(), next(iter(rows.values()), ())
        ):
            name = f"{label}.{column}"
            if name not in dropped and rows[key][column] != now[key].get(column, "no such column"):
                wrong.append(f"{name} of {key}: {rows[key][column]!r} is {now[key].get(column)!r}")
    return wrong


def applied(connection, state, app, operation):
    """One operation of a migration done to the database; the state after it."""
    after = state.clone()
    operation.state_forwards(app, after)
    with connection.schema_editor() as editor:
        operation.database_forwards(app, editor, state, after)
    return after
