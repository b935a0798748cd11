"""The house as the tests see it: its rooms, their floors, their files."""

import ast
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "linli"

# From the ground up; rooms on one floor never touch each other.
FLOORS = {
    "engines": 0,
    "kernel": 1,
    "design": 2,
    "messages": 2,
    "areas": 3,
    "organisations": 4,
    "cases": 5,
    "opendata": 6,
    "web": 7,
}


def may_use(room: str, other: str) -> bool:
    """May `room` refer to `other`? Itself, and every lower floor."""
    return room == other or FLOORS[other] < FLOORS[room]


def room_of(path: Path) -> str:
    """The room a file of the source lies in."""
    return path.relative_to(SOURCE).parts[0]


def modules(*, tests: bool = False, migrations: bool = False) -> Iterator[tuple[Path, ast.Module]]:
    """Every module of the source with its syntax tree."""
    for path in sorted(SOURCE.rglob("*.py")):
        if ("tests" in path.parts and not tests) or ("migrations" in path.parts and not migrations):
            continue
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def templates() -> Iterator[Path]:
    """Every template of the source."""
    yield from sorted(SOURCE.rglob("templates/**/*.*"))
