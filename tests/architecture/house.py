"""The house as the tests see it: its rooms, their floors, their files; and what is checked in it.

A check is a pure function from sources (or models, events, …) to findings, and stands with the
breaches that it has to see: `test_checks.py` runs each on the real house and on each breach.
"""

import ast
import copy
import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from django.apps import apps
from django.apps.registry import Apps
from django.db import models as fields

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "linli"

# From the ground up; rooms on one floor never touch each other.
FLOORS = {
    "engines": 0,
    "kernel": 1,
    "design": 2,
    "messages": 2,
    "areas": 3,
    "organisations": 4,
    "cases": 5,
    "territory": 6,
    "opendata": 7,
    "web": 8,
}


def may_use(room: str, other: str) -> bool:
    """May `room` refer to `other`? Itself, and every lower floor."""
    return room == other or FLOORS[other] < FLOORS[room]


class File(NamedTuple):
    """A file of the source: its name below the source, and what is in it."""

    name: str
    text: str

    @property
    def room(self) -> str:
        """The room it lies in."""
        return self.name.partition("/")[0]

    @property
    def tree(self) -> ast.Module:
        """The syntax tree of a module."""
        return _tree(self.text)


@functools.cache
def _tree(text: str) -> ast.Module:
    return ast.parse(text)


class Source:
    """The files below a folder that has one folder a room."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def files(self, *patterns: str) -> Iterator[File]:
        """The files of these patterns, as text."""
        for path in sorted({p for pattern in patterns for p in self.root.rglob(pattern)}):
            if path.is_file() and "__pycache__" not in path.parts:
                name = path.relative_to(self.root).as_posix()
                yield File(name, path.read_text(encoding="utf-8"))

    def modules(self, *, tests: bool = False) -> Iterator[File]:
        """Every module; migrations are written by Django, and tests only where they are asked for."""
        for file in self.files("*.py"):
            parts = file.name.split("/")
            if "migrations" not in parts and (tests or "tests" not in parts):
                yield file

    def templates(self, suffix: str = "") -> Iterator[File]:
        """Every template."""
        yield from self.files(f"templates/**/*{suffix or '.*'}")

    def rooms(self) -> list[Path]:
        """The folders of the rooms."""
        return [p for p in sorted(self.root.iterdir()) if p.is_dir() and p.name[0] != "_"]


class Breach(NamedTuple):
    """Something that a check has to see: what is planted, and a part of what it then says.

    `files` become the whole source; other inputs are given by name, a callable is called first.
    """

    says: str
    files: dict[str, str]
    inputs: dict[str, Any]


class Check(NamedTuple):
    """A checker, and what it has to see."""

    find: Callable[..., list[str]]
    breaches: tuple[Breach, ...]

    def on_the_house(self) -> list[str]:
        """What it finds in the real house."""
        return self._find({})

    def on(self, breach: Breach, folder: Path) -> list[str]:
        """What it finds where this breach was planted in an empty folder."""
        for name, text in breach.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
        planted = {k: v() if inspect.isfunction(v) else v for k, v in breach.inputs.items()}
        return self._find(({"source": Source(folder)} if breach.files else {}) | planted)

    def _find(self, planted: dict[str, Any]) -> list[str]:
        wanted = inspect.signature(self.find).parameters
        return self.find(**{k: planted[k] if k in planted else REAL[k]() for k in wanted})


CHECKS: dict[str, Check] = {}


def breach(says: str, files: dict[str, str] | None = None, /, **inputs: Any) -> Breach:
    """A breach that a check has to see."""
    return Breach(says, files or {}, inputs)


def check(*breaches: Breach) -> Callable[[Callable[..., list[str]]], Callable[..., list[str]]]:
    """Make a function from inputs (by name, see `REAL`) to findings a check of the house."""
    assert breaches, "a check that was never seen to fail proves nothing"

    def keep(find: Callable[..., list[str]]) -> Callable[..., list[str]]:
        assert find.__name__ not in CHECKS
        CHECKS[find.__name__] = Check(find, breaches)
        return find

    return keep


def our_models() -> list[type[fields.Model]]:
    """Every model of ours."""
    return [m for m in apps.get_models() if m.__module__.startswith("linli.")]


# What checks look at, by the name of their parameter.
REAL: dict[str, Callable[[], Any]] = {
    "source": lambda: Source(SOURCE),
    "root": lambda: ROOT,
    "models": our_models,
    "tables": lambda: list(apps.get_models(include_auto_created=True)),
}


def a_model(room: str, named: str, **columns: Any) -> type[fields.Model]:
    """An invented model of a room, known to nobody else."""
    meta = type("Meta", (), {"app_label": room, "apps": Apps()})
    body = {"__module__": f"linli.{room}.models", "Meta": meta, **copy.deepcopy(columns)}
    return type(named, (fields.Model,), body)
