"""Photos that have arrived while something else in the form still needs changing.

A photo may take an hour to send from a high pasture; a forgotten answer must not cost it. It waits
on the disk for a day, locked with a key that is nowhere but in the sender's own page: the ticket.
The server alone cannot open it.
"""

import secrets
import time
from collections.abc import Iterable, Sequence
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from linli.cases import photos
from linli.cases.photos import Picture
from linli.kernel.jobs import job

WAITS = timedelta(days=1)
NONCE = bytes(12)  # each ticket locks one photo once


def hold(pictures: Iterable[Picture]) -> tuple[str, ...]:
    """Put the pictures aside; one ticket for each."""
    return tuple(_hold(picture) for picture in pictures)


def _hold(picture: Picture) -> str:
    ticket = secrets.token_hex(32)
    size = picture.width.to_bytes(2, "big") + picture.height.to_bytes(2, "big")
    path = _path(ticket)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_cipher(ticket).encrypt(NONCE, size + picture.jpeg, None))
    return ticket


def fetch(tickets: Sequence[str]) -> list[Picture]:
    """The pictures of these tickets; those that are gone or spoilt are left out."""
    return [picture for ticket in tickets if (picture := _fetch(ticket))]


def _fetch(ticket: str) -> Picture | None:
    try:
        data = _cipher(ticket).decrypt(NONCE, _path(ticket).read_bytes(), None)
    except (OSError, InvalidTag):
        return None
    width, height = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    return Picture(jpeg=data[4:], width=width, height=height)


def forget(tickets: Iterable[str]) -> None:
    """Delete what waits under these tickets."""
    for ticket in tickets:
        _path(ticket).unlink(missing_ok=True)


@job("cases.forget-held-photos", every=timedelta(hours=1))
def forget_old() -> int:
    """Delete photos that nobody came back for."""
    oldest, gone = time.time() - WAITS.total_seconds(), 0
    for path in _folder().glob("*"):
        if path.stat().st_mtime < oldest:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _cipher(ticket: str) -> AESGCM:
    return AESGCM(bytes.fromhex(ticket))


def _folder() -> Path:
    return photos.folder().with_name("held")


def _path(ticket: str) -> Path:
    return _folder() / sha256(ticket.encode()).hexdigest()
