"""What every page keeps to: no inline scripts or styles, icons that exist, files that exist."""

import re
from pathlib import Path

from tests.architecture.house import SOURCE, templates

ROOT = Path(__file__).parents[2]
DESIGN = SOURCE / "design"


def pages():
    for path in templates():
        if path.suffix == ".html":
            yield path, re.sub(r"{%\s*comment\s*%}.*?{%\s*endcomment\s*%}", "",
                               path.read_text(encoding="utf-8"), flags=re.DOTALL)  # fmt: skip


def found(pattern):
    expression = re.compile(pattern, re.IGNORECASE)
    return [f"{p.relative_to(SOURCE)}: {m.group(0)[:60]}"
            for p, text in pages() for m in expression.finditer(text)]  # fmt: skip


def test_no_inline_scripts_styles_or_handlers():
    assert found(r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>") == []
    assert found(r"<style\b|\sstyle=[\"']|\son(click|change|submit|load|input|error)=") == []
    assert found(r"javascript:|hx-on\b|hx-vals=['\"]js:|hx-headers=['\"]js:") == []


def test_nothing_is_fetched_from_elsewhere():
    assert (
        found(r"(src|href)=[\"'](https?:)?//(?!www\.w3\.org)[^\"']*\.(js|css|woff2?|png|svg)") == []
    )


def test_icons_exist():
    sprite = (DESIGN / "static/design/icons.svg").read_text(encoding="utf-8")
    drawn = set(re.findall(r'<symbol id="([\w-]+)"', sprite))
    asked = {
        name
        for _path, text in pages()
        for name in [*re.findall(r'icon\.html" with name="([\w-]+)"', text),
                     *re.findall(r'\sicon(?:_after)?="([\w-]+)"', text)]
    }  # fmt: skip
    assert asked - drawn == set()
    assert len(drawn) > 40


def test_static_files_that_pages_name_exist():
    named = {n for _p, text in pages() for n in re.findall(r"{%\s*static '([^'{]+)'", text)}
    named |= {n for _p, text in pages() for n in re.findall(r'{%\s*static "([^"{]+)"', text)}
    built = {n for n in named if n.startswith("built/")}
    missing = [n for n in named - built if not list(SOURCE.glob(f"*/static/{n}"))]
    assert missing == []
    build = (ROOT / "pwa/build.mjs").read_text(encoding="utf-8")
    stems = {Path(n).stem for n in built}
    assert [s for s in stems if f'"{s}"' not in build and f"{s}." not in build] == []


def test_every_component_says_what_it_takes():
    bare = [p.name for p in sorted((DESIGN / "templates/design/components").glob("*.html"))
            if "{% comment %}" not in p.read_text(encoding="utf-8")]  # fmt: skip
    assert bare == []


def test_locks_hold_no_addresses():
    lock = (ROOT / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity"' in lock


def test_dates_are_written_by_the_readers_own_format():
    assert found(r"\|date:[\"'](?![cl][\"']|Y-m-d[\"']|\w+_FORMAT[\"'])[^\"']*[\"']") == []
