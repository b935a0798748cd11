"""The privacy register: every column that could hold something about somebody is in it, and no other."""

import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models

from linli.kernel import register
from linli.kernel.languages import KEYS

REGISTER = register.columns()
PERSONAL = [c for c in REGISTER if c.personal]


def test_every_watched_column_is_registered_and_nothing_else():
    registered = [c.name for c in REGISTER]
    watched = register.watched_columns()
    assert sorted(set(watched) - set(registered)) == []
    assert sorted(set(registered) - set(watched)) == []
    assert sorted({n for n in registered if registered.count(n) > 1}) == []


def test_what_is_watched_covers_every_kind_of_column_but_bare_facts():
    """A new kind of column has to be thought about: it is watched, or named here."""
    facts = (models.AutoField, models.IntegerField, models.BooleanField, models.DateField,
             models.TimeField, models.DurationField, models.UUIDField, models.ForeignKey)  # fmt: skip
    unknown = [
        f"{m._meta.label}.{f.name}"
        for m in apps.get_models(include_auto_created=True)
        for f in m._meta.local_fields
        if not isinstance(f, (*register.WATCHED, *facts))
    ]
    assert unknown == []


@pytest.mark.parametrize("column", REGISTER, ids=lambda c: c.name)
def test_each_line_speaks_every_language(column):
    parts = (column.purpose, column.readers, column.erasure) if column.personal else (column.why,)
    for part in parts:
        assert set(part) == set(register.LANGUAGES)
        assert all(len(text.strip()) > 1 for text in part.values())
        assert len(set(part.values())) == len(part)  # not one language copied three times


def test_the_register_speaks_the_languages_of_the_service(settings):
    assert {KEYS[code] for code, _name in settings.LANGUAGES} == set(register.LANGUAGES)


def test_each_room_lists_its_own_columns():
    """Other people's tables are in web's file; ours stand beside their models."""
    wrong = []
    for room in apps.get_app_configs():
        path = Path(room.path) / "privacy.toml"
        if room.name.startswith("linli.") and room.label != "web" and path.exists():
            names = tomllib.loads(path.read_text(encoding="utf-8"))
            wrong += [n for n in names if n.partition(".")[0] != room.label]
    assert wrong == []


def test_contacts_and_texts_are_personal():
    personal = {c.name for c in PERSONAL}
    assert {"kernel.Contact.sealed", "kernel.Account.names", "mfa.Authenticator.data"} <= personal


def test_nothing_that_a_library_could_store_about_a_visit_has_a_column():
    """No address of a computer and no name of a browser, in ours or in a library's tables."""
    words = ("ip", "ip_address", "user_agent", "agent", "fingerprint", "referer")
    assert [f"{m._meta.label}.{f.name}" for m in apps.get_models() for f in m._meta.local_fields
            if f.name in words or isinstance(f, models.GenericIPAddressField)] == []  # fmt: skip
    assert not apps.is_installed("allauth.usersessions")


def test_a_column_that_is_missing_would_be_seen(monkeypatch):
    columns = [c for c in REGISTER if c.name != "kernel.Contact.sealed"]
    monkeypatch.setattr(register, "columns", lambda: columns)
    missing = set(register.watched_columns()) - {c.name for c in register.columns()}
    assert missing == {"kernel.Contact.sealed"}


def test_a_line_that_lacks_a_language_is_refused():
    with pytest.raises(ValueError, match="lacks bo"):
        register._column("x.Y.z", {"personal": False, "why": {"zh": "一", "en": "one"}})
