"""The log: signed heads, proofs, and a form that checks a receipt."""

import re

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from linli.design.switching import keeps_words, only_reads_on
from linli.engines.merkle import leaf_hash
from linli.kernel import sealer
from linli.kernel.errors import Invalid, LinliError
from linli.kernel.models import TreeHead
from linli.opendata import log as logbook

HEX = re.compile(r"[0-9a-f]*")
LEAF = 32  # bytes
LONGEST = 4000


@csrf_exempt  # nothing is written, so there is nothing to forge; and reading sets no cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@keeps_words
def log(request: HttpRequest) -> HttpResponse:
    """What the log is, its newest heads, and the check. What is pasted is not kept."""
    checks = request.method == "POST" and not only_reads_on(request)
    context = {
        "switch": {"form": "check", "step": "keep", "enter": "check"},
        "heads": [{**_head(head), "time": head.at} for head in logbook.heads(14)],
        "key": sealer.public_key().hex(),
        "pasted": {name: request.POST.get(name, "") for name in ("leaf", "salt", "record")},
        **(_checked(request) if checks else {}),
    }
    return render(request, "opendata/log.html", context)


def _checked(request: HttpRequest) -> dict[str, object]:
    try:
        leaf, salt = _bytes(request.POST.get("leaf", "")), _bytes(request.POST.get("salt", ""))
        record = request.POST.get("record", "").strip()[:LONGEST]
        if record and leaf_hash(salt + record.encode()) != leaf:
            raise Invalid("leaf-differs", _("Salt and record do not give this leaf."))
        if len(leaf) != LEAF:
            raise Invalid("no-leaf", _("A leaf has 64 characters from 0 to 9 and a to f."))
        return {"proof": logbook.prove(leaf), "recomputed": bool(record)}
    except LinliError as error:
        texts = {
            "not-in-log": _("This leaf is not in the log. Check each character; a receipt of the "
                            "last minute may not be sealed yet."),
            "not-signed-yet": _("The leaf is in the log. The next signed head, within a day, "
                                "will cover it."),
        }  # fmt: skip
        return {"trouble": texts.get(error.code, error.message)}


def _bytes(text: str) -> bytes:
    plain = re.sub(r"\s", "", text).lower()
    if not HEX.fullmatch(plain) or len(plain) % 2 or len(plain) > 4 * LEAF:
        raise Invalid("not-hex", _("Only the characters 0 to 9 and a to f, in pairs."))
    return bytes.fromhex(plain)


@require_safe
def heads(_request: HttpRequest) -> JsonResponse:
    """Signed tree heads, newest first, and the key that checks them (Ed25519, RFC 8032)."""
    return JsonResponse(
        {
            "key": sealer.public_key().hex(),
            "signed": "size as 8 bytes, big-endian, then the root",
            "heads": [_head(head) for head in logbook.heads()],
        }
    )


def _head(head: TreeHead) -> dict[str, object]:
    return {
        "size": head.size,
        "root": bytes(head.root).hex(),
        "at": head.at.isoformat(),
        "signature": bytes(head.signature).hex(),
    }


@require_safe
def proof(_request: HttpRequest, leaf: str) -> JsonResponse:
    """The inclusion proof of an opening record, by its leaf hash in hex (RFC 6962, 2.1.1)."""
    try:
        found = logbook.prove(_bytes(leaf))
    except LinliError as error:
        return JsonResponse({"code": error.code}, status=error.status)
    return JsonResponse(
        {
            "leaf": found.leaf.hex(),
            "index": found.number - 1,
            "path": [step.hex() for step in found.path],
            "head": _head(found.head),
        }
    )


@require_safe
def growth(_request: HttpRequest, first: int, second: int) -> JsonResponse:
    """The proof that a later signed tree begins with an earlier one (RFC 6962, 2.1.2)."""
    try:
        path = logbook.grown(first, second)
    except LinliError as error:
        return JsonResponse({"code": error.code}, status=error.status)
    return JsonResponse({"first": first, "second": second, "path": [step.hex() for step in path]})
