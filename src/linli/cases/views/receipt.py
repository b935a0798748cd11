"""The receipt: the number, the promise, the secret link, and the proof."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode

from linli.cases import numbers
from linli.cases.actions.intake import Receipt, receipt
from linli.cases.views.flow import promised
from linli.cases.views.tokens import case_behind, private

QUIET = 4  # modules of white around the code (ISO/IEC 18004)


@dataclass(frozen=True)
class Picture:
    """A QR code as one SVG path over a square of `size` units."""

    size: int
    path: str


def qr(text: str) -> Picture:
    """The QR code of a text, each dark module a unit square."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET)
    code.add_data(text)
    code.make()
    rows = code.get_matrix()
    dark = [(x, y) for y, row in enumerate(rows) for x, on in enumerate(row) if on]
    return Picture(len(rows), "".join(f"M{x} {y}h1v1h-1z" for x, y in dark))


def shown(request: HttpRequest, given: Receipt) -> dict[str, Any]:
    """What a receipt shows. That of a private service names no service."""
    version = given.case.version
    address = reverse("cases:follow", args=[given.token])
    link = request.build_absolute_uri(address)
    return {
        "number": numbers.spoken(given.number),
        "service": version.definition if given.case.public else None,
        "promise": promised(version.definition.within),
        "due": given.due_at,
        "received": given.case.received_at,
        "post": given.owner,
        "follow": address,
        "link": link,
        "follow_address": request.build_absolute_uri(reverse("cases:follow-find")),
        "groups": [given.token[n : n + 4] for n in range(0, len(given.token), 4)],
        "qr": qr(link),
        "proof": {
            "leaf": given.leaf.hex(),
            "digest": given.digest.hex(),
            "salt": given.salt.hex(),
            "record": given.record.decode(),
            "record_salt": given.record_salt.hex(),
        },
    }


@never_cache
@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """The receipt, for whoever has the secret link."""
    case = case_behind(request, token)
    more = {"base": "design/base.html", "again": reverse("cases:report")}
    context = shown(request, receipt(case)) | more
    return private(render(request, "cases/resident/receipt.html", context))
