"""A limit for comments that come in floods; nothing about a visitor is stored."""

from hashlib import sha256

from django.core.cache import cache
from django.http import HttpRequest

from linli.cases.views.tokens import WITHIN, origin

MOST = 20  # in ten minutes; whole offices and villages share one address


def flooded(request: HttpRequest) -> bool:
    """Did too many comments come from this address lately? Counts this one.

    Kept in memory only, by a digest of the address, and forgotten after ten minutes.
    """
    key = f"comments:{sha256(origin(request).encode()).hexdigest()}"
    cache.add(key, 0, WITHIN)
    return bool(cache.incr(key) > MOST)
