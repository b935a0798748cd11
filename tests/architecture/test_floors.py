"""Floors, also where import-linter cannot see: string foreign keys, templates, tag libraries."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import models as fields
from django.db.models import Field

from tests.architecture.house import FLOORS, ROOT, a_model, breach, check, may_use

REFERENCE = re.compile(r"""{%\s*(?:extends|include)\s+["']([\w-]+)/""")
LOADED = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")
SIGNAL = re.compile(
    r"(django\.db\.models|django\.core)(\.| import )signals|django\.dispatch|@receiver"
    r"|\.connect\(\s*\w+,\s*sender"
)
DRAWERS = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}


@check(breach("attic", {f"{room}/x.py": "" for room in (*FLOORS, "attic")}),
       breach("messages", {f"{room}/x.py": "" for room in FLOORS if room != "messages"}))  # fmt: skip
def every_room_has_a_floor(source):
    return sorted({p.name for p in source.rooms()} ^ set(FLOORS))


def _looks_up():
    return [a_model("kernel", "Sun", case=fields.ForeignKey(
        "cases.Case", fields.CASCADE, related_name="+"))]  # fmt: skip


def _upwards():
    from linli.cases.models import Case

    return [a_model("areas", "Sun", case=fields.ForeignKey(Case, fields.CASCADE, related_name="+"))]


@check(breach("kernel.Sun.case -> cases", models=_looks_up),
       breach("areas.Sun.case -> cases", models=_upwards))  # fmt: skip
def foreign_keys_point_downwards(models):
    wrong = []
    for model in models:
        room = model.__module__.split(".")[1]
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if isinstance(field, Field) and field.is_relation:
                other = field.related_model  # a string where nobody made it a class
                to = other.split(".")[0] if isinstance(other, str) else _room_of(other)
                to = {"outgoing": "messages"}.get(to, to)
                if to in FLOORS and not may_use(room, to):
                    wrong.append(f"{model._meta.label}.{field.name} -> {to}")
    return wrong


def _room_of(model):
    parts = model.__module__.split(".")
    return parts[1] if parts[0] == "linli" else ""


@check(
    breach("areas/templates/areas/a.html: cases/", {
        "areas/templates/areas/a.html": '{% include "cases/b.html" %}',
        "cases/templates/cases/b.html": ""}),
    breach("design/templates/design/a.html: messages/", {
        "design/templates/design/a.html": "{% extends 'messages/b.html' %}",
        "messages/templates/messages/b.html": ""}),
    breach("design/templates/design/a.html: load counting", {
        "design/templates/design/a.html": "{% load i18n one from counting %}",
        "opendata/templatetags/counting.py": ""}),
)  # fmt: skip
def templates_refer_downwards(source):
    owner = {f.name.split("/templates/")[1].partition("/")[0]: f.room for f in source.templates()}
    libraries = {f.name.split("/")[-1][:-3]: f.room for f in source.modules()
                 if "/templatetags/" in f.name}  # fmt: skip
    wrong = []
    for file in source.templates():
        wrong += [f"{file.name}: {folder}/" for folder in REFERENCE.findall(file.text)
                  if folder in owner and not may_use(file.room, owner[folder])]  # fmt: skip
        loaded = [name for names in LOADED.findall(file.text)
                  for name in names.split(" from ")[-1].split()]  # fmt: skip
        wrong += [f"{file.name}: load {name}" for name in loaded
                  if name in libraries and not may_use(file.room, libraries[name])]  # fmt: skip
    return wrong


@check(*(breach("cases/apps.py: signal", {"cases/apps.py": text}) for text in (
    "from django.db.models import signals", "from django.db.models.signals import post_save",
    "from django.dispatch import receiver", "post_save.connect(tell, sender=Case)")))  # fmt: skip
def no_signals(source):
    return [f"{f.name}: signal" for f in source.modules() if SIGNAL.search(f.text)]


@check(
    breach("cases/models/cases.py: Case.save()", {
        "cases/models/cases.py": "class Case(Model):\n    def save(self): ..."}),
    breach("kernel/rows.py: Kept.delete()", {
        "kernel/rows.py": "class Kept(models.Model):\n    def delete(self): ..."}),
    breach("areas/models.py: Mixin.save()", {
        "areas/models.py": "class Mixin:\n    async def save(self): ..."}),
)  # fmt: skip
def no_save_overrides(source):
    wrong = []
    for file in source.modules():
        models = file.name.endswith("/models.py") or "/models/" in file.name
        for one in (n for n in ast.walk(file.tree) if isinstance(n, ast.ClassDef)):
            row = models or any(ast.unparse(base).endswith("Model") for base in one.bases)
            wrong += [f"{file.name}: {one.name}.{n.name}()" for n in one.body
                      if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
                      and row and n.name in ("save", "delete", "asave", "adelete")]  # fmt: skip
    return wrong


@check(breach("cases/utils.py", {"cases/utils.py": ""}),
       breach("web/common/x.py", {"web/common/x.py": ""}),
       breach("areas/tests/helpers.py", {"areas/tests/helpers.py": ""}))  # fmt: skip
def no_drawers_for_odds_and_ends(source):
    return [f.name for f in source.modules(tests=True)
            if DRAWERS & set(f.name.removesuffix(".py").split("/"))]  # fmt: skip


@pytest.mark.parametrize(("module", "imports"), [
    ("kernel", "from linli.cases import x"), ("messages", "import linli.design.x"),
    ("engines", "import django"), ("opendata", "import linli.web.x")])  # fmt: skip
def test_import_linter_sees_an_import_upwards(module, imports, tmp_path):
    """Its contracts are in pyproject.toml; here they judge a house of empty rooms."""
    for room in ("", *FLOORS):
        (tmp_path / "linli" / room).mkdir(parents=True, exist_ok=True)
        (tmp_path / "linli" / room / "__init__.py").touch()
        (tmp_path / "linli" / room / "x.py").touch()
    said = _linted(tmp_path)
    assert said.returncode == 0, said.stdout
    (tmp_path / "linli" / module / "x.py").write_text(imports)
    assert _linted(tmp_path).returncode == 1


def _linted(folder: Path):
    words = "import sys; from importlinter.cli import lint_imports_command as run; sys.exit(run())"
    return subprocess.run(
        [sys.executable, "-c", words, "--config", ROOT / "pyproject.toml", "--no-cache"],
        env=os.environ | {"PYTHONPATH": str(folder)}, cwd=folder, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
