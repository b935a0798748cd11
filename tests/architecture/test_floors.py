"""Floors, as far as import-linter cannot see: string foreign keys, templates, tag libraries."""

import re

from django.apps import apps
from django.db.models import Field

from tests.architecture.house import FLOORS, SOURCE, may_use, modules, room_of, templates

REFERENCE = re.compile(r"""{%\s*(extends|include)\s+["']([\w-]+)/""")
LOADED = re.compile(r"{%\s*load\s+([^%]+?)\s*%}")
DJANGO_LIBRARIES = {"i18n", "static", "l10n", "tz", "cache", "humanize"}


def test_every_room_has_a_floor():
    rooms = {p.name for p in SOURCE.iterdir() if p.is_dir() and not p.name.startswith("__")}
    assert rooms == set(FLOORS)


def test_foreign_keys_point_downwards():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("linli."):
            continue
        room = model.__module__.split(".")[1]
        for field in model._meta.get_fields():
            if isinstance(field, Field) and field.is_relation:
                target = field.related_model.__module__
                if target.startswith("linli.") and not may_use(room, target.split(".")[1]):
                    wrong.append(f"{model._meta.label}.{field.name} -> {target}")
    assert wrong == []


def _folder_owner():
    """Template folders by the room that holds them: templates/cases/... belongs to cases."""
    return {p.relative_to(t).parts[0]: room_of(t)
            for t in SOURCE.glob("*/templates") for p in t.rglob("*.*")}  # fmt: skip


def _library_owner():
    return {p.stem: room_of(p) for p in SOURCE.glob("*/templatetags/*.py") if p.stem != "__init__"}


def test_templates_refer_downwards():
    owner, libraries, wrong = _folder_owner(), _library_owner(), []
    for path in templates():
        text, room = path.read_text(encoding="utf-8"), room_of(path)
        for _tag, folder in REFERENCE.findall(text):
            if folder in owner and not may_use(room, owner[folder]):
                wrong.append(f"{path.name}: {folder}/")
        for names in LOADED.findall(text):
            for name in names.split(" from ")[-1].split():
                if name in libraries and not may_use(room, libraries[name]):
                    wrong.append(f"{path.name}: load {name}")
    assert wrong == []


def test_no_model_signals_and_no_save_overrides():
    wrong = []
    for path, tree in modules():
        text = path.read_text(encoding="utf-8")
        if re.search(
            r"django\.db\.models(\.| import )signals|@receiver|\.connect\(\s*\w+,\s*sender", text
        ):
            wrong.append(f"{path}: signal")
        if path.name == "models.py" or "models" in path.parts:
            import ast

            wrong += [f"{path}: {n.name}()" for n in ast.walk(tree)
                      if isinstance(n, ast.FunctionDef) and n.name in ("save", "delete")]  # fmt: skip
    assert wrong == []


def test_no_drawers_for_odds_and_ends():
    forbidden = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
    assert [
        str(p) for p, _ in modules(tests=True) if p.stem in forbidden or forbidden & set(p.parts)
    ] == []
