"""The privacy register: every column that could hold something about somebody is in it, and no other."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models as fields

from linli.kernel import register
from linli.kernel.languages import KEYS
from tests.architecture.house import REAL, a_model, breach, check

FACTS = (fields.AutoField, fields.IntegerField, fields.BooleanField, fields.DateField,
         fields.TimeField, fields.DurationField, fields.UUIDField, fields.ForeignKey)  # fmt: skip
VISIT = ("ip", "ip_address", "user_agent", "agent", "fingerprint", "referer")
SAID = {"zh": "说明", "bo": "འགྲེལ་བཤད།", "en": "why"}


def line(name, *, personal=False, **parts):
    """An invented line of the register."""
    empty = dict.fromkeys(("why", "purpose", "readers", "erasure"), SAID)
    return register.Column(name=name, personal=personal, **(empty | parts))


REAL |= {
    "registered": register.columns,
    "watched": register.watched_columns,
    "lists": lambda: {
        room.label: tomllib.loads((Path(room.path) / "privacy.toml").read_text(encoding="utf-8"))
        for room in apps.get_app_configs()
        if room.name.startswith("linli.") and (Path(room.path) / "privacy.toml").exists()
    },
    "installed": lambda: {app.name for app in apps.get_app_configs()},
}


def _without(name):
    return lambda: [c for c in register.columns() if c.name != name]


def _and(name):
    return lambda: [*register.columns(), line(name)]


@check(*(breach(f"missing: {name}", registered=_without(name)) for name in
         ("kernel.Contact.sealed", "cases.Case.lon", "mfa.Authenticator.data")),
       breach("of no column: areas.Sun.rays", registered=_and("areas.Sun.rays")),
       breach("twice: cases.Case.lat", registered=_and("cases.Case.lat")))  # fmt: skip
def every_watched_column_is_registered_and_nothing_else(registered, watched):
    names = [c.name for c in registered]
    return [
        *(f"missing: {name}" for name in sorted(set(watched) - set(names))),
        *(f"of no column: {name}" for name in sorted(set(names) - set(watched))),
        *(f"twice: {name}" for name in sorted({n for n in names if names.count(n) > 1})),
    ]


@pytest.mark.parametrize("kind", register.WATCHED, ids=lambda k: k.__name__)
def test_every_kind_of_column_that_could_hold_something_is_watched(kind, monkeypatch):
    extra = {"max_digits": 5, "decimal_places": 1} if kind is fields.DecimalField else {}
    extra |= {"max_length": 9} if kind is fields.CharField else {}
    planted = a_model("areas", "Sun", rays=kind(**extra))
    monkeypatch.setattr(apps, "get_models", lambda **_: [planted])
    assert register.watched_columns() == ["areas.Sun.rays"]


@check(breach("areas.Sun.rays", tables=lambda: [
    a_model("areas", "Sun", rays=type("PointField", (fields.Field,), {})())]))  # fmt: skip
def every_kind_of_column_was_thought_about(tables):
    """A new kind of column is watched, or named in FACTS."""
    return [f"{m._meta.label}.{f.name}" for m in tables for f in m._meta.local_fields
            if not isinstance(f, (*register.WATCHED, *FACTS))]  # fmt: skip


@check(
    breach("a.B.c lacks bo", registered=[line("a.B.c", why={"zh": "说明", "en": "why"})]),
    breach("a.B.c is empty", registered=[line("a.B.c", why=SAID | {"bo": " "})]),
    breach("a.B.c copies", registered=[line("a.B.c", why=SAID | {"zh": "why"})]),
    breach("a.B.c lacks", registered=[line("a.B.c", personal=True, erasure={})]),
)
def each_line_speaks_every_language(registered):
    wrong = []
    for column in registered:
        personal = (column.purpose, column.readers, column.erasure)
        for part in personal if column.personal else (column.why,):
            lacking = set(register.LANGUAGES) ^ set(part)
            wrong += [f"{column.name} lacks {', '.join(sorted(lacking))}"] if lacking else []
            if any(len(text.strip()) < 2 for text in part.values()):
                wrong.append(f"{column.name} is empty")
            if len(set(part.values())) < len(part):
                wrong.append(f"{column.name} copies one language")
    return wrong


def test_the_register_speaks_the_languages_of_the_service(settings):
    assert {KEYS[code] for code, _name in settings.LANGUAGES} == set(register.LANGUAGES)


@check(breach("cases: kernel.Contact.sealed", lists={"cases": {"kernel.Contact.sealed": {}}}))
def each_room_lists_its_own_columns(lists):
    """Other people's tables are in web's file; ours stand beside their models."""
    return [f"{room}: {name}" for room, names in lists.items() if room != "web"
            for name in names if name.partition(".")[0] != room]  # fmt: skip


@check(breach("kernel.Contact.sealed", registered=lambda: [line("kernel.Contact.sealed")]))
def contacts_and_texts_are_personal(registered):
    plain = {"kernel.Contact.sealed", "kernel.Account.names", "mfa.Authenticator.data"}
    plain |= {c.name for c in registered if c.name.endswith("_locked")}
    return sorted(plain - {c.name for c in registered if c.personal})


@check(breach("areas.Sun.user_agent", tables=lambda: [
           a_model("areas", "Sun", user_agent=fields.CharField(max_length=9))]),
       breach("areas.Sun.seen_from", tables=lambda: [
           a_model("areas", "Sun", seen_from=fields.GenericIPAddressField())]),
       breach("allauth.usersessions", installed={"allauth.usersessions"}))  # fmt: skip
def no_visit_has_a_column(tables, installed):
    """No address of a computer and no name of a browser, in ours or in a library's tables."""
    wrong = [f"{m._meta.label}.{f.name}" for m in tables for f in m._meta.local_fields
             if f.name in VISIT or isinstance(f, fields.GenericIPAddressField)]  # fmt: skip
    return wrong + sorted(installed & {"allauth.usersessions"})


def test_a_line_that_lacks_a_language_is_refused():
    with pytest.raises(ValueError, match="lacks bo"):
        register._column("x.Y.z", {"personal": False, "why": {"zh": "一", "en": "one"}})
    with pytest.raises(ValueError, match="purpose lacks zh"):
        register._column("x.Y.z", {"personal": True, "readers": SAID, "erasure": SAID})
