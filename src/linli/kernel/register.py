"""The privacy register: every column that could hold something about somebody, and why it may.

Each room has a `privacy.toml`; the keys are "app.Model.field". A column is personal (purpose,
readers, erasure) or not (why), in three languages. Columns of other people's tables are listed in
`web/privacy.toml`. One that is missing fails the build (tests/architecture).
"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import models

Names = Mapping[str, str]
LANGUAGES = ("zh", "bo", "en")
WATCHED = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.FileField,
    models.GenericIPAddressField,
    models.FloatField,
    models.DecimalField,
)


@dataclass(frozen=True)
class Column:
    """One line of the register."""

    name: str
    personal: bool
    why: Names
    purpose: Names
    readers: Names
    erasure: Names


def watched_columns() -> list[str]:
    """Every text, JSON, binary, file, address and coordinate column of every installed table."""
    return sorted(
        f"{model._meta.app_label}.{model.__name__}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.local_fields
        if isinstance(field, WATCHED)
    )


def columns() -> list[Column]:
    """The whole register, by name."""
    return sorted(_read(), key=lambda c: c.name)


def _read() -> Iterator[Column]:
    for app in apps.get_app_configs():
        path = Path(app.path) / "privacy.toml"
        if path.exists():
            for name, line in tomllib.loads(path.read_text(encoding="utf-8")).items():
                yield _column(name, line)


def _column(name: str, line: Mapping[str, Any]) -> Column:
    parts = {k: line.get(k, {}) for k in ("why", "purpose", "readers", "erasure")}
    needed = ("purpose", "readers", "erasure") if line["personal"] else ("why",)
    for part in needed:
        missing = [lang for lang in LANGUAGES if not parts[part].get(lang)]
        if missing:
            raise ValueError(f"privacy register: {name}.{part} lacks {', '.join(missing)}")
    return Column(name=name, personal=line["personal"], **parts)
