"""What every page keeps to: no inline scripts or styles, icons that exist, files that exist."""

import re
from pathlib import PurePath

from tests.architecture.house import REAL, ROOT, breach, check

COMMENT = re.compile(r"{%\s*comment\b.*?endcomment\s*%}|{#.*?#}", re.DOTALL)
PAGE = "cases/templates/cases/a.html"
SPRITE = "design/static/design/icons.svg"


def page(text):
    """One template, planted."""
    return breach(PAGE, {PAGE: text})


def pages(source):
    """Every page without its comments."""
    return [(f.name, COMMENT.sub("", f.text)) for f in source.templates(".html")]


def found(source, pattern):
    expression = re.compile(pattern, re.IGNORECASE)
    return [f"{name}: {m.group(0)[:60]}"
            for name, text in pages(source) for m in expression.finditer(text)]  # fmt: skip


@check(page("<script>go()</script>"), page('<script type="module">'), page("<STYLE>p{}</style>"),
       page('<p style="x">'), page("<a onclick='go()'>"), page('<a href="javascript:go()">'),
       page('<p hx-on:click="go()">'), page("<p hx-vals='js:go()'>"),
       page('<body onload="go()">'), page('<p onmouseover="go()">'))  # fmt: skip
def no_inline_scripts_styles_or_handlers(source):
    return [
        *found(source, r"<script(?![^>]*\ssrc=)(?![^>]*type=\"application/(ld\+)?json\")[^>]*>"),
        *found(source, r"<style\b|\sstyle=[\"']|\son[a-z]+=[\"']"),
        *found(source, r"javascript:|hx-on\b|hx-vals=['\"]js:|hx-headers=['\"]js:"),
    ]


@check(page('<script src="https://x.example/a.js">'), page("<img src='//x.example/a.png'>"),
       page('<link href="http://x.example/a.css">'), page('<form action="https://x.example/">'))  # fmt: skip
def nothing_is_fetched_from_elsewhere(source):
    return found(source, r"(src|href|action)=[\"'](https?:)?//")


@check(page("{{ text|safe }}"), page("{% autoescape  off %}"), page("{{ text | safe | upper }}"),
       breach("cases/templates/cases/a.txt", {"cases/templates/cases/a.txt": "{{ x|safe }}"}))  # fmt: skip
def no_template_marks_text_as_safe(source):
    wrong = re.compile(r"\|\s*safe\b|{%\s*autoescape\s+off")
    return [f.name for f in source.templates() if wrong.search(f.text)]


@check(breach("sun", {SPRITE: '<symbol id="moon">', PAGE: '{% include "icon.html" with name="sun" %}'}),
       breach("sun", {SPRITE: '<symbol id="moon">', PAGE: '{% include "b.html" with icon="sun" %}'}),
       breach("no icons", {PAGE: ""}))  # fmt: skip
def icons_exist(source):
    sprites = [f.text for f in source.files("icons.svg")]
    drawn = {name for text in sprites for name in re.findall(r'<symbol id="([\w-]+)"', text)}
    asked = re.compile(r'icon\.html" with name="([\w-]+)"|\sicon(?:_after)?="([\w-]+)"')
    wanted = {a or b for _name, text in pages(source) for a, b in asked.findall(text)}
    return sorted(wanted - drawn) + ([] if drawn else ["no icons"])


@check(breach("cases/sun.css", {PAGE: "{% static 'cases/sun.css' %}"}),
       breach("cases/sun.css", {PAGE: '{% static "cases/sun.css" %}'}),
       breach("built/sun.js", {PAGE: "{% static 'built/sun.js' %}"}))  # fmt: skip
def static_files_that_pages_name_exist(source, root):
    named = {n for _name, text in pages(source)
             for n in re.findall(r"{%\s*static ['\"]([^'\"{]+)['\"]", text)}  # fmt: skip
    built = {n for n in named if n.startswith("built/")}
    build = (root / "pwa/build.mjs").read_text(encoding="utf-8")
    missing = {n for n in named - built if not list(source.root.glob(f"*/static/{n}"))}
    stems = {n: PurePath(n).stem for n in built}
    return sorted(missing | {n for n, s in stems.items() if f'"{s}"' not in build and f"{s}." not in build})  # fmt: skip


@check(breach("components/sun.html", {"design/templates/design/components/sun.html": "<p>"}))
def every_component_says_what_it_takes(source):
    return [f.name for f in source.templates(".html")
            if "design/components/" in f.name and "{% comment %}" not in f.text]  # fmt: skip


@check(page('{{ day|date:"j.n.Y" }}'), page("{{ day|date:'Y/m/d' }}"))
def dates_are_written_by_the_readers_own_format(source):
    return found(source, r"\|date:[\"'](?![cl][\"']|Y-m-d[\"']|\w+_FORMAT[\"'])[^\"']*[\"']")


REAL["locks"] = lambda: {
    p.name: p.read_text(encoding="utf-8")
    for pattern in ("requirements*.lock", "package-lock.json", "pwa/package-lock.json")
    for p in ROOT.glob(pattern)
}


@check(*(breach(name, locks={name: text}) for name, text in [
    ("a.lock", "--index-url https://x.example\na==1 --hash=sha256:1"), ("a.lock", "a==1"),
    ("package-lock.json", '{"resolved": "x", "integrity": "y"}'), ("package-lock.json", "{}")]))  # fmt: skip
def locks_hold_hashes_and_no_addresses(locks):
    return [name for name, text in locks.items()
            if "--index-url" in text or '"resolved"' in text
            or ('"integrity"' if name.endswith("json") else "--hash=") not in text]  # fmt: skip
