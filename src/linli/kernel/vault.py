"""The vault: what people tell us, locked with a key of its case.

AES-256-GCM (NIST SP 800-38D) with random 96-bit nonces. Each case key is wrapped by a master key,
which lies in a file outside the database and outside every backup. Destroying a case key, or
rotating the master and losing the old one, makes what it locked unreadable everywhere.
"""

import hmac
import os
import re
import time
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.utils import timezone

from linli.kernel.actions import all_locked, writing
from linli.kernel.errors import Missing, Unavailable
from linli.kernel.jobs import job
from linli.kernel.keyfiles import read_or_make
from linli.kernel.models import CaseKey

NONCE = 12
KEY = 32
GRACE = timedelta(hours=1)  # longer than any report takes to come in
DRAWN = 1 << 14
_masters: dict[tuple[str, str], AESGCM] = {}


def new_key() -> CaseKey:
    """A new case key, wrapped and stored."""
    key = unsaved_key()
    key.save(force_insert=True)
    return key


def unsaved_key() -> CaseKey:
    """A new case key that the caller stores, many at once."""
    ref, name = uuid.uuid4(), current_master()
    return CaseKey(ref=ref, master=name, wrapped=_lock(_master(name), os.urandom(KEY), ref.bytes))


@dataclass(frozen=True)
class OpenKey:
    """A new key while it is at hand: it locks many texts without being unwrapped for each."""

    ref: uuid.UUID
    master: str
    wrapped: bytes
    plain: bytes = field(repr=False)
    cipher: AESGCM = field(repr=False)
    drawn: "_Drawn" = field(repr=False)

    def lock(self, text: str | bytes, *, label: str) -> bytes:
        """As `vault.lock` with the stored key."""
        data = text.encode() if isinstance(text, str) else text
        nonce = self.drawn.take(NONCE)
        return nonce + self.cipher.encrypt(nonce, data, label.encode())

    def derive(self, purpose: str) -> bytes:
        """As `vault.derive` with the stored key."""
        return hmac.digest(self.plain, purpose.encode(), "sha256")


def open_keys(count: int) -> list[OpenKey]:
    """New keys for many cases at once; the caller stores `ref`, `master` and `wrapped` of each."""
    name, drawn = current_master(), _Drawn()
    master = _master(name)
    found = []
    for _number in range(count):
        ref = uuid.UUID(bytes=drawn.take(16), version=4)
        plain, nonce = drawn.take(KEY), drawn.take(NONCE)
        wrapped = nonce + master.encrypt(nonce, plain, ref.bytes)
        found.append(OpenKey(ref, name, wrapped, plain, AESGCM(plain), drawn))
    return found


class _Drawn:
    """Random bytes, drawn from the system many at once; no byte is given out twice."""

    def __init__(self) -> None:
        self._bytes, self._at = b"", 0

    def take(self, count: int) -> bytes:
        """The next so many bytes."""
        if self._at + count > len(self._bytes):
            self._bytes, self._at = os.urandom(DRAWN), 0
        self._at += count
        return self._bytes[self._at - count : self._at]


def lock(key: CaseKey, text: str | bytes, *, label: str) -> bytes:
    """Lock a text with a case's key; `label` binds it to the column it is meant for."""
    data = text.encode() if isinstance(text, str) else text
    return _lock(_case_cipher(key), data, label.encode())


def unlock_bytes(key: CaseKey, locked: bytes, *, label: str) -> bytes:
    """What `lock` locked; Missing once the key is destroyed, Unavailable without the master."""
    return _unlock(_case_cipher(key), bytes(locked), label.encode())


def unlock(key: CaseKey, locked: bytes, *, label: str) -> str:
    """The text that `lock` locked."""
    return unlock_bytes(key, locked, label=label).decode()


def derive(key: CaseKey, purpose: str) -> bytes:
    """32 secret bytes that follow from the key and end with it: HMAC-SHA256(key, purpose)."""
    return hmac.digest(_case_key(key), purpose.encode(), "sha256")


def destroy(key: CaseKey) -> None:
    """Forget the key, and with it everything it locked."""
    CaseKey.objects.filter(pk=key.pk).update(wrapped=b"", master="", destroyed_at=timezone.now())
    key.wrapped, key.master, key.destroyed_at = b"", "", timezone.now()


def current_master() -> str:
    """The name of the newest master key; the first one is made when there is none."""
    folder = Path(settings.KEYS)
    numbers = [int(p.name[7:]) for p in folder.glob("master-*") if re.search(r"\d+$", p.name)]
    return f"master-{max(numbers, default=1)}"


def ready() -> None:
    """Make the first master key of a new installation; nothing makes another in its place."""
    name = current_master()
    if not _in_use(name):
        _master(name)


def rotate(batch: int = 1000) -> int:
    """Make a new master key and wrap every living case key anew; returns how many.

    The old master stays for `GRACE`: a case may be on its way in with a key that it wraps. Then
    `forget_old_masters` deletes it. Interrupted, it can be run again.
    """
    new = f"master-{int(current_master()[7:]) + 1}"
    read_or_make(Path(settings.KEYS) / new, KEY)
    return _wrap_all(new, batch)


@job("kernel.forget-old-masters", every=timedelta(minutes=10))
def forget_old_masters() -> int:
    """Delete the masters before the newest, once that is older than `GRACE`; returns how many."""
    new = current_master()
    old = [p for p in Path(settings.KEYS).glob("master-*") if p.name != new]
    if not old or time.time() - (Path(settings.KEYS) / new).stat().st_mtime < GRACE.total_seconds():
        return 0
    _wrap_all(new, batch=1000)
    for path in old:
        path.unlink(missing_ok=True)
    _masters.clear()
    return len(old)


def _wrap_all(new: str, batch: int) -> int:
    """Wrap every living case key with the master `new`; keys are found by what wraps them."""
    changed = 0
    while count := _wrap_some(new, batch):
        changed += count
    return changed


def _wrap_some(new: str, batch: int) -> int:
    # Locked, so that a key which is destroyed at this moment does not come back.
    with writing():
        others = all_locked(CaseKey.objects.exclude(master__in=[new, ""]))
        rows = list(others[:batch])
        for key in rows:
            plain = _unlock(_master(key.master), bytes(key.wrapped), key.ref.bytes)
            key.wrapped, key.master = _lock(_master(new), plain, key.ref.bytes), new
        CaseKey.objects.bulk_update(rows, ["wrapped", "master"])
    return len(rows)


def _master(name: str) -> AESGCM:
    folder = str(settings.KEYS)
    if (folder, name) not in _masters:
        path = Path(folder) / name
        # A new one in the place of one that was lost would hide the loss, and be lost with it.
        if not path.exists() and (name != current_master() or _in_use(name)):
            raise Unavailable("no-master-key")
        _masters[folder, name] = AESGCM(read_or_make(path, KEY))
    return _masters[folder, name]


def _in_use(master: str) -> bool:
    return CaseKey.objects.filter(master=master).exists()


def _case_cipher(key: CaseKey) -> AESGCM:
    return AESGCM(_case_key(key))


def _case_key(key: CaseKey) -> bytes:
    if key.destroyed_at is not None:
        raise Missing("erased")
    return _unlock(_master(key.master), bytes(key.wrapped), key.ref.bytes)


def _lock(cipher: AESGCM, data: bytes, label: bytes) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + cipher.encrypt(nonce, data, label)


def _unlock(cipher: AESGCM, locked: bytes, label: bytes) -> bytes:
    try:
        return cipher.decrypt(locked[:NONCE], locked[NONCE:], label)
    except InvalidTag:
        raise Unavailable("wrong-key") from None
