"""What a case opened with: the reporter's words, locked, and the digest that commits to them.

The *statement* is the UTF-8 text of a JSON object with the keys sorted, no spaces, and no escapes
but those JSON requires:

    {"answers":{"depth":"knee"},"photos":["<SHA-256 of each JPEG, hex>"],"text":"…"}

The opening record in the journal holds SHA-256(salt ‖ statement), with 16 random bytes of salt.
The salt lies beside the statement, locked with the case's key, and on the receipt. So whoever
holds the receipt can prove what was written, nobody can rewrite it unseen, and once it is erased
nobody can guess it from the digest.
"""

import json
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from linli.cases.models.cases import TEXT, Case
from linli.kernel import vault
from linli.kernel.errors import Missing
from linli.kernel.models import CaseKey

SALT = 16
_json = json.JSONEncoder(
    sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
).encode


@dataclass(frozen=True)
class Opening:
    """What the reporter wrote and sent, with the salt of its digest."""

    salt: bytes
    text: str
    answers: Mapping[str, Any]
    photos: tuple[bytes, ...]

    @cached_property
    def statement(self) -> bytes:
        """The bytes that the digest commits to, after the salt."""
        photos = [digest.hex() for digest in self.photos]
        return (
            f'{{"answers":{_json(dict(self.answers)) if self.answers else "{}"},'
            f'"photos":{_json(photos) if photos else "[]"},"text":{_json(self.text)}}}'
        ).encode()

    @cached_property
    def digest(self) -> bytes:
        """SHA-256(salt ‖ statement)."""
        return sha256(self.salt + self.statement).digest()


def opened_with(text: str, answers: Mapping[str, Any], photos: Sequence[bytes]) -> Opening:
    """An opening with a new salt; `photos` are SHA-256 digests, in the order sent."""
    return Opening(secrets.token_bytes(SALT), text, answers, tuple(photos))


def lock(key: CaseKey, opening: Opening) -> bytes:
    """Salt and statement, locked with the key of the case."""
    return vault.lock(key, opening.salt + opening.statement, label=TEXT)


def unlock(case: Case) -> Opening:
    """What the case opened with; Missing once it is erased."""
    if case.text_locked is None:
        raise Missing("erased")
    plain = vault.unlock_bytes(case.key, bytes(case.text_locked), label=TEXT)
    body = json.loads(plain[SALT:])
    photos = tuple(bytes.fromhex(digest) for digest in body["photos"])
    return Opening(plain[:SALT], body["text"], body["answers"], photos)
