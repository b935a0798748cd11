"""Second factors: secrets locked with a key outside the database, and codes that work once.

AES-256-GCM under the key file `second-factor`. If that file is lost, second factors are set up
again; nothing else depends on it.
"""

import base64
import hmac
import os
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from linli.kernel.actions import writing
from linli.kernel.errors import Unavailable
from linli.kernel.jobs import job
from linli.kernel.keyfiles import read_or_make
from linli.kernel.models import UsedCode

NONCE = 12
LABEL = b"second-factor"
ONE_USE = timedelta(minutes=3)  # longer than a clock accepts any code


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


def use_up(account: int, code: str) -> bool:
    """Take a code for its one use; False when this account has used it before.

    The row is in the database, so it holds for every process, and after a restart.
    """
    text = f"code:{account}:{''.join(filter(str.isalnum, code))}".encode()
    digest = hmac.digest(settings.SECRET_KEY.encode(), text, "sha256").hex()
    with writing():
        forget_used_codes()
        _row, new = UsedCode.objects.get_or_create(pk=digest, defaults={"at": timezone.now()})
    return new


@job("kernel.forget-used-codes", every=timedelta(minutes=1))
def forget_used_codes() -> int:
    """Delete the codes that no clock accepts any more."""
    with writing():
        return UsedCode.objects.filter(at__lt=timezone.now() - ONE_USE).delete()[0]


def _cipher() -> AESGCM:
    return AESGCM(read_or_make(Path(settings.KEYS) / "second-factor", 32))
