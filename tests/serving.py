"""A prefecture for the tests: one in twenty, built once for each engine, copied for each server.

The tests drive the real thing: `linli serve` as a process, on a free port of this machine.
"""

import hashlib
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src"
SETTINGS = {"DJANGO_SETTINGS_MODULE": "linli.web.settings"}
SCALE, CASES = "0.05", "600"


@dataclass(frozen=True)
class Server:
    """A running Linli: its address, its folder, and the environment that commands need."""

    url: str
    var: Path
    env: dict[str, str]

    def linli(self, *words: str) -> str:
        """Run a command of `linli` against this server's data; returns what it prints."""
        return subprocess.run(
            [sys.executable, "-m", "linli", *words],
            env=self.env, check=True, capture_output=True, text=True, timeout=120,
        ).stdout  # fmt: skip

    def code(self, name: str) -> str:
        """A sample account's current sign-in code."""
        return self.linli("code", name).strip()

    def rows(self, table: str) -> int:
        """How many rows a table has."""
        query = f"SELECT count(*) FROM {table}"
        if database := self.env.get("LINLI_DATABASE"):
            import psycopg

            with psycopg.connect(database) as connection:
                return int(connection.execute(query).fetchone()[0])
        with closing(sqlite3.connect(self.var / "linli.sqlite3")) as connection:
            return int(connection.execute(query).fetchone()[0])


def fingerprint() -> str:
    """Changes whenever something changes that the built prefecture depends on."""
    digest = hashlib.sha256(f"{SCALE} {CASES}".encode())
    for path in sorted(SOURCE.rglob("*")):
        if path.suffix in {".py", ".toml"} and "tests" not in path.parts:
            digest.update(path.relative_to(SOURCE).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def environment(var: Path, database: str | None) -> dict[str, str]:
    """The environment of a Linli that lives in `var`."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("LINLI_", "DJANGO_"))}
    env |= {"LINLI_VAR": str(var), "LINLI_DEMO": "1", "PYTHONPATH": str(SOURCE)}
    return env | ({"LINLI_DATABASE": database} if database else {})


def built() -> tuple[Path, str | None]:
    """The folder (and on PostgreSQL the template database) of the built prefecture."""
    url = os.environ.get("LINLI_DATABASE", "")
    postgres = url.startswith("postgres")
    home = ROOT / "var" / "test" / f"{fingerprint()}-{'postgres' if postgres else 'sqlite'}"
    if postgres:
        home = home.with_name(f"{home.name}-{hashlib.sha256(url.encode()).hexdigest()[:8]}")
    name = f"prefecture_{home.name.replace('-', '_')}"
    database = with_name(url, name) if postgres else None
    home.parent.mkdir(parents=True, exist_ok=True)
    with locked(home.with_suffix(".lock")):
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            if postgres:
                administer(url, f"DROP DATABASE IF EXISTS {name}", f"CREATE DATABASE {name}")
            command = [sys.executable, "-m", "linli", "demo", "--no-serve", "--scale", SCALE,
                       "--cases", CASES]  # fmt: skip
            subprocess.run(command, env=environment(home, database), check=True, timeout=600,
                           stdout=subprocess.DEVNULL)  # fmt: skip
            # Else the worker of each server would make them, and sheets be refused until then.
            subprocess.run([sys.executable, "-m", "linli.territory.typefaces"], check=True,
                           env=environment(home, database) | SETTINGS, timeout=600)  # fmt: skip
            (home / "ready").touch()
    return home, database


def with_name(url: str, name: str) -> str:
    """The same database server, another database."""
    head, _, tail = url.partition("?")
    return f"{head.rsplit('/', 1)[0]}/{name}" + (f"?{tail}" if tail else "")


def administer(url: str, *statements: str) -> None:
    """Run statements on the server's own database, outside a transaction."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the others wait."""
    import fcntl

    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


@contextmanager
def copied(var: Path) -> Iterator[dict[str, str]]:
    """The environment of a fresh copy of the prefecture in `var`."""
    home, database = built()
    shutil.copytree(home, var, dirs_exist_ok=True)
    copy = None
    if database:
        url, copy = os.environ["LINLI_DATABASE"], f"copy_{uuid.uuid4().hex[:12]}"
        template = database.partition("?")[0].rsplit("/", 1)[1]
        administer(url, f"CREATE DATABASE {copy} TEMPLATE {template}")
        database = with_name(url, copy)
    try:
        yield environment(var, database)
    finally:
        if copy:
            administer(os.environ["LINLI_DATABASE"], f"DROP DATABASE {copy} WITH (FORCE)")


@contextmanager
def serving(var: Path, **settings: str) -> Iterator[Server]:
    """A server over a fresh copy of the prefecture, with more settings of the environment."""
    with copied(var) as env:
        env = env | settings
        port = free_port()
        processes = [start(env, "serve", "--port", str(port))]
        if "LINLI_DATABASE" in env:
            processes.append(start(env, "worker"))
        try:
            url = f"http://127.0.0.1:{port}"
            wait_for(url, processes[0])
            yield Server(url, var, env)
        finally:
            for process in processes:
                process.terminate()
            for process in processes:
                process.wait(timeout=30)


def start(env: dict[str, str], *words: str) -> subprocess.Popen[bytes]:
    """Start a command of `linli` that keeps running; its log goes to LINLI_VAR."""
    with (Path(env["LINLI_VAR"]) / f"{words[0]}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "linli", *words], env=env, stdout=log, stderr=log
        )


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait until the server answers; an error when it ends or takes a minute."""
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(url)
