"""Every action, event, setting, module and long function is where and how a reader expects it."""

import ast
import importlib
import inspect
import re
from types import SimpleNamespace

from linli.kernel.actions import ACTIONS
from linli.kernel.events import EVENTS
from tests.architecture.house import REAL, SOURCE, Source, breach, check

MODULE_LINES = 420
FUNCTION_LINES = 45
README_LINES = 60
# Longer, with the reason that a reader would accept.
TABLES = {
    "opendata/views/areas.py _cards": "one card a figure, each with its formula",
    "engines/partition/annealing.py walk": "one compiled loop, a hundred million times a plan",
    "engines/prefecture/life.py live": "one column a line",
    "web/demo/samples.py samples": "one account a line",
}
INTERNAL = {"LINLI_WORKER_THREAD"}  # the server sets it for itself
WRITE = re.compile(
    r"\.objects\.(create|bulk_create|update|bulk_update|get_or_create|update_or_create)\("
    r"|\.save\(|\.delete\(\)"
)
WRITERS = re.compile(
    r"/actions(/|\.py)|^kernel/|^web/demo/|^engines/|^cases/photos\.py|loading|^areas/imports"
)


def load_everything():
    for file in Source(SOURCE).modules():
        name = ".".join(["linli", *file.name.removesuffix(".py").split("/")])
        if not name.endswith("__init__") and ".wsgi" not in name:
            importlib.import_module(name)


def _actions():
    load_everything()
    # A private one is the transaction inside a public function, which has the docstring.
    return {n: f for n, f in ACTIONS.items() if n.startswith("linli.") and "._" not in n}


def _events():
    load_everything()
    return [e for e in EVENTS.values()
            if e.__module__.startswith("linli.") and ".tests." not in e.__module__]  # fmt: skip


REAL |= {
    "actions": _actions,
    "events": _events,
    "operating": lambda: (REAL["root"]() / "docs" / "operate.md").read_text(encoding="utf-8"),
}


@check(breach("linli.cases.silent", actions={"linli.cases.silent": lambda case, *, by: None}))
def every_action_is_documented(actions):
    return [name for name, function in actions.items() if not inspect.getdoc(function)]


def _bare_event():
    made = SimpleNamespace(__name__="CaseSung", __doc__="CaseSung(*, case: int)")
    return [made, SimpleNamespace(__name__="CaseHummed", __doc__=None)]


@check(breach("CaseSung", events=_bare_event), breach("CaseHummed", events=_bare_event))
def every_event_is_documented(events):
    """A dataclass without a docstring is given its signature for one."""
    return [e.__name__ for e in events
            if not e.__doc__ or e.__doc__.startswith(f"{e.__name__}(")]  # fmt: skip


@check(breach("cases/rules.py:1 may_sing", {"cases/rules.py": "def may_sing(): ..."}),
       breach("cases/models.py:1 Song", {"cases/models.py": "class Song: ..."}))  # fmt: skip
def every_public_function_has_a_docstring(source):
    return [f"{f.name}:{node.lineno} {node.name}"
            for f in source.modules() for node in f.tree.body
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            and node.name[0] != "_" and not ast.get_docstring(node)
            and not f.name.endswith("apps.py")]  # fmt: skip


@check(breach("cases/rules.py", {"cases/rules.py": "x = 1"}))
def every_module_says_what_it_is_for(source):
    return [f.name for f in source.modules()
            if f.tree.body and not f.name.endswith("apps.py") and not ast.get_docstring(f.tree)]  # fmt: skip


@check(breach("LINLI_SONG", {"web/settings.py": 'os.environ.get("LINLI_SONG")'}),
       breach("LINLI_SONG", {"web/settings.py": "os.environ['LINLI_SONG']"}))  # fmt: skip
def every_setting_is_documented_where_operators_look(source, operating):
    used = {s for f in source.modules() for s in re.findall(r"[\"'](LINLI_[A-Z_]+)[\"']", f.text)}
    return sorted(s for s in used - INTERNAL if s not in operating)


@check(breach("cases/rules.py: 421 lines", {"cases/rules.py": "\n" * (MODULE_LINES + 1)}),
       breach("cases/rules.py:1 f: 46 lines",
              {"cases/rules.py": "def f():\n" + "    x = 1\n" * FUNCTION_LINES}),
       breach("cases/rules.py:2 f: 46 lines",
              {"cases/rules.py": "class C:\n  async def f():\n" + "    x = 1\n" * FUNCTION_LINES}),
       )  # fmt: skip
def modules_and_functions_stay_readable(source):
    long = []
    for file in source.modules():
        lines = file.text.count("\n")
        long += [f"{file.name}: {lines} lines"] if lines > MODULE_LINES else []
        for node in ast.walk(file.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                size = (node.end_lineno or 0) - node.lineno + 1
                if size > FUNCTION_LINES and f"{file.name} {node.name}" not in TABLES:
                    long.append(f"{file.name}:{node.lineno} {node.name}: {size} lines")
    return long


@check(breach("cases", {"cases/x.py": ""}),
       breach("cases", {"cases/README.md": "\n" * (README_LINES + 1)}))  # fmt: skip
def every_room_has_a_short_readme(source):
    texts = {f.room: f.text for f in source.files("README.md") if f.name.count("/") == 1}
    return [room.name for room in source.rooms()
            if room.name not in texts or texts[room.name].count("\n") > README_LINES]  # fmt: skip


@check(*(breach(name, {name: text}) for name, text in {
    "cases/views/x.py": "Case.objects.create(number=1)", "cases/queries.py": "case.save()",
    "opendata/api.py": "Release.objects.filter().delete()",
    "areas/search.py": "Area.objects.bulk_update(rows)"}.items()))  # fmt: skip
def only_actions_write(source):
    """Outside actions and the kernel's own machinery, nothing creates, updates or deletes rows."""
    return [f.name for f in source.modules()
            if not WRITERS.search(f.name) and WRITE.search(f.text)]  # fmt: skip


# They lock a single row, by its key.
LOCKERS = {"kernel/actions.py", "kernel/sealer.py", "kernel/lockout.py"}


@check(breach("cases/rows.py", {"cases/rows.py": "list(Case.objects.select_for_update())"}))
def rows_are_locked_in_one_order(source):
    """By `kernel.actions.locked` and `all_locked`, or in an order that the line itself names."""
    return [f.name for f in source.modules() for line in f.text.splitlines()
            if "select_for_update(" in line and "order_by(" not in line
            and f.name not in LOCKERS]  # fmt: skip


@check(breach("cases: songs_visible_to", {"cases/rules.py": "def songs_visible_to(person): ..."}),
       breach("cases: visible_to", {
           "cases/rules.py": "def visible_to(person): ...",
           "cases/tests/test_rules.py": "def test_they_agree():\n    assert may_see()"}))  # fmt: skip
def what_is_visible_agrees_with_who_may_see_it(source):
    """A test whose name says that the two agree names the function, itself or where it asks."""
    tests = {}
    for file in source.modules(tests=True):
        if "/tests/" in file.name and re.search(r"def test_\w*agree", file.text):
            tests[file.room] = tests.get(file.room, "") + file.text
    return [f"{f.room}: {node.name}" for f in source.modules() if f.name.endswith("/rules.py")
            for node in f.tree.body
            if isinstance(node, ast.FunctionDef) and re.search(r"(visible_to|able_by)$", node.name)
            and not re.search(rf"\b{node.name}\(", tests.get(f.room, ""))]  # fmt: skip
