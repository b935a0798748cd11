"""Secrets of second factors, locked with a key outside the database and its backups.

AES-256-GCM under the key file `second-factor`. If that file is lost, second factors are set up
again; nothing else depends on it.
"""

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

from linli.kernel.errors import Unavailable
from linli.kernel.keyfiles import read_or_make

NONCE = 12
LABEL = b"second-factor"


def lock(secret: str) -> str:
    """The secret as it is stored: base64 of nonce and ciphertext."""
    nonce = os.urandom(NONCE)
    return base64.b64encode(nonce + _cipher().encrypt(nonce, secret.encode(), LABEL)).decode()


def unlock(locked: str) -> str:
    """What `lock` locked; Unavailable when the key file is another one."""
    data = base64.b64decode(locked)
    try:
        return _cipher().decrypt(data[:NONCE], data[NONCE:], LABEL).decode()
    except InvalidTag:
        raise Unavailable("no-second-factor-key") from None


def _cipher() -> AESGCM:
    return AESGCM(read_or_make(Path(settings.KEYS) / "second-factor", 32))
