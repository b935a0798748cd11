"""Files that a plan is sent as: compressed, not sent again unchanged, and built once for many."""

import gzip
import hashlib
import json
from collections.abc import Callable, Mapping
from threading import Lock
from typing import Any

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

GEOJSON = "application/geo+json"
_one_at_a_time = Lock()


def as_json(found: Mapping[str, Any]) -> bytes:
    """JSON without spaces."""
    return json.dumps(found, ensure_ascii=False, separators=(",", ":")).encode()


def packed(
    request: HttpRequest,
    seen: list[object],
    build: Callable[[], bytes],
    kind: str = GEOJSON,
    *,
    keep: int = 0,
) -> HttpResponse:
    """A file, compressed, with an entity tag of what it is made from: unchanged, it is not sent.

    One that everybody may read is kept in memory for `keep` seconds and built by one request at a
    time, so that many guests at once cost no more than one.
    """
    told = f"{request.path} {seen} {get_language()}".encode()
    tag = f'"{hashlib.sha256(told).hexdigest()[:24]}"'
    headers = {"ETag": tag, "Cache-Control": f"{'public' if keep else 'private'}, no-cache"}
    if request.headers.get("If-None-Match") == tag:
        return HttpResponse(status=304, headers=headers)
    body = _kept(f"file:{tag}", keep, build) if keep else _small(build())
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        headers["Content-Encoding"] = "gzip"
    else:
        body = gzip.decompress(body)
    answer = HttpResponse(body, content_type=kind, headers=headers)
    patch_vary_headers(answer, ["Accept-Encoding"])
    return answer


def _small(body: bytes) -> bytes:
    return gzip.compress(body, 5, mtime=0)


def _kept(key: str, seconds: int, build: Callable[[], bytes]) -> bytes:
    with _one_at_a_time:
        found: bytes | None = cache.get(key)
        if found is None:
            found = _small(build())
            cache.set(key, found, seconds)
    return found
