"""The wheel holds all that a running Linli reads: nothing is left behind in the sources."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parents[2]
BUILD = "import sys; from setuptools import build_meta; build_meta.build_wheel(sys.argv[1])"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The names in a wheel built from a copy, so that nothing is written beside the sources."""
    home = tmp_path_factory.mktemp("wheel")
    shutil.copytree(
        ROOT / "src", home / "src", ignore=shutil.ignore_patterns("*.egg-info", "*.pyc")
    )
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, home)
    subprocess.run([sys.executable, "-c", BUILD, str(home)], cwd=home, check=True, timeout=300,
                   stdout=subprocess.DEVNULL)  # fmt: skip
    (made,) = home.glob("*.whl")
    with zipfile.ZipFile(made) as archive:
        return {name for name in archive.namelist() if name.startswith("linli/")}


def needed():
    """Every file of the sources but the tests, hidden files and what Python leaves lying about."""
    source = ROOT / "src"
    for path in (source / "linli").rglob("*"):
        inside = path.relative_to(source)
        hidden = path.name.startswith(".")
        if path.is_file() and not hidden and not {"tests", "__pycache__"} & set(inside.parts):
            yield inside.as_posix()


def test_the_wheel_holds_every_file_of_the_sources_and_no_tests(wheel):
    assert sorted(set(needed()) - wheel) == []
    assert sorted(wheel - set(needed())) == []


def test_what_was_built_is_among_them(wheel):
    """Otherwise the first test would be content with sources that were never built."""
    kinds = {Path(name).suffix for name in wheel}
    assert {".toml", ".html", ".css", ".js", ".svg", ".woff2", ".mo", ".gz", ".json"} <= kinds
    assert "linli/opendata/static/opendata/check_receipt.py" in wheel
