"""Static files under names that say what is in them, so that a browser may keep each for a year.

    {% static 'design/linli.css' %}  →  /static/design/linli.3f2a91c05d77.css

Nothing is copied or collected: the files lie in the rooms, the names are worked out when the server
starts. The plain names answer too, to be kept for ten minutes: docs/decisions/0010-front-end.md.
"""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from whitenoise.middleware import WhiteNoiseMiddleware

DIGITS = 12
# Their version or their content is in the address already, written there by the front-end build.
NAMED = re.compile(r"^built/(fonts|kept)/")


class NamedByContent(StaticFilesStorage):
    """Gives `{% static %}` the address that holds the content's hash."""

    def url(self, name: str | None) -> str:
        """The address of a static file; the plain one while developing, or when there is none."""
        return super().url(named(name) if name and not settings.DEBUG else name)


class StaticFiles(WhiteNoiseMiddleware):
    """Serves every static file under both of its names."""

    def add_file_to_dictionary(
        self, url: str, path: str, stat_cache: dict[str, object] | None = None
    ) -> None:
        """Take up one file; every file is found once, when the server starts."""
        if hidden(url):
            return
        super().add_file_to_dictionary(url, path, stat_cache=stat_cache)
        name = url.removeprefix(self.static_prefix)
        if name != url and (other := named(name)) != name:
            super().add_file_to_dictionary(self.static_prefix + other, path, stat_cache=stat_cache)

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Where a file may lie, looked up at every question while developing."""
        return iter(()) if hidden(url) else super().candidate_paths_for_url(url)

    def immutable_file_test(self, path: str, url: str) -> bool:  # noqa: ARG002 - whitenoise's name
        """Whether this address can never mean another content."""
        name = url.removeprefix(self.static_prefix)
        return bool(NAMED.match(name)) or named(plain(name)) == name != plain(name)


def hidden(url: str) -> bool:
    """Whether a file or a folder on the way to it is hidden: what tools leave beside our files."""
    return "/." in url


@cache
def named(name: str) -> str:
    """The name with twelve digits of the content's hash; as it is when nothing has to be added."""
    found = None if NAMED.match(name) else finders.find(name)
    if not found:
        return name
    digest = hashlib.sha256(Path(found).read_bytes()).hexdigest()[:DIGITS]
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{digest}{path.suffix}"))


def plain(name: str) -> str:
    """The name without a hash."""
    path = PurePosixPath(name)
    return str(path.with_name(re.sub(rf"\.[0-9a-f]{{{DIGITS}}}(?=\.\w+$)", "", path.name)))
