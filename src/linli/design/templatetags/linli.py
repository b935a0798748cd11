"""Template tags and filters that every room uses: ``{% load linli %}``."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html

from linli.kernel import languages

register = template.Library()

SCRIPTS = {"bo": re.compile("[\u0f40-\u0fbc]"), "zh-Hans": re.compile("[\u4e00-\u9fff]")}
# The language tag that HTML wants for each key of our data.
HTML_LANG = {"zh": "zh-Hans", "bo": "bo", "en": "en"}


@register.filter
def local(names: Mapping[str, str] | str | None) -> str:
    """The name in the reader's language, or the next best: ``{{ area.names|local }}``."""
    if isinstance(names, str) or names is None:
        return names or ""
    return languages.pick(names)


@register.filter
def local_html(names: Mapping[str, str] | str | None) -> str:
    """Like ``local``, and text found only in another language is marked with its own ``lang``.

    For running text in page bodies, so that a screen reader and the fonts know (WCAG 2.2, 3.1.2).
    Not for titles, options and attributes, which hold no markup.
    """
    if isinstance(names, str) or names is None:
        return names or ""
    name, key = languages.pick_with_key(names)
    if name and key != languages.key():
        return format_html('<span lang="{}">{}</span>', HTML_LANG.get(key, key), name)
    return name


@register.filter
def html_lang(code: str) -> str:
    """The value of a ``lang`` attribute for one of our language codes."""
    return HTML_LANG[languages.key(code)]


@register.simple_tag
def lang_of(text: str) -> str:
    """The ``lang`` attribute for words whose language nobody said, by their script.

    ``<p {% lang_of words %}>``: Tibetan needs its own font and room between the lines on every
    page, and a screen reader its own voice. Nothing for words in Latin letters.
    """
    for code, script in SCRIPTS.items():
        if script.search(text or ""):
            return format_html('lang="{}"', code)
    return ""


@register.inclusion_tag("design/components/clock.html")
def clock(
    due: datetime | str | None,
    *,
    done: datetime | str | None = None,
    paused: bool = False,
    soon_hours: float = 24,
    compact: bool = False,
) -> dict[str, Any]:
    """A promise and how it stands, said in words and shape and never by colour alone.

    ``due`` is when it was promised; ``done`` when it was kept, if it was; ``soon_hours`` is how
    many hours before ``due`` it counts as due soon; ``compact`` leaves the date out. A name
    that the template does not know arrives as an empty string, and counts as none.
    """
    due = due if isinstance(due, datetime) else None
    done = done if isinstance(done, datetime) else None
    return {
        "due": due,
        "done": done,
        "compact": compact,
        "state": clock_state(due, done=done, paused=paused, soon=timedelta(hours=soon_hours)),
    }


def clock_state(
    due: datetime | None, *, done: datetime | None, paused: bool, soon: timedelta
) -> str:
    """One of ``none kept missed paused late soon ontime``."""
    if due is None:
        return "none"
    if done is not None:
        return "kept" if done <= due else "missed"
    if paused:
        return "paused"
    left = due - timezone.now()
    if left < timedelta(0):
        return "late"
    return "soon" if left <= soon else "ontime"


@register.simple_tag(takes_context=True)
def query(context: template.Context, **changes: object) -> str:
    """The current query string with some fields changed: ``{% query page=2 %}``.

    A field set to ``None`` or an empty string is dropped. Filters live in the address bar.
    """
    fields = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            fields.pop(name, None)
        else:
            fields[name] = str(value)
    return f"?{fields.urlencode()}"
