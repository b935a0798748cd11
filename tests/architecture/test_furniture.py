"""Every action, event, setting, module and long function is where and how a reader expects it."""

import ast
import importlib
import inspect
import re
from pathlib import Path

from linli.kernel.actions import ACTIONS
from linli.kernel.events import EVENTS
from tests.architecture.house import SOURCE, modules

MODULE_LINES = 420
FUNCTION_LINES = 45
# Longer, with the reason that a reader would accept.
TABLES = {
    "opendata/views/areas.py _cards": "one card a figure, each with its formula",
    "engines/prefecture/life.py live": "one column a line",
    "web/demo/samples.py samples": "one account a line",
}
ROOT = Path(__file__).parents[2]


def load_everything():
    for path, _ in modules():
        name = ".".join(["linli", *path.relative_to(SOURCE).with_suffix("").parts])
        if not name.endswith("__init__") and ".wsgi" not in name:
            importlib.import_module(name)


def test_every_action_and_event_is_documented():
    load_everything()
    # A private one is the transaction inside a public function, which has the docstring.
    public = {n: f for n, f in ACTIONS.items() if n.startswith("linli.") and "._" not in n}
    undocumented = [n for n, f in public.items() if not inspect.getdoc(f)]
    undocumented += [e.__name__ for e in EVENTS.values()
                     if e.__module__.startswith("linli.") and ".tests." not in e.__module__
                     and (not e.__doc__ or e.__doc__.startswith(f"{e.__name__}("))]  # fmt: skip
    assert undocumented == []


def test_every_public_function_has_a_docstring():
    bare = []
    for path, tree in modules():
        for node in tree.body:
            if (isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
                    and not ast.get_docstring(node) and path.name != "apps.py"):  # fmt: skip
                bare.append(f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}")
    assert bare == []


def test_every_module_says_what_it_is_for():
    bare = [str(p.relative_to(SOURCE)) for p, tree in modules()
            if tree.body and p.name != "apps.py" and not ast.get_docstring(tree)]  # fmt: skip
    assert bare == []


def test_every_environment_setting_is_documented_where_operators_look():
    used = set()
    for path, _ in modules():
        used |= set(re.findall(r"[\"'](LINLI_[A-Z_]+)[\"']", path.read_text(encoding="utf-8")))
    internal = {"LINLI_WORKER_THREAD"}
    text = (ROOT / "docs" / "operate.md").read_text(encoding="utf-8")
    assert sorted(s for s in used - internal if s not in text) == []


def test_modules_and_functions_stay_readable():
    long = []
    for path, tree in modules():
        lines = path.read_text(encoding="utf-8").count("\n")
        if lines > MODULE_LINES:
            long.append(f"{path.relative_to(SOURCE)}: {lines} lines")
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                table = f"{path.relative_to(SOURCE)} {node.name}" in TABLES
                if size > FUNCTION_LINES and not table:
                    long.append(
                        f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}: {size} lines"
                    )
    assert long == []


def test_every_room_has_a_short_readme():
    wrong = []
    for room in (p for p in SOURCE.iterdir() if p.is_dir() and not p.name.startswith("__")):
        readme = room / "README.md"
        if not readme.exists() or readme.read_text(encoding="utf-8").count("\n") > 60:
            wrong.append(room.name)
    assert wrong == []


def test_only_actions_write():
    """Outside actions and the kernel's own machinery, nothing creates, updates or deletes rows."""
    write = re.compile(
        r"\.objects\.(create|bulk_create|update|bulk_update|get_or_create|update_or_create)\(|\.save\(|\.delete\(\)"
    )
    allowed = re.compile(
        r"/(actions(/|\.py)|kernel/|web/demo/|cases/photos\.py|loading|areas/(actions|imports))"
    )
    wrong = [str(p.relative_to(SOURCE)) for p, _ in modules()
             if not allowed.search(p.as_posix()) and "/engines/" not in p.as_posix()
             and write.search(p.read_text(encoding="utf-8"))]  # fmt: skip
    assert wrong == []
