"""The door of a secret link: guessing is slow, and a wrong key looks like no door at all."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse

from linli.cases import follow
from linli.cases.models import Case
from linli.kernel.errors import Missing, TooMany

TRIES = 20
WITHIN = 600  # seconds
NEAR = ("127.0.0.1", "::1")
# What people read for another when they copy base32 from paper.
READ_AS = str.maketrans({"0": "o", "1": "l", "8": "b"})


def case_behind(request: HttpRequest, token: str) -> Case:
    """The case of a token; Missing for a wrong or ended one, TooMany after too many wrong ones.

    Wrong tries are counted in memory only, by a digest of the address they come from, and forgotten
    after ten minutes: nothing about a visitor is stored.
    """
    key = f"follow:{sha256(origin(request).encode()).hexdigest()}"
    if cache.get(key, 0) >= TRIES:
        raise TooMany()
    try:
        return follow.case_for(token)
    except Missing:
        cache.add(key, 0, WITHIN)
        cache.incr(key)
        raise


def origin(request: HttpRequest) -> str:
    """Where a request comes from; behind a proxy on this machine, what the proxy says last."""
    near: str = request.META.get("REMOTE_ADDR", "")
    said = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
    return said if said and near in NEAR else near


def typed(code: str) -> str:
    """A token as somebody typed it from paper: spaces, hyphens, capitals, 0 for o."""
    return "".join(c for c in code.lower().translate(READ_AS) if c.isalnum())


def private(response: HttpResponse) -> HttpResponse:
    """Keep the page out of caches, search engines and the next site's log."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
